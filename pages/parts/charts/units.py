"""The weights into the units of a layer, cell by cell, at a step that is chosen in the browser."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from pages.parts.charts import playing, words
from pages.parts.palette import Look

DIVERGING = ["#2166AC", "#67A9CF", "#D1E5F0", "#F7F7F7", "#FDDBC7", "#EF8A62", "#B2182B"]


def rows(table: pd.DataFrame, steps: Sequence[int], look: Look) -> alt.LayerChart:
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
    record = playing.scrubber(len(steps), len(steps) - 1)
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
    said = words.rows_of_units(table, columns, steps)
    return alt.layer(cells, titles, lost, step_text, description=said).add_params(record)
