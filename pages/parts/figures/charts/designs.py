"""Starts within designs: a row a design, a line of dots a start, a dot a seed."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core import Variant
from core.wording import number, percent
from pages.parts.figures.charts.marks import alt_text, stacked, tooltips
from pages.parts.figures.charts.marks.scales import LogAxis, Shared
from pages.parts.figures.theme import ChartTheme

DESIGN = tooltips.words("design", "design")


def ends(table: pd.DataFrame, variants: Sequence[Variant], theme: ChartTheme) -> alt.LayerChart:
    """How every seed ended: its test accuracy, or its loss where there are no classes; tables.designs."""
    if table["accuracy"].notna().any():
        x, column, digits, write = Shared.share("final test accuracy"), "accuracy", tooltips.PERCENT, percent
    else:
        x, column, digits, write = _log("final loss", table["loss"]), "loss", tooltips.DIGITS, number
    tip = tooltips.value(column, x.title, digits)
    marks = [_dots(table, column, x, tip, variants, theme), *_lost(table, theme)]
    return stacked(*marks, description=_describe(table, x.title, column, write))


def _lost(table: pd.DataFrame, theme: ChartTheme) -> list[alt.Chart]:
    """How many networks of each design overflow, beyond the right end, where no dot can be; a tooltip names starts."""
    gone = table["diverged_at"] >= 0
    if not gone.any():
        return []
    counts = gone.groupby(table["design"], sort=False).agg(["sum", "size"]).query("sum > 0").reset_index()
    counts["words"] = [f"✕ {lost} of {networks}" for lost, networks in zip(counts["sum"], counts["size"], strict=True)]
    starts = table[gone].groupby("design")["variant"].unique()
    counts["starts"] = [", ".join(starts[design]) for design in counts["design"]]
    text = alt.Chart(counts).mark_text(
        align="left", dx=theme.size(8), fontSize=theme.size(13), fontWeight="bold", color=theme.alarm
    )
    tips = [DESIGN, tooltips.words("words", "networks that overflow"), tooltips.words("starts", "of the starts")]
    return [text.encode(alt.XValue("width"), _design_axis(table, theme), alt.Text("words:N"), tooltip=tips)]


def factors(table: pd.DataFrame, variants: Sequence[Variant], theme: ChartTheme) -> alt.LayerChart:
    """By what a layer multiplies the gradient going back, before the first step; 1 is a rule; tables.designs."""
    x = _log("gradient factor per layer, going back", table["factor"], pd.Series([0.9, 1.1]))
    one = alt.Chart(pd.DataFrame({"at": [1.0]})).mark_rule(strokeDash=[5, 4], color=theme.quiet).encode(x=x.x("at"))
    tip = tooltips.value("factor", "factor per layer")
    dots = _dots(table, "factor", x, tip, variants, theme)
    return stacked(one, dots, description=_describe(table, "Gradient factor per layer", "factor", number))


def _log(title: str, *columns: pd.Series) -> Shared:
    return Shared.log(title, LogAxis.spanning(*columns))


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
            labelFontSize=theme.size(13),
            symbolSize=theme.size(110),
            symbolOpacity=1,
        ),
    )
    known = table.dropna(subset=[column])
    if isinstance(x.axis, LogAxis):
        known = known.assign(shown=x.axis.place(known[column]))
    place = "shown" if isinstance(x.axis, LogAxis) else column
    marks = alt.Chart(known).mark_circle(size=theme.size(80), opacity=0.8)
    return marks.encode(
        x.x(place),
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
