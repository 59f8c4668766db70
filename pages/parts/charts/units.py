"""The weights into the units of a layer, cell by cell, at a step that is chosen in the browser."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from pages.parts.charts import playing, words
from pages.parts.palette import Look

DIVERGING = ["#2166AC", "#67A9CF", "#D1E5F0", "#F7F7F7", "#FDDBC7", "#EF8A62", "#B2182B"]


GAP = 4  # cells, between two matrices
_CHOSEN = f"datum['s' + {playing.RECORD}]"  # the column of the record that is shown


def rows(table: pd.DataFrame, steps: Sequence[int], look: Look) -> alt.LayerChart:
    """The rows of W^[1] of each variant, side by side, at a step chosen with a slider below; tables.unit_rows.

    Equal units show as vertical stripes: every row is the same.
    """
    variants = list(dict.fromkeys(table["variant"]))
    inputs, units = int(table["input"].max()), int(table["unit"].max())
    table = table.assign(x=table["input"] + table["variant"].map(variants.index) * (inputs + GAP) - 1)
    columns = [f"s{k}" for k in range(len(steps))]
    table[columns] = table[columns].where(np.isfinite(table[columns]))
    heads = pd.DataFrame(
        {
            "x": [i * (inputs + GAP) + inputs / 2 for i in range(len(variants))],
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
        .transform_filter(_CHOSEN)
        .mark_text(fontSize=look.size(14), fontWeight="bold", color=look.alarm)
        .encode(x=alt.X("x:Q"), y=alt.Y("unit:Q"), text=alt.TextValue("not a number"))
    )
    cells = _cells(_scaled(table, columns), len(variants) * (inputs + GAP) - GAP, units)
    said = words.rows_of_units(table, columns, steps)
    layers = [cells, titles, lost, _step(steps, units, look)]
    return playing.layered(layers, len(steps), len(steps) - 1, said)


def _scaled(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Each matrix on its own scale, so that structure shows however small the weights are."""
    largest = table[columns].abs().max(axis=1).groupby(table["variant"]).max()
    factors = table["variant"].map(1 / largest.where(largest > 1e-300, 1.0))
    return table[["variant", "unit", "input", "x"]].assign(**table[columns].mul(factors, axis=0))


def _cells(table: pd.DataFrame, across: int, units: int) -> alt.Chart:
    """A cell a weight; `across` is how many stand beside each other, gaps included."""
    y = alt.Y(
        "unit:Q",
        title="unit of layer 1",
        scale=alt.Scale(domain=[units + 1, 1], nice=False),
        axis=alt.Axis(values=[1, units], grid=False, format="d"),
    )
    hue = alt.Color(
        "weight:Q",
        scale=alt.Scale(domain=[-1, -0.6, -0.2, 0, 0.2, 0.6, 1], range=DIVERGING, clamp=True),
        legend=None,
    )
    tips = [alt.Tooltip("variant:N"), alt.Tooltip("unit:Q"), alt.Tooltip("input:Q")]
    return (
        alt.Chart(table)
        .transform_calculate(weight=_CHOSEN, right="datum.x + 1", below="datum.unit + 1")
        .mark_rect()
        .encode(
            x=alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, across], nice=False)),
            x2=alt.X2("right:Q"),
            y=y,
            y2=alt.Y2("below:Q"),
            color=hue,
            tooltip=[*tips, alt.Tooltip("weight:Q", format=".3f", title="of the largest")],
        )
    )


def _step(steps: Sequence[int], units: int, look: Look) -> alt.Chart:
    """Which step is shown, below the cells."""
    listed = ", ".join(str(step) for step in steps)
    return (
        alt.Chart(pd.DataFrame({"x": [0], "unit": [units + 1]}))
        .transform_calculate(said=f"'at training step ' + [{listed}][{playing.RECORD}]")
        .mark_text(align="left", baseline="top", dy=look.size(6), fontSize=look.size(14), color=look.ink)
        .encode(x=alt.X("x:Q"), y=alt.Y("unit:Q"), text=alt.Text("said:N"))
    )
