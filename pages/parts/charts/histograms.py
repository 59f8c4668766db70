"""Histograms of the activations, a row a layer."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from pages.parts.charts import edges, words
from pages.parts.charts.scales import whole_ticks
from pages.parts.palette import Look


def chart(table: pd.DataFrame, zeros: pd.DataFrame, bounded: bool, initializer: str, look: Look) -> alt.LayerChart:
    """How the activations of each hidden layer are distributed; tables.histograms, tables.exact_zeros of a start.

    Where g is bounded the axis is A; otherwise it is the decade of |A|, exact zeros standing apart on the left.
    """
    layers, said = int(zeros["layer"].max()), words.histograms(table, zeros, bounded)
    table = table.dropna(subset=["share"])
    peak = table.groupby("layer")["share"].transform("max")
    drawn = table.assign(base=table["layer"].astype(float), top=table["layer"] + 0.9 * table["share"] / peak)
    low, high = (float(table["low"].min()), float(table["high"].max())) if len(table) else (-1.0, 1.0)
    if not bounded:
        low -= (high - low) / 5  # room for the words about exact zeros
    x = alt.X(
        "low:Q",
        title="activation A⁽ˡ⁾" if bounded else "size of the activation, log₁₀ |A⁽ˡ⁾|",
        scale=alt.Scale(domain=[low, high], nice=False),
        axis=alt.Axis(grid=False, tickCount=7),
    )
    y = alt.Y(
        "base:Q",
        title="layer l",
        scale=alt.Scale(domain=[1, layers + 1], nice=False),
        axis=alt.Axis(values=whole_ticks(1, layers), format="d", grid=True),
    )
    bars = (
        alt.Chart(drawn)
        .mark_rect(color=look.initializer(initializer))
        .encode(
            x=x,
            x2=alt.X2("high:Q"),
            y=y,
            y2=alt.Y2("top:Q"),
            tooltip=[
                alt.Tooltip("layer:Q"),
                alt.Tooltip("low:Q"),
                alt.Tooltip("high:Q"),
                alt.Tooltip("share:Q", format=".1%"),
            ],
        )
    )
    gone = sorted({*range(1, layers + 1)} - {*table["layer"], *zeros.loc[zeros["share"] > 0, "layer"]})
    lost = [edges.said(_which_layers(gone) + " not a number", look)] if gone else []
    if bounded:
        return alt.layer(bars, *lost, description=said)
    # Words for as many layers as there is room for.
    told = zeros[(zeros["share"] > 0) & zeros["layer"].isin(whole_ticks(1, layers, 16))]
    some = told.assign(
        x=low + 0.2,
        said=[f"{share:.0%} zero" for share in told["share"]],
        y=lambda t: t["layer"] + 0.4,
    )
    shares = (
        alt.Chart(some)
        .mark_text(align="left", fontSize=look.size(13), color=look.quiet)
        .encode(x=alt.X("x:Q"), y=alt.Y("y:Q"), text=alt.Text("said:N"))
    )
    return alt.layer(bars, shares, *lost, description=said)


def _which_layers(layers: Sequence[int]) -> str:
    return f"layer {layers[0]}:" if len(layers) == 1 else f"layers {layers[0]} to {layers[-1]}:"
