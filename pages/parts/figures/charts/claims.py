"""The picture of a claim: what was measured of every condition, with its interval, and the bound as a dashed line."""

from __future__ import annotations

import altair as alt
import pandas as pd

from core import INITIALIZERS
from core.claims import Claim
from core.wording import join_words, percent
from pages.parts.figures.charts.marks import alt_text, axis_notes, stacked, tooltips
from pages.parts.figures.charts.marks.scales import LinearAxis, LogAxis, Shared
from pages.parts.figures.theme import ChartTheme

OTHERS = ("he", "normal", "glorot", "xavier", "orthogonal", "constant", "pytorch_default", "zeros")
_SHARES = ("share", "percentage")
LETTERS = 44  # of the names that a row of the legend holds on a phone


def chart(table: pd.DataFrame, claim: Claim, theme: ChartTheme) -> alt.LayerChart:
    """tables.pictured of the claim: lines over numbers, dots beside names; zeros of a log axis are triangles."""
    names = list(dict.fromkeys(table["series"]))
    legend = _legend(names, theme) if len(names) > 1 else None
    hue = alt.Color("series:N", scale=alt.Scale(domain=names, range=colors(names, theme)), sort=names, legend=legend)
    size = _size_axis(table, claim)
    known = table.dropna(subset=["middle"])
    known = known.assign(value=known["middle"], range=tooltips.interval(known["low"], known["high"]))
    is_floor = (known["middle"] == 0) & isinstance(size.axis, LogAxis)
    zeros, positive = known[is_floor].assign(middle=size.axis.low), known[~is_floor]
    if isinstance(size.axis, LogAxis):
        positive = positive.assign(**{name: size.axis.place(positive[name]) for name in ("low", "middle", "high")})
    draw = _draw_lines if counted(table) else _draw_dots
    return stacked(
        *_draw_bounds(claim, size, upright=not counted(table), theme=theme),
        *draw(positive, zeros, claim, size, hue, theme),
        *_draw_lost(table[table["middle"].isna()], hue, theme),
        description=alt_text.points(table, claim.title),
    )


def describe_bounds(claim: Claim) -> str:
    """What the dashed lines are."""
    values = [percent(x) if claim.drawn.kind in _SHARES else f"{x:g}" for x in claim.drawn_bounds]
    return f"Dashed: the bound of the rule, {join_words(values)}." if values else ""


def height(table: pd.DataFrame) -> int:
    """Pixels for the chart: its series' names in rows above, and a row each for what its dots stand beside."""
    names, rows = list(table["series"].unique()), table["x"].nunique()
    legend = 22 * -(-len(names) // _columns(names)) + 10 if len(names) > 1 else 0
    return legend + (190 if counted(table) else 40 + rows * max(26, 15 * len(names)))


def colors(names: list[str], theme: ChartTheme) -> list[str]:
    """The color of the initializer that a series is named after; of those that are named otherwise, any other."""
    by_label = {initializer.label: name for name, initializer in INITIALIZERS.items()}
    named = {label: by_label[label] for label in names if label in by_label}
    free = [name for name in OTHERS if name not in named.values()]
    rest = [label for label in names if label not in named]
    chosen = named | {label: free[i % len(free)] for i, label in enumerate(rest)}
    return [theme.initializer(chosen[label]) for label in names]


def counted(table: pd.DataFrame) -> bool:
    """Whether values stand over numbers; else they stand beside names."""
    return all(not isinstance(x, str) for x in table["x"])


def _draw_lines(
    positive: pd.DataFrame, zeros: pd.DataFrame, claim: Claim, size: Shared, hue: alt.Color, theme: ChartTheme
) -> list[alt.Chart]:
    xs = sorted({*positive["x"].astype(float), *zeros["x"].astype(float)})
    kind = "log" if xs[-1] > 10 * xs[0] > 0 else "linear"
    scale = alt.Scale(type=kind, domain=[xs[0], xs[-1]], nice=False)
    x = alt.X("x:Q", title=claim.across, scale=scale, axis=alt.Axis(grid=False, values=xs, labelOverlap=True))
    base, tips = alt.Chart(positive).encode(x=x, color=hue), _tips("x:Q", claim)
    return [
        base.mark_area(opacity=0.18).encode(y=size.y("low"), y2=alt.Y2("high:Q")),
        base.mark_line(strokeWidth=theme.size(2)).encode(y=size.y("middle")),
        base.mark_circle(size=theme.size(46), opacity=1).encode(y=size.y("middle"), tooltip=tips),
        *axis_notes.zeros(zeros, x, size.y("middle"), hue, theme, tips),
    ]


def _draw_dots(
    positive: pd.DataFrame, zeros: pd.DataFrame, claim: Claim, size: Shared, hue: alt.Color, theme: ChartTheme
) -> list[alt.Chart]:
    axis = alt.Axis(grid=False, domain=False, ticks=False, labelLimit=theme.size(180))
    y = alt.Y("x:N", title=None, sort=None, axis=axis)
    place, tips = {"y": y, "yOffset": alt.YOffset("series:N", sort=None), "color": hue}, _tips("x:N", claim)
    base, floor = alt.Chart(positive).encode(**place), alt.Chart(zeros).encode(**place)
    marks = [
        base.mark_rule(strokeWidth=theme.size(3)).encode(x=size.x("low"), x2=alt.X2("high:Q")),
        base.mark_circle(size=theme.size(60), opacity=1).encode(x=size.x("middle"), tooltip=tips),
        floor.mark_point(shape="triangle-left", filled=True, size=theme.size(90), opacity=1).encode(
            x=size.x("middle"), tooltip=tips
        ),
    ]
    return marks if len(zeros) else marks[:2]


def _draw_lost(lost: pd.DataFrame, hue: alt.Color, theme: ChartTheme) -> list[alt.Chart]:
    """Words in the rows of which no seed has a number; there are none among lines."""
    if lost.empty:
        return []
    words = alt.Chart(lost).mark_text(align="left", fontSize=theme.size(13), text="overflows")
    y, offset = alt.Y("x:N", sort=None), alt.YOffset("series:N", sort=None)
    return [words.encode(x=alt.XValue(theme.size(8)), y=y, yOffset=offset, color=hue)]


def _draw_bounds(claim: Claim, size: Shared, *, upright: bool, theme: ChartTheme) -> list[alt.Chart]:
    if not claim.drawn_bounds:
        return []
    rule = alt.Chart(pd.DataFrame({"bound": claim.drawn_bounds})).mark_rule(strokeDash=[5, 4], color=theme.quiet)
    return [rule.encode(x=size.x("bound")) if upright else rule.encode(y=size.y("bound"))]


def _tips(x: str, claim: Claim) -> list[alt.Tooltip]:
    values = tooltips.value("value", claim.drawn.name), tooltips.words("range", "interval")
    return [tooltips.words("series", "of"), alt.Tooltip(x, title=claim.across or "with"), *values]


def _columns(names: list[str]) -> int:
    return max(1, LETTERS // (max(map(len, names)) + 3))


def _legend(names: list[str], theme: ChartTheme) -> alt.Legend:
    return alt.Legend(
        title=None,
        orient="top",
        columns=_columns(names),
        labelLimit=theme.size(220),
        labelColor=theme.ink,
        labelFontSize=theme.size(13),
        symbolOpacity=1,
        symbolType="circle",
    )


def _size_axis(table: pd.DataFrame, claim: Claim) -> Shared:
    """The axis of the values, without a title, which stands above the picture."""
    values = [*(table[column].astype(float) for column in ("low", "middle", "high")), claim.drawn_bounds]
    if claim.drawn.kind == "size":
        return Shared.log("", LogAxis.spanning(*values))
    if claim.drawn.kind in _SHARES:
        return Shared.share("")
    finite = pd.concat([pd.Series(x, dtype=float) for x in values])
    low, high = min(0.0, float(finite.min())), max(0.0, float(finite.max()))
    within = LinearAxis(low * 1.05, high * 1.05)
    return Shared("", alt.Scale(domain=[within.low, within.high], nice=False), alt.Axis(tickCount=5), within)
