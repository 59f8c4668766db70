"""What lines are made of: a variant's color, its line and the band of its seeds, and the dashed line of theory."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core import Variant
from pages.parts.figures.charts.marks import playing, survivors, tooltips
from pages.parts.figures.charts.marks.scales import LogAxis, Shared
from pages.parts.figures.theme import ChartTheme, dashes, pinned

PINNED = 0.65  # opacity of a pinned run's lines
POINTED = 60  # along a line that is as long as a chart is wide


def color(variants: Sequence[Variant], theme: ChartTheme) -> alt.Color:
    labels = [variant.label for variant in variants]
    scale = alt.Scale(domain=labels, range=theme.colors(variants))
    return alt.Color("variant:N", scale=scale, sort=labels, legend=None)


def bands_and_lines(
    table: pd.DataFrame,
    along: str,
    x: alt.X,
    y: Shared,
    variants: Sequence[Variant],
    theme: ChartTheme,
    points: bool = False,
) -> list[alt.Chart]:
    """Of a table of sizes over seeds; thin and dashed, with rings for dots, where some of the seeds are lost."""
    labels = [variant.label for variant in variants]
    hue = color(variants, theme)
    dash = alt.StrokeDash("variant:N", scale=alt.Scale(domain=labels, range=dashes(variants)), legend=None)
    base = playing.select_record(table)
    band = base.mark_area(opacity=0.18).encode(x=x, y=y.y("low"), y2=alt.Y2("high:Q"), color=hue)
    solid, *dashed = survivors.lines(table, along, "variant", theme)
    lines = [line.encode(x=x, y=y.y("middle"), color=hue) for line in (solid.encode(strokeDash=dash), *dashed)]
    if any(map(pinned, variants)):
        shares = [PINNED if pinned(variant) else 1 for variant in variants]
        fainter = alt.Opacity("variant:N", scale=alt.Scale(domain=labels, range=shares), legend=None)
        lines = [line.encode(fainter) for line in lines]
    tips = [tooltips.NETWORK, tooltips.PLACES[along]]
    dots = survivors.dots(table if points else pointed(table, along), theme, y, tips, visible=points)
    return [band, *lines, *(dot.encode(x=x, color=hue) for dot in dots)]


def pointed(table: pd.DataFrame, along: str) -> pd.DataFrame:
    """The rows at no more places than a pointer can tell apart; the table itself where there are no more."""
    places = table[along].drop_duplicates().sort_values()
    stride = -(-len(places) // POINTED)
    return table[table[along].isin(places[::stride])] if stride > 1 else table


def theory_band(theory: pd.DataFrame, x: alt.X, y: Shared, axis: LogAxis, theme: ChartTheme) -> list[alt.Chart]:
    known = theory.dropna(subset=["low"])
    bounded = known.assign(low=axis.place(known["low"]), high=axis.place(known["high"]))
    area = playing.select_record(bounded).mark_area(opacity=0.16, color=theme.quiet)
    return [area.encode(x, y.y("low"), alt.Y2("high:Q"), alt.Detail("variant:N"))] if len(bounded) else []


def theory_line(theory: pd.DataFrame, x: alt.X, y: Shared, axis: LogAxis, theme: ChartTheme) -> list[alt.Chart]:
    inside = theory[(theory["middle"] >= axis.low) & (theory["middle"] <= axis.high)]
    line = playing.select_record(inside).mark_line(strokeDash=[3, 3], strokeWidth=theme.size(2), color=theme.ink)
    return [line.encode(x, y.y("middle"), alt.Detail("variant:N"))] if len(inside) else []
