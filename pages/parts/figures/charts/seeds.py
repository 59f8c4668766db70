"""Every seed as a dot, and paired differences with their interval."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core import Variant
from core.wording import number, percent
from pages.parts.figures.charts.marks import alt_text, axis_notes, stacked, tooltips
from pages.parts.figures.charts.marks.line_marks import color
from pages.parts.figures.charts.marks.scales import LogAxis, Shared
from pages.parts.figures.theme import ChartTheme


def ends(table: pd.DataFrame, variants: Sequence[Variant], theme: ChartTheme) -> alt.LayerChart:
    """How every seed ended, a dot each, and at the right how many overflow; tables.finals.

    Its test accuracy; where there are no classes its loss, on a log axis.
    """
    if table["accuracy"].notna().any():
        x, column, digits, write = Shared.share("final test accuracy"), "accuracy", tooltips.PERCENT, percent
    else:
        axis = LogAxis.spanning(table["loss"])
        x, column, digits, write = Shared.log("final loss", axis), "loss", tooltips.DIGITS, number
        table = table.assign(shown=axis.place(table["loss"]))
    place, y, hue = x.x("shown" if column == "loss" else column), _names(variants), color(variants, theme)
    ended = table.dropna(subset=[column])
    zero = (ended[column] == 0) & (column == "loss")
    tips = [tooltips.NETWORK, tooltips.SEED, tooltips.value(column, x.title, digits)]
    dots = alt.Chart(ended[~zero]).mark_circle(size=theme.size(110), opacity=0.75)
    zeros = axis_notes.zeros(ended[zero], place, y, hue, theme, tips)
    description = alt_text.values(table, f"{x.title.capitalize()}, seed by seed", "variant", column, write)
    dots = dots.encode(x=place, y=y, color=hue, tooltip=tips)
    return stacked(dots, *zeros, *_lost(table, y, theme), description=description)


def _names(variants: Sequence[Variant]) -> alt.Y:
    labels = [variant.label for variant in variants]
    axis = alt.Axis(labelLimit=220, labelOverlap=False)
    return alt.Y("variant:N", sort=labels, title=None, scale=alt.Scale(domain=labels), axis=axis)


def _lost(table: pd.DataFrame, y: alt.Y, theme: ChartTheme) -> list[alt.Chart]:
    """In how many seeds of all a variant overflows, beyond the right end, where no dot can be."""
    counts = (table["diverged_at"] >= 0).groupby(table["variant"]).agg(["sum", "size"]).query("sum > 0").reset_index()
    if counts.empty:
        return []
    counts["words"] = [f"✕ {lost} of {seeds} seeds" for lost, seeds in zip(counts["sum"], counts["size"], strict=True)]
    text = alt.Chart(counts).mark_text(
        align="left", dx=theme.size(8), fontSize=theme.size(13), fontWeight="bold", color=theme.alarm
    )
    return [text.encode(x=alt.XValue("width"), y=y, text=alt.Text("words:N"))]


def paired(table: pd.DataFrame, variants: Sequence[Variant], reference: str, theme: ChartTheme) -> alt.LayerChart:
    """Final loss over the reference's on the same draws with its interval, 1 drawn as a rule; tables.paired."""
    axis = LogAxis.spanning(table["ratio"], table["low"], table["high"], [0.9, 1.1])
    placed = {"shown": axis.place(table["ratio"]), "low": axis.place(table["low"]), "high": axis.place(table["high"])}
    known = table.assign(**placed, interval=tooltips.interval(table["low"], table["high"])).dropna(subset=["ratio"])
    y = _names([variant for variant in variants if variant.label != reference])
    x = Shared.log(f"final loss ÷ that of {reference}", axis)
    hue = color(variants, theme)
    bars = (
        alt.Chart(known).mark_rule(strokeWidth=theme.size(4)).encode(x=x.x("low"), x2=alt.X2("high:Q"), y=y, color=hue)
    )
    tips = [tooltips.NETWORK, tooltips.value("ratio", f"final loss ÷ that of {reference}")]
    tips.append(tooltips.words("interval", "95\N{NO-BREAK SPACE}% interval"))
    dots = (
        alt.Chart(known)
        .mark_circle(size=theme.size(130), opacity=1)
        .encode(x=x.x("shown"), y=y, color=hue, tooltip=tips)
    )
    even = (
        alt.Chart(pd.DataFrame({"ratio": [1.0]})).mark_rule(strokeDash=[4, 4], color=theme.quiet).encode(x=x.x("ratio"))
    )
    gone = table[table["ratio"].isna()]
    gone = gone.assign(words="overflows in " + gone["lost"])
    lost = (
        alt.Chart(gone)
        .mark_text(align="left", dx=6, fontSize=theme.size(13), fontWeight="bold", color=theme.alarm)
        .encode(x=alt.XValue(0), y=y, text=alt.Text("words:N"))
    )
    description = alt_text.ratios(table, f"Final loss divided by that of {reference}, on the same draws")
    return stacked(even, bars, dots, lost, description=description)
