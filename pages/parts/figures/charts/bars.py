"""Shares of saturated and dead units, and the standard deviation each law gives the layers of a network."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core.wording import percent
from pages.parts.figures.charts.marks import alt_text, axis_notes, line_marks, playing, stacked, tooltips
from pages.parts.figures.charts.marks.scales import Axes, LogAxis, Shared, layer_axis
from pages.parts.figures.theme import ChartTheme

SYMBOL, LETTER = 26, 6.5  # pixels of a legend's entry: beside its label, and of each of its letters


def shares(table: pd.DataFrame, steps: Sequence[int], theme: ChartTheme) -> alt.LayerChart:
    """Shares of saturated pairs and dead units by layer, with the range over seeds; tables.shares.

    At a step chosen with a slider below, the first to begin with; `steps` are those that were recorded.
    """
    kinds = ["saturated", "dead"]
    hue = alt.Color(
        "what:N",
        scale=alt.Scale(domain=kinds, range=[theme.initializer("normal"), theme.initializer("zeros")]),
        legend=alt.Legend(title=None, orient="top", symbolOpacity=1),
    )
    axes = Axes("layer", layer_axis(int(table["layer"].max())), Shared.share("share"), theme)
    tips = [tooltips.words("what", "units"), tooltips.LAYER]
    band, lines, dots = line_marks.over_seeds(table, axes, "what", hue, tips, points=True)
    lost = axis_notes.lost_layers(table, theme)
    layers = [band, *lines, *dots, playing.step_label(steps, theme), *lost]
    description = alt_text.at_ends(table, steps, "Shares of units", by="what", write=percent)
    return playing.with_step_slider(layers, len(steps), 0, description)


def weight_std(table: pd.DataFrame, initializers: Sequence[str], theme: ChartTheme) -> alt.LayerChart:
    """The std of a weight by layer under each law; laws that give the same std share a line; tables.weight_std."""
    labels = list(dict.fromkeys(table["variant"]))
    axis = LogAxis.spanning(table["std"])
    layers = int(table["layer"].max())
    x = layer_axis(layers, [0.5, layers + 0.5], "layer l, the last is the output")
    y = alt.Y("shown:Q", title="standard deviation of the weights", scale=axis.scale(), axis=axis.axis())
    hue = alt.Color(
        "variant:N",
        scale=alt.Scale(domain=labels, range=[theme.initializer(name) for name in initializers]),
        sort=labels,
        legend=alt.Legend(
            title=None,
            orient="top",
            columns=alt.ExprRef(f"max(1, floor(width / {theme.size(SYMBOL + LETTER * max(map(len, labels)))}))"),
            labelLimit=200,
        ),
    )
    tips = [tooltips.words("variant", "initializer"), tooltips.LAYER, tooltips.words("fans", "units in → out")]
    tips.append(tooltips.value("std", "standard deviation"))
    drawn = table.assign(shown=axis.place(table["std"]))
    base = alt.Chart(drawn[drawn["std"] > 0])
    line = base.mark_line(interpolate="step", strokeWidth=theme.size(2.5)).encode(x=x, y=y, color=hue)
    dots = base.mark_circle(size=theme.size(60), opacity=1).encode(
        x=x,
        y=y,
        color=hue,
        tooltip=tips,
    )
    zeros = axis_notes.marks(drawn[drawn["std"] == 0], x, y, hue, theme, tips)
    description = alt_text.lines(table, "layer", "Standard deviation of the weights", of="std")
    return stacked(line, dots, *zeros, description=description)
