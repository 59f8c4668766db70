"""What lines are made of: the band of a variant's seeds, their median, and the dashed line of theory."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from pages.parts.figures.charts.marks import playing, survivors, tooltips
from pages.parts.figures.charts.marks.scales import Axes, place_columns
from pages.parts.figures.theme import dashes, pinned

PINNED = 0.65  # opacity of a pinned run's lines
POINTED = 60  # along a line that is as long as a chart is wide


def over_seeds(
    table: pd.DataFrame,
    axes: Axes,
    by: str | None,
    hue: alt.Color | alt.ColorValue,
    tips: Sequence[alt.Tooltip],
    points: bool = False,
) -> tuple[alt.Chart, list[alt.Chart], list[alt.Chart]]:
    """Of a table that Axes has placed the bands, the lines, dashed where some of the seeds are lost, and the dots.

    A line for each value of the column `by`. `points`: whether dots are seen, or answer the pointer alone.
    """
    x, y = axes.x, axes.y
    band = (
        playing.select_record(table).mark_area(opacity=0.18).encode(x=x, y=y.y("low"), y2=alt.Y2("high:Q"), color=hue)
    )
    lines = survivors.lines(table, axes.along, by, axes.theme)
    lines = [line.encode(x=x, y=y.y("middle"), color=hue) for line in lines]
    dots = survivors.dots(table if points else pointed(table, axes.along), axes.theme, y, tips, visible=points)
    return band, lines, [dot.encode(x=x, color=hue) for dot in dots]


def of_variants(table: pd.DataFrame, axes: Axes, points: bool = False) -> list[alt.Chart]:
    """The same, a line a variant, in its color and dash; fainter where it is of a pinned run."""
    labels = [variant.label for variant in axes.variants]
    tips = [tooltips.NETWORK, tooltips.PLACES[axes.along]]
    band, lines, dots = over_seeds(table, axes, "variant", axes.hue, tips, points)
    dash = alt.StrokeDash("variant:N", scale=alt.Scale(domain=labels, range=dashes(axes.variants)), legend=None)
    lines[0] = lines[0].encode(dash)
    if any(map(pinned, axes.variants)):
        shares = [PINNED if pinned(variant) else 1 for variant in axes.variants]
        fainter = alt.Opacity("variant:N", scale=alt.Scale(domain=labels, range=shares), legend=None)
        lines = [line.encode(fainter) for line in lines]
    return [band, *lines, *dots]


def pointed(table: pd.DataFrame, along: str) -> pd.DataFrame:
    """The rows at no more places than a pointer can tell apart; the table itself where there are no more."""
    places = table[along].drop_duplicates().sort_values()
    stride = -(-len(places) // POINTED)
    return table[table[along].isin(places[::stride])] if stride > 1 else table


def theory(table: pd.DataFrame, axes: Axes) -> tuple[alt.Chart, alt.Chart]:
    """The band of what theory predicts, and its dashed line as far as the axis reaches."""
    axis, theme = axes.y, axes.theme
    band = playing.select_record(place_columns(table.dropna(subset=["low"]), axis, "low", "high"))
    line = playing.select_record(table[(table["middle"] >= axis.low) & (table["middle"] <= axis.high)])
    band = band.mark_area(opacity=0.16, color=theme.quiet).encode(y=axes.y.y("low"), y2=alt.Y2("high:Q"))
    line = line.mark_line(strokeDash=[3, 3], strokeWidth=theme.size(2), color=theme.ink).encode(y=axes.y.y("middle"))
    return band.encode(x=axes.x, detail=alt.Detail("variant:N")), line.encode(x=axes.x, detail=alt.Detail("variant:N"))
