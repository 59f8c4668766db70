"""Direct labels: each variant named once, where its line ends, or above the chart where that is narrow."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core import Variant
from pages.parts.charts import edges
from pages.parts.charts.scales import Shared, spread_labels
from pages.parts.charts.strands import colour
from pages.parts.palette import Look

LABEL_GAP = 0.075  # of the chart's height, between two direct labels
# A Vega expression, looked at anew when the chart's width changes: on a phone labels beside the lines would take the
# place that the lines need.
NARROW = "width > 0 && containerSize()[0] < 480"


def labels(
    table: pd.DataFrame,
    along: str,
    x: alt.X,
    y: Shared,
    variants: Sequence[Variant],
    look: Look,
    unlabelled: Sequence[str] = (),
) -> list[alt.Chart]:
    """Each variant's name once: at the end of its line, a cross after it where numbers end early, or on top.

    On a narrow screen names stand above the chart, two in a row.
    """
    known = table.dropna(subset=["middle"])
    hue = colour(variants, look)
    nowhere = [v.label for v in variants if v.label not in {*known["variant"], *unlabelled}]
    named = known[~known["variant"].isin(unlabelled)]
    ends = named.loc[named.groupby("variant", sort=False)[along].idxmax()].sort_values(along)
    charts = _missing(nowhere, len(unlabelled), hue, look)
    if ends.empty:
        return charts
    whole = ends[along] == ends["variant"].map(table.groupby("variant")[along].max())
    ends["said"] = ends["variant"].where(whole, ends["variant"] + " ✕")
    ends["at"] = ends["middle"]
    # Labels of lines that end far from each other stand at their own place.
    reach = 0.3 * (table[along].max() - table[along].min())
    for _, group in ends.groupby((ends[along].diff() > reach).cumsum()):
        apart = spread_labels([y.axis.position(value) for value in group["middle"]], LABEL_GAP)
        ends.loc[group.index, "at"] = [y.axis.value_at(position) for position in apart]
    text = (
        alt.Chart(ends)
        .transform_filter(f"!({NARROW})")
        .mark_text(align="left", dx=look.size(8), fontSize=look.size(13), fontWeight="bold")
        .encode(x=x, y=y.y("at"), text=alt.Text("said:N"), color=hue)
    )
    return [text, _above(ends, variants, hue, look), *charts]


def _above(ends: pd.DataFrame, variants: Sequence[Variant], hue: alt.Color, look: Look) -> alt.Chart:
    """The same names over the chart, in the order of the variants."""
    order = [variant.label for variant in variants]
    listed = ends[["variant", "said"]].sort_values("variant", key=lambda names: names.map(order.index))
    place, last = range(len(listed)), (len(listed) - 1) // 2
    rows = listed.assign(column=[i % 2 for i in place], over=[-edges.row(last - i // 2, look) for i in place])
    return (
        alt.Chart(rows)
        .transform_filter(NARROW)
        .transform_calculate(across="datum.column * width / 2")
        .mark_text(align="left", fontSize=look.size(13), fontWeight="bold")
        .encode(
            x=alt.X("across:Q", scale=None, axis=None),
            y=alt.Y("over:Q", scale=None, axis=None),
            text=alt.Text("said:N"),
            color=hue,
        )
    )


def _missing(labels: Sequence[str], rows_above: int, hue: alt.Color, look: Look) -> list[alt.Chart]:
    """The names of variants that have no number at all, a row each from the top."""
    return [
        alt.Chart(pd.DataFrame({"variant": [label], "said": [f"✕ {label}: not a number"]}))
        .mark_text(align="left", dx=look.size(8), fontSize=look.size(13), fontWeight="bold")
        .encode(x=alt.XValue(0), y=alt.YValue(edges.row(row, look)), text=alt.Text("said:N"), color=hue)
        for row, label in enumerate(labels, start=rows_above)
    ]
