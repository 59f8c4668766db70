"""The picture of a claim: what was measured of every condition, and the limit as a dashed line."""

import altair as alt
import numpy as np
import pandas as pd

from core import INITIALIZERS
from core.claims import Claim, Evidence
from core.wording import join_words, number, percent
from pages.parts.figures.charts.marks import alt_text, stacked
from pages.parts.figures.charts.marks.scales import LinearAxis, LogAxis, color_names, place_columns
from pages.parts.figures.theme import ChartTheme

_LABELED = {initializer.label: name for name, initializer in INITIALIZERS.items()}
# Whose colors series that are no initializers take: first those of initializers that few charts show.
_OTHERS = ("orthogonal", "constant", "zeros", "pytorch_default", "glorot", "he", "normal", "xavier")
_SHARES = ("share", "percentage")
_VALUES = ["low", "middle", "high"]
_SHAPE = alt.Shape("shape:N", scale=None, legend=None)


def tabulate(evidence: Evidence) -> pd.DataFrame:
    """The points of the picture: series, x, low, middle, high; differences of shares in points."""
    scale = 100 if evidence.claim.pictured.kind == "difference" else 1
    rows = [(row.case, row.summary) for row in evidence.select()]
    values = [(c.series, c.x, scale * s.low, scale * s.value, scale * s.high) for c, s in rows]
    return pd.DataFrame(values, columns=["series", "x", *_VALUES])


def chart(table: pd.DataFrame, claim: Claim, theme: ChartTheme) -> alt.LayerChart:
    """The table of `tabulate` as lines over numbers or dots beside names; zeros of a log axis are triangles."""
    names, is_counted = list(table["series"].unique()), _is_counted(table)
    # An initializer has its own color, as on every page; the other series take those that are left.
    own = {name: _LABELED[name] for name in names if name in _LABELED}
    left = (other for other in _OTHERS if other not in own.values())
    colors = [theme.initializer(own.get(name) or next(left)) for name in names]
    legend = alt.Legend(columns=_legend_columns(table), labelLimit=theme.size(220))
    hue = color_names("series", names, colors, legend if len(names) > 1 else None)
    size, known = _choose_axis(table, claim), table.dropna(subset=["middle"])
    zero = (known["middle"] == 0) & isinstance(size, LogAxis)
    shapes = np.where(zero, "triangle-down" if is_counted else "triangle-left", "circle")
    known = place_columns(known.assign(shape=shapes), size, *_VALUES)
    limit = alt.Chart(pd.DataFrame({"limit": claim.drawn_limits}))
    limit = limit.mark_rule(strokeDash=[5, 4], color=theme.quiet)
    if is_counted:
        marks, limit = _draw_lines(known, claim, size, theme), limit.encode(y=size.y("limit"))
    else:
        marks, limit = _draw_dots(known, table, size, theme), limit.encode(x=size.x("limit"))
    layers = [limit] if claim.drawn_limits else []
    places = [x if isinstance(x, str) else f"{x:g}" for x in table["x"]]
    words = table["middle"].map(number) + " at " + places
    words = words.groupby(table["series"], sort=False).agg(", ".join)
    description = alt_text.list_named(claim.title, words.items())
    return stacked(*layers, *(mark.encode(color=hue) for mark in marks), description=description)


def describe_limits(claim: Claim) -> str:
    """A sentence that says what the dashed lines are."""
    values = [percent(x) if claim.pictured.kind in _SHARES else f"{x:g}" for x in claim.drawn_limits]
    limits = "the limit that decides" if len(values) == 1 else "the limits that decide"
    return f"Dashed: {limits}, {join_words(values)}." if values else ""


def height(table: pd.DataFrame) -> int:
    """The chart's height in pixels: rows of its series' names, and a row each for what its dots stand beside."""
    names, rows = table["series"].nunique(), table["x"].nunique()
    legend = 22 * -(-names // _legend_columns(table)) + 10 if names > 1 else 0
    return legend + (190 if _is_counted(table) else 40 + rows * max(26, 15 * names))


def _is_counted(table: pd.DataFrame) -> bool:
    """Whether values stand over numbers; else they stand beside names."""
    return all(not isinstance(x, str) for x in table["x"])


def _legend_columns(table: pd.DataFrame) -> int:
    # Two where there is room beside the longest name: less where dots have names.
    return 1 if table["series"].str.len().max() > (18 if _is_counted(table) else 13) else 2


def _draw_lines(known: pd.DataFrame, claim: Claim, size: LinearAxis, theme: ChartTheme) -> list[alt.Chart]:
    xs = sorted({*known["x"].astype(float)}) or [0.0]
    kind = "log" if xs[-1] > 10 * xs[0] > 0 else "linear"
    scale = alt.Scale(type=kind, domain=[xs[0], xs[-1]], nice=False)
    axis = alt.Axis(grid=False, values=xs, labelOverlap=True)
    base = alt.Chart(known).encode(x=alt.X("x:Q", title=claim.across, scale=scale, axis=axis))
    return [
        base.mark_area(opacity=0.18).encode(y=size.y("low"), y2=alt.Y2("high:Q")),
        base.mark_line(strokeWidth=theme.size(2)).encode(y=size.y("middle")),
        base.mark_point(filled=True, size=theme.size(60), opacity=1).encode(y=size.y("middle"), shape=_SHAPE),
    ]


def _draw_dots(known: pd.DataFrame, table: pd.DataFrame, size: LinearAxis, theme: ChartTheme) -> list[alt.Chart]:
    """Dots, and words in the rows of which no seed has a number; there are none among lines."""
    axis = alt.Axis(grid=False, domain=False, ticks=False, labelLimit=theme.size(180), labelPadding=theme.size(8))
    y, offset = alt.Y("x:N", title=None, sort=None, axis=axis), alt.YOffset("series:N", sort=None)
    base = alt.Chart(known).encode(y=y, yOffset=offset)
    lost = alt.Chart(table[table["middle"].isna()]).encode(y=y, yOffset=offset)
    words = lost.mark_text(align="left", text="overflows")
    return [
        base.mark_rule(strokeWidth=theme.size(3)).encode(x=size.x("low"), x2=alt.X2("high:Q")),
        base.mark_point(filled=True, size=theme.size(60), opacity=1).encode(x=size.x("middle"), shape=_SHAPE),
        words.encode(x=alt.XValue(theme.size(8))),
    ]


def _choose_axis(table: pd.DataFrame, claim: Claim) -> LinearAxis:
    values = np.concatenate([table[_VALUES].to_numpy(float).ravel(), claim.drawn_limits])
    if claim.pictured.kind == "size":
        return LogAxis.spanning(values)
    if claim.pictured.kind in _SHARES:
        return LinearAxis.share("")
    low, high = min(0.0, np.nanmin(values)), max(0.0, np.nanmax(values))
    return LinearAxis(low * 1.05, high * 1.05, ticks=alt.Axis(tickCount=5))
