"""Lines over seeds: bands, dots and medians, dashed where some seeds have no number."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from core.wording import whole_span
from pages.parts.figures.charts.marks import playing, tooltips
from pages.parts.figures.charts.marks.scales import Axes
from pages.parts.figures.theme import ChartTheme

DASH = [6, 8]  # gaps wider than dashes: no start's own, no pinned run's and no rule has such
POINTED = 60  # places along a line that a pointer can tell apart


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


def split_lines(table: pd.DataFrame, along: str, by: str | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of lines of all seeds, and of dashed ones of some; a line has a number, its `piece`.

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
    pieces = []
    for own, joins in ((known & ~partial, joined & ~dashed), (partial, dashed)):
        rows = own | np.append(joins, False) | np.append(False, joins)
        pieces.append(table.assign(piece=np.cumsum(np.append(True, ~joins)))[rows])
    return pieces[0], pieces[1]


def medians(table: pd.DataFrame, along: str, by: str | None, theme: ChartTheme) -> list[alt.Chart]:
    """The solid line where all seeds have a number, and the dashed one, where there is one."""
    solid, dashed = split_lines(table, along, by)
    complete = playing.select_record(solid).mark_line(strokeWidth=theme.size(2.5))
    if not len(dashed):
        return [complete]
    some = playing.select_record(dashed).mark_line(strokeDash=DASH, strokeWidth=theme.size(2))
    return [chart.encode(alt.Detail("piece:N")) for chart in (complete, some)]


def over_seeds(
    table: pd.DataFrame,
    axes: Axes,
    by: str | None,
    hue: alt.Color | alt.ColorValue,
    tips: Sequence[alt.Tooltip],
    points: bool = False,
) -> tuple[alt.Chart, list[alt.Chart], list[alt.Chart]]:
    """Bands, lines and dots, rings where some seeds are lost, of a table that Axes has placed.

    `by` tells lines apart. `points`: whether dots are seen, or answer the pointer alone.
    """
    x, y, theme = axes.x, axes.y, axes.theme
    band = playing.select_record(table).mark_area(opacity=0.18)
    band = band.encode(x=x, y=y.y("low"), y2=alt.Y2("high:Q"), color=hue)
    lines = [line.encode(x=x, y=y.y("middle"), color=hue) for line in medians(table, axes.along, by, theme)]
    places = table[axes.along].drop_duplicates().sort_values()
    stride = -(-len(places) // POINTED)
    if stride > 1 and not points:
        table = table[table[axes.along].isin(places[::stride])]
    partial, mark = is_partial(table), {"size": theme.size(46), "opacity": 1 if points else 0}
    complete = table[~partial] if partial.any() else table  # itself, so that it is sent once
    dots, ranges = tooltips.add_seed_range(playing.select_record(complete), y.title, y.digits)
    dots = [dots.mark_circle(**mark).encode(tooltip=[*tips, *ranges])]
    if partial.any():
        rings = playing.select_record(with_counts(table[partial]))
        rings, ranges = tooltips.add_seed_range(rings, y.title, y.digits)
        rings = rings.mark_point(filled=False, fill=theme.paper, **mark)
        dots.append(rings.encode(tooltip=[*tips, *ranges, tooltips.SEEDS_LEFT]))
    return band, lines, [dot.encode(x=x, y=y.y("middle"), color=hue) for dot in dots]
