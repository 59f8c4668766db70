"""A matrix of starts by activations, or by learning rates, colored by how training ended."""

import altair as alt
import numpy as np
import pandas as pd

from core.wording import count_things, number
from pages.parts.figures.charts.marks import stacked, tooltips
from pages.parts.figures.charts.marks.scales import name_axis
from pages.parts.figures.theme import INK, SEQUENTIAL, WHITE, ChartTheme

DECADES = 4  # above the lowest loss that colors tell apart: one of 10²⁰ would leave the others a single color


def chart(
    table: pd.DataFrame, theme: ChartTheme, across: str = "activation", title: str | None = None
) -> alt.LayerChart:
    """Final loss of every start with every activation, color in decades, divergence as a cross; tables.match.

    `across` is the column that names the matrix's columns: numbers ascend, names stay in their order.
    """
    variants = list(dict.fromkeys(table["variant"]))
    names = dict.fromkeys(table[across])
    columns = list(names) if table[across].dtype == object else sorted(names)
    table = _inked(table, theme)
    x = alt.X(
        f"{across}:N",
        sort=columns,
        title=title,
        axis=alt.Axis(orient="top", labelAngle=0, labelFlush=False, domain=False, ticks=False),
    )
    y = name_axis("variant", variants, 190, domain=False, ticks=False)
    tips = [tooltips.words("variant", "initializer"), tooltips.words(across, title or across)]
    hue = alt.Color("decade:Q", scale=alt.Scale(scheme=SEQUENTIAL, reverse=True), legend=None)
    cells = (
        alt.Chart(table.dropna(subset=["loss"]))
        .mark_rect(stroke=theme.paper, strokeWidth=2)
        .encode(x=x, y=y, color=hue, tooltip=[*tips, tooltips.value("loss", "final loss")])
    )
    lost = (
        alt.Chart(table[table["loss"].isna()])
        .mark_rect(stroke=theme.paper, strokeWidth=2, opacity=0.35)
        .encode(x=x, y=y, color=alt.ColorValue(theme.alarm), tooltip=[*tips, tooltips.words("lost", "overflow")])
    )
    numbers = [
        alt.Chart(cells_)
        .mark_text(fontSize=theme.size(14), fontWeight="bold", color=ink)
        .encode(x=x, y=y, text=alt.Text("words:N"))
        for ink, cells_ in table.groupby("ink")
    ]
    return stacked(cells, lost, *numbers, description=_described(table, across, title))


def _described(table: pd.DataFrame, across: str, title: str | None) -> str:
    sentences = []
    for column, rows in table.groupby(across, sort=False):
        setting = " ".join(filter(None, ("Final loss with", title, str(column))))
        cells = zip(rows["variant"], rows["loss"], rows["lost"], strict=True)
        sentences += [f"{setting}.", *(f"{variant}: {_ended(loss, lost)}." for variant, loss, lost in cells)]
    return " ".join(sentences)


def _ended(loss: float, lost: str) -> str:
    if loss == loss:
        return number(loss)
    return lost.replace("✕", "overflows in" if len(lost) > 1 else "overflows") or "not tried"


def _short(loss: float) -> str:
    """As there is room for in a cell on a phone: of what is huge, the power of ten."""
    return number(loss, 2 if loss > 1e-3 else 1) if loss < 1000 else number(10.0 ** round(np.log10(loss)))


def _inked(table: pd.DataFrame, theme: ChartTheme) -> pd.DataFrame:
    """With the decade of each loss, what is sentences in its cell, and in which ink."""
    # A loss of exactly 0 has no decade: it is as bright as the lowest that has one.
    decade = np.log10(table["loss"].where(table["loss"] > 0))
    decade = decade.where(table["loss"] != 0, decade.min() if decade.notna().any() else 0.0)
    decade = decade.clip(upper=decade.min() + DECADES)
    middle = (decade.min() + decade.max()) / 2
    if "lost" not in table:
        counts = zip(table["diverged"], table["seeds"], strict=True)
        table = table.assign(lost=[f"✕ {lost} of {count_things(seeds, 'seed')}" for lost, seeds in counts])
    return table.assign(
        decade=decade,
        # A cell is too narrow for the word: the chart's description and tooltip have it.
        words=[
            _short(loss) if loss == loss else lost.rsplit(" ", 1)[0]
            for loss, lost in zip(table["loss"], table["lost"], strict=True)
        ],
        ink=np.where(decade.isna(), theme.ink, np.where(decade <= middle, INK, WHITE)),
    )
