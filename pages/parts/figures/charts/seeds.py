"""Every seed as a dot, and paired differences with their interval."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core import Variant
from core.wording import percent
from pages.parts.figures.charts.marks import alt_text, axis_notes, stacked, tooltips
from pages.parts.figures.charts.marks.line_marks import color
from pages.parts.figures.charts.marks.scales import LogAxis, Shared
from pages.parts.figures.theme import ChartTheme


def ends(table: pd.DataFrame, variants: Sequence[Variant], theme: ChartTheme) -> alt.LayerChart:
    """How every seed ended: its test accuracy, or its loss where there are no classes; tables.finals."""
    return (accuracies if table["accuracy"].notna().any() else losses)(table, variants, theme)


def accuracies(table: pd.DataFrame, variants: Sequence[Variant], theme: ChartTheme) -> alt.LayerChart:
    """Final test accuracy, a dot a seed, the count of those that overflow at the right; tables.finals."""
    labels = [variant.label for variant in variants]
    y = _names(labels)
    x = Shared.share("final test accuracy").x("accuracy")
    ended = table.dropna(subset=["accuracy"])
    dots = (
        alt.Chart(ended)
        .mark_circle(size=theme.size(110), opacity=0.75)
        .encode(
            x=x,
            y=y,
            color=color(variants, theme),
            tooltip=[
                tooltips.NETWORK,
                tooltips.SEED,
                tooltips.value("accuracy", "final test accuracy", tooltips.PERCENT),
            ],
        )
    )
    description = alt_text.values(table, "Final test accuracy, seed by seed", "variant", "accuracy", percent)
    return stacked(dots, *_lost(table, y, theme), description=description)


def losses(table: pd.DataFrame, variants: Sequence[Variant], theme: ChartTheme) -> alt.LayerChart:
    """Final loss on a log axis, a dot a seed, the count of those that overflow at the right; tables.finals."""
    labels = [variant.label for variant in variants]
    axis = LogAxis.spanning(table["loss"])
    y = _names(labels)
    x = Shared.log("final loss", axis).x("shown")
    drawn = table.assign(shown=axis.place(table["loss"])).dropna(subset=["loss"])
    tips = [tooltips.NETWORK, tooltips.SEED, tooltips.value("loss", "final loss")]
    dots = (
        alt.Chart(drawn[drawn["loss"] > 0])
        .mark_circle(size=theme.size(110), opacity=0.75)
        .encode(
            x=x,
            y=y,
            color=color(variants, theme),
            tooltip=tips,
        )
    )
    zeros = axis_notes.zeros(drawn[drawn["loss"] == 0], x, y, color(variants, theme), theme, tips)
    description = alt_text.values(table, "Final loss, seed by seed", "variant", "loss")
    return stacked(dots, *zeros, *_lost(table, y, theme), description=description)


def _names(labels: Sequence[str]) -> alt.Y:
    """A row a network, whose name is not cut."""
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
    labels = [variant.label for variant in variants if variant.label != reference]
    axis = LogAxis.spanning(table["ratio"], table["low"], table["high"], [0.9, 1.1])
    placed = {"shown": axis.place(table["ratio"]), "low": axis.place(table["low"]), "high": axis.place(table["high"])}
    known = table.assign(**placed, interval=tooltips.interval(table["low"], table["high"])).dropna(subset=["ratio"])
    y = _names(labels)
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
