"""The chart of a finding: lines over numbers or dots beside names, bars for the seeds, a color a series."""

from __future__ import annotations

import altair as alt
import pandas as pd

from core import INITIALIZERS
from core.claims import Finding
from pages.parts.figures.charts.marks import alt_text, axis_notes, stacked, tooltips
from pages.parts.figures.charts.marks.names import NARROW
from pages.parts.figures.charts.marks.scales import LinearAxis, LogAxis, Shared
from pages.parts.figures.theme import ChartTheme

OTHERS = ("he", "normal", "glorot", "xavier", "orthogonal", "constant", "pytorch_default", "zeros")
LEGEND_COLUMNS = 2
SHORT = 12  # letters in a name, of which a phone holds two in a row


def chart(table: pd.DataFrame, finding: Finding, theme: ChartTheme) -> alt.LayerChart:
    """tables.points of the finding; on a log axis exact zeros are marks of their own, what is no number is named."""
    names = list(dict.fromkeys(table["series"]))
    hue = alt.Color(
        "series:N",
        scale=alt.Scale(domain=names, range=colors(names, theme)),
        sort=names,
        legend=_legend(max(map(len, names)), theme) if len(names) > 1 else None,
    )
    size = axis(table, finding)
    known = table.dropna(subset=["middle"])
    known = known.assign(value=known["middle"], range=tooltips.interval(known["low"], known["high"]))
    zeros = known[known["middle"] == 0] if finding.log else known.iloc[:0]
    positive = known.drop(zeros.index)
    if finding.log:
        positive = positive.assign(
            **{column: size.axis.place(positive[column]) for column in ("low", "middle", "high")}
        )
    draw = _over_numbers if counted(table) else _beside_names
    lost = list(dict.fromkeys(table.loc[table["middle"].isna(), "series"]))
    notes = [axis_notes.corner_note(f"{name}: not a number", theme, place) for place, name in enumerate(lost)]
    layers = draw(positive, zeros, table, finding, size, hue, theme)
    bounds = _bounds(finding, size, upright=not counted(table), theme=theme) if finding.bounds else []
    return stacked(*layers, *bounds, *notes, description=alt_text.points(table, finding.axis))


def height(table: pd.DataFrame) -> int:
    """Pixels for the chart: its series' names in rows above, and a row each for what its dots stand beside."""
    series, rows = table["series"].nunique(), table["x"].nunique()
    legend = 26 * -(-series // LEGEND_COLUMNS) if series > 1 else 0
    return legend + (210 if counted(table) else 60 + rows * max(34, 13 * series))


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


def _over_numbers(
    positive: pd.DataFrame,
    zeros: pd.DataFrame,
    table: pd.DataFrame,
    finding: Finding,
    size: Shared,
    hue: alt.Color,
    theme: ChartTheme,
) -> list[alt.Chart]:
    low, high = float(table["x"].min()), float(table["x"].max())
    kind = "log" if low > 0 and high / low > 10 else "linear"
    scale = alt.Scale(type=kind, domain=[low, high if high > low else low + 1], nice=False)
    axis = alt.Axis(grid=False, values=sorted(set(table["x"].astype(float))), labelOverlap=True)
    x = alt.X("x:Q", title=finding.across or None, scale=scale, axis=axis)
    base = alt.Chart(positive)
    return [
        base.mark_area(opacity=0.18).encode(x=x, y=size.y("low"), y2=alt.Y2("high:Q"), color=hue),
        base.mark_line(strokeWidth=theme.size(2)).encode(x=x, y=size.y("middle"), color=hue),
        base.mark_circle(size=theme.size(46), opacity=1).encode(
            x=x, y=size.y("middle"), color=hue, tooltip=_tips("x:Q", finding)
        ),
        *axis_notes.zeros(_on_the_floor(zeros, size), x, size.y("middle"), hue, theme, _tips("x:Q", finding)),
    ]


def _beside_names(
    positive: pd.DataFrame,
    zeros: pd.DataFrame,
    table: pd.DataFrame,
    finding: Finding,
    size: Shared,
    hue: alt.Color,
    theme: ChartTheme,
) -> list[alt.Chart]:
    order = list(dict.fromkeys(table["x"]))
    y = alt.Y("x:N", title=None, sort=order, axis=alt.Axis(grid=False, domain=False, ticks=False, labelLimit=150))
    offset = alt.YOffset("series:N", sort=list(dict.fromkeys(table["series"])))
    base = alt.Chart(positive)
    bars = base.mark_rule(strokeWidth=theme.size(3)).encode(
        x=size.x("low"), x2=alt.X2("high:Q"), y=y, yOffset=offset, color=hue
    )
    dots = base.mark_circle(size=theme.size(70), opacity=1).encode(
        x=size.x("middle"), y=y, yOffset=offset, color=hue, tooltip=_tips("x:N", finding)
    )
    floor = alt.Chart(_on_the_floor(zeros, size)).mark_point(
        shape="triangle-left", filled=True, size=theme.size(90), opacity=1
    )
    floor = floor.encode(x=size.x("middle"), y=y, yOffset=offset, color=hue, tooltip=_tips("x:N", finding))
    marks = [floor] if len(zeros) else []
    return [bars, dots, *marks]


def _bounds(finding: Finding, size: Shared, *, upright: bool, theme: ChartTheme) -> list[alt.Chart]:
    """What the values are to be read against: a dashed line with its meaning."""
    base = alt.Chart(pd.DataFrame([{"bound": bound.value, "words": bound.said} for bound in finding.bounds]))
    at = {"x": size.x("bound")} if upright else {"y": size.y("bound")}
    start = {"y": alt.YValue("height")} if upright else {"x": alt.XValue(0)}
    style = {"align": "left", "dx": theme.size(5), "dy": -theme.size(7), "fontSize": theme.size(13)}
    edge = base.mark_text(**style, stroke=theme.paper, strokeWidth=4, strokeJoin="round")
    words = [mark.encode(text="words:N", **at, **start) for mark in (edge, base.mark_text(**style, color=theme.quiet))]
    return [base.mark_rule(strokeDash=[5, 4], color=theme.quiet, strokeWidth=theme.size(2)).encode(**at), *words]


def _on_the_floor(zeros: pd.DataFrame, size: Shared) -> pd.DataFrame:
    return zeros.assign(middle=size.axis.low)


def _tips(x: str, finding: Finding) -> list[alt.Tooltip]:
    values = tooltips.value("value", finding.axis or "value"), tooltips.words("range", "range over seeds")
    return [tooltips.words("series", "of"), alt.Tooltip(x, title=finding.across or "with"), *values]


def _legend(longest: int, theme: ChartTheme) -> alt.Legend:
    return alt.Legend(
        title=None,
        orient="top",
        columns=alt.ExprRef(f"{NARROW} ? 1 : {LEGEND_COLUMNS}") if longest > SHORT else LEGEND_COLUMNS,
        labelLimit=220,
        labelColor=theme.ink,
        labelFontSize=theme.size(13),
        symbolOpacity=1,
        symbolType="circle",
    )


def axis(table: pd.DataFrame, finding: Finding) -> Shared:
    """The axis of the values, which all of them share."""
    # The axis' title stands above the chart, as its heading.
    bounds = pd.Series([bound.value for bound in finding.bounds], dtype=float)
    columns = [table[column].astype(float) for column in ("low", "middle", "high")] + [bounds]
    if finding.log:
        return Shared.log("", LogAxis.spanning(*columns))
    within_all = pd.concat(columns)
    low, high = within_all.min(), within_all.max()
    if not low <= high:  # nothing but NaN
        low, high = 0.0, 1.0
    margin = 0.08 * (high - low) or 0.5
    within = LinearAxis(float(low - margin), float(high + margin))
    return Shared("", alt.Scale(domain=[within.low, within.high], nice=False), alt.Axis(tickCount=5), within)
