"""The chart of a diagnosis: what passes through the weights, layer by layer."""

from __future__ import annotations

import altair as alt
import pandas as pd

from pages.parts.figures.charts.marks import alt_text, axis_notes, stacked, tooltips
from pages.parts.figures.charts.marks.names import LABEL_GAP
from pages.parts.figures.charts.marks.scales import LogAxis, Shared, layer_axis, spread_labels
from pages.parts.figures.theme import ChartTheme

ROOM = 0.55  # right of the last layer, for the names of lines, as a share of the layers


def signals(table: pd.DataFrame, theme: ChartTheme) -> alt.LayerChart:
    """The signal forward and the gradient back by layer: what, layer, size."""
    axis = LogAxis.spanning(table["size"], [0.5, 2.0])
    last_layer = int(table["layer"].max())
    x = layer_axis(last_layer, [0.5, last_layer * (1 + ROOM) + 0.5], "layer l, the last is the output")
    y = Shared.log("rms for inputs of size 1", axis)
    hue = alt.Color(
        "what:N", scale=alt.Scale(domain=list(dict.fromkeys(table["what"])), range=[theme.ink, theme.quiet])
    )
    hue.legend = None
    drawn = table.assign(shown=axis.place(table["size"]))
    ends = pd.DataFrame({"layer": [0.5, last_layer + 0.4], "one": 1.0})
    level = alt.Chart(ends).mark_line(color=theme.quiet, opacity=0.5, strokeWidth=1).encode(x=x, y=y.y("one"))
    tips = [tooltips.words("what", "of"), tooltips.LAYER, tooltips.value("size", "rms")]
    base = alt.Chart(drawn[drawn["size"] > 0]).encode(x=x, y=y.y("shown"), color=hue)
    dots = base.mark_circle(size=theme.size(50), opacity=1).encode(tooltip=tips)
    zeros = axis_notes.marks(drawn[drawn["size"] == 0], x, y.y("shown"), hue, theme, tips)
    last = drawn.loc[drawn.groupby("what", sort=False)["layer"].idxmax()].dropna(subset=["shown"])
    places = spread_labels([axis.position(value) for value in last["shown"]], LABEL_GAP)
    names = (
        alt.Chart(last.assign(at=[axis.value_at(place) for place in places]))
        .mark_text(align="left", dx=theme.size(12), fontWeight="bold")
        .encode(x=x, y=y.y("at"), text="what:N", color=hue)
    )
    text = alt_text.lines(
        table, "layer", "Rms of the signal and of the gradient for inputs of size 1", by="what", of="size"
    )
    return stacked(level, base.mark_line(strokeWidth=theme.size(2.5)), dots, *zeros, names, description=text)
