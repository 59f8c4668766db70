"""Words beside lines: each variant's name, above the chart where it is narrow, and its seeds left."""

from collections import Counter
from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from pages.parts.figures.charts.marks import axis_notes, playing
from pages.parts.figures.charts.marks.line_marks import is_partial, seeds_left
from pages.parts.figures.charts.marks.scales import LABEL_GAP, Axes, pixel_places, spread_labels

# In Vega, looked at anew when the width changes: on a phone labels would take the place that lines need.
NARROW = "width > 0 && containerSize()[0] < 480"
ABOVE, BEYOND = 0.07, 0.11  # of counts from a line, and from one at an end, which has marks


def labels(table: pd.DataFrame, axes: Axes, unlabeled: Sequence[str] = ()) -> list[alt.Chart]:
    """Each variant's name once: at the end of its line, or on top where it has no number."""
    missing, ends = _missing(table, axes, unlabeled), _ends(table[~table["variant"].isin(unlabeled)], axes)
    gap, charts = axes.theme.size(8), []
    if len(ends):
        inside = playing.write_words(ends, axes.x, axes.y.y("place"), axes.hue, dx=gap)
        charts = [inside.transform_filter(f"!({NARROW})"), _above(ends, axes)]
    if len(missing):
        down = alt.Y("down:Q", scale=None, axis=None)
        charts.append(playing.write_words(missing, alt.XValue(0), down, axes.hue, dx=gap))
    return charts


def _ends(table: pd.DataFrame, axes: Axes) -> pd.DataFrame:
    """The end of each variant's line, whose rows ascend, with its words and their `place`, each free."""
    along, known = axes.along, table[table["middle"].notna()]
    ends = known.drop_duplicates(["variant", *table.columns.intersection(["record"])], keep="last")
    ends = ends.iloc[np.lexsort((ends[along], playing.records_of(ends)))]
    furthest = ends["variant"].map(table.groupby("variant")[along].max())
    words = ends["variant"].where(ends[along] == furthest, ends["variant"] + " ✕")
    # Names of lines that end far from each other do not meet.
    group = (ends[along].diff() > 0.3 * (table[along].max() - table[along].min())).cumsum()
    places = []
    for _, rows in ends.groupby([playing.records_of(ends), group]):
        places += axes.y.spread(rows["middle"].tolist())
    return ends.assign(words=words, place=places)


def _above(ends: pd.DataFrame, axes: Axes) -> alt.Chart:
    """The names of lines over a narrow chart, two in a row, in the order of the variants."""
    order, records = [variant.label for variant in axes.variants], playing.records_of(ends)
    rows = ends.iloc[np.lexsort((ends["variant"].map(order.index), records))]
    places = [(place, (n - 1) // 2 - place // 2) for n in Counter(records).values() for place in range(n)]
    up = [-axis_notes.note_y(row, axes.theme) for _, row in places]
    rows = rows.assign(column=[place % 2 for place, _ in places], above_chart=up)
    words = playing.write_words(rows, *pixel_places("across", "above_chart"), axes.hue)
    return words.transform_filter(NARROW).transform_calculate(across="datum.column * width / 2")


def _missing(table: pd.DataFrame, axes: Axes, unlabeled: Sequence[str]) -> pd.DataFrame:
    """The variants that have no number at all, a row each, below those that others name there."""
    records, missing = playing.records_of(table), []
    known = zip(records, table["variant"], table["middle"].notna(), strict=True)
    named = {(record, label) for record, label, is_number in known if is_number}
    for record in dict.fromkeys(records):
        place = len(unlabeled)
        for label in (variant.label for variant in axes.variants):
            if label not in unlabeled and (record, label) not in named:
                down, words = axis_notes.note_y(place, axes.theme), f"✕ {label}: overflowed"
                missing.append({"variant": label, "words": words, "down": down, "record": record})
                place += 1
    return pd.DataFrame(missing, columns=["variant", "words", "down", *table.columns.intersection(["record"])])


def seed_counts(table: pd.DataFrame, axes: Axes, counted: Sequence[str] = ()) -> list[alt.Chart]:
    """Words about how many seeds are left where a variant's first are lost, but for those `counted` elsewhere."""
    along, y = axes.along, axes.y
    some, placed = table[is_partial(table) & ~table["variant"].isin(counted)], []
    if some.empty:
        return []
    for _, rows in some.groupby(playing.records_of(some)):
        of_variants = [lost.sort_values(along) for _, lost in rows.groupby("variant", sort=False)]
        firsts = pd.concat([lost.head(1).assign(words=seeds_left(lost)) for lost in of_variants])
        lines = np.array([y.position(size) for size in firsts["middle"].tolist()])
        above = lines + np.select([lines > 0.8, lines > 0.05], [-BEYOND, ABOVE], BEYOND)
        placed.append(firsts.assign(place=[y.value_at(place) for place in spread_labels(above, LABEL_GAP)]))
    words, half = pd.concat(placed), (table[along].min() + table[along].max()) / 2
    return write_inwards(words, words[along] <= half, axes.x, y.y("place"), axes, 8)


def write_inwards(table: pd.DataFrame, early: pd.Series, x: alt.X, y: alt.Y, axes: Axes, gap: float) -> list[alt.Chart]:
    """Words right of `early` places and left of others, to stay on the chart."""
    return [
        playing.write_words(rows, x, y, axes.hue, dx=axes.theme.size(dx))
        for rows, dx in ((table[early], gap), (table[~early], -gap))
        if len(rows)
    ]
