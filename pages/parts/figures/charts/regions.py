"""A map of where training works: a cell a network, its color how well it trained, and theory's border."""

from collections.abc import Callable, Sequence
from functools import partial

import altair as alt
import numpy as np
import pandas as pd

from core.sweep import Axis, Sweep
from core.sweep.border import STARTS, Border
from core.wording import conjugate, count_things, format_setting, number, percent
from pages.parts.figures.charts.marks import stacked, tooltips
from pages.parts.figures.tables.regions import DOUBLINGS
from pages.parts.figures.theme import DIVERGING, INK, SEQUENTIAL, WHITE, ChartTheme

CELL, ZOOM = "cell", "zoom"
HAS_VALUE = "isValid(datum.value)"
BEYOND = 3.0  # times the end of an axis, where the chart cuts the curve off
DASH = (7, 4)  # of the border


def chart(
    table: pd.DataFrame, sweep: Sweep, border: Border, color: str, theme: ChartTheme, *, selects: Sequence[str] = ()
) -> alt.LayerChart:
    """The cells of tables.regions; crosses where networks overflow, dots where they do not learn.

    While networks are being trained charts of one sweep differ in their data alone.
    It `selects` by parameters: CELL a cell that is clicked, ZOOM a rectangle that is dragged.
    """
    x, y = _along(alt.X, "x", sweep.x, table), _along(alt.Y, "y", sweep.y, table)
    box = {"x": x, "x2": alt.X2("x_high:Q"), "y": y, "y2": alt.Y2("y_high:Q")}
    titles = {"x": sweep.x.kind.label, "y": sweep.y.kind.label, "ends": "each seed"}
    titles |= {"forward": "signal per layer", "backward": "gradient per layer, going back"}
    tips = [tooltips.words(column, title) for column, title in titles.items()]
    cells = alt.Chart(table).mark_rect(stroke=None, x2Offset=0.5, yOffset=0.5)  # pixels: no seams
    # Faint where networks overflow; nothing is drawn of a cell that is not trained yet.
    shades = [{"test": HAS_VALUE, "value": 1}, {"test": "datum.diverged > 0", "value": 0.3}]
    layers = [cells.encode(**box, color=_color(color, theme), opacity=alt.OpacityValue(0, condition=shades))]
    layers += _border_lines(border, sweep, x, y, theme)
    if color != "gradient":
        size = theme.size(float(np.clip(20_000 / len(table), 12, 90)))  # an area
        cross = {"shape": "cross", "angle": 45, "color": theme.alarm, "size": size}
        dot = {"shape": "circle", "fill": WHITE, "stroke": INK, "strokeWidth": 0.7, "size": size / 5}  # on any cell
        for end, look in (("diverged", cross), ("failed", dot)):
            mark = alt.Chart(table).transform_filter(f"datum.{end} > 0")
            mark = mark.mark_point(opacity=1, filled=True, **look)
            layers.append(mark.encode(x=_for_column(x, "across"), y=_for_column(y, "up")))
    touched = alt.Chart(table, name="cells").mark_rect(opacity=0)  # above the marks, which would take the pointer
    return stacked(
        *layers,
        touched.encode(**box, tooltip=tips),
        params=_params(selects),
        description=_describe(table, sweep, border, color),
    )


def _along(channel: type[alt.X] | type[alt.Y], name: str, axis: Axis, table: pd.DataFrame) -> alt.X | alt.Y:
    ends = [float(table[f"{name}_low"].min()), float(table[f"{name}_high"].max())]
    scale = alt.Scale(type="log" if axis.is_log else "linear", domain=ends, nice=False)
    values = list(axis.values[:: -(-len(axis.values) // 10)])  # so many ticks at the most
    words = f"{[format_setting(float(value)) for value in values]}[indexof({values}, datum.value)]"
    ticks = alt.Axis(values=values, labelExpr=words, grid=False, labelOverlap=True)
    return channel(f"{name}_low:Q", title=axis.kind.label, scale=scale, axis=ticks)


def _for_column(channel: alt.X | alt.Y, column: str) -> alt.X | alt.Y:
    moved = channel.copy(deep=False)
    moved.shorthand = f"{column}:Q"
    return moved


def _color(color: str, theme: ChartTheme) -> alt.ColorValue:
    """The cell's hue; the color of overflow where it has none."""
    legend = {"gradientLength": theme.size(160), "tickCount": 4, "titleOrient": "left"}
    if color == "accuracy":
        title, scale = "test accuracy", alt.Scale(scheme=SEQUENTIAL, domain=[0, 1])
        legend["format"] = ".0%"
    elif color == "gradient":
        title, legend["labelExpr"] = "factor per layer", "format(pow(2, datum.value), '.2~g')"
        scale = alt.Scale(range=[*DIVERGING[::3]], domain=[-DOUBLINGS, 0, DOUBLINGS])
    else:
        title, legend["labelExpr"] = "final loss", "format(pow(10, datum.value), '.2~g')"
        scale = alt.Scale(scheme=SEQUENTIAL, reverse=True)
    hue = {"field": "hue", "type": "quantitative", "title": title, "scale": scale, "legend": legend}
    return alt.ColorValue(theme.alarm, condition={"test": HAS_VALUE, **hue})


def _border_lines(border: Border, sweep: Sweep, x: alt.X, y: alt.Y, theme: ChartTheme) -> list[alt.Chart]:
    layers: list[alt.Chart] = []
    if len(border.x) and len(border.y):
        sides = ((border.x, sweep.x.values), (border.y, sweep.y.values))
        across, up = (np.clip(points, values[0] / BEYOND, values[-1] * BEYOND) for points, values in sides)
        table = pd.DataFrame({"across": across, "up": up, "order": np.arange(len(across))})
        curve = alt.Chart(table).encode(x=_for_column(x, "across"), y=_for_column(y, "up"), order=alt.Order("order:Q"))
        layers += _strokes(partial(curve.mark_line, clip=True), theme, DASH)
    else:
        for values, axis in ((border.x, x), (border.y, y)):
            if len(values):
                rules = alt.Chart(pd.DataFrame({"at": values})).encode(_for_column(axis, "at"))
                layers += _strokes(rules.mark_rule, theme, DASH)
    if len(border.critical):
        layers += _critical(float(border.critical[0]), x if sweep.x.name in STARTS else y, theme)
    return layers


def _strokes(mark: Callable[..., alt.Chart], theme: ChartTheme, dash: Sequence[int] = ()) -> list[alt.Chart]:
    """A rim, which keeps the line visible on any color, and the line."""
    rim = mark(color=theme.paper, strokeWidth=theme.size(6), opacity=0.7)
    return [rim, mark(color=theme.ink, strokeWidth=theme.size(2.5), strokeDash=list(dash))]


def _critical(value: float, axis: alt.X | alt.Y, theme: ChartTheme) -> list[alt.Chart]:
    """The line where χ = 1, and what it means: above the map, or on the line where that is level."""
    line = alt.Chart(pd.DataFrame({"at": [value]})).encode(_for_column(axis, "at"))
    text = alt.Chart(pd.DataFrame({"at": [value], "words": "gradient keeps its size"})).encode(text="words:N")
    look = {"dy": -theme.size(8)}
    if isinstance(axis, alt.X):
        half = theme.size(75)  # of the words, which stay within the map's width
        across = alt.XValue(alt.ExprRef(f"clamp(scale('x', {value}), {half}, width - {half})"))
        names = [text.mark_text(color=theme.ink, **look).encode(x=across, y=alt.YValue(0))]
    else:
        look |= {"align": "left", "dx": theme.size(6)}
        text = text.encode(x=alt.XValue(0), y=_for_column(axis, "at"))
        rim = text.mark_text(color=theme.paper, stroke=theme.paper, strokeWidth=theme.size(5), **look)
        names = [rim, text.mark_text(color=theme.ink, **look)]
    return [*_strokes(line.mark_rule, theme), *names]


def _params(selects: Sequence[str]) -> list[alt.TopLevelSelectionParameter]:
    """A rectangle is dragged with the mouse alone: a finger that drags scrolls the page."""
    cell = alt.PointSelectionConfig(type="point", fields=["row", "column"], on="click", clear=False, toggle=False)
    drag = "[mousedown, window:mouseup] > window:mousemove!"
    rectangle = alt.IntervalSelectionConfig(type="interval", encodings=["x", "y"], on=drag, translate=False, zoom=False)
    configs = {CELL: cell, ZOOM: rectangle}
    return [alt.TopLevelSelectionParameter(name=name, select=configs[name], views=["cells"]) for name in selects]


def _describe(table: pd.DataFrame, sweep: Sweep, border: Border, color: str) -> str:
    what = {"accuracy": "Test accuracy", "loss": "Final loss", "gradient": "Gradient factor per layer"}[color]
    sentences = [
        f"{what} by {sweep.x.kind.label}, {format_setting(sweep.x.values[0])} to {format_setting(sweep.x.values[-1])}, "
        f"and {sweep.y.kind.label}, {format_setting(sweep.y.values[0])} to {format_setting(sweep.y.values[-1])}."
    ]
    if not table["trained"].all():
        return " ".join([*sentences, "Its networks are being trained.", border.sentence])
    lost, failed = (int((table[end] > 0).sum()) for end in ("diverged", "failed"))
    ends = f"{lost} {conjugate('overflow', lost)} and {failed} {'does' if failed == 1 else 'do'} not learn"
    sentences.append(f"Of {count_things(len(table), 'cell')} {ends}.")
    if color != "gradient" and table["value"].notna().any():
        best = table.loc[table["value"].idxmax() if color == "accuracy" else table["value"].idxmin()]
        value = percent(best["value"]) if color == "accuracy" else number(best["value"])
        sentences.append(f"Best: {value} at {sweep.x.kind.label} {best['x']}, {sweep.y.kind.label} {best['y']}.")
    return " ".join([*sentences, border.sentence])
