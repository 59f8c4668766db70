"""Lines by layer, a color each: shares of units, the std that laws give, and what passes through uploaded weights."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core.wording import percent
from pages.parts.figures.charts.marks import alt_text, axis_notes, line_marks, playing, stacked, tooltips
from pages.parts.figures.charts.marks.scales import LABEL_GAP, Axes, LinearAxis, LogAxis, layer_axis, spread_labels
from pages.parts.figures.theme import ChartTheme

SYMBOL, LETTER = 26, 6.5  # pixels of a legend's entry: beside its label, and of each of its letters
ROOM = 0.55  # right of the last layer, for the names of lines, as a share of the layers
LAST = "layer l, the last is the output"


def shares(table: pd.DataFrame, steps: Sequence[int], theme: ChartTheme) -> alt.LayerChart:
    """Shares of saturated pairs and dead units by layer, with the range over seeds; tables.shares.

    At a step chosen with a slider below, the first to begin with; `steps` are those that were recorded.
    """
    scale = alt.Scale(domain=["saturated", "dead"], range=[theme.initializer("normal"), theme.initializer("zeros")])
    hue = alt.Color("what:N", title=None, scale=scale)
    axes = Axes("layer", layer_axis(int(table["layer"].max())), LinearAxis.share("share"), theme)
    tips = [tooltips.words("what", "units"), tooltips.LAYER]
    band, lines, dots = line_marks.over_seeds(axes.place(table), axes, "what", hue, tips, points=True)
    layers = [band, *lines, *dots, *axis_notes.lost_layers(table, theme)]
    description = alt_text.at_ends(table, steps, "Shares of units", by="what", write=percent)
    return playing.with_step_slider(layers, steps, theme, description)


def weight_std(table: pd.DataFrame, initializers: Sequence[str], theme: ChartTheme) -> alt.LayerChart:
    """The std of a weight by layer under each law; laws that give the same std share a line; tables.weight_std."""
    labels = list(dict.fromkeys(table["variant"]))
    last = int(table["layer"].max())
    y = LogAxis.spanning(table["std"], title="standard deviation of the weights")
    axes = Axes("layer", layer_axis(last, [0.5, last + 0.5], LAST), y, theme)
    columns = alt.ExprRef(f"max(1, floor(width / {theme.size(SYMBOL + LETTER * max(map(len, labels)))}))")
    hue = alt.Color(
        "variant:N",
        title=None,
        scale=alt.Scale(domain=labels, range=[theme.initializer(name) for name in initializers]),
        sort=labels,
        legend=alt.Legend(columns=columns, labelLimit=200),
    )
    tips = [tooltips.words("variant", "initializer"), tooltips.LAYER, tooltips.words("fans", "units in → out")]
    tips.append(tooltips.value("std", "standard deviation"))
    layers = _draw_lines(table, "std", axes, hue, tips, interpolate="step")
    return stacked(*layers, description=alt_text.lines(table, "layer", "Standard deviation of the weights", of="std"))


def signals(table: pd.DataFrame, theme: ChartTheme) -> alt.LayerChart:
    """The signal forward and the gradient back by layer, through the weights of a diagnosis: what, layer, size."""
    y, last = LogAxis.spanning(table["size"], [0.5, 2.0], title="rms for inputs of size 1"), int(table["layer"].max())
    x = layer_axis(last, [0.5, last * (1 + ROOM) + 0.5], LAST)
    axes = Axes("layer", x, y, theme)
    kinds = list(dict.fromkeys(table["what"]))
    hue = alt.Color("what:N", scale=alt.Scale(domain=kinds, range=[theme.ink, theme.quiet]), legend=None)
    tips = [tooltips.words("what", "of"), tooltips.LAYER, tooltips.value("size", "rms")]
    level = alt.Chart(pd.DataFrame({"layer": [0.5, last + 0.4], "one": 1.0}))
    level = level.mark_line(color=theme.quiet, opacity=0.5, strokeWidth=1).encode(x=x, y=y.y("one"))
    ends = table.loc[table.groupby("what", sort=False)["layer"].idxmax()].dropna(subset=["size"])
    places = spread_labels([y.position(value) for value in ends["size"]], LABEL_GAP)
    names = alt.Chart(ends.assign(at=[y.value_at(place) for place in places]))
    names = names.mark_text(align="left", dx=theme.size(12), fontWeight="bold")
    names = names.encode(x=x, y=y.y("at"), text=alt.Text("what:N"), color=hue)
    title = "Rms of the signal and of the gradient for inputs of size 1"
    description = alt_text.lines(table, "layer", title, by="what", of="size")
    return stacked(level, *_draw_lines(table, "size", axes, hue, tips), names, description=description)


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
