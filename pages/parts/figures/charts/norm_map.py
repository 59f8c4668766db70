"""A map of gradient norms, layer by training step."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from pages.parts.figures.charts.marks import alt_text, stacked, survivors, tooltips
from pages.parts.figures.charts.marks.scales import LogAxis, whole_ticks
from pages.parts.figures.theme import SEQUENTIAL, ChartTheme

SYMBOL = "gradient norm ‖dW⁽ˡ⁾‖"


def chart(table: pd.DataFrame, theme: ChartTheme) -> alt.LayerChart:
    """Gradient norm by layer and training step, color in decades, zero and NaN in colors apart; tables.norm_map.

    Cells of some of the seeds are half as high, so that they stand out as stripes and keep their colors.
    """
    layers = int(table["layer"].max())
    height = np.where(survivors.is_partial(table), 0.25, 0.5)
    table = table.assign(
        below=table["layer"] - height,
        above=table["layer"] + height,
        decade=np.log10(table["norm"].where((table["norm"] > 0) & np.isfinite(table["norm"]))),
    )
    x = alt.X(
        "step:Q",
        title="training step",
        axis=alt.Axis(values=whole_ticks(0, int(table["step"].max()), 8), format="d", grid=False),
        scale=alt.Scale(domain=[0, int(table["next"].max())], nice=False),
    )
    y = alt.Y(
        "below:Q",
        title="layer l",
        axis=alt.Axis(values=whole_ticks(1, layers), format="d", grid=False),
        scale=alt.Scale(domain=[0.5, layers + 0.5], nice=False),
    )
    hue = _hue(LogAxis.spanning(table["norm"]), theme)
    layers_ = _cells(table.dropna(subset=["decade"]), x, y, hue, tooltips.value("norm", f"{SYMBOL}, median"))
    zero = table["norm"] == 0
    flat = {
        "exactly 0": (table[zero & (table["high"] == 0)], theme.quiet),
        "0 in most seeds": (table[zero & (table["high"] > 0)], theme.quiet),
        "overflowed": (table[table["left"] == 0], theme.alarm),
    }
    for word, (rows, color) in flat.items():
        tip = tooltips.words("word", f"{SYMBOL}, median")
        flat_cells = _cells(rows.assign(word=word), x, y, alt.ColorValue(color), tip, opacity=0.55)
        layers_ += [*flat_cells, *_caption(rows, word, theme)]
    some = table[survivors.is_partial(table)]
    layers_ += _caption(some, survivors.seeds_left(some), theme) if len(some) else []
    return stacked(*layers_, description=alt_text.layer_by_step(table, SYMBOL.capitalize(), "norm"))


def _hue(axis: LogAxis, theme: ChartTheme) -> alt.Color:
    ends = [np.log10(axis.low), np.log10(axis.high)]
    return alt.Color(
        "decade:Q",
        title="log₁₀ ‖dW⁽ˡ⁾‖",
        scale=alt.Scale(scheme=SEQUENTIAL, domain=ends, clamp=True),
        legend=alt.Legend(orient="top", gradientLength=theme.size(140), tickCount=4, titleOrient="left"),
    )


def _cells(
    table: pd.DataFrame, x: alt.X, y: alt.Y, hue: alt.Color | alt.ColorValue, tip: alt.Tooltip, opacity: float = 1
) -> list[alt.Chart]:
    """A cell a row, those of all seeds and those of some, of which the tooltip says how many are left."""
    tooltip = [tooltips.STEP, tooltips.LAYER, tip]
    partial = survivors.is_partial(table)
    kinds = ((table[~partial], tooltip), (survivors.with_counts(table[partial]), [*tooltip, survivors.count_tooltip()]))
    return [
        alt.Chart(rows)
        .mark_rect(opacity=opacity)
        .encode(x=x, x2=alt.X2("next:Q"), y=y, y2=alt.Y2("above:Q"), color=hue, tooltip=tips)
        for rows, tips in kinds
        if len(rows)
    ]


def _caption(table: pd.DataFrame, word: str, theme: ChartTheme) -> list[alt.Chart]:
    """Words in the middle of these cells, with a rim that keeps them readable on any color."""
    if table.empty:
        return []
    place = pd.DataFrame(
        {
            "x": [(table["step"].min() + table["next"].max()) / 2],
            "y": [(table["below"].min() + table["above"].max()) / 2],
            "word": [word],
        }
    )
    text = {"fontSize": theme.size(14), "fontWeight": "bold"}
    rim = alt.Chart(place).mark_text(**text, color=theme.paper, stroke=theme.paper, strokeWidth=theme.size(6))
    return [
        words_.encode(x=alt.X("x:Q"), y=alt.Y("y:Q"), text=alt.Text("word:N"))
        for words_ in (rim, alt.Chart(place).mark_text(**text, color=theme.ink))
    ]
