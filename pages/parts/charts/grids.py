"""Grids of cells: weights unit by unit, gradients layer by step, activations layer by value, starts by activation."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from pages.parts.charts import edges
from pages.parts.charts.scales import LogAxis, whole_ticks
from pages.parts.palette import Look

DIVERGING = ["#2166AC", "#67A9CF", "#D1E5F0", "#F7F7F7", "#FDDBC7", "#EF8A62", "#B2182B"]


def unit_rows(table: pd.DataFrame, steps: Sequence[int], look: Look) -> alt.LayerChart:
    """The rows of W^[1] of each variant, side by side, at a step chosen with a slider below; tables.unit_rows.

    Equal units show as vertical stripes: every row is the same.
    """
    variants = list(dict.fromkeys(table["variant"]))
    inputs, units = int(table["input"].max()), int(table["unit"].max())
    table = table.assign(x=table["input"] + table["variant"].map(variants.index) * (inputs + 4) - 1)
    columns = [f"s{k}" for k in range(len(steps))]
    table[columns] = table[columns].where(np.isfinite(table[columns]))
    largest = table[columns].abs().max(axis=1).groupby(table["variant"]).max()
    # Each matrix has its own scale, so that structure shows however small the weights are.
    factors = table["variant"].map(1 / largest.where(largest > 1e-300, 1.0))
    shown = table[["variant", "unit", "input", "x"]].assign(**table[columns].mul(factors, axis=0))
    record = alt.param(
        name="record",
        value=len(steps) - 1,
        bind=alt.binding_range(min=0, max=len(steps) - 1, step=1, name="earlier or later "),
    )
    chosen = "datum['s' + record]"
    cells = (
        alt.Chart(shown)
        .transform_calculate(weight=chosen, right="datum.x + 1", below="datum.unit + 1")
        .mark_rect()
        .encode(
            x=alt.X(
                "x:Q",
                axis=None,
                scale=alt.Scale(domain=[0, len(variants) * (inputs + 4) - 4], nice=False),
            ),
            x2=alt.X2("right:Q"),
            y=alt.Y(
                "unit:Q",
                title="unit of layer 1",
                scale=alt.Scale(domain=[units + 1, 1], nice=False),
                axis=alt.Axis(values=[1, units], grid=False, format="d"),
            ),
            y2=alt.Y2("below:Q"),
            color=alt.Color(
                "weight:Q",
                scale=alt.Scale(domain=[-1, -0.6, -0.2, 0, 0.2, 0.6, 1], range=DIVERGING, clamp=True),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("variant:N"),
                alt.Tooltip("unit:Q"),
                alt.Tooltip("input:Q"),
                alt.Tooltip("weight:Q", format=".3f", title="of the largest"),
            ],
        )
    )
    heads = pd.DataFrame(
        {
            "x": [i * (inputs + 4) + inputs / 2 for i in range(len(variants))],
            "unit": 1,
            "head": [f"{v}: W⁽¹⁾" for v in variants],
        }
    )
    titles = (
        alt.Chart(heads)
        .mark_text(baseline="bottom", dy=-look.size(6), fontSize=look.size(13), fontWeight="bold", color=look.ink)
        .encode(x=alt.X("x:Q"), y=alt.Y("unit:Q"), text=alt.Text("head:N"))
    )
    gone = table.groupby("variant", sort=False)[columns].agg(lambda weights: weights.isna().any()).reset_index()
    lost = (
        alt.Chart(gone.assign(x=heads["x"], unit=(units + 1) / 2))
        .transform_filter(chosen)
        .mark_text(fontSize=look.size(14), fontWeight="bold", color=look.alarm)
        .encode(x=alt.X("x:Q"), y=alt.Y("unit:Q"), text=alt.TextValue("not a number"))
    )
    listed = ", ".join(str(step) for step in steps)
    step_text = (
        alt.Chart(pd.DataFrame({"x": [0], "unit": [units + 1]}))
        .transform_calculate(said=f"'at training step ' + [{listed}][record]")
        .mark_text(align="left", baseline="top", dy=look.size(6), fontSize=look.size(14), color=look.ink)
        .encode(x=alt.X("x:Q"), y=alt.Y("unit:Q"), text=alt.Text("said:N"))
    )
    return alt.layer(cells, titles, lost, step_text).add_params(record)


def norm_map(table: pd.DataFrame, look: Look) -> alt.LayerChart:
    """Gradient norm by layer and training step, colour in decades, zero and NaN in colours apart; tables.norm_map."""
    axis = LogAxis.over(table["norm"])
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
    ends = [np.log10(axis.low), np.log10(axis.high)]
    hue = alt.Color(
        "decade:Q",
        title="log₁₀ ‖dW⁽ˡ⁾‖",
        scale=alt.Scale(scheme="viridis", domain=ends, clamp=True),
        legend=alt.Legend(orient="right", gradientLength=look.size(140), tickCount=4),
    )
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
    return alt.layer(*layers_)


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


def histograms(table: pd.DataFrame, zeros: pd.DataFrame, bounded: bool, look: Look) -> alt.LayerChart:
    """How the activations of each hidden layer are distributed; tables.histograms, tables.exact_zeros.

    Where g is bounded the axis is A; otherwise it is the decade of |A|, exact zeros standing apart on the left.
    """
    layers = int(zeros["layer"].max())
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
        .mark_rect(color=look.initializer("he"))
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
        return alt.layer(bars, *lost)
    # Words for as many layers as there is room for.
    told = zeros[(zeros["share"] > 0) & zeros["layer"].isin(whole_ticks(1, layers, 16))]
    some = told.assign(
        x=low + 0.2,
        said=[f"{share:.0%} zero" for share in told["share"]],
        y=lambda t: t["layer"] + 0.4,
    )
    words = (
        alt.Chart(some)
        .mark_text(align="left", fontSize=look.size(11), color=look.quiet)
        .encode(x=alt.X("x:Q"), y=alt.Y("y:Q"), text=alt.Text("said:N"))
    )
    return alt.layer(bars, words, *lost)


def _which_layers(layers: Sequence[int]) -> str:
    return f"layer {layers[0]}:" if len(layers) == 1 else f"layers {layers[0]} to {layers[-1]}:"


def match(table: pd.DataFrame, look: Look) -> alt.LayerChart:
    """Final loss of every start with every activation, colour in decades, divergence as a cross; tables.match."""
    variants = list(dict.fromkeys(table["variant"]))
    activations = list(dict.fromkeys(table["activation"]))
    # A loss of exactly 0 has no decade: it is as bright as the lowest that has one.
    decade = np.log10(table["loss"].where(table["loss"] > 0))
    decade = decade.where(table["loss"] != 0, decade.min() if decade.notna().any() else 0.0)
    middle = (decade.min() + decade.max()) / 2
    cells = zip(table["loss"], table["diverged"], table["seeds"], strict=True)
    table = table.assign(
        decade=decade,
        said=[f"{loss:.2g}" if loss == loss else f"✕ {lost} of {n}" for loss, lost, n in cells],
        ink=np.where(decade.isna(), look.ink, np.where(decade <= middle, "#14181D", "#FFFFFF")),
    )
    x = alt.X(
        "activation:N",
        sort=activations,
        title=None,
        axis=alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False),
    )
    y = alt.Y("variant:N", sort=variants, title=None, axis=alt.Axis(domain=False, ticks=False))
    tooltip = [
        alt.Tooltip("variant:N"),
        alt.Tooltip("activation:N"),
        alt.Tooltip("loss:Q", format=".3g"),
        alt.Tooltip("diverged:Q"),
        alt.Tooltip("seeds:Q"),
    ]
    hue = alt.Color("decade:Q", scale=alt.Scale(scheme="viridis", reverse=True), legend=None)
    told = (
        alt.Chart(table.dropna(subset=["loss"]))
        .mark_rect(stroke=look.paper, strokeWidth=2)
        .encode(x=x, y=y, color=hue, tooltip=tooltip)
    )
    lost = (
        alt.Chart(table[table["loss"].isna()])
        .mark_rect(stroke=look.paper, strokeWidth=2, opacity=0.35)
        .encode(x=x, y=y, color=alt.ColorValue(look.alarm), tooltip=tooltip)
    )
    numbers = [
        alt.Chart(cells_)
        .mark_text(fontSize=look.size(14), fontWeight="bold", color=ink)
        .encode(x=x, y=y, text=alt.Text("said:N"))
        for ink, cells_ in table.groupby("ink")
    ]
    return alt.layer(told, lost, *numbers)
