"""Clipping: norms before and after it, and what other thresholds would do."""

import altair as alt
import pandas as pd

from core.wording import format_setting, number, percent
from pages.parts.figures.charts.marks import alt_text, axis_notes, line_marks, playing, stacked, tooltips
from pages.parts.figures.charts.marks.scales import Axes, LinearAxis, LogAxis, color_names, step_axis
from pages.parts.figures.theme import ChartTheme

COLORS = ("normal", "glorot")  # before clipping and after: those of these initializers


def norms(table: pd.DataFrame, threshold: float, theme: ChartTheme) -> alt.LayerChart:
    """Gradient norm by step before and after clipping, the threshold as a rule; tables.clipped_norms."""
    y = LogAxis.spanning(table["low"], table["high"], [threshold], title="gradient norm ‖g‖₂")
    axes = Axes("step", step_axis(table), y, theme)
    drawn, zero = axes.place(table), table["middle"] == 0
    legend = alt.Legend(symbolStrokeWidth=theme.size(3))
    hue = color_names("kind", ["before clipping", "after clipping"], map(theme.initializer, COLORS), legend)
    tips = [tooltips.words("kind", "gradient"), tooltips.STEP]
    band, lines, dots = line_marks.over_seeds(drawn[~zero], axes, "kind", hue, tips)
    tips.append(tooltips.value("size", f"{y.title}, median"))
    zeros = axis_notes.marks(drawn[zero], axes.x, y.y("middle"), hue, theme, tips)
    limit = format_setting(threshold)
    rule = pd.DataFrame({"middle": [threshold], "words": [f"threshold {limit}"]})
    level = y.y("middle")
    across = alt.Chart(rule).mark_rule(strokeDash=[6, 4], color=theme.ink)
    across = across.encode(y=level, tooltip=[tooltips.value("middle", "clipping threshold")])
    word = playing.write_words(rule, alt.XValue("width"), level, dx=-6, dy=-theme.size(9), color=theme.ink)
    layers = [band, *lines, *dots, across, word, *zeros, *_note_lost(table, theme)]
    description = alt_text.lines(table, "step", "Gradient norm", by="kind")
    return stacked(*layers, description=f"{description} The threshold is {limit}.")


def distribution(table: pd.DataFrame, threshold: float, theme: ChartTheme) -> alt.LayerChart:
    """Norms before clipping over steps and seeds, the threshold as a rule; tables.norm_bins."""
    title = "gradient norm before clipping"
    x = LogAxis.spanning(table["low"], table["high"], [threshold], title=title).x("low")
    sized, rest = table[table["low"] > 0], table[~(table["low"] > 0)]
    highest = 1.08 * float(sized["share"].max()) if len(sized) else 1.0  # no bar touches the frame
    y = LinearAxis(0, highest, "share of steps", alt.Axis(format=".0%", tickCount=4)).y("share")
    hue = color_names("clipped", [True, False], map(theme.initializer, COLORS))
    tips = [tooltips.value("low", "gradient norm, from"), tooltips.value("high", "gradient norm, to")]
    tips.append(tooltips.value("share", "share of the steps", tooltips.PERCENT))
    bars = alt.Chart(sized).mark_rect().transform_calculate(zero="0")
    bars = bars.encode(x=x, x2=alt.X2("high:Q"), y=y, y2=alt.Y2("zero:Q"), color=hue, tooltip=tips)
    across = alt.Chart(pd.DataFrame({"low": [threshold]}))
    across = across.mark_rule(strokeDash=[6, 4], color=theme.ink)
    across = across.encode(x=x, tooltip=[tooltips.value("low", "clipping threshold")])
    asides = list(zip(rest["share"], rest["what"], strict=True))
    notes = [f"{share:.1%} of the steps: {what}" for share, what in asides]
    sentences = ["Gradient norms before clipping, over steps and seeds."]
    if len(sized):
        low, high = number(float(sized["low"].min())), number(float(sized["high"].max()))
        sentences.append(f"From {low} to {high}.")
    cut = float(table.loc[table["clipped"].astype(bool), "share"].sum())
    sentences.append(f"{percent(cut)} are cut at {number(threshold)}.")
    sentences += [f"{percent(share)}: {what}." for share, what in asides]
    notes = axis_notes.corner_notes(notes, theme)
    return stacked(bars, across, *notes, description=" ".join(sentences))


def loss_by_threshold(table: pd.DataFrame, threshold: float, chance: float, theme: ChartTheme) -> alt.LayerChart:
    """Final loss against the threshold, a dot a seed, counted crosses on top; tables.losses_by_threshold."""
    axis = LogAxis.spanning(table["loss"], [chance], title="final loss")
    x = LogAxis.spanning(table["threshold"], [threshold], title="clipping threshold").x("threshold")
    y, green = axis.y("place"), theme.initializer(COLORS[1])
    placed = table.assign(place=axis.place(table["loss"]))
    middle = placed.groupby("threshold", as_index=False).agg(
        place=("place", "median"), left=("loss", "count"), seeds=("loss", "size")
    )
    lines = line_marks.medians(middle, "threshold", None, theme)
    lines = [line.encode(x=x, y=y, color=alt.ColorValue(green)) for line in lines]
    tip = tooltips.value("threshold", "clipping threshold")
    tips = [tip, tooltips.SEED, tooltips.value("loss", "final loss")]
    dots = alt.Chart(placed[placed["loss"] > 0]).encode(x=x, y=y, tooltip=tips)
    dots = dots.mark_circle(size=theme.size(70), opacity=0.8, color=green)
    zeros = axis_notes.marks(placed[placed["loss"] == 0], x, y, alt.ColorValue(green), theme, tips)
    lost = middle[middle["left"] < middle["seeds"]]
    counts = [f"{seeds - left} of {seeds}" for left, seeds in zip(lost["left"], lost["seeds"], strict=True)]
    top = alt.Chart(lost.assign(words=counts))
    top = top.encode(x=x, tooltip=[tip, tooltips.words("words", "seeds that overflow")])
    cross = top.mark_point(shape="cross", angle=45, filled=True, size=theme.size(150), color=theme.alarm, opacity=1)
    count = top.mark_text(fontWeight="bold", color=theme.alarm)
    count = count.encode(y=alt.YValue(theme.size(26)), text=alt.Text("words:N"))
    rules = {"threshold": [threshold], "place": [chance], "chance": [chance], "words": ["chance loss"]}
    rules = pd.DataFrame(rules)
    here = alt.Chart(rules).mark_rule(strokeDash=[6, 4], color=theme.ink).encode(x=x, tooltip=[tip])
    level = alt.Chart(rules).mark_rule(strokeDash=[2, 3], color=theme.quiet)
    level = level.encode(y=y, tooltip=[tooltips.value("chance", "chance loss")])
    look = {"dy": -theme.size(8), "fontWeight": "normal", "color": theme.quiet}
    word = playing.write_words(rules, alt.XValue(0), y, dx=4, **look)
    marks = [level, here, *lines, dots, *zeros, cross.encode(y=alt.YValue(theme.size(9))), count, word]
    description = alt_text.values(table, "Final loss by clipping threshold", "threshold", "loss")
    return stacked(*marks, description=f"{description} Chance is {number(chance)}.")


def angle(table: pd.DataFrame, theme: ChartTheme) -> alt.LayerChart:
    """The angle between the raw and the applied gradient by step, in degrees; tables.angles."""
    y = LinearAxis(0, 90, "angle in degrees", alt.Axis(values=[0, 15, 30, 45, 60, 75, 90]))
    axes = Axes("step", step_axis(table), y, theme)
    green = alt.ColorValue(theme.initializer(COLORS[1]))
    band, lines, dots = line_marks.over_seeds(axes.place(table), axes, None, green, [tooltips.STEP])
    description = alt_text.lines(table, "step", "Angle between raw and applied gradient in degrees", by=None)
    return stacked(band, *lines, *dots, *_note_lost(table, theme), description=description)


def _note_lost(table: pd.DataFrame, theme: ChartTheme) -> list[alt.Chart]:
    """Words about the steps from which on some seeds have no number any more, and none has."""
    some, gone = table[line_marks.is_partial(table)], table.loc[table["left"] == 0, "step"]
    lost = [f"from step {some['step'].min()}: {line_marks.seeds_left(some)}"] if len(some) else []
    lost += [f"from step {gone.min()}: overflowed"] if len(gone) else []
    return axis_notes.corner_notes(lost, theme)
