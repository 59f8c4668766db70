"""Direct labels: each variant named once, where its line ends, or above the chart where that is narrow."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import groupby, pairwise

import altair as alt
import pandas as pd

from pages.parts.figures.charts.marks import axis_notes, playing
from pages.parts.figures.charts.marks.scales import LABEL_GAP, Axes, LinearAxis, pixel_places, spread_labels
from pages.parts.figures.theme import ChartTheme

# A Vega expression, looked at anew when the chart's width changes: on a phone labels beside the lines would take the
# place that the lines need.
NARROW = "width > 0 && containerSize()[0] < 480"


def labels(table: pd.DataFrame, axes: Axes, unlabeled: Sequence[str] = ()) -> list[alt.Chart]:
    """Each variant's name once: at the end of its line, a cross after it where numbers end early, or on top.

    On a narrow screen names stand above the chart, two in a row.
    """
    theme, missing = axes.theme, _missing(table, axes, unlabeled)
    ends = _ends(table[~table["variant"].isin(unlabeled)], axes.along, axes.y)
    charts = []
    if len(missing):
        lost = playing.select_record(missing).mark_text(align="left", dx=theme.size(8), fontWeight="bold")
        down = alt.Y("down:Q", scale=None, axis=None)
        charts = [lost.encode(x=alt.XValue(0), y=down, text=alt.Text("words:N"), color=axes.hue)]
    if ends.empty:
        return charts
    text = (
        playing.select_record(ends)
        .transform_filter(f"!({NARROW})")
        .mark_text(align="left", dx=theme.size(8), fontWeight="bold")
        .encode(x=axes.x, y=axes.y.y("at"), text=alt.Text("words:N"), color=axes.hue)
    )
    return [text, _above(ends, axes), *charts]


def above_chart(variants: int, theme: ChartTheme) -> alt.ExprRef:
    """Where words stand above the chart, and above so many names where these stand there; in pixels."""
    return alt.ExprRef(f"{NARROW} ? {-axis_notes.note_y((variants + 1) // 2, theme)} : {-theme.size(4)}")


def _ends(table: pd.DataFrame, along: str, y: LinearAxis) -> pd.DataFrame:
    """The end of each variant's line, with the words there, and `at`, their place."""
    places, sizes, labels = table[along].tolist(), table["middle"].tolist(), table["variant"].tolist()
    records, furthest, last = playing.records_of(table), {}, {}
    for row in sorted(range(len(table)), key=lambda row: (records[row], places[row])):
        furthest[labels[row]] = max(places[row], furthest.get(labels[row], places[row]))
        if not math.isnan(sizes[row]):
            last.pop((records[row], labels[row]), None)  # so that ends follow in the order of their places
            last[records[row], labels[row]] = row
    rows = list(last.values())
    texts = [labels[row] if places[row] == furthest[labels[row]] else f"{labels[row]} ✕" for row in rows]
    reach, at = 0.3 * (max(places) - min(places)) if places else 0, []
    for _, ended in groupby(rows, key=records.__getitem__):
        together = list(ended)
        at += _spread_names([places[row] for row in together], [sizes[row] for row in together], y, reach)
    return table.iloc[rows].assign(words=texts, at=at)


def _spread_names(ends: Sequence[float], sizes: Sequence[float], y: LinearAxis, reach: float) -> list[float]:
    """Where labels of these sizes stand so that none is on another; lines that end far from each other do not meet."""
    starts = [k for k in range(len(ends)) if k == 0 or ends[k] - ends[k - 1] > reach]
    placed: list[float] = []
    for start, stop in pairwise([*starts, len(ends)]):
        placed += spread_labels([y.position(size) for size in sizes[start:stop]], LABEL_GAP)
    return [y.value_at(position) for position in placed]


def _above(ends: pd.DataFrame, axes: Axes) -> alt.Chart:
    """The same names over the chart, in the order of the variants."""
    order, theme = [variant.label for variant in axes.variants], axes.theme
    labels, records = ends["variant"].tolist(), playing.records_of(ends)
    row_order = sorted(range(len(ends)), key=lambda row: (records[row], order.index(labels[row])))
    counts = Counter(records)
    places = [(i, (n - 1) // 2) for _, n in sorted(counts.items()) for i in range(n)]
    rows = ends.iloc[row_order].assign(
        column=[i % 2 for i, _ in places], above_chart=[-axis_notes.note_y(last - i // 2, theme) for i, last in places]
    )
    return (
        playing.select_record(rows)
        .transform_filter(NARROW)
        .transform_calculate(across="datum.column * width / 2")
        .mark_text(align="left", fontWeight="bold")
        .encode(*pixel_places("across", "above_chart"), text=alt.Text("words:N"), color=axes.hue)
    )


def _missing(table: pd.DataFrame, axes: Axes, unlabeled: Sequence[str]) -> pd.DataFrame:
    """The variants that have no number at all, a row each from the top, below those that others name there."""
    records = playing.records_of(table)
    known = {record: {*unlabeled} for record in records}
    for record, label, size in zip(records, table["variant"].tolist(), table["middle"].tolist(), strict=True):
        if not math.isnan(size):
            known[record].add(label)
    missing = []
    for record, named in known.items():
        nowhere = [variant.label for variant in axes.variants if variant.label not in named]
        for place, label in enumerate(nowhere, start=len(unlabeled)):
            note = {"variant": label, "words": f"✕ {label}: overflowed", "down": axis_notes.note_y(place, axes.theme)}
            missing.append(note | dict.fromkeys(playing.key(table), record))
    return pd.DataFrame(missing)
