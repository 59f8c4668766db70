"""A chart as its page sends it, as a picture, and as a specification that needs no page."""

import json
import threading
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pyarrow as pa
from altair.utils.schemapi import debug_mode

from pages.parts.figures.charts.marks import playing, tooltips
from pages.parts.figures.theme import ChartTheme

WIDTH, SCALE = 900, 2  # pixels; how many to each in a PNG
BESIDE_TEXT = 350  # pixels, about as wide as a picture is beside a text and on a phone
FONT = '"Source Sans 3", "Source Sans Pro", "Segoe UI", "Helvetica Neue", Arial, sans-serif'
ANY_FONT = "DejaVu Sans, Arial, sans-serif"  # the widest first: what fits in it fits in any
# As the sentences write them: "8.3 %".
_NUMBERS = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["$", ""], "percent": "\N{NO-BREAK SPACE}%"}
_drawing = threading.Lock()  # one at a time: what draws takes 150 MB, and more for each at once
_building = threading.Lock()  # Altair's choice of a data transformer is the whole process's


@dataclass(frozen=True)
class Figure:
    """A chart as it is drawn; its tables are in its specification, as Arrow's bytes."""

    key: str
    title: str
    spec: dict[str, Any]
    note: str
    theme: ChartTheme
    message: str = ""  # of this run, beside the title


def build_spec(build: Callable[[], alt.LayerChart], theme: ChartTheme, height: int) -> dict[str, Any]:
    """The chart's Vega-Lite specification, its data as Arrow's bytes, as they go to the browser.

    Streamlit would make them of DataFrames in every run of the page, in a third of this time.
    """
    named: dict[int, tuple[str, pd.DataFrame]] = {}

    def name_table(table: pd.DataFrame) -> dict[str, str]:
        """Altair would spell out every row."""
        name, _ = named.setdefault(id(table), (f"data-{len(named)}", table))
        return {"name": name}

    # Every chart is validated by its test; here that would take half of the time.
    with _building, debug_mode(False):
        alt.data_transformers.register("frames", name_table)
        with alt.data_transformers.enable("frames"):
            spec = playing.highlightable(playing.playable(build().to_dict(validate=False)))
    for layer in spec["layer"]:
        if "tooltip" not in layer["encoding"]:
            layer["mark"]["tooltip"] = None  # by default it would show every field of a row
        tooltips.write_numbers(layer)
    words = {"labelFontSize": theme.size(13), "titleFontSize": theme.size(14)}
    words |= {"labelColor": theme.ink, "titleColor": theme.ink}
    spec["config"] |= {
        "axis": words | {"labelFlush": False, "labelSeparation": 4},  # a number stands at its tick, at the ends too
        "legend": words | {"orient": "top", "symbolOpacity": 1},
        "text": {"fontSize": theme.size(13)},
        "rule": {"strokeWidth": theme.size(2)},
        "mark": {"aria": False},  # the chart speaks as a whole: nobody listens to a thousand marks
        "locale": {"number": _NUMBERS},
    }
    streams = {name: write_stream(table) for name, table in named.values()}
    return spec | {"height": theme.size(height), "datasets": streams}


def write_stream(table: pd.DataFrame) -> bytes:
    """Arrow's bytes, what is no finite number as missing; faster than pandas makes them."""
    columns = {}
    for name, values in table.items():
        if values.dtype.kind == "f":
            numbers = values.to_numpy()
            columns[name] = pa.array(numbers, mask=~np.isfinite(numbers))
        else:
            columns[name] = pa.array(values, from_pandas=True)
    arrow, sink = pa.table(columns), pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, arrow.schema) as stream:
        stream.write_table(arrow)
    return sink.getvalue().to_pybytes()


def measure_spec(spec: dict[str, Any]) -> int:
    """About its bytes: those of its tables, and Python's objects, four times their text."""
    tables = spec["datasets"]
    return sum(map(len, tables.values())) + 4 * len(json.dumps(spec | {"datasets": None}))


def titled_spec(figure: Figure, width: float | str = WIDTH) -> dict[str, Any]:
    """The specification with its data, its heading as a title, on the color of its page."""
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


def draw_png(figure: Figure) -> bytes:
    return convert("vegalite_to_png", titled_spec(figure), scale=SCALE)


def draw_svg(figure: Figure) -> str:
    return convert("vegalite_to_svg", titled_spec(figure))


def convert(function: str, *arguments: Any, **options: Any) -> Any:
    """What a function of vl_convert returns. Only this imports it, which takes memory."""
    with _drawing:
        import vl_convert

        return getattr(vl_convert, function)(*arguments, **options)


def write_image(figure: Figure) -> str:
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
