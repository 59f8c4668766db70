"""The initializers side by side: final losses, with what cannot be told from the best."""

import altair as alt
import pandas as pd

from core.wording import number
from pages.parts.figures.charts.marks import alt_text, stacked, tooltips
from pages.parts.figures.charts.marks.scales import LogAxis, name_axis, place_columns
from pages.parts.figures.theme import ChartTheme

NAME = tooltips.words("variant", "initializer")


def losses(table: pd.DataFrame, chance: float, pinned: pd.DataFrame, theme: ChartTheme) -> alt.LayerChart:
    """Validation loss by start with the interval of its difference from the recommended one, a rule; tables.contest.

    `pinned`: the losses of other networks, each written as its mark: mark, variant, loss.
    """
    known = table.dropna(subset=["loss"])
    x = _span_losses(table, chance, pinned)
    y = name_axis("variant", table["variant"], 190)
    hue = _hue(table, theme)
    placed = known.assign(value=known["loss"], interval=tooltips.interval(known["low"], known["high"]))
    placed = place_columns(placed, x, "low", "loss", "high")
    base = alt.Chart(placed).encode(y=y, color=hue)
    tips = [NAME, tooltips.value("value", "validation loss"), tooltips.words("interval", "95 % interval")]
    tips.append(tooltips.words("words", "compared with the recommended"))
    first = known["loss"].iloc[0] if len(known) else chance  # the table's first is the recommended one
    rules = pd.DataFrame({"at": [float(first), chance], "words": ["recommended", "chance"], "head": ["★", "chance"]})
    quiet = {"baseline": "bottom", "color": theme.quiet}
    heads = alt.Chart(rules).mark_text(**quiet).encode(y=alt.YValue(-theme.size(3)))
    marks = [
        alt.Chart(rules)
        .mark_rule(strokeDash=[5, 4], color=theme.quiet, strokeWidth=theme.size(2))
        .encode(x=x.x("at"), tooltip=[tooltips.words("words", "rule"), tooltips.value("at", "loss")]),
        heads.encode(x=x.x("at"), text=alt.Text("head:N")),
        alt.Chart(rules.tail(1))
        .mark_text(align="left", dx=theme.size(10), **quiet)
        .encode(y=alt.YValue(-theme.size(3)), x=alt.XValue("width"), text=alt.TextValue("loss compared with ★")),
        base.mark_rule(strokeWidth=theme.size(4), opacity=0.55).encode(x=x.x("low"), x2=alt.X2("high:Q")),
        base.mark_circle(size=theme.size(150), opacity=1).encode(x=x.x("loss"), tooltip=tips),
    ]
    beyond = placed[(known["low"] < x.low).to_numpy()]
    if len(beyond):
        arrows = alt.Chart(beyond).mark_point(shape="triangle-left", filled=True, size=theme.size(120), opacity=1)
        marks.append(arrows.encode(x=alt.XValue(0), y=y, color=hue, tooltip=tips))
    if len(pinned):
        marks.append(_pinned(pinned.assign(loss=x.place(pinned["loss"])), x, y, hue, theme))
    return stacked(*marks, *_standings(table, y, theme), description=_described(table, chance, pinned))


def has_arrows(table: pd.DataFrame, chance: float, pinned: pd.DataFrame) -> bool:
    """Whether an interval on the chart `losses` goes on beyond its left end."""
    return bool((table["low"] < _span_losses(table, chance, pinned).low).any())


def _span_losses(table: pd.DataFrame, chance: float, pinned: pd.DataFrame) -> LogAxis:
    known = table.dropna(subset=["loss"])
    title = "lowest validation loss, each at its own best learning rate"
    lows = known["low"].clip(lower=known["loss"].min() / 10)
    return LogAxis.spanning(known["loss"], lows, [chance], pinned["loss"], title=title)


def _pinned(table: pd.DataFrame, x: LogAxis, y: alt.Y, hue: alt.Color, theme: ChartTheme) -> alt.Chart:
    """Other networks' losses as their marks, a little above the line of their start, which may be where they are."""
    tips = [NAME, tooltips.words("mark", "pinned network"), tooltips.value("loss", "final loss")]
    marks = alt.Chart(table).mark_text(dy=-theme.size(6), fontWeight="bold")
    return marks.encode(x=x.x("loss"), y=y, text=alt.Text("mark:N"), color=hue, tooltip=tips)


def _described(table: pd.DataFrame, chance: float, pinned: pd.DataFrame) -> str:
    sentences = [f"Lowest validation loss at each start's own best learning rate; chance has {number(chance)}."]
    for row in table.itertuples():
        loss = f"{number(row.loss)}, interval {number(row.low)} to {number(row.high)}, " if row.loss == row.loss else ""
        sentences.append(f"{row.variant}: {loss}{row.words}.")
    for mark, rows in pinned.groupby("mark", sort=False):
        sentences.append(alt_text.values(rows, f"The pinned network {mark}", "variant", "loss"))
    return " ".join(sentences)


def _standings(table: pd.DataFrame, y: alt.Y, theme: ChartTheme) -> list[alt.Chart]:
    """How each start stands, in words at the right edge: the best and its ties in ink and bold, the rest quiet."""
    best = table["standing"].isin(["recommended", "tied"])
    lost = table["standing"] == "diverged"
    kinds = ((best, theme.ink, "bold"), (lost, theme.alarm, "bold"), (~best & ~lost, theme.quiet, "normal"))
    return [
        alt.Chart(table[rows])
        .mark_text(align="left", dx=theme.size(10), color=color, fontWeight=weight)
        .encode(x=alt.XValue("width"), y=y, text=alt.Text("words:N"))
        for rows, color, weight in kinds
        if rows.any()
    ]


def _hue(table: pd.DataFrame, theme: ChartTheme) -> alt.Color:
    """Every start in its own color; its name stands beside it."""
    named = table.drop_duplicates("variant")
    scale = alt.Scale(domain=list(named["variant"]), range=[theme.initializer(name) for name in named["name"]])
    return alt.Color("variant:N", scale=scale, legend=None)
