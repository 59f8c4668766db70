"""Direct labels: each variant named once, where its line ends, or above the chart where that is narrow."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

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
    missing = _missing(table, variants, unlabelled, look)
    ends = _ends(table[~table["variant"].isin(unlabelled)], along, y)
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
    known = table.dropna(subset=["middle"]).sort_values([*playing.key(table), along])
    ends = known.drop_duplicates([*playing.key(table), "variant"], keep="last")
    whole = ends[along] == ends["variant"].map(table.groupby("variant")[along].max())
    reach = 0.3 * (table[along].max() - table[along].min())
    at = [
        place for rows in playing.records(ends) for place in _apart(list(rows[along]), list(rows["middle"]), y, reach)
    ]
    return ends.assign(said=ends["variant"].where(whole, ends["variant"] + " ✕"), at=at)


def _apart(ends: Sequence[float], sizes: Sequence[float], y: Shared, reach: float) -> list[float]:
    """Where labels of these sizes stand so that none is on another; lines that end far from each other do not meet."""
    starts = [k for k in range(len(ends)) if k == 0 or ends[k] - ends[k - 1] > reach]
    placed: list[float] = []
    for start, stop in pairwise([*starts, len(ends)]):
        placed += spread_labels([y.axis.position(size) for size in sizes[start:stop]], LABEL_GAP)
    return [y.axis.value_at(position) for position in placed]


def _above(ends: pd.DataFrame, variants: Sequence[Variant], hue: alt.Color, look: Look) -> alt.Chart:
    """The same names over the chart, in the order of the variants."""
    order = [variant.label for variant in variants]
    listed = ends.assign(order=ends["variant"].map(order.index)).sort_values([*playing.key(ends), "order"])
    places = [(i, (n - 1) // 2) for n in map(len, playing.records(listed)) for i in range(n)]
    rows = listed.assign(
        column=[i % 2 for i, _ in places], over=[-edges.row(last - i // 2, look) for i, last in places]
    )
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


def _missing(table: pd.DataFrame, variants: Sequence[Variant], unlabelled: Sequence[str], look: Look) -> pd.DataFrame:
    """The variants that have no number at all, a row each from the top, below those that others name there."""
    missing = []
    for rows in playing.records(table):
        known = {*rows["variant"][rows["middle"].notna()], *unlabelled}
        nowhere = [variant.label for variant in variants if variant.label not in known]
        for place, label in enumerate(nowhere, start=len(unlabelled)):
            said = {"variant": label, "said": f"✕ {label}: not a number", "down": edges.row(place, look)}
            missing.append(said | {name: rows[name].iloc[0] for name in playing.key(table)})
    return pd.DataFrame(missing)


def _listed(missing: pd.DataFrame, hue: alt.Color, look: Look) -> alt.Chart:
    text = playing.shown(missing).mark_text(align="left", dx=look.size(8), fontSize=look.size(13), fontWeight="bold")
    down = alt.Y("down:Q", scale=None, axis=None)
    return text.encode(x=alt.XValue(0), y=down, text=alt.Text("said:N"), color=hue)
