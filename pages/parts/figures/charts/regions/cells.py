"""A map of where training works: a cell a network, its color how well it trained, and theory's border on it."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from core.sweep import Axis, Sweep
from core.sweep.border import Border
from core.wording import conjugate, count_things, format_setting, number, percent
from pages.parts.figures.charts.marks import stacked, tooltips
from pages.parts.figures.charts.regions.border_lines import lines, moved
from pages.parts.figures.theme import ChartTheme

WIDEST, NARROWEST = 90, 12  # area of a cell's mark, in pixels, from few cells to many
TICKS = 10  # along an axis, at the most
CELL, ZOOM = "cell", "zoom"
DOUBLINGS = 1  # a factor of two either way is as far as colors tell gradients apart
LOSS_DECADES = 3  # above the lowest loss that colors tell apart


def chart(
    table: pd.DataFrame, sweep: Sweep, border: Border, color: str, theme: ChartTheme, *, selects: Sequence[str] = ()
) -> alt.LayerChart:
    """The cells of tables.regions; crosses where networks overflow, dashes where they stall.

    It `selects` by parameters: by CELL a cell that is clicked, by ZOOM a rectangle that is dragged."""
    x, y = _x(sweep.x, table), _y(sweep.y, table)
    box = {"x": x, "x2": alt.X2("x_high:Q"), "y": y, "y2": alt.Y2("y_high:Q")}
    tips = [
        tooltips.words("x", sweep.x.kind.label),
        tooltips.words("y", sweep.y.kind.label),
        tooltips.words("ends", "each seed"),
        tooltips.words("forward", "signal per layer"),
        tooltips.words("backward", "gradient per layer, going back"),
    ]
    known = table[np.isfinite(table["value"])]
    lost = table[~np.isfinite(table["value"]) & (table["diverged"] > 0)]
    cells = [
        alt.Chart(_hued(known, color))
        .mark_rect(stroke=None)
        .encode(**box, color=_hue(known, color, theme), tooltip=tips),
        alt.Chart(lost).mark_rect(opacity=0.3).encode(**box, color=alt.ColorValue(theme.alarm), tooltip=tips),
    ]
    clicked = alt.Chart(table, name="cells").mark_rect(opacity=0).encode(**box, tooltip=tips)
    middles = table.assign(
        across=_middle(table["x_low"], table["x_high"], sweep.x), up=_middle(table["y_low"], table["y_high"], sweep.y)
    )
    size = theme.size(float(np.clip(20_000 / len(table), NARROWEST, WIDEST)))
    marks = [
        *_marks(middles[middles["diverged"] > 0], "cross", 45, theme.alarm, size, x, y),
        *_marks(middles[middles["stalled"] > 0], "stroke", 0, theme.quiet, size, x, y),
    ]
    ends = [] if color == "gradient" else marks
    return stacked(
        *[layer for layer, rows in zip(cells, (known, lost), strict=True) if len(rows)],
        *ends,
        *lines(border, sweep, x, y, theme),
        clicked,
        params=_params(selects),
        description=_described(table, sweep, border, color),
    )


def _params(selects: Sequence[str]) -> list[alt.TopLevelSelectionParameter]:
    """A rectangle is dragged with the mouse alone: a finger that drags scrolls the page."""
    cell = alt.PointSelectionConfig(type="point", fields=["row", "column"], on="click", clear=False, toggle=False)
    drag = "[mousedown, window:mouseup] > window:mousemove!"
    rectangle = alt.IntervalSelectionConfig(type="interval", encodings=["x", "y"], on=drag, translate=False, zoom=False)
    configs = {CELL: cell, ZOOM: rectangle}
    return [alt.TopLevelSelectionParameter(name=name, select=configs[name], views=["cells"]) for name in selects]


def _x(axis: Axis, table: pd.DataFrame) -> alt.X:
    ends = [float(table["x_low"].min()), float(table["x_high"].max())]
    return alt.X("x_low:Q", title=axis.kind.label, scale=_scale(axis, ends), axis=_ticks(axis))


def _y(axis: Axis, table: pd.DataFrame) -> alt.Y:
    ends = [float(table["y_low"].min()), float(table["y_high"].max())]
    return alt.Y("y_low:Q", title=axis.kind.label, scale=_scale(axis, ends), axis=_ticks(axis))


def _is_log(axis: Axis) -> bool:
    return axis.kind.is_log and axis.values[0] > 0


def _scale(axis: Axis, ends: list[float]) -> alt.Scale:
    return alt.Scale(type="log" if _is_log(axis) else "linear", domain=ends, nice=False)


def _ticks(axis: Axis) -> alt.Axis:
    """Values of cells, as many as there is room for."""
    stride = -(-len(axis.values) // TICKS)
    values = list(axis.values[::stride])
    labels = [format_setting(float(value)) for value in values]
    return alt.Axis(values=values, labelExpr=f"{labels}[indexof({values}, datum.value)]", grid=False, labelOverlap=True)


def _middle(low: pd.Series, high: pd.Series, axis: Axis) -> pd.Series:
    return np.sqrt(low * high) if _is_log(axis) else (low + high) / 2


def _hued(table: pd.DataFrame, color: str) -> pd.DataFrame:
    """With the number that the color scale takes: the share itself, or the decade of a loss."""
    if color == "accuracy":
        return table.assign(hue=table["value"])
    if color == "gradient":
        return table.assign(hue=np.log2(np.maximum(table["value"], 1e-300)).clip(-DOUBLINGS, DOUBLINGS))
    decades = np.log10(np.maximum(table["value"], 1e-300))
    return table.assign(hue=decades.clip(upper=decades.min() + LOSS_DECADES))


def _hue(table: pd.DataFrame, color: str, theme: ChartTheme) -> alt.Color:
    legend = {"orient": "top", "gradientLength": theme.size(160), "tickCount": 4, "titleOrient": "left"}
    if color == "accuracy":
        scale = alt.Scale(scheme="viridis", domain=[0, 1])
        return alt.Color("hue:Q", title="test accuracy", scale=scale, legend=alt.Legend(**legend, format=".0%"))
    if color == "gradient":
        scale = alt.Scale(scheme="blueorange", domain=[-DOUBLINGS, 0, DOUBLINGS], domainMid=0)
        return alt.Color("hue:Q", title="log₂ of the factor", scale=scale, legend=alt.Legend(**legend))
    scale = alt.Scale(scheme="viridis", reverse=True)
    return alt.Color("hue:Q", title="log₁₀ final loss", scale=scale, legend=alt.Legend(**legend))


def _marks(table: pd.DataFrame, shape: str, angle: int, color: str, size: float, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    if table.empty:
        return []
    look = {"filled": False, "strokeWidth": 2} if shape == "stroke" else {"filled": True}
    mark = alt.Chart(table).mark_point(shape=shape, angle=angle, size=size, color=color, opacity=1, **look)
    return [mark.encode(x=moved(x, "across"), y=moved(y, "up"))]


def _described(table: pd.DataFrame, sweep: Sweep, border: Border, color: str) -> str:
    """In words: what is on the axes, the shares of cells, and the best of them."""
    what = {"accuracy": "Test accuracy", "loss": "Final loss", "gradient": "Gradient factor per layer"}[color]
    sentences = [
        f"{what} by {sweep.x.kind.label}, {format_setting(sweep.x.values[0])} to {format_setting(sweep.x.values[-1])}, "
        f"and {sweep.y.kind.label}, {format_setting(sweep.y.values[0])} to {format_setting(sweep.y.values[-1])}."
    ]
    ends = (("overflow", "diverged"), ("stall", "stalled"))
    counts = ((verb, int((table[name] > 0).sum())) for verb, name in ends)
    lost, stalled = (f"{count} {conjugate(verb, count)}" for verb, count in counts)
    sentences.append(f"Of {count_things(len(table), 'cell')} {lost} and {stalled}.")
    if color != "gradient" and table["value"].notna().any():
        best = table.loc[table["value"].idxmax() if color == "accuracy" else table["value"].idxmin()]
        value = percent(best["value"]) if color == "accuracy" else number(best["value"])
        sentences.append(f"Best: {value} at {sweep.x.kind.label} {best['x']}, {sweep.y.kind.label} {best['y']}.")
    return " ".join([*sentences, border.sentence])
