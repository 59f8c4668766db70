"""A matrix of starts by activations, coloured by how training ended."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from pages.parts.charts import words
from pages.parts.palette import Look


def chart(table: pd.DataFrame, look: Look) -> alt.LayerChart:
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
    said = " ".join(
        words.values(rows, f"Final loss with {activation}", "variant", "loss")
        for activation, rows in table.groupby("activation", sort=False)
    )
    return alt.layer(told, lost, *numbers, description=said)
