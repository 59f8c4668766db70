"""A chart as a picture, or as a specification that holds its data and needs no page around it."""

import json
import threading
from base64 import b64encode
from html import escape
from typing import Any

import pyarrow as pa

from pages.parts.figures.board import Figure

WIDTH, SCALE = 900, 2  # pixels; how many to each in a PNG
BESIDE_TEXT = 350  # pixels, about as wide as a picture is beside a text and on a phone
FONT = '"Source Sans 3", "Source Sans Pro", "Segoe UI", "Helvetica Neue", Arial, sans-serif'
ANY_FONT = "DejaVu Sans, Arial, sans-serif"  # the widest first: words that are measured in it fit in any
_drawing = threading.Lock()  # one at a time: what draws takes 150 MB, and more for each at once


def titled_spec(figure: Figure, width: float | str = WIDTH) -> dict[str, Any]:
    """The chart's specification with its data, its heading as a title, on the color of its page."""
    theme, spec = figure.theme, figure.spec
    quiet = dict.fromkeys(("gridColor", "domainColor", "tickColor"), theme.quiet)
    rows = {}
    for name, stream in spec["datasets"].items():
        table = pa.ipc.open_stream(stream).read_pandas()
        rows[name] = json.loads(table.to_json(orient="records", double_precision=15))
    return {
        **spec,
        "width": width,
        "autosize": {"type": "fit-x" if width == "container" else "pad", "contains": "padding"},
        "background": theme.paper,
        "padding": 12,
        "title": {
            "text": figure.title,
            **({"subtitle": figure.message} if figure.message else {}),
            "subtitleColor": theme.ink,
            "subtitleFontSize": theme.size(14),
            "anchor": "start",
            "color": theme.ink,
            "fontSize": theme.size(16),
            "offset": 12,
        },
        "config": {
            **spec["config"],
            "font": FONT,
            "view": {"stroke": None},
            "axis": {**quiet, "gridOpacity": 0.3, "titleFontWeight": "normal", **spec["config"]["axis"]},
        },
        "datasets": rows,
    }


def png(figure: Figure) -> bytes:
    return convert("vegalite_to_png", titled_spec(figure), scale=SCALE)


def svg(figure: Figure) -> str:
    return convert("vegalite_to_svg", titled_spec(figure))


def convert(function: str, *given: Any, **options: Any) -> Any:
    """What a function of vl_convert returns. Only this imports it, which takes memory."""
    with _drawing:
        import vl_convert

        return getattr(vl_convert, function)(*given, **options)


def image(figure: Figure) -> str:
    """The chart without its title as an HTML image, which a browser shows at once.

    Many live charts on one page would take it seconds. An image cannot use the page's own font.
    """
    spec = titled_spec(figure, figure.theme.size(BESIDE_TEXT))
    spec |= {"autosize": {"type": "fit-x", "contains": "padding"}, "padding": 0, "background": None}
    spec["config"]["font"] = ANY_FONT
    del spec["title"]
    picture = convert("vegalite_to_svg", spec)
    width, height = (picture.partition(f'{side}="')[2].partition('"')[0] for side in ("width", "height"))
    source = f"data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}"
    alt = escape(figure.spec["description"])
    return f'<img src="{source}" alt="{alt}" width="{width}" height="{height}" loading="lazy">'
