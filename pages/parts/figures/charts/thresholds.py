"""Clipping: norms before and after it, how often it is active, and what other thresholds would do."""

import altair as alt
import pandas as pd

from core.wording import format_setting, number
from pages.parts.figures.charts.marks import alt_text, axis_notes, line_marks, stacked, survivors, tooltips
from pages.parts.figures.charts.marks.scales import Axes, LinearAxis, LogAxis, step_axis
from pages.parts.figures.theme import ChartTheme


def norms(table: pd.DataFrame, threshold: float, theme: ChartTheme) -> alt.LayerChart:
    """Gradient norm by step before and after clipping, the threshold as a rule; tables.clipped_norms."""
    kinds = ["before clipping", "after clipping"]
    y = LogAxis.spanning(table["low"], table["high"], [threshold], title="gradient norm ‖g‖₂")
    axes = Axes("step", step_axis(table), y, theme)
    drawn, zero = axes.place(table), table["middle"] == 0
    legend = alt.Legend(symbolStrokeWidth=theme.size(3))
    hue = alt.Color("kind:N", title=None, scale=alt.Scale(domain=kinds, range=_colors(theme)), legend=legend)
    tips = [tooltips.words("kind", "gradient"), tooltips.STEP]
    band, lines, dots = line_marks.over_seeds(drawn[~zero], axes, "kind", hue, tips)
    words = f"threshold {format_setting(threshold)}"
    rule = alt.Chart(pd.DataFrame({"middle": [threshold], "words": [words]})).encode(y=y.y("middle"))
    across = rule.mark_rule(strokeDash=[6, 4], strokeWidth=theme.size(2), color=theme.ink)
    across = across.encode(tooltip=[tooltips.value("middle", "clipping threshold")])
    word = rule.mark_text(align="right", dx=-6, dy=-theme.size(9), fontWeight="bold", color=theme.ink)
    word = word.encode(x=alt.XValue("width"), text=alt.Text("words:N"))
    tips.append(tooltips.value("size", f"{y.title}, median"))
    zeros = axis_notes.marks(drawn[zero], axes.x, y.y("middle"), hue, theme, tips)
    description = (
        alt_text.lines(table, "step", "Gradient norm", by="kind") + f" The threshold is {format_setting(threshold)}."
    )
    return stacked(band, *lines, *dots, across, word, *zeros, *_lost(table, theme), description=description)


def distribution(table: pd.DataFrame, threshold: float, theme: ChartTheme) -> alt.LayerChart:
    """How the norms before clipping are distributed over steps and seeds, the threshold as a rule; tables.norm_bins."""
    x = LogAxis.spanning(table["low"], table["high"], [threshold], title="gradient norm before clipping").x("low")
    sized = table[table["low"] > 0]
    highest = float(sized["share"].max()) if len(sized) else 1.0
    y = LinearAxis(0, highest, "share of steps", alt.Axis(format=".0%", tickCount=4)).y("share")
    hue = alt.Color("clipped:N", scale=alt.Scale(domain=[True, False], range=_colors(theme)), legend=None)
    tips = [tooltips.value("low", "gradient norm, from"), tooltips.value("high", "gradient norm, to")]
    tips.append(tooltips.value("share", "share of the steps", tooltips.PERCENT))
    bars = alt.Chart(sized).mark_rect().transform_calculate(zero="0")
    bars = bars.encode(x=x, x2=alt.X2("high:Q"), y=y, y2=alt.Y2("zero:Q"), color=hue, tooltip=tips)
    across = alt.Chart(pd.DataFrame({"low": [threshold]}))
    across = across.mark_rule(strokeDash=[6, 4], strokeWidth=theme.size(2), color=theme.ink)
    across = across.encode(x=x, tooltip=[tooltips.value("low", "clipping threshold")])
    rest = table[~(table["low"] > 0)]
    asides = [f"{share:.1%} of the steps: {what}" for share, what in zip(rest["share"], rest["what"], strict=True)]
    description = alt_text.shares_of(table, "Gradient norms before clipping, over steps and seeds", threshold)
    notes = (axis_notes.corner_note(text, theme, place) for place, text in enumerate(asides))
    return stacked(bars, across, *notes, description=description)


def loss_by_threshold(table: pd.DataFrame, threshold: float, chance: float, theme: ChartTheme) -> alt.LayerChart:
    """Final loss against the threshold, every seed a dot, divergence as counted crosses on top; tables.sweep."""
    axis = LogAxis.spanning(table["loss"], [chance], title="final loss")
    x = LogAxis.spanning(table["threshold"], [threshold], title="clipping threshold").x("threshold")
    y = axis.y("shown")
    ended = table.assign(shown=axis.place(table["loss"])).dropna(subset=["loss"])
    green = _colors(theme)[1]
    by_threshold = table.assign(shown=axis.place(table["loss"])).groupby("threshold")
    middle = by_threshold.agg(shown=("shown", "median"), left=("loss", "count"), seeds=("loss", "size")).reset_index()
    lines = survivors.lines(middle, "threshold", None, theme)
    lines = [line.encode(x=x, y=y, color=alt.ColorValue(green)) for line in lines]
    tip = tooltips.value("threshold", "clipping threshold")
    tips = [tip, tooltips.SEED, tooltips.value("loss", "final loss")]
    base = alt.Chart(ended[ended["loss"] > 0])
    dots = base.mark_circle(size=theme.size(70), opacity=0.8, color=green).encode(x=x, y=y, tooltip=tips)
    zeros = axis_notes.marks(ended[ended["loss"] == 0], x, y, alt.ColorValue(green), theme, tips)
    counts = [f"{seeds - left} of {seeds}" for left, seeds in zip(middle["left"], middle["seeds"], strict=True)]
    lost = middle.assign(words=counts)[middle["left"] < middle["seeds"]]
    top = alt.Chart(lost).encode(x=x, tooltip=[tip, tooltips.words("words", "seeds that overflow")])
    cross = top.mark_point(shape="cross", angle=45, filled=True, size=theme.size(150), color=theme.alarm, opacity=1)
    count = top.mark_text(fontWeight="bold", color=theme.alarm)
    cross = cross.encode(y=alt.YValue(theme.size(9)))
    count = count.encode(y=alt.YValue(theme.size(26)), text=alt.Text("words:N"))
    rule = alt.Chart(
        pd.DataFrame({"threshold": [threshold], "shown": [chance], "chance": [chance], "words": ["chance loss"]})
    )
    here = rule.mark_rule(strokeDash=[6, 4], color=theme.ink).encode(x=x, tooltip=[tip])
    level = rule.mark_rule(strokeDash=[2, 3], color=theme.quiet)
    level = level.encode(y=y, tooltip=[tooltips.value("chance", "chance loss")])
    word = rule.mark_text(align="left", dx=4, dy=-theme.size(8), color=theme.quiet)
    word = word.encode(x=alt.XValue(0), y=y, text=alt.Text("words:N"))
    description = alt_text.values(table, "Final loss by clipping threshold", "threshold", "loss")
    description += f" Chance is {number(chance)}."
    return stacked(level, here, *lines, dots, *zeros, cross, count, word, description=description)


def angle(table: pd.DataFrame, theme: ChartTheme) -> alt.LayerChart:
    """The angle between the raw and the applied gradient by step, in degrees; tables.angles."""
    ticks = alt.Axis(values=[0, 15, 30, 45, 60, 75, 90])
    y = LinearAxis(0, 90, "angle in degrees", ticks)
    green = alt.ColorValue(_colors(theme)[1])
    axes = Axes("step", step_axis(table), y, theme)
    band, lines, dots = line_marks.over_seeds(axes.place(table), axes, None, green, [tooltips.STEP])
    description = alt_text.lines(table, "step", "Angle between raw and applied gradient in degrees", by=None)
    return stacked(band, *lines, *dots, *_lost(table, theme), description=description)


def _lost(table: pd.DataFrame, theme: ChartTheme) -> list[alt.Chart]:
    """Words for the steps from which on some seeds have no number any more, and for those where none has."""
    some, gone = table[survivors.is_partial(table)], table.loc[table["left"] == 0, "step"]
    lost = [f"from step {some['step'].min()}: {survivors.seeds_left(some)}"] if len(some) else []
    lost += [f"from step {gone.min()}: overflowed"] if len(gone) else []
    return [axis_notes.corner_note(text, theme, place) for place, text in enumerate(lost)]


def _colors(theme: ChartTheme) -> list[str]:
    """Before and after clipping."""
    return [theme.initializer("normal"), theme.initializer("glorot")]
