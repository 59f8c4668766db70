"""By layer: sizes, shares of units, the std of laws, signals of a diagnosis, histograms."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from core import Variant
from core.wording import number, percent
from pages.parts.figures.charts import lines
from pages.parts.figures.charts.marks import alt_text, axis_notes, line_marks, names, playing, stacked, tooltips
from pages.parts.figures.charts.marks.scales import Axes, LinearAxis, LogAxis, color_names, layer_axis, whole_ticks
from pages.parts.figures.theme import ChartTheme

SYMBOL, LETTER = 26, 6.5  # pixels of a legend's entry: beside its label, and of each letter
ROOM = 0.55  # right of the last layer, for the names of lines, as a share of the layers
LAST = "layer l, the last is the output"
# Of sizes that one layer hands on to the next: a line that falls to the right is a gradient that grows.
DIRECTIONS = {"gradient": "layer l (← the gradient goes back)", "signal": "layer l (the signal goes forward →)"}


def sizes(
    table: pd.DataFrame,
    steps: Sequence[int],
    variants: Sequence[Variant],
    theme: ChartTheme,
    title: str,
    theory: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """A line and a band over the seeds for each variant on a log axis, at a recorded step; tables.layers.

    `theory` (tables.theory), of the first step: dotted lines and the bands where single draws should fall.
    """
    y = _choose_axis(table, title)
    across = layer_axis(int(table["layer"].max()), title=DIRECTIONS.get(title.partition(" ")[0], "layer l"))
    axes = Axes("layer", across, y, theme, variants)
    drawn = axes.place(table)
    larger = drawn[(drawn["size"] > y.high) & ~drawn["overflow"]]
    smaller = drawn[(drawn["size"] > 0) & (drawn["size"] < y.low)]
    layers = [
        *lines.on_axis(table, axes, points=True),
        *axis_notes.variant_marks(larger, axes, "triangle-up", "larger"),
        *axis_notes.variant_marks(smaller, axes, "triangle-down", "smaller"),
    ]
    before = ""
    if theory is not None:
        band, line = _draw_theory(theory.assign(record=0), axes)
        layers = [band, *layers, line]
        before = "" if theory.empty else "dotted: theory, "
    above_names = -axis_notes.note_y((len(variants) + 1) // 2, theme)
    above = alt.ExprRef(f"{names.NARROW} ? {above_names} : {-theme.size(4)}")
    description = alt_text.at_ends(table, steps, title)
    return playing.with_step_slider(layers, steps, theme, description, y=above, before=before)


def _choose_axis(table: pd.DataFrame, title: str) -> LogAxis:
    """The axis of the first record with sizes, of which most sentences are, for all, as play moves no frame.

    Later records widen it by half of its decades, or by two, on either side.
    """
    record, middle = table["record"].to_numpy(), table["middle"].to_numpy()
    early = record <= (record[middle > 0].min() if (middle > 0).any() else 0)
    columns = [column.to_numpy() for column in lines.ends(table)]
    first = [column[early] for column in columns]
    axis = LogAxis.spanning(*first)
    room = 10.0 ** min(max(2.0, axis.decades / 2), 300.0)
    near = []
    for later in (column[~early] for column in columns):
        within = np.clip(later, axis.low / room, axis.high * room)
        near.append(np.where((later == 0) | np.isposinf(later), later, within))
    return LogAxis.spanning(*first, *near, title=title)


def _draw_theory(table: pd.DataFrame, axes: Axes) -> tuple[alt.Chart, alt.Chart]:
    y, theme = axes.y, axes.theme
    place = {"x": axes.x, "detail": alt.Detail("variant:N")}
    band = playing.select_record(axes.place(table.dropna(subset=["low"])))
    band = band.mark_area(opacity=0.16, color=theme.quiet)
    line = playing.select_record(table[(table["middle"] >= y.low) & (table["middle"] <= y.high)])
    line = line.mark_line(strokeDash=[3, 3], strokeWidth=theme.size(2), color=theme.ink)
    band = band.encode(y=y.y("low"), y2=alt.Y2("high:Q"), **place)
    return band, line.encode(y=y.y("middle"), **place)


def shares(table: pd.DataFrame, steps: Sequence[int], theme: ChartTheme) -> alt.LayerChart:
    """Saturated pairs and dead units, with the range over seeds, at a recorded step; tables.shares."""
    colors = map(theme.initializer, ("normal", "zeros"))
    hue = color_names("what", ["saturated", "dead"], colors, alt.Legend())
    axes = Axes("layer", layer_axis(int(table["layer"].max())), LinearAxis.share("share"), theme)
    tips = [tooltips.words("what", "units"), tooltips.LAYER]
    band, medians, dots = line_marks.over_seeds(axes.place(table), axes, "what", hue, tips, points=True)
    layers = [band, *medians, *dots, *axis_notes.lost_layers(table, theme)]
    description = alt_text.at_ends(table, steps, "Shares of units", by="what", write=percent)
    return playing.with_step_slider(layers, steps, theme, description)


def weight_std(table: pd.DataFrame, initializers: Sequence[str], theme: ChartTheme) -> alt.LayerChart:
    """The std of a weight by layer, a line for all laws that give the same; tables.weight_std."""
    labels, last = list(table["variant"].unique()), int(table["layer"].max())
    y = LogAxis.spanning(table["std"], title="standard deviation of the weights")
    axes = Axes("layer", layer_axis(last, [0.5, last + 0.5], LAST), y, theme)
    columns = alt.ExprRef(f"max(1, floor(width / {theme.size(SYMBOL + LETTER * max(map(len, labels)))}))")
    legend = alt.Legend(columns=columns, labelLimit=200)
    hue = color_names("variant", labels, map(theme.initializer, initializers), legend)
    tips = [tooltips.INITIALIZER, tooltips.LAYER, tooltips.words("fans", "units in → out")]
    tips.append(tooltips.value("std", "standard deviation"))
    layers = _draw_lines(table, "std", axes, hue, tips, interpolate="step")
    description = alt_text.lines(table, "layer", "Standard deviation of the weights", column="std")
    return stacked(*layers, description=description)


def signals(table: pd.DataFrame, theme: ChartTheme) -> alt.LayerChart:
    """The signal forward and the gradient back through diagnosed weights: what, layer, size."""
    y = LogAxis.spanning(table["size"], [0.5, 2.0], title="rms for inputs of size 1")
    last = int(table["layer"].max())
    x = layer_axis(last, [0.5, last * (1 + ROOM) + 0.5], LAST)
    hue = color_names("what", table["what"].unique(), [theme.ink, theme.quiet])
    tips = [tooltips.words("what", "of"), tooltips.LAYER, tooltips.value("size", "rms")]
    level = alt.Chart(pd.DataFrame({"layer": [0.5, last + 0.4], "one": 1.0}))
    level = level.mark_line(color=theme.quiet, opacity=0.5, strokeWidth=1).encode(x=x, y=y.y("one"))
    ends = table.loc[table.groupby("what", sort=False)["layer"].idxmax()].dropna(subset=["size"])
    ends = ends.assign(place=y.spread(ends["size"].tolist()), words=ends["what"])
    words = playing.write_words(ends, x, y.y("place"), hue, dx=theme.size(12))
    title = "Rms of the signal and of the gradient for inputs of size 1"
    description = alt_text.lines(table, "layer", title, by="what", column="size")
    drawn = _draw_lines(table, "size", Axes("layer", x, y, theme), hue, tips)
    return stacked(level, *drawn, words, description=description)


def _draw_lines(
    table: pd.DataFrame, column: str, axes: Axes, hue: alt.Color, tips: Sequence[alt.Tooltip], **line: object
) -> list[alt.Chart]:
    """A line over a column that has one number a place; exact zeros are marks of their own."""
    drawn, y = table.assign(place=axes.y.place(table[column])), axes.y.y("place")
    base = alt.Chart(drawn[drawn[column] > 0]).encode(x=axes.x, y=y, color=hue)
    return [
        base.mark_line(strokeWidth=axes.theme.size(2.5), **line),
        base.mark_circle(size=axes.theme.size(60), opacity=1).encode(tooltip=tips),
        *axis_notes.marks(drawn[drawn[column] == 0], axes.x, y, hue, axes.theme, tips),
    ]


def histograms(
    table: pd.DataFrame, zeros: pd.DataFrame, steps: Sequence[int], bounded: bool, initializer: str, theme: ChartTheme
) -> alt.LayerChart:
    """Histograms of each layer's activations at one of the `steps`; tables.histograms, tables.exact_zeros of a start.

    Where g is bounded the axis is A; otherwise it is the decade of |A|, exact zeros standing apart on the left.
    """
    description = " ".join(
        _describe_histograms(table[table["record"] == record], zeros[zeros["record"] == record], bounded, when)
        for record, when in enumerate(playing.describe_steps(steps))
    )
    layers, filled = int(zeros["layer"].max()), table.dropna(subset=["share"])
    low, high = -1.0, 1.0
    if len(filled):
        low, high = float(filled["low"].min()), float(filled["high"].max())
    charts = axis_notes.lost_layers(zeros, theme)
    if not bounded:
        low -= (high - low) / 5  # room for words about exact zeros
        some = zeros[(zeros["share"] > 0) & zeros["layer"].isin(whole_ticks(1, layers, 16))]
        words = [f"{percent(share)} zero" for share in some["share"]]
        some = some.assign(x=low + 0.2, y=some["layer"] + 0.4, words=words)
        look = {"fontWeight": "normal", "color": theme.quiet}
        charts.insert(0, playing.write_words(some, alt.X("x:Q"), alt.Y("y:Q"), **look))
    title, quantity = "size of the activation, log₁₀ |A⁽ˡ⁾|", "log₁₀ |activation|"
    if bounded:
        title, quantity = "activation A⁽ˡ⁾", "activation"
    peak = filled.groupby(["record", "layer"])["share"].transform("max")
    base = filled["layer"].astype(float)
    filled = filled.assign(base=base, top=base + 0.9 * filled["share"] / peak)
    ticks = alt.Axis(values=whole_ticks(1, layers), format="d", grid=True)
    tips = [
        tooltips.LAYER,
        tooltips.value("low", f"{quantity}, from"),
        tooltips.value("high", f"{quantity}, to"),
        tooltips.value("share", "share of the activations", tooltips.PERCENT),
    ]
    bars = playing.select_record(filled).mark_rect(color=theme.initializer(initializer))
    bars = bars.encode(
        x=LinearAxis(low, high, title, alt.Axis(grid=False, tickCount=7)).x("low"),
        x2=alt.X2("high:Q"),
        y=LinearAxis(1, layers + 1, "layer l", ticks).y("base"),
        y2=alt.Y2("top:Q"),
        tooltip=tips,
    )
    return playing.with_step_slider([bars, *charts], steps, theme, description)


def _describe_histograms(table: pd.DataFrame, zeros: pd.DataFrame, bounded: bool, when: str) -> str:
    """A sentence on where most activations of the first and of the last layer lie, and on exact zeros."""
    layers, named = int(zeros["layer"].max()), []
    for layer in sorted({1, layers}):
        filled = table[table["layer"] == layer].dropna(subset=["share"])
        of_layer = zeros[zeros["layer"] == layer]
        none = float(of_layer["share"].iloc[0])
        if len(filled):
            most = filled.loc[filled["share"].idxmax()]
            words = f"most often {number(most['low'])} to {number(most['high'])}"
        else:
            words = "none but zeros" if none > 0 else "overflowed"
        words += f", {percent(none)} exactly 0" if none > 0 else ""
        counted = of_layer[line_marks.is_partial(of_layer)]
        left = f" ({line_marks.seeds_left(counted)})" if len(counted) else ""
        named.append((f"Layer {layer}{left}", words))
    what = "activations" if bounded else "decades (log₁₀) of the activations' size"
    return alt_text.list_named(f"How {what} are distributed in layers 1 to {layers} {when}", named)
