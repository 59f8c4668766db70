"""Every seed as a dot, and paired differences with their interval."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core import Variant
from core.wording import number, percent
from pages.parts.figures.charts.marks import alt_text, axis_notes, stacked, tooltips
from pages.parts.figures.charts.marks.scales import LogAxis, Shared, color
from pages.parts.figures.theme import ChartTheme


def ends(table: pd.DataFrame, variants: Sequence[Variant], theme: ChartTheme) -> alt.LayerChart:
    """How every seed ended, a dot each, and at the right how many overflow; tables.finals.

    Its test accuracy; where there are no classes its loss, on a log axis.
    """
    x, column, tip, write = choose_measure(table)
    place, y, hue = x.x("shown"), _names(variants), color(variants, theme)
    ended = place_shown(table, column, x)
    zero = (ended[column] == 0) & (column == "loss")
    tips = [tooltips.NETWORK, tooltips.SEED, tip]
    dots = alt.Chart(ended[~zero]).mark_circle(size=theme.size(110), opacity=0.75)
    zeros = axis_notes.marks(ended[zero], place, y, hue, theme, tips)
    description = alt_text.values(table, f"{x.title.capitalize()}, seed by seed", "variant", column, write)
    dots = dots.encode(x=place, y=y, color=hue, tooltip=tips)
    return stacked(dots, *zeros, *count_lost(table, "variant", " seeds", y, theme), description=description)


def choose_measure(table: pd.DataFrame) -> tuple[Shared, str, alt.Tooltip, alt_text.Write]:
    """Of test accuracy, or of loss where there are no classes: axis, column, tooltip, and how it is written."""
    if table["accuracy"].notna().any():
        title = "final test accuracy"
        return Shared.share(title), "accuracy", tooltips.value("accuracy", title, tooltips.PERCENT), percent
    x = Shared.log("final loss", LogAxis.spanning(table["loss"]))
    return x, "loss", tooltips.value("loss", x.title), number


def place_shown(table: pd.DataFrame, column: str, x: Shared) -> pd.DataFrame:
    """The rows that have a number there, and where it is `shown` on the axis."""
    known = table.dropna(subset=[column])
    return known.assign(shown=x.axis.place(known[column]))


def _names(variants: Sequence[Variant]) -> alt.Y:
    labels = [variant.label for variant in variants]
    axis = alt.Axis(labelLimit=220, labelOverlap=False)
    return alt.Y("variant:N", sort=labels, title=None, scale=alt.Scale(domain=labels), axis=axis)


def count_lost(table: pd.DataFrame, by: str, unit: str, y: alt.Y, theme: ChartTheme) -> list[alt.Chart]:
    """How many networks of each row overflow, beyond the right end, where no dot can be; a tooltip names starts."""
    gone = table["diverged_at"] >= 0
    if not gone.any():
        return []
    counts = gone.groupby(table[by], sort=False).agg(["sum", "size"]).query("sum > 0").reset_index()
    counts["words"] = [f"✕ {lost} of {all_}{unit}" for lost, all_ in zip(counts["sum"], counts["size"], strict=True)]
    starts = table[gone].groupby(by)["variant"].unique()
    counts["starts"] = [", ".join(starts[name]) for name in counts[by]]
    text = alt.Chart(counts).mark_text(align="left", dx=theme.size(8), fontWeight="bold", color=theme.alarm)
    tips = [tooltips.words("words", "networks that overflow"), tooltips.words("starts", "of the starts")]
    return [text.encode(x=alt.XValue("width"), y=y, text="words:N", tooltip=tips)]


def paired(table: pd.DataFrame, variants: Sequence[Variant], reference: str, theme: ChartTheme) -> alt.LayerChart:
    """Final loss over the reference's on the same draws with its interval, 1 drawn as a rule; tables.paired."""
    axis = LogAxis.spanning(table["ratio"], table["low"], table["high"], [0.9, 1.1])
    placed = {"shown": axis.place(table["ratio"]), "low": axis.place(table["low"]), "high": axis.place(table["high"])}
    known = table.assign(**placed, interval=tooltips.interval(table["low"], table["high"])).dropna(subset=["ratio"])
    y = _names([variant for variant in variants if variant.label != reference])
    x = Shared.log(f"final loss ÷ that of {reference}", axis)
    hue = color(variants, theme)
    bars = alt.Chart(known).mark_rule(strokeWidth=theme.size(4)).encode(x=x.x("low"), x2="high:Q", y=y, color=hue)
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
        .mark_text(align="left", dx=6, fontWeight="bold", color=theme.alarm)
        .encode(x=alt.XValue(0), y=y, text="words:N")
    )
    description = alt_text.ratios(table, f"Final loss divided by that of {reference}, on the same draws")
    return stacked(even, bars, dots, lost, description=description)
