"""Theory's border on a map: the curve depth = 6 ξ, or straight lines, and where the gradient keeps its size."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.sweep import Sweep
from core.sweep.border import STARTS, Border
from pages.parts.figures.theme import ChartTheme

BEYOND = 3.0  # times the end of an axis: as far as a curve is drawn, for the chart cuts it off


def lines(border: Border, sweep: Sweep, x: alt.X, y: alt.Y, theme: ChartTheme) -> list[alt.Chart]:
    """The curve on a rim that keeps it visible on any color, the rules, and their words."""
    curve = len(border.x) and len(border.y)
    layers = _curve(border, sweep, x, y, theme) if curve else _rules(border, x, y, theme)
    return [*layers, *_critical(border, sweep, x, y, theme)]


def _curve(border: Border, sweep: Sweep, x: alt.X, y: alt.Y, theme: ChartTheme) -> list[alt.Chart]:
    ends = [(axis.values[0], axis.values[-1]) for axis in (sweep.x, sweep.y)]
    points = [
        np.clip(values, low / BEYOND, high * BEYOND)
        for values, (low, high) in zip((border.x, border.y), ends, strict=True)
    ]
    table = pd.DataFrame({"across": points[0], "up": points[1], "order": np.arange(len(points[0]))})
    place = {"x": moved(x, "across"), "y": moved(y, "up"), "order": alt.Order("order:Q")}
    rim = alt.Chart(table).mark_line(clip=True, color=theme.paper, strokeWidth=theme.size(6), opacity=0.7)
    line = alt.Chart(table).mark_line(clip=True, color=theme.ink, strokeWidth=theme.size(2.5), strokeDash=[7, 4])
    layers = [rim.encode(**place), line.encode(**place)]
    return (
        layers if "depth" in (sweep.x.name, sweep.y.name) else [*layers, _critical_words(table.tail(1), place, theme)]
    )


def _critical_words(table: pd.DataFrame, place: dict[str, Any], theme: ChartTheme) -> alt.Chart:
    words = alt.Chart(table).mark_text(fontSize=theme.size(13), color=theme.ink, dy=-theme.size(8))
    return words.encode(**place, text=alt.TextValue("χ = 1"))


def _rules(border: Border, x: alt.X, y: alt.Y, theme: ChartTheme) -> list[alt.Chart]:
    across = len(border.x) > 0
    values = border.x if across else border.y
    if not len(values):
        return []
    table = pd.DataFrame({"at": values})
    place = {"x": moved(x, "at")} if across else {"y": moved(y, "at")}
    rim = alt.Chart(table).mark_rule(color=theme.paper, strokeWidth=theme.size(6), opacity=0.7)
    line = alt.Chart(table).mark_rule(color=theme.ink, strokeWidth=theme.size(2.5), strokeDash=[7, 4])
    return [rim.encode(**place), line.encode(**place)]


def _critical(border: Border, sweep: Sweep, x: alt.X, y: alt.Y, theme: ChartTheme) -> list[alt.Chart]:
    """A thin line where χ = 1, and the words at its end."""
    if not len(border.critical):
        return []
    across = sweep.x.name in STARTS
    table = pd.DataFrame({"at": border.critical[:1]})
    place = {"x": moved(x, "at")} if across else {"y": moved(y, "at")}
    edge = {"y": alt.YValue(0)} if across else {"x": alt.XValue(0)}
    rule = alt.Chart(table).mark_rule(color=theme.paper, strokeWidth=theme.size(2), opacity=0.9)
    offset = {"dy": -theme.size(8)} if across else {"dx": theme.size(22), "dy": -theme.size(10)}
    words = alt.Chart(table).mark_text(fontSize=theme.size(13), color=theme.ink, **offset)
    return [rule.encode(**place), words.encode(**place, **edge, text=alt.TextValue("χ = 1"))]


def moved(channel: alt.X | alt.Y, column: str) -> alt.X | alt.Y:
    """The same axis for another column."""
    moved = channel.copy(deep=False)
    moved.shorthand = f"{column}:Q"
    return moved
