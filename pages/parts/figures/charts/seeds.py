"""Every seed as a dot, a row a start or a design, and paired differences with their interval."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from core import Variant
from core.wording import number, percent
from pages.parts.figures.charts.marks import alt_text, axis_notes, playing, stacked, tooltips
from pages.parts.figures.charts.marks.scales import LinearAxis, LogAxis, color, name_axis, place_columns
from pages.parts.figures.theme import ChartTheme


def ends(table: pd.DataFrame, variants: Sequence[Variant], theme: ChartTheme) -> alt.LayerChart:
    """Test accuracy, or loss where there are no classes, and how many overflow; tables.finals."""
    x, column, tip, write = _choose_measure(table)
    place, hue = x.x("place"), color(variants, theme)
    y = name_axis("variant", [variant.label for variant in variants], 220)
    ended = table.assign(place=x.place(table[column])).dropna(subset=[column])
    zero = (ended[column] == 0) & (column == "loss")
    tips = [tooltips.NETWORK, tooltips.SEED, tip]
    dots = alt.Chart(ended[~zero]).mark_circle(size=theme.size(110), opacity=0.75)
    zeros = axis_notes.marks(ended[zero], place, y, hue, theme, tips)
    description = alt_text.values(table, f"{x.title.capitalize()}, seed by seed", "variant", column, write)
    dots = dots.encode(x=place, y=y, color=hue, tooltip=tips)
    lost = _count_lost(table, "variant", " seeds", y, theme)
    return stacked(dots, *zeros, *lost, description=description)


def ends_by_design(table: pd.DataFrame, variants: Sequence[Variant], theme: ChartTheme) -> alt.LayerChart:
    """Final accuracy or loss of every seed in every design, a row each, with a line of dots a start; tables.designs."""
    x, column, tip, write = _choose_measure(table)
    dots, y = _draw_designs(table, column, x, tip, variants, theme)
    lost = _count_lost(table, "design", "", y, theme)
    return stacked(dots, *lost, description=_describe_designs(table, x.title, column, write))


def factors_by_design(table: pd.DataFrame, variants: Sequence[Variant], theme: ChartTheme) -> alt.LayerChart:
    """Factors by which a layer multiplies the gradient before the first step; 1 is a rule; tables.designs."""
    x = LogAxis.spanning(table["factor"], [0.9, 1.1], title="gradient factor per layer, going back")
    tip = tooltips.value("factor", "factor per layer")
    dots, _ = _draw_designs(table, "factor", x, tip, variants, theme)
    description = _describe_designs(table, "Gradient factor per layer", "factor", number)
    return stacked(_rule_at_one(x, theme), dots, description=description)


def legend_columns(starts: int) -> int:
    """The columns of a legend of starts for which the narrowest chart has room."""
    return 3 if starts <= 6 else 2


def paired(table: pd.DataFrame, variants: Sequence[Variant], reference: str, theme: ChartTheme) -> alt.LayerChart:
    """Final loss over the reference's on the same draws with its interval; 1 is a rule; tables.paired."""
    title = f"final loss ÷ that of {reference}"
    x = LogAxis.spanning(table["ratio"], table["low"], table["high"], [0.9, 1.1], title=title)
    y = name_axis("variant", [variant.label for variant in variants if variant.label != reference], 220)
    known = table.assign(interval=tooltips.interval(table["low"], table["high"])).dropna(subset=["ratio"])
    known = place_columns(known.assign(place=known["ratio"]), x, "place", "low", "high")
    base = alt.Chart(known).encode(y=y, color=color(variants, theme))
    bars = base.mark_rule(strokeWidth=theme.size(4)).encode(x=x.x("low"), x2=alt.X2("high:Q"))
    tips = [tooltips.NETWORK, tooltips.value("ratio", x.title)]
    tips.append(tooltips.words("interval", "95\N{NO-BREAK SPACE}% interval"))
    dots = base.mark_circle(size=theme.size(130), opacity=1).encode(x=x.x("place"), tooltip=tips)
    gone = table[table["ratio"].isna()]
    gone = gone.assign(words="overflows in " + gone["lost"])
    lost = playing.write_words(gone, alt.XValue(0), y, dx=6, color=theme.alarm)
    named = []
    for row in table.itertuples():
        words = f"overflows in {row.lost}"
        if np.isfinite(row.ratio):
            tie = ", a tie" if row.tied else ""
            words = f"{number(row.ratio)} ({number(row.low)} to {number(row.high)}){tie}"
        named.append((row.variant, words))
    title = f"Final loss divided by that of {reference}, on the same draws"
    description = alt_text.list_named(title, named)
    return stacked(_rule_at_one(x, theme), bars, dots, lost, description=description)


def _choose_measure(table: pd.DataFrame) -> tuple[LinearAxis, str, alt.Tooltip, alt_text.Write]:
    """The axis of test accuracy, or of loss where there are no classes; its column, tooltip, and how it is written."""
    if table["accuracy"].notna().any():
        title = "final test accuracy"
        tip = tooltips.value("accuracy", title, tooltips.PERCENT)
        return LinearAxis.share(title), "accuracy", tip, percent
    x = LogAxis.spanning(table["loss"], title="final loss")
    return x, "loss", tooltips.value("loss", x.title), number


def _rule_at_one(x: LinearAxis, theme: ChartTheme) -> alt.Chart:
    one = alt.Chart(pd.DataFrame({"one": [1.0]})).mark_rule(strokeDash=[5, 4], color=theme.quiet)
    return one.encode(x=x.x("one"))


def _count_lost(table: pd.DataFrame, by: str, unit: str, y: alt.Y, theme: ChartTheme) -> list[alt.Chart]:
    """Counts of what overflows in each row, beyond the right end, where no dot can be."""
    gone = table["diverged_at"] >= 0
    if not gone.any():
        return []
    counts = gone.groupby(table[by], sort=False).agg(["sum", "size"]).query("sum > 0").reset_index()
    rows = zip(counts["sum"], counts["size"], strict=True)
    counts["words"] = [f"✕ {lost} of {size}{unit}" for lost, size in rows]
    starts = table[gone].groupby(by)["variant"].unique()
    counts["starts"] = [", ".join(starts[name]) for name in counts[by]]
    text = playing.write_words(counts, alt.XValue("width"), y, dx=theme.size(8), color=theme.alarm)
    tips = [tooltips.words("words", "networks that overflow"), tooltips.words("starts", "of the starts")]
    return [text.encode(tooltip=tips)]


def _draw_designs(
    table: pd.DataFrame, column: str, x: LinearAxis, tip: alt.Tooltip, variants: Sequence[Variant], theme: ChartTheme
) -> tuple[alt.Chart, alt.Y]:
    """The dots, and the axis of the designs."""
    labels = [variant.label for variant in variants]
    y = name_axis("design", table["design"].unique(), theme.size(170), padding=0.15, grid=True, tickBand="extent")
    legend = alt.Legend(columns=legend_columns(len(labels)), symbolSize=theme.size(110))
    known = table.assign(place=x.place(table[column])).dropna(subset=[column])
    dots = alt.Chart(known).mark_circle(size=theme.size(80), opacity=0.8)
    dots = dots.encode(
        x=x.x("place"),
        y=y,
        yOffset=alt.YOffset("variant:N", sort=labels, scale=alt.Scale(domain=labels)),
        color=color(variants, theme, legend),
        tooltip=[tooltips.words("design", "design"), tooltips.NETWORK, tooltips.SEED, tip],
    )
    return dots, y


def _describe_designs(table: pd.DataFrame, title: str, column: str, write: alt_text.Write) -> str:
    return " ".join(
        alt_text.values(rows, f"{title} with {design}", "variant", column, write)
        for design, rows in table.groupby("design", sort=False)
    )
