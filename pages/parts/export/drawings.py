"""A chart of a page as a picture, or as a specification that holds its data and needs no page around it."""

from __future__ import annotations

import json
import threading
from typing import Any

import pandas as pd

from pages.parts.figures.board import Figure

WIDTH, SCALE = 900, 2  # pixels; how many to each in a PNG
FONT = '"Source Sans 3", "Source Sans Pro", "Segoe UI", "Helvetica Neue", Arial, sans-serif'
_drawing = threading.Lock()  # one at a time: what draws takes 150 MB, and more for each at once


def titled_spec(figure: Figure, width: int | str = WIDTH) -> dict[str, Any]:
    """The chart's Vega-Lite specification with its data, its heading as its title, on the color of its page."""
    theme, spec = figure.theme, figure.spec
    grid = {
        "gridColor": theme.quiet,
        "gridOpacity": 0.3,
        "domainColor": theme.quiet,
        "tickColor": theme.quiet,
        "titleFontWeight": "normal",
    }
    config = spec.get("config", {})
    return {
        **spec,
        "width": width,
        "autosize": {"type": "fit-x" if width == "container" else "pad", "contains": "padding"},
        "background": theme.paper,
        "padding": 12,
        "title": {
            "text": figure.title,
            "anchor": "start",
            "color": theme.ink,
            "fontSize": theme.size(16),
            "offset": 12,
        },
        "config": {
            **config,
            "font": FONT,
            "view": {"stroke": None},
            "axis": {**grid, **config.get("axis", {})},
        },
        "datasets": {name: _records(table) for name, table in figure.tables().items()},
    }


def png(figure: Figure) -> bytes:
    with _drawing:
        import vl_convert

        return bytes(vl_convert.vegalite_to_png(titled_spec(figure), scale=SCALE))


def svg(figure: Figure) -> str:
    with _drawing:
        import vl_convert

        return str(vl_convert.vegalite_to_svg(titled_spec(figure)))


def engine() -> str:
    """The JavaScript that draws such specifications in a browser, `vegaEmbed`, with all that it needs."""
    with _drawing:
        import vl_convert

        return str(vl_convert.javascript_bundle())


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return list(json.loads(table.to_json(orient="records", double_precision=15)))
