"""Where runs stopped being numbers: a cross for each, and who has no number left."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core import Variant
from pages.parts.charts import edges
from pages.parts.charts.strands import colour
from pages.parts.palette import Look


def lost(table: pd.DataFrame, divergences: pd.DataFrame | None) -> list[str]:
    """The variants that diverged with every seed, so that no number is left at their last step."""
    if divergences is None:
        return []
    last = table.loc[table.groupby("variant")["step"].idxmax(), ["variant", "middle"]].dropna()
    return [label for label in divergences["variant"].unique() if label not in set(last["variant"])]


def crosses(
    divergences: pd.DataFrame | None,
    lost: Sequence[str],
    variants: Sequence[Variant],
    look: Look,
    table: pd.DataFrame,
) -> list[alt.Chart]:
    """A cross at the step where each seed stopped being a number, a row a variant.

    Beside the first stands how many seeds, and the variant's name where none of its seeds is left to end a line.
    """
    if divergences is None or divergences.empty:
        return []
    last_step = int(table["step"].max())
    ended = [variant.label for variant in variants if variant.label in set(divergences["variant"])]
    placed = divergences.assign(row=divergences["variant"].map(lambda label: edges.row(ended.index(label), look)))
    hue, x = colour(variants, look), alt.X("step:Q")
    y = alt.Y("row:Q", scale=None, axis=None)
    tooltip = [alt.Tooltip("variant:N"), alt.Tooltip("step:Q"), alt.Tooltip("layer:Q"), alt.Tooltip("seeds:Q")]
    cross = (
        alt.Chart(placed)
        .mark_point(shape="cross", angle=45, filled=True, size=look.size(150), opacity=1)
        .encode(x=x, y=y, color=hue, tooltip=tooltip)
    )
    last = placed.sort_values("step").groupby("variant", as_index=False).last()
    seeds = placed.groupby("variant")["seeds"].sum()
    last["said"] = [
        f"{label + ': ' if label in lost else ''}not a number, {seeds[label]} seed{'' if seeds[label] == 1 else 's'}"
        for label in last["variant"]
    ]
    # Words about late steps stand before them, so that they stay on the chart.
    late, first = last["step"] > last_step / 2, placed.groupby("variant")["step"].min()[last["variant"]].to_numpy()
    last["step"] = last["step"].where(first <= last_step / 2, first)
    words = [
        alt.Chart(some)
        .mark_text(align=align, dx=look.size(12 * side), fontSize=look.size(13), fontWeight="bold")
        .encode(x=x, y=y, text=alt.Text("said:N"), color=hue)
        for some, align, side in ((last[~late], "left", 1), (last[late], "right", -1))
        if len(some)
    ]
    return [cross, *words]
