"""Starts within designs: a row a design, a line of dots a start, a dot a seed."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core import Variant
from core.wording import number
from pages.parts.figures.charts import seeds
from pages.parts.figures.charts.marks import alt_text, stacked, tooltips
from pages.parts.figures.charts.marks.scales import LogAxis, Shared
from pages.parts.figures.theme import ChartTheme

DESIGN = tooltips.words("design", "design")


def ends(table: pd.DataFrame, variants: Sequence[Variant], theme: ChartTheme) -> alt.LayerChart:
    """How every seed ended: its test accuracy, or its loss where there are no classes; tables.designs."""
    x, column, tip, write = seeds.choose_measure(table)
    lost = seeds.count_lost(table, "design", "", _design_axis(table, theme), theme)
    dots = _dots(table, column, x, tip, variants, theme)
    return stacked(dots, *lost, description=_describe(table, x.title, column, write))


def factors(table: pd.DataFrame, variants: Sequence[Variant], theme: ChartTheme) -> alt.LayerChart:
    """By what a layer multiplies the gradient going back, before the first step; 1 is a rule; tables.designs."""
    x = Shared.log("gradient factor per layer, going back", LogAxis.spanning(table["factor"], [0.9, 1.1]))
    one = alt.Chart(pd.DataFrame({"at": [1.0]})).mark_rule(strokeDash=[5, 4], color=theme.quiet).encode(x=x.x("at"))
    tip = tooltips.value("factor", "factor per layer")
    dots = _dots(table, "factor", x, tip, variants, theme)
    return stacked(one, dots, description=_describe(table, "Gradient factor per layer", "factor", number))


def _dots(
    table: pd.DataFrame, column: str, x: Shared, tip: alt.Tooltip, variants: Sequence[Variant], theme: ChartTheme
) -> alt.Chart:
    labels = [variant.label for variant in variants]
    hue = alt.Color(
        "variant:N",
        scale=alt.Scale(domain=labels, range=theme.colors(variants)),
        sort=labels,
        legend=alt.Legend(
            title=None,
            orient="top",
            columns=columns(len(labels)),
            symbolSize=theme.size(110),
            symbolOpacity=1,
        ),
    )
    marks = alt.Chart(seeds.place_shown(table, column, x)).mark_circle(size=theme.size(80), opacity=0.8)
    return marks.encode(
        x.x("shown"),
        _design_axis(table, theme),
        _start_offset(variants),
        hue,
        tooltip=[DESIGN, tooltips.NETWORK, tooltips.SEED, tip],
    )


def columns(starts: int) -> int:
    """Of the legend, which the narrowest chart has room for."""
    return 3 if starts <= 6 else 2


def _design_axis(table: pd.DataFrame, theme: ChartTheme) -> alt.Y:
    designs = list(dict.fromkeys(table["design"]))
    axis = alt.Axis(labelLimit=theme.size(170), labelFlush=False, labelOverlap=False, grid=True, tickBand="extent")
    return alt.Y("design:N", sort=designs, title=None, scale=alt.Scale(domain=designs, padding=0.15), axis=axis)


def _start_offset(variants: Sequence[Variant]) -> alt.YOffset:
    labels = [variant.label for variant in variants]
    return alt.YOffset("variant:N", sort=labels, scale=alt.Scale(domain=labels))


def _describe(table: pd.DataFrame, title: str, column: str, write: alt_text.Write) -> str:
    return " ".join(
        alt_text.values(rows, f"{title} with {design}", "variant", column, write)
        for design, rows in table.groupby("design", sort=False)
    )
