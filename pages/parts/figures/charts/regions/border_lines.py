"""Theory's border on a map: the curve depth = 6 ξ, or straight lines, and where the gradient keeps its size."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.sweep import Sweep
from core.sweep.border import STARTS, Border
from pages.parts.figures.theme import ChartTheme

BEYOND = 3.0  # times the end of an axis: as far as a curve is drawn, for the chart cuts it off
DASH = (7, 4)
HALF_NAME = 75  # pixels: half of the words above the map, which stay within its width


def lines(border: Border, sweep: Sweep, x: alt.X, y: alt.Y, theme: ChartTheme) -> list[alt.Chart]:
    """The dashed border, the solid line where the gradient keeps its size, and the name of the latter."""
    if len(border.x) and len(border.y):
        layers = _curve(border, sweep, x, y, theme)
    else:
        straight = ((border.x, x), (border.y, y))
        layers = [mark for values, axis in straight if len(values) for mark in _rules(values, axis, theme, DASH)]
    return [*layers, *_critical(border.critical[:1], x if sweep.x.name in STARTS else y, theme)]


def _curve(border: Border, sweep: Sweep, x: alt.X, y: alt.Y, theme: ChartTheme) -> list[alt.Chart]:
    ends = [(axis.values[0], axis.values[-1]) for axis in (sweep.x, sweep.y)]
    points = [
        np.clip(values, low / BEYOND, high * BEYOND)
        for values, (low, high) in zip((border.x, border.y), ends, strict=True)
    ]
    table = pd.DataFrame({"across": points[0], "up": points[1], "order": np.arange(len(points[0]))})
    place = {"x": moved(x, "across"), "y": moved(y, "up"), "order": alt.Order("order:Q")}
    return [alt.Chart(table).mark_line(clip=True, **look).encode(**place) for look in _strokes(theme, DASH)]


def _rules(values: np.ndarray, axis: alt.X | alt.Y, theme: ChartTheme, dash: Sequence[int] = ()) -> list[alt.Chart]:
    """Straight lines at values of an axis."""
    rules, place = alt.Chart(pd.DataFrame({"at": values})), moved(axis, "at")
    return [rules.mark_rule(**look).encode(place) for look in _strokes(theme, dash)]


def _strokes(theme: ChartTheme, dash: Sequence[int]) -> list[dict[str, Any]]:
    """A rim, which keeps the line visible on any color, and the line."""
    rim = {"color": theme.paper, "strokeWidth": theme.size(6), "opacity": 0.7}
    return [rim, {"color": theme.ink, "strokeWidth": theme.size(2.5), "strokeDash": list(dash)}]


def _critical(values: np.ndarray, axis: alt.X | alt.Y, theme: ChartTheme) -> list[alt.Chart]:
    """The line where χ = 1, and what it means: above the map, or on the line where that is level."""
    if not len(values):
        return []
    text = alt.Chart(pd.DataFrame({"at": values, "words": "gradient keeps its size"}))
    look = {"dy": -theme.size(8)}
    if isinstance(axis, alt.X):
        half = theme.size(HALF_NAME)
        across = alt.XValue(alt.ExprRef(f"clamp(scale('x', {values[0]}), {half}, width - {half})"))
        named = [text.mark_text(color=theme.ink, **look).encode(x=across, y=alt.YValue(0), text=alt.Text("words:N"))]
    else:
        look |= {"align": "left", "dx": theme.size(6)}
        rim = text.mark_text(color=theme.paper, stroke=theme.paper, strokeWidth=theme.size(5), **look)
        level = {"x": alt.XValue(0), "y": moved(axis, "at"), "text": alt.Text("words:N")}
        named = [mark.encode(**level) for mark in (rim, text.mark_text(color=theme.ink, **look))]
    return [*_rules(values, axis, theme), *named]


def moved(channel: alt.X | alt.Y, column: str) -> alt.X | alt.Y:
    """The same axis for another column."""
    moved = channel.copy(deep=False)
    moved.shorthand = f"{column}:Q"
    return moved
