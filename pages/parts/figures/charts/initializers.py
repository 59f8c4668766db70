"""Initializers compared: a ranking by loss, and a matrix by activations or by learning rates."""

import altair as alt
import numpy as np
import pandas as pd

from core.wording import count_things, number
from pages.parts.figures.charts.marks import alt_text, playing, stacked, tooltips
from pages.parts.figures.charts.marks.scales import LogAxis, color_names, name_axis, place_columns
from pages.parts.figures.theme import INK, SEQUENTIAL, WHITE, ChartTheme

DECADES = 4  # that colors tell apart: a loss of 10²⁰ would leave the others a single color


def ranking(table: pd.DataFrame, chance: float, pinned: pd.DataFrame, theme: ChartTheme) -> alt.LayerChart:
    """Validation loss by start, with the interval of its difference from the recommended one; tables.ranking.

    `pinned`: the losses of other networks, each written as its mark: mark, variant, loss.
    """
    known, x = table.dropna(subset=["loss"]), _span_losses(table, chance, pinned)
    y = name_axis("variant", table["variant"], 190)
    starts = table.drop_duplicates("variant")
    hue = color_names("variant", starts["variant"], starts["name"].map(theme.initializer))
    placed = known.assign(value=known["loss"], interval=tooltips.interval(known["low"], known["high"]))
    placed = place_columns(placed, x, "low", "loss", "high")
    base = alt.Chart(placed).encode(y=y, color=hue)
    tips = [
        tooltips.INITIALIZER,
        tooltips.value("value", "validation loss"),
        tooltips.words("interval", "95 % interval"),
    ]
    tips.append(tooltips.words("words", "compared with the recommended"))
    marks = [
        *_draw_rules(known, chance, x, theme),
        base.mark_rule(strokeWidth=theme.size(4), opacity=0.55).encode(x=x.x("low"), x2=alt.X2("high:Q")),
        base.mark_circle(size=theme.size(150), opacity=1).encode(x=x.x("loss"), tooltip=tips),
    ]
    beyond = placed[(known["low"] < x.low).to_numpy()]
    if len(beyond):
        arrows = alt.Chart(beyond).mark_point(shape="triangle-left", filled=True, size=theme.size(120), opacity=1)
        marks.append(arrows.encode(x=alt.XValue(0), y=y, color=hue, tooltip=tips))
    if len(pinned):
        # A little above the line of their start, which may be where they are.
        others = pinned.assign(loss=x.place(pinned["loss"]), words=pinned["mark"])
        others = playing.write_words(others, x.x("loss"), y, hue, align="center", dy=-theme.size(6))
        tips = [tooltips.words("words", "pinned network"), tooltips.value("loss", "final loss")]
        marks.append(others.encode(tooltip=[tooltips.INITIALIZER, *tips]))
    marks += _draw_standings(table, y, theme)
    return stacked(*marks, description=_describe_ranking(table, chance, pinned))


def has_arrows(table: pd.DataFrame, chance: float, pinned: pd.DataFrame) -> bool:
    """Whether an interval of the ranking goes on beyond its left end."""
    return bool((table["low"] < _span_losses(table, chance, pinned).low).any())


def _span_losses(table: pd.DataFrame, chance: float, pinned: pd.DataFrame) -> LogAxis:
    known = table.dropna(subset=["loss"])
    title = "lowest validation loss, each at its own best learning rate"
    lows = known["low"].clip(lower=known["loss"].min() / 10)
    return LogAxis.spanning(known["loss"], lows, [chance], pinned["loss"], title=title)


def _draw_rules(known: pd.DataFrame, chance: float, x: LogAxis, theme: ChartTheme) -> list[alt.Chart]:
    first = known["loss"].iloc[0] if len(known) else chance  # which is the recommended one's
    names, heads = ["recommended", "chance"], ["★", "chance"]
    rules = pd.DataFrame({"loss": [float(first), chance], "rule": names, "words": heads})
    place, above = x.x("loss"), alt.YValue(-theme.size(3))
    look = {"baseline": "bottom", "fontWeight": "normal", "color": theme.quiet}
    lines = alt.Chart(rules).mark_rule(strokeDash=[5, 4], color=theme.quiet)
    title = rules.tail(1).assign(words="loss compared with ★")
    return [
        lines.encode(x=place, tooltip=[tooltips.words("rule", "rule"), tooltips.value("loss", "loss")]),
        playing.write_words(rules, place, above, align="center", **look),
        playing.write_words(title, alt.XValue("width"), above, dx=theme.size(10), **look),
    ]


def _draw_standings(table: pd.DataFrame, y: alt.Y, theme: ChartTheme) -> list[alt.Chart]:
    """Standings in words at the right edge: the best and its ties in ink and bold, the rest quiet."""
    best, lost = table["standing"].isin(["recommended", "tied"]), table["standing"] == "diverged"
    kinds = ((best, theme.ink, "bold"), (lost, theme.alarm, "bold"), (~best & ~lost, theme.quiet, "normal"))
    return [
        playing.write_words(table[rows], alt.XValue("width"), y, dx=theme.size(10), color=color, fontWeight=weight)
        for rows, color, weight in kinds
        if rows.any()
    ]


def _describe_ranking(table: pd.DataFrame, chance: float, pinned: pd.DataFrame) -> str:
    title = f"Lowest validation loss at each start's own best learning rate; chance has {number(chance)}"
    named = []
    for row in table.itertuples():
        words = row.words
        if row.loss == row.loss:
            words = f"{number(row.loss)}, interval {number(row.low)} to {number(row.high)}, {words}"
        named.append((row.variant, words))
    marks = pinned.groupby("mark", sort=False)
    others = [alt_text.values(rows, f"The pinned network {mark}", "variant", "loss") for mark, rows in marks]
    return " ".join([alt_text.list_named(title, named), *others])


def matrix(
    table: pd.DataFrame, theme: ChartTheme, across: str = "activation", title: str | None = None
) -> alt.LayerChart:
    """Final loss, color in decades, divergence as a cross; tables.losses_by_activation.

    `across` is the column that names the matrix's columns: numbers ascend, names stay in their order.
    """
    names = table[across].unique().tolist()
    columns = sorted(names) if pd.api.types.is_numeric_dtype(table[across]) else names
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
    """The table with each loss's decade, what is written in its cell, in which ink, and its description."""
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
        # A cell is too narrow for all words, and for a huge number but its power of ten.
        if loss != loss:
            words.append(lost.rsplit(" ", 1)[0])
            verb = "overflows in" if len(lost) > 1 else "overflows"
            ended.append(lost.replace("✕", verb) or "not tried")
        elif loss < 1000:
            words.append(number(loss, 2 if loss > 1e-3 else 1))
            ended.append(number(loss))
        else:
            words.append(number(10.0 ** round(np.log10(loss))))
            ended.append(number(loss))
    ink = np.where(decade.isna(), theme.ink, np.where(decade <= middle, INK, WHITE))
    return table.assign(decade=decade, words=words, ended=ended, ink=ink)
