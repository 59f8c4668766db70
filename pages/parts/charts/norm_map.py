"""A map of gradient norms, layer by training step."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from pages.parts.charts import layering, words
from pages.parts.charts.scales import LogAxis, whole_ticks
from pages.parts.palette import Look


def chart(table: pd.DataFrame, look: Look) -> alt.LayerChart:
    """Gradient norm by layer and training step, colour in decades, zero and NaN in colours apart; tables.norm_map."""
    layers = int(table["layer"].max())
    table = table.assign(
        below=table["layer"] - 0.5,
        above=table["layer"] + 0.5,
        decade=np.log10(table["norm"].where((table["norm"] > 0) & np.isfinite(table["norm"]))),
    )
    x = alt.X(
        "step:Q",
        title="training step",
        axis=alt.Axis(values=whole_ticks(0, int(table["step"].max()), 8), format="d", grid=False),
        scale=alt.Scale(domain=[0, int(table["next"].max())], nice=False),
    )
    y = alt.Y(
        "below:Q",
        title="layer l",
        axis=alt.Axis(values=whole_ticks(1, layers), format="d", grid=False),
        scale=alt.Scale(domain=[0.5, layers + 0.5], nice=False),
    )
    tooltip = [alt.Tooltip("step:Q"), alt.Tooltip("layer:Q"), alt.Tooltip("norm:Q", format=".2e")]
    hue = _hue(LogAxis.over(table["norm"]), look)
    finite = (
        alt.Chart(table.dropna(subset=["decade"]))
        .mark_rect()
        .encode(x=x, x2=alt.X2("next:Q"), y=y, y2=alt.Y2("above:Q"), color=hue, tooltip=tooltip)
    )
    layers_ = [finite]
    zero = table[table["norm"] == 0]
    if len(zero):
        layers_.append(_flat(zero, x, y, tooltip, look.quiet))
        layers_.append(_caption(zero, "exactly 0", look))
    gone = table[~np.isfinite(table["norm"])]
    if len(gone):
        layers_.append(_flat(gone, x, y, tooltip, look.alarm))
        layers_.append(_caption(gone, "not a number", look))
    return layering.layer(*layers_, description=words.layer_by_step(table, "Gradient norm ‖dW⁽ˡ⁾‖", "norm"))


def _hue(axis: LogAxis, look: Look) -> alt.Color:
    """The decade of a norm as a colour."""
    ends = [np.log10(axis.low), np.log10(axis.high)]
    return alt.Color(
        "decade:Q",
        title="log₁₀ ‖dW⁽ˡ⁾‖",
        scale=alt.Scale(scheme="viridis", domain=ends, clamp=True),
        legend=alt.Legend(orient="top", gradientLength=look.size(140), tickCount=4, titleOrient="left"),
    )


def _flat(table: pd.DataFrame, x: alt.X, y: alt.Y, tooltip: list, colour: str) -> alt.Chart:
    return (
        alt.Chart(table)
        .mark_rect(opacity=0.55)
        .encode(x=x, x2=alt.X2("next:Q"), y=y, y2=alt.Y2("above:Q"), color=alt.ColorValue(colour), tooltip=tooltip)
    )


def _caption(table: pd.DataFrame, word: str, look: Look) -> alt.Chart:
    place = pd.DataFrame(
        {
            "x": [(table["step"].min() + table["next"].max()) / 2],
            "y": [(table["below"].min() + table["above"].max()) / 2],
            "word": [word],
        }
    )
    return (
        alt.Chart(place)
        .mark_text(fontSize=look.size(14), fontWeight="bold", color=look.ink)
        .encode(x=alt.X("x:Q"), y=alt.Y("y:Q"), text=alt.Text("word:N"))
    )
