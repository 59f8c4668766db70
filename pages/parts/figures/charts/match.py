"""A matrix of starts by activations, or by learning rates, colored by how training ended."""

import altair as alt
import numpy as np
import pandas as pd

from core.wording import count_things, number
from pages.parts.figures.charts.marks import alt_text, playing, stacked, tooltips
from pages.parts.figures.charts.marks.scales import name_axis
from pages.parts.figures.theme import INK, SEQUENTIAL, WHITE, ChartTheme

DECADES = 4  # above the lowest loss that colors tell apart: one of 10²⁰ would leave the others a single color


def chart(
    table: pd.DataFrame, theme: ChartTheme, across: str = "activation", title: str | None = None
) -> alt.LayerChart:
    """Final loss of every start with every activation, color in decades, divergence as a cross; tables.match.

    `across` is the column that names the matrix's columns: numbers ascend, names stay in their order.
    """
    names = table[across].unique().tolist()
    columns = names if table[across].dtype == object else sorted(names)
    table = _write_cells(table, theme)
    axis = alt.Axis(orient="top", labelAngle=0, labelFlush=False, domain=False, ticks=False)
    x = alt.X(f"{across}:N", sort=columns, title=title, axis=axis)
    y = name_axis("variant", table["variant"].unique(), 190, domain=False, ticks=False)
    tips = [tooltips.INITIALIZER, tooltips.words(across, title or across)]
    hue = alt.Color("decade:Q", scale=alt.Scale(scheme=SEQUENTIAL, reverse=True), legend=None)
    cells = alt.Chart(table.dropna(subset=["loss"])).mark_rect(stroke=theme.paper, strokeWidth=2)
    cells = cells.encode(x=x, y=y, color=hue, tooltip=[*tips, tooltips.value("loss", "final loss")])
    lost = alt.Chart(table[table["loss"].isna()]).mark_rect(stroke=theme.paper, strokeWidth=2, opacity=0.35)
    tips.append(tooltips.words("lost", "overflow"))
    lost = lost.encode(x=x, y=y, color=alt.ColorValue(theme.alarm), tooltip=tips)
    look = {"align": "center", "fontSize": theme.size(14)}
    numbers = [playing.write_words(rows, x, y, color=ink, **look) for ink, rows in table.groupby("ink")]
    setting = f"Final loss with {title} " if title else "Final loss with "
    description = " ".join(
        alt_text.list_named(f"{setting}{column}", zip(rows["variant"], rows["ended"], strict=True))
        for column, rows in table.groupby(across, sort=False)
    )
    return stacked(cells, lost, *numbers, description=description)


def _write_cells(table: pd.DataFrame, theme: ChartTheme) -> pd.DataFrame:
    """With the decade of each loss, what is written in its cell, in which ink, and how it is described."""
    # A loss of exactly 0 has no decade: it is as bright as the lowest that has one.
    decade = np.log10(table["loss"].where(table["loss"] > 0))
    decade = decade.where(table["loss"] != 0, decade.min() if decade.notna().any() else 0.0)
    decade = decade.clip(upper=decade.min() + DECADES)
    middle = (decade.min() + decade.max()) / 2
    if "lost" not in table:
        counts = zip(table["diverged"], table["seeds"], strict=True)
        table = table.assign(lost=[f"✕ {lost} of {count_things(seeds, 'seed')}" for lost, seeds in counts])
    words, ended = [], []
    for loss, lost in zip(table["loss"], table["lost"], strict=True):
        # A cell is too narrow for all words, and on a phone for a huge number: of it stands the power of ten.
        if loss != loss:
            words.append(lost.rsplit(" ", 1)[0])
            ended.append(lost.replace("✕", "overflows in" if len(lost) > 1 else "overflows") or "not tried")
        elif loss < 1000:
            words.append(number(loss, 2 if loss > 1e-3 else 1))
            ended.append(number(loss))
        else:
            words.append(number(10.0 ** round(np.log10(loss))))
            ended.append(number(loss))
    ink = np.where(decade.isna(), theme.ink, np.where(decade <= middle, INK, WHITE))
    return table.assign(decade=decade, words=words, ended=ended, ink=ink)
