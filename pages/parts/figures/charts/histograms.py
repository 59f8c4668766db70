"""Histograms of the activations, a row a layer."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core.wording import percent
from pages.parts.figures.charts.marks import alt_text, axis_notes, playing, tooltips
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
        alt_text.histograms(table[table["record"] == record], zeros[zeros["record"] == record], bounded, when)
        for record, when in enumerate(playing.describe_steps(steps))
    )
    layers = int(zeros["layer"].max())
    table = table.dropna(subset=["share"])
    low, high = (float(table["low"].min()), float(table["high"].max())) if len(table) else (-1.0, 1.0)
    if not bounded:
        low -= (high - low) / 5  # room for the words about exact zeros
    charts = [_bars(table, layers, (low, high), bounded, initializer, theme)]
    if not bounded:
        charts.append(_zeros(zeros, layers, low, theme))
    charts += axis_notes.lost_layers(zeros, theme)
    return playing.with_step_slider(charts, steps, theme, description)


def _bars(
    table: pd.DataFrame, layers: int, ends: tuple[float, float], bounded: bool, initializer: str, theme: ChartTheme
) -> alt.Chart:
    peak = table.groupby(["record", "layer"])["share"].transform("max")
    drawn = table.assign(base=table["layer"].astype(float), top=table["layer"] + 0.9 * table["share"] / peak)
    title = "activation A⁽ˡ⁾" if bounded else "size of the activation, log₁₀ |A⁽ˡ⁾|"
    x = LinearAxis(*ends, title, alt.Axis(grid=False, tickCount=7)).x("low")
    y = LinearAxis(1, layers + 1, "layer l", alt.Axis(values=whole_ticks(1, layers), format="d", grid=True)).y("base")
    quantity = "activation" if bounded else "log₁₀ |activation|"
    tips = [tooltips.LAYER, tooltips.value("low", f"{quantity}, from"), tooltips.value("high", f"{quantity}, to")]
    tips.append(tooltips.value("share", "share of the activations", tooltips.PERCENT))
    bars = playing.select_record(drawn).mark_rect(color=theme.initializer(initializer))
    return bars.encode(x=x, x2=alt.X2("high:Q"), y=y, y2=alt.Y2("top:Q"), tooltip=tips)


def _zeros(zeros: pd.DataFrame, layers: int, low: float, theme: ChartTheme) -> alt.Chart:
    """Words for as many layers with exact zeros as there is room for."""
    labeled = zeros[(zeros["share"] > 0) & zeros["layer"].isin(whole_ticks(1, layers, 16))]
    words = [f"{percent(share)} zero" for share in labeled["share"]]
    some = labeled.assign(x=low + 0.2, y=labeled["layer"] + 0.4, words=words)
    text = playing.select_record(some).mark_text(align="left", color=theme.quiet)
    return text.encode(x=alt.X("x:Q"), y=alt.Y("y:Q"), text=alt.Text("words:N"))
