"""Histograms of the activations, a row a layer."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core.wording import number, percent
from pages.parts.figures.charts.marks import alt_text, axis_notes, line_marks, playing, tooltips
from pages.parts.figures.charts.marks.scales import LinearAxis, whole_ticks
from pages.parts.figures.theme import ChartTheme


def chart(
    table: pd.DataFrame, zeros: pd.DataFrame, steps: Sequence[int], bounded: bool, initializer: str, theme: ChartTheme
) -> alt.LayerChart:
    """How the activations of each hidden layer are distributed; tables.histograms, tables.exact_zeros of a start.

    Where g is bounded the axis is A; otherwise it is the decade of |A|, exact zeros standing apart on the left. At one
    of the `steps` that are known, chosen with a slider below: the first to begin with.
    """
    description = " ".join(
        _describe(table[table["record"] == record], zeros[zeros["record"] == record], bounded, when)
        for record, when in enumerate(playing.describe_steps(steps))
    )
    layers, filled = int(zeros["layer"].max()), table.dropna(subset=["share"])
    low, high = (float(filled["low"].min()), float(filled["high"].max())) if len(filled) else (-1.0, 1.0)
    charts = axis_notes.lost_layers(zeros, theme)
    if not bounded:
        low -= (high - low) / 5  # room for the words about exact zeros, of as many layers as there is room for
        some = zeros[(zeros["share"] > 0) & zeros["layer"].isin(whole_ticks(1, layers, 16))]
        words = [f"{share:.0%} zero" for share in some["share"]]
        some = some.assign(x=low + 0.2, y=some["layer"] + 0.4, words=words)
        look = {"fontWeight": "normal", "color": theme.quiet}
        charts.insert(0, playing.write_words(some, alt.X("x:Q"), alt.Y("y:Q"), **look))
    title, quantity = "size of the activation, log₁₀ |A⁽ˡ⁾|", "log₁₀ |activation|"
    if bounded:
        title, quantity = "activation A⁽ˡ⁾", "activation"
    peak = filled.groupby(["record", "layer"])["share"].transform("max")
    filled = filled.assign(base=filled["layer"].astype(float), top=filled["layer"] + 0.9 * filled["share"] / peak)
    ticks = alt.Axis(values=whole_ticks(1, layers), format="d", grid=True)
    tips = [tooltips.LAYER, tooltips.value("low", f"{quantity}, from"), tooltips.value("high", f"{quantity}, to")]
    tips.append(tooltips.value("share", "share of the activations", tooltips.PERCENT))
    bars = playing.select_record(filled).mark_rect(color=theme.initializer(initializer))
    bars = bars.encode(
        x=LinearAxis(low, high, title, alt.Axis(grid=False, tickCount=7)).x("low"),
        x2=alt.X2("high:Q"),
        y=LinearAxis(1, layers + 1, "layer l", ticks).y("base"),
        y2=alt.Y2("top:Q"),
        tooltip=tips,
    )
    return playing.with_step_slider([bars, *charts], steps, theme, description)


def _describe(table: pd.DataFrame, zeros: pd.DataFrame, bounded: bool, when: str) -> str:
    """Where most activations of the first and of the last layer lie, and exact zeros."""
    layers, named = int(zeros["layer"].max()), []
    for layer in sorted({1, layers}):
        filled, of_layer = table[table["layer"] == layer].dropna(subset=["share"]), zeros[zeros["layer"] == layer]
        none = float(of_layer["share"].iloc[0])
        if len(filled):
            most = filled.loc[filled["share"].idxmax()]
            words = f"most often {number(most['low'])} to {number(most['high'])}"
        else:
            words = "none but zeros" if none > 0 else "overflowed"
        words += f", {percent(none)} exactly 0" if none > 0 else ""
        counted = of_layer[line_marks.is_partial(of_layer)]
        left = f" ({line_marks.seeds_left(counted)})" if len(counted) else ""
        named.append((f"Layer {layer}{left}", words))
    what = "activations" if bounded else "decades (log₁₀) of the activations' size"
    return alt_text.list_named(f"How {what} are distributed in layers 1 to {layers} {when}", named)
