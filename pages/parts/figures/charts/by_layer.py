"""Lines by layer: sizes of variants, shares of units, the std that laws give, and what passes uploaded weights."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from core import Variant
from core.wording import percent
from pages.parts.figures.charts import lines
from pages.parts.figures.charts.marks import alt_text, axis_notes, line_marks, names, playing, stacked, tooltips
from pages.parts.figures.charts.marks.scales import (
    LABEL_GAP,
    Axes,
    LinearAxis,
    LogAxis,
    color_names,
    layer_axis,
    place_columns,
    spread_labels,
)
from pages.parts.figures.theme import ChartTheme

SYMBOL, LETTER = 26, 6.5  # pixels of a legend's entry: beside its label, and of each of its letters
ROOM = 0.55  # right of the last layer, for the names of lines, as a share of the layers
LAST = "layer l, the last is the output"


def sizes(
    table: pd.DataFrame,
    steps: Sequence[int],
    variants: Sequence[Variant],
    theme: ChartTheme,
    title: str,
    theory: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """A line and a band over the seeds for each variant on a log axis, zeros and overflow as marks; tables.layers.

    At one of the recorded `steps`, the first to begin with. `theory` (tables.theory) is of the first: dashed lines
    with the band where single draws should fall, cut off where the axis ends.
    """
    y = _choose_axis(table, title)
    axes = Axes("layer", layer_axis(int(table["layer"].max())), y, theme, variants)
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
    """That of the first record with sizes: later ones widen it by half of its decades, or by two, on either side.

    One axis for all, or play would be a picture whose frame moves; and the first step is what most sentences are of.
    """
    record, middle = table["record"].to_numpy(), table["middle"].to_numpy()
    early = record <= (record[middle > 0].min() if (middle > 0).any() else 0)
    columns = [column.to_numpy() for column in lines.ends(table)]
    first = [column[early] for column in columns]
    axis = LogAxis.spanning(*first)
    room = 10.0 ** min(max(2.0, axis.decades / 2), 300.0)
    near = [
        np.where((later == 0) | np.isposinf(later), later, np.clip(later, axis.low / room, axis.high * room))
        for later in (column[~early] for column in columns)
    ]
    return LogAxis.spanning(*first, *near, title=title)


def _draw_theory(table: pd.DataFrame, axes: Axes) -> tuple[alt.Chart, alt.Chart]:
    y, theme = axes.y, axes.theme
    place = {"x": axes.x, "detail": alt.Detail("variant:N")}
    band = playing.select_record(place_columns(table.dropna(subset=["low"]), y, "low", "high"))
    band = band.mark_area(opacity=0.16, color=theme.quiet)
    line = playing.select_record(table[(table["middle"] >= y.low) & (table["middle"] <= y.high)])
    line = line.mark_line(strokeDash=[3, 3], strokeWidth=theme.size(2), color=theme.ink)
    return band.encode(y=y.y("low"), y2=alt.Y2("high:Q"), **place), line.encode(y=y.y("middle"), **place)


def shares(table: pd.DataFrame, steps: Sequence[int], theme: ChartTheme) -> alt.LayerChart:
    """Shares of saturated pairs and dead units by layer, with the range over seeds; tables.shares.

    At a step chosen with a slider below, the first to begin with; `steps` are those that were recorded.
    """
    colors = [theme.initializer("normal"), theme.initializer("zeros")]
    hue = color_names("what", ["saturated", "dead"], colors, alt.Legend())
    axes = Axes("layer", layer_axis(int(table["layer"].max())), LinearAxis.share("share"), theme)
    tips = [tooltips.words("what", "units"), tooltips.LAYER]
    band, medians, dots = line_marks.over_seeds(axes.place(table), axes, "what", hue, tips, points=True)
    layers = [band, *medians, *dots, *axis_notes.lost_layers(table, theme)]
    description = alt_text.at_ends(table, steps, "Shares of units", by="what", write=percent)
    return playing.with_step_slider(layers, steps, theme, description)


def weight_std(table: pd.DataFrame, initializers: Sequence[str], theme: ChartTheme) -> alt.LayerChart:
    """The std of a weight by layer under each law; laws that give the same std share a line; tables.weight_std."""
    labels, last = list(table["variant"].unique()), int(table["layer"].max())
    y = LogAxis.spanning(table["std"], title="standard deviation of the weights")
    axes = Axes("layer", layer_axis(last, [0.5, last + 0.5], LAST), y, theme)
    columns = alt.ExprRef(f"max(1, floor(width / {theme.size(SYMBOL + LETTER * max(map(len, labels)))}))")
    legend = alt.Legend(columns=columns, labelLimit=200)
    hue = color_names("variant", labels, [theme.initializer(name) for name in initializers], legend)
    tips = [tooltips.INITIALIZER, tooltips.LAYER, tooltips.words("fans", "units in → out")]
    tips.append(tooltips.value("std", "standard deviation"))
    layers = _draw_lines(table, "std", axes, hue, tips, interpolate="step")
    return stacked(*layers, description=alt_text.lines(table, "layer", "Standard deviation of the weights", of="std"))


def signals(table: pd.DataFrame, theme: ChartTheme) -> alt.LayerChart:
    """The signal forward and the gradient back by layer, through the weights of a diagnosis: what, layer, size."""
    y, last = LogAxis.spanning(table["size"], [0.5, 2.0], title="rms for inputs of size 1"), int(table["layer"].max())
    x = layer_axis(last, [0.5, last * (1 + ROOM) + 0.5], LAST)
    hue = color_names("what", table["what"].unique(), [theme.ink, theme.quiet])
    tips = [tooltips.words("what", "of"), tooltips.LAYER, tooltips.value("size", "rms")]
    level = alt.Chart(pd.DataFrame({"layer": [0.5, last + 0.4], "one": 1.0}))
    level = level.mark_line(color=theme.quiet, opacity=0.5, strokeWidth=1).encode(x=x, y=y.y("one"))
    ends = table.loc[table.groupby("what", sort=False)["layer"].idxmax()].dropna(subset=["size"])
    places = spread_labels([y.position(value) for value in ends["size"]], LABEL_GAP)
    ends = ends.assign(place=[y.value_at(place) for place in places], words=ends["what"])
    words = playing.write_words(ends, x, y.y("place"), hue, dx=theme.size(12))
    title = "Rms of the signal and of the gradient for inputs of size 1"
    description = alt_text.lines(table, "layer", title, by="what", of="size")
    drawn = _draw_lines(table, "size", Axes("layer", x, y, theme), hue, tips)
    return stacked(level, *drawn, words, description=description)


def _draw_lines(
    table: pd.DataFrame, column: str, axes: Axes, hue: alt.Color, tips: Sequence[alt.Tooltip], **line: object
) -> list[alt.Chart]:
    """Of a column that has one number a place; exact zeros as marks of their own."""
    drawn, y = table.assign(shown=axes.y.place(table[column])), axes.y.y("shown")
    base = alt.Chart(drawn[drawn[column] > 0]).encode(x=axes.x, y=y, color=hue)
    return [
        base.mark_line(strokeWidth=axes.theme.size(2.5), **line),
        base.mark_circle(size=axes.theme.size(60), opacity=1).encode(tooltip=tips),
        *axis_notes.marks(drawn[drawn[column] == 0], axes.x, y, hue, axes.theme, tips),
    ]
