"""Direct labels: each variant named once, where its line ends, or above the chart where that is narrow."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core import Variant
from pages.parts.charts import edges, playing
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
    hue = colour(variants, look)
    records = playing.records(table)
    missing = pd.concat([_missing(rows, variants, unlabelled, look) for rows in records])
    ends = pd.concat([_ends(rows[~rows["variant"].isin(unlabelled)], along, y) for rows in records])
    charts = [_listed(missing, hue, look)] if len(missing) else []
    if ends.empty:
        return charts
    text = (
        playing.shown(ends)
        .transform_filter(f"!({NARROW})")
        .mark_text(align="left", dx=look.size(8), fontSize=look.size(13), fontWeight="bold")
        .encode(x=x, y=y.y("at"), text=alt.Text("said:N"), color=hue)
    )
    return [text, _above(ends, variants, hue, look), *charts]


def over(variants: int, look: Look) -> alt.ExprRef:
    """Where words stand above the chart, and above so many names where these stand there; in pixels."""
    return alt.ExprRef(f"{NARROW} ? {-edges.row((variants + 1) // 2, look)} : {-look.size(4)}")


def _ends(table: pd.DataFrame, along: str, y: Shared) -> pd.DataFrame:
    """The end of each variant's line, with what is said there, and the place `at` which it is said."""
    known = table.dropna(subset=["middle"])
    if known.empty:
        return known
    ends = known.loc[known.groupby("variant", sort=False)[along].idxmax()].sort_values(along)
    whole = ends[along] == ends["variant"].map(table.groupby("variant")[along].max())
    ends["said"] = ends["variant"].where(whole, ends["variant"] + " ✕")
    ends["at"] = ends["middle"]
    # Labels of lines that end far from each other stand at their own place.
    reach = 0.3 * (table[along].max() - table[along].min())
    for _, group in ends.groupby((ends[along].diff() > reach).cumsum()):
        apart = spread_labels([y.axis.position(value) for value in group["middle"]], LABEL_GAP)
        ends.loc[group.index, "at"] = [y.axis.value_at(position) for position in apart]
    return ends


def _above(ends: pd.DataFrame, variants: Sequence[Variant], hue: alt.Color, look: Look) -> alt.Chart:
    """The same names over the chart, in the order of the variants."""
    order = [variant.label for variant in variants]
    rows = pd.concat([_two_a_row(named, order, look) for named in playing.records(ends)])
    return (
        playing.shown(rows)
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


def _two_a_row(ends: pd.DataFrame, order: Sequence[str], look: Look) -> pd.DataFrame:
    listed = ends.sort_values("variant", key=lambda names: names.map(order.index))
    place, last = range(len(listed)), (len(listed) - 1) // 2
    return listed.assign(column=[i % 2 for i in place], over=[-edges.row(last - i // 2, look) for i in place])


def _missing(table: pd.DataFrame, variants: Sequence[Variant], unlabelled: Sequence[str], look: Look) -> pd.DataFrame:
    """The variants that have no number at all, a row each from the top, below those that others name there."""
    known = {*table["variant"][table["middle"].notna()], *unlabelled}
    nowhere = [variant.label for variant in variants if variant.label not in known]
    said = [f"✕ {label}: not a number" for label in nowhere]
    down = [edges.row(len(unlabelled) + i, look) for i in range(len(nowhere))]
    rows = pd.DataFrame({"variant": nowhere, "said": said, "down": down})
    return rows.assign(record=table["record"].iloc[0]) if "record" in table else rows


def _listed(missing: pd.DataFrame, hue: alt.Color, look: Look) -> alt.Chart:
    text = playing.shown(missing).mark_text(align="left", dx=look.size(8), fontSize=look.size(13), fontWeight="bold")
    down = alt.Y("down:Q", scale=None, axis=None)
    return text.encode(x=alt.XValue(0), y=down, text=alt.Text("said:N"), color=hue)
