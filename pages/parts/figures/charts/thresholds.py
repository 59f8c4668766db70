"""Clipping: norms before and after it, how often it is active, and what other thresholds would do."""

from __future__ import annotations

import altair as alt
import pandas as pd

from core.wording import format_setting, number
from pages.parts.figures.charts.marks import alt_text, axis_notes, line_marks, stacked, survivors, tooltips
from pages.parts.figures.charts.marks.scales import LinearAxis, LogAxis, Shared, step_axis
from pages.parts.figures.theme import ChartTheme


def norms(table: pd.DataFrame, threshold: float, theme: ChartTheme) -> alt.LayerChart:
    """Gradient norm by step before and after clipping, the threshold as a rule; tables.clipped_norms."""
    kinds = ["before clipping", "after clipping"]
    axis = LogAxis.spanning(table["low"], table["high"], [threshold])
    drawn = tooltips.with_true_values(table, {c: axis.place(table[c]) for c in ("low", "middle", "high")})
    zero = table["middle"] == 0
    x = step_axis(table)
    y = Shared.log("gradient norm ‖g‖₂", axis)
    legend = {"labelFontSize": theme.size(13), "symbolOpacity": 1, "symbolStrokeWidth": theme.size(3)}
    scale = alt.Scale(domain=kinds, range=_colors(theme))
    hue = alt.Color("kind:N", scale=scale, legend=alt.Legend(title=None, orient="top", **legend))
    base = alt.Chart(drawn[~zero])
    band = base.mark_area(opacity=0.18).encode(x=x, y=y.y("low"), y2=alt.Y2("high:Q"), color=hue)
    lines = survivors.lines(drawn[~zero], "step", "kind", theme)
    lines = [line.encode(x=x, y=y.y("middle"), color=hue) for line in lines]
    tips = [tooltips.words("kind", "gradient"), tooltips.STEP]
    dots = survivors.dots(line_marks.pointed(drawn[~zero], "step"), theme, y, tips, visible=False)
    dots = [dot.encode(x=x, color=hue) for dot in dots]
    rule = pd.DataFrame({"middle": [threshold], "words": [f"threshold {format_setting(threshold)}"]})
    across = (
        alt.Chart(rule)
        .mark_rule(strokeDash=[6, 4], strokeWidth=theme.size(2), color=theme.ink)
        .encode(y=y.y("middle"), tooltip=[tooltips.value("middle", "clipping threshold")])
    )
    word = (
        alt.Chart(rule)
        .mark_text(align="right", dx=-6, dy=-theme.size(9), fontSize=theme.size(13), fontWeight="bold", color=theme.ink)
        .encode(x=alt.XValue("width"), y=y.y("middle"), text=alt.Text("words:N"))
    )
    tips.append(tooltips.value("size", f"{y.title}, median"))
    zeros = axis_notes.zeros(drawn[zero], x, y.y("middle"), hue, theme, tips)
    description = (
        alt_text.lines(table, "step", "Gradient norm", by="kind") + f" The threshold is {format_setting(threshold)}."
    )
    return stacked(band, *lines, *dots, across, word, *zeros, *_lost(table, theme), description=description)


def distribution(table: pd.DataFrame, threshold: float, theme: ChartTheme) -> alt.LayerChart:
    """How the norms before clipping are distributed over steps and seeds, the threshold as a rule; tables.norm_bins."""
    axis = LogAxis.spanning(table["low"], table["high"], [threshold])
    x = alt.X("low:Q", title="gradient norm before clipping", scale=axis.scale(), axis=axis.axis())
    highest = float(table.loc[table["low"] > 0, "share"].max()) if (table["low"] > 0).any() else 1.0
    clipped = alt.Color(
        "clipped:N",
        scale=alt.Scale(domain=[False, True], range=[_colors(theme)[1], _colors(theme)[0]]),
        legend=None,
    )
    bars = (
        alt.Chart(table[table["low"] > 0])
        .mark_rect()
        .encode(
            x=x,
            x2=alt.X2("high:Q"),
            y=alt.Y(
                "share:Q",
                title="share of steps",
                axis=alt.Axis(format=".0%", tickCount=4),
                scale=alt.Scale(domain=[0, highest], nice=False),
            ),
            y2=alt.Y2("zero:Q"),
            color=clipped,
            tooltip=[
                tooltips.value("low", "gradient norm, from"),
                tooltips.value("high", "gradient norm, to"),
                tooltips.value("share", "share of the steps", tooltips.PERCENT),
            ],
        )
        .transform_calculate(zero="0")
    )
    rule = pd.DataFrame({"low": [threshold]})
    tip = tooltips.value("low", "clipping threshold")
    across = alt.Chart(rule).mark_rule(strokeDash=[6, 4], strokeWidth=theme.size(2), color=theme.ink)
    across = across.encode(x=x, tooltip=[tip])
    rest = table[~(table["low"] > 0)]
    asides = [f"{share:.1%} of the steps: {what}" for share, what in zip(rest["share"], rest["what"], strict=True)]
    description = alt_text.shares_of(table, "Gradient norms before clipping, over steps and seeds", threshold)
    notes = (axis_notes.corner_note(text, theme, place) for place, text in enumerate(asides))
    return stacked(bars, across, *notes, description=description)


def loss_by_threshold(table: pd.DataFrame, threshold: float, chance: float, theme: ChartTheme) -> alt.LayerChart:
    """Final loss against the threshold, every seed a dot, divergence as counted crosses on top; tables.sweep."""
    axis = LogAxis.spanning(table["loss"], [chance])
    x_axis = LogAxis.spanning(table["threshold"], [threshold])
    x = alt.X("threshold:Q", title="clipping threshold", scale=x_axis.scale(), axis=x_axis.axis())
    y = alt.Y("shown:Q", title="final loss", scale=axis.scale(), axis=axis.axis())
    ended = table.assign(shown=axis.place(table["loss"])).dropna(subset=["loss"])
    green = _colors(theme)[1]
    by_threshold = table.assign(shown=axis.place(table["loss"])).groupby("threshold")
    middle = by_threshold.agg(shown=("shown", "median"), left=("loss", "count"), seeds=("loss", "size")).reset_index()
    lines = [line.encode(x=x, y=y) for line in survivors.lines(middle, "threshold", None, theme, color=green)]
    tip = tooltips.value("threshold", "clipping threshold")
    tips = [tip, tooltips.SEED, tooltips.value("loss", "final loss")]
    base = alt.Chart(ended[ended["loss"] > 0])
    dots = base.mark_circle(size=theme.size(70), opacity=0.8, color=green).encode(x=x, y=y, tooltip=tips)
    zeros = axis_notes.zeros(ended[ended["loss"] == 0], x, y, alt.value(green), theme, tips)
    lost = middle[middle["left"] < middle["seeds"]]
    lost = lost.assign(
        words=[f"{seeds - left} of {seeds}" for left, seeds in zip(lost["left"], lost["seeds"], strict=True)]
    )
    top = alt.Chart(lost).encode(x=x, tooltip=[tip, tooltips.words("words", "seeds that overflow")])
    crosses = [
        top.mark_point(shape="cross", angle=45, filled=True, size=theme.size(150), color=theme.alarm, opacity=1).encode(
            y=alt.YValue(theme.size(9))
        ),
        top.mark_text(fontSize=theme.size(13), fontWeight="bold", color=theme.alarm).encode(
            y=alt.YValue(theme.size(26)), text=alt.Text("words:N")
        ),
    ]
    rule = pd.DataFrame({"threshold": [threshold], "shown": [chance], "chance": [chance], "words": ["chance loss"]})
    here = alt.Chart(rule).mark_rule(strokeDash=[6, 4], color=theme.ink).encode(x=x, tooltip=[tip])
    level = alt.Chart(rule).mark_rule(strokeDash=[2, 3], color=theme.quiet)
    level = level.encode(y=y, tooltip=[tooltips.value("chance", "chance loss")])
    word = (
        alt.Chart(rule)
        .mark_text(align="left", dx=4, dy=-theme.size(8), fontSize=theme.size(13), color=theme.quiet)
        .encode(x=alt.XValue(0), y=y, text=alt.Text("words:N"))
    )
    description = alt_text.values(table, "Final loss by clipping threshold", "threshold", "loss")
    description += f" Chance is {number(chance)}."
    return stacked(level, here, *lines, dots, *zeros, *crosses, word, description=description)


def angle(table: pd.DataFrame, theme: ChartTheme) -> alt.LayerChart:
    """The angle between the raw and the applied gradient by step, in degrees; tables.angles."""
    x = step_axis(table)
    ticks = alt.Axis(values=[0, 15, 30, 45, 60, 75, 90])
    y = Shared("angle in degrees", alt.Scale(domain=[0, 90], nice=False), ticks, LinearAxis(0, 90))
    base = alt.Chart(table)
    green = _colors(theme)[1]
    band = base.mark_area(opacity=0.2, color=green).encode(x=x, y=y.y("low"), y2=alt.Y2("high:Q"))
    lines = survivors.lines(table, "step", None, theme, color=green)
    lines = [line.encode(x=x, y=y.y("middle")) for line in lines]
    dots = survivors.dots(line_marks.pointed(table, "step"), theme, y, [tooltips.STEP], visible=False)
    lines += [dot.encode(x=x) for dot in dots]
    description = alt_text.lines(table, "step", "Angle between raw and applied gradient in degrees", by=None)
    return stacked(band, *lines, *_lost(table, theme), description=description)


def _lost(table: pd.DataFrame, theme: ChartTheme) -> list[alt.Chart]:
    """Words for the steps from which on some seeds have no number any more, and for those where none has."""
    some, gone = table[survivors.is_partial(table)], table.loc[table["left"] == 0, "step"]
    lost = [f"from step {some['step'].min()}: {survivors.seeds_left(some)}"] if len(some) else []
    lost += [f"from step {gone.min()}: overflowed"] if len(gone) else []
    return [axis_notes.corner_note(text, theme, place) for place, text in enumerate(lost)]


def _colors(theme: ChartTheme) -> list[str]:
    """Before and after clipping."""
    return [theme.initializer("normal"), theme.initializer("glorot")]
