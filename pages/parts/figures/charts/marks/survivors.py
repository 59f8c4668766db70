"""Where some seeds have no number left: the line of the others goes on thin and dashed, and says how many they are."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from core.wording import whole_span
from pages.parts.figures.charts.marks import playing, tooltips
from pages.parts.figures.charts.marks.scales import LABEL_GAP, Axes, LinearAxis, spread_labels
from pages.parts.figures.theme import ChartTheme

# Its gaps are wider than its dashes: no start's own dash, no pinned run's and no rule has such.
DASH = [6, 8]
ABOVE, BEYOND = 0.07, 0.11  # how far a label stands from its line, and from one at an end of the axis, which has marks


def is_partial(table: pd.DataFrame) -> pd.Series:
    """Which rows are of some seeds, not of all and not of none."""
    return (table["left"] > 0) & (table["left"] < table["seeds"])


def seeds_left(rows: pd.DataFrame) -> str:
    """2 of 5 seeds left; 1 to 2 of 5 where the rows differ."""
    return f"{whole_span(rows['left'])} of {int(rows['seeds'].max())} seeds left"


def with_counts(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the words about each row's seeds, for a tooltip."""
    counts = zip(table["left"].tolist(), table["seeds"].tolist(), strict=True)
    return table.assign(counted=[f"{left} of {seeds} seeds left" for left, seeds in counts])


def count_tooltip() -> alt.Tooltip:
    return alt.Tooltip("counted:N", title="median of")


def split_lines(table: pd.DataFrame, along: str, by: str | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of the lines through all seeds, and of those through some; a line has a number, its `piece`.

    A dashed piece also has the complete points next to it, so that it connects to the solid line.
    """
    partial = is_partial(table)
    if not partial.any():
        return table, table[partial]
    line = pd.factorize(table[by])[0] if by else np.zeros(len(table), dtype=int)
    line = line + (line.max() + 1) * np.array(playing.records_of(table))
    order = np.lexsort((table[along].to_numpy(), line))
    table, line, partial = table.iloc[order], line[order], partial.to_numpy()[order]
    known = table["left"].to_numpy() > 0
    joined = (line[1:] == line[:-1]) & known[1:] & known[:-1]  # each row with the next
    dashed = joined & (partial[1:] | partial[:-1])
    solid_rows, dashed_rows = (
        table.assign(piece=np.cumsum(np.append(True, ~joins)))[own | np.append(joins, False) | np.append(False, joins)]
        for own, joins in ((known & ~partial, joined & ~dashed), (partial, dashed))
    )
    return solid_rows, dashed_rows


def lines(table: pd.DataFrame, along: str, by: str | None, theme: ChartTheme) -> list[alt.Chart]:
    """The solid line through the places where all seeds have a number, and the dashed one, where there is one."""
    solid, dashed = split_lines(table, along, by)
    complete = playing.select_record(solid).mark_line(strokeWidth=theme.size(2.5))
    if not len(dashed):
        return [complete]
    some = playing.select_record(dashed).mark_line(strokeDash=DASH, strokeWidth=theme.size(2))
    return [chart.encode(alt.Detail("piece:N")) for chart in (complete, some)]


def dots(
    table: pd.DataFrame, theme: ChartTheme, y: LinearAxis, tips: Sequence[alt.Tooltip], visible: bool = True
) -> list[alt.Chart]:
    """A dot a place; a ring where some seeds are lost, which says how many are left. `tips` name a row."""
    partial, mark = is_partial(table), {"size": theme.size(46), "opacity": 1 if visible else 0}
    complete = playing.select_record(table[~partial] if partial.any() else table)
    complete, values = tooltips.add_seed_range(complete, y.title, y.digits)
    charts = [complete.mark_circle(**mark).encode(tooltip=[*tips, *values])]
    if partial.any():
        rings = playing.select_record(with_counts(table[partial]))
        rings, values = tooltips.add_seed_range(rings, y.title, y.digits)
        rings = rings.mark_point(filled=False, fill=theme.paper, **mark)
        charts.append(rings.encode(tooltip=[*tips, *values, count_tooltip()]))
    return [chart.encode(y=y.y("middle")) for chart in charts]


def labels(table: pd.DataFrame, axes: Axes, counted: Sequence[str] = ()) -> list[alt.Chart]:
    """Once a variant: how many seeds are left, where its first are lost; not of those `counted` elsewhere."""
    along, y, theme = axes.along, axes.y, axes.theme
    some = table[is_partial(table) & ~table["variant"].isin(counted)]
    if some.empty:
        return []
    half, placed = (table[along].min() + table[along].max()) / 2, []
    for rows in playing.records(some):
        firsts = [
            lost.sort_values(along).head(1).assign(words=seeds_left(lost))
            for _, lost in rows.groupby("variant", sort=False)
        ]
        first = pd.concat(firsts)
        positions = [_label_position(y.position(size)) for size in first["middle"].tolist()]
        placed.append(first.assign(at=[y.value_at(position) for position in spread_labels(positions, LABEL_GAP)]))
    words = pd.concat(placed)
    early = words[along] <= half
    return [
        playing.select_record(rows)
        .mark_text(align=align, dx=theme.size(8 * side), fontWeight="bold")
        .encode(x=axes.x, y=y.y("at"), text=alt.Text("words:N"), color=axes.hue)
        for rows, align, side in ((words[early], "left", 1), (words[~early], "right", -1))
        if len(rows)
    ]


def _label_position(position: float) -> float:
    """Where the words about a line at this position stand: above it, or below it at the top."""
    if position > 0.8:
        return position - BEYOND
    return position + (ABOVE if position > 0.05 else BEYOND)
