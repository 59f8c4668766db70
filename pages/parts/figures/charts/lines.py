"""A line and a band over the seeds for each variant: by training step, on a logarithmic or a linear axis."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core import Variant
from core.wording import number, percent
from pages.parts.figures.charts.marks import (
    alt_text,
    axis_notes,
    divergence,
    line_marks,
    names,
    stacked,
    survivors,
    tooltips,
)
from pages.parts.figures.charts.marks.scales import Axes, LinearAxis, LogAxis, step_axis
from pages.parts.figures.theme import ChartTheme

FURTHEST = 1e12  # how far below all sizes their rounding may be and still be drawn


def by_step(
    table: pd.DataFrame,
    variants: Sequence[Variant],
    theme: ChartTheme,
    title: str,
    divergences: pd.DataFrame | None = None,
    floor: float = 0.0,
) -> alt.LayerChart:
    """A size by training step on a log axis; a cross where runs stopped being numbers; tables.steps, .divergences.

    `floor` is drawn as a rule, where an axis can show it and the sizes: below it a size is rounding.
    """
    smallest = table["middle"].where(table["middle"] > 0).min()
    floor = 0.0 if floor < smallest / FURTHEST else floor
    lost = divergence.find_lost(table, divergences)
    # A line that ends as not a number would stretch the axis until the others lie flat: it is cut off instead.
    ending = table[~table["variant"].isin(lost)] if set(table["variant"]) - set(lost) else table
    y = LogAxis.spanning(*ends(ending), [floor] if floor > 0 else [], title=title)
    axes = Axes("step", step_axis(table), y, theme, variants)
    return _over_steps(table, axes, divergences, lost, _floor(floor, theme))


def share_by_step(
    table: pd.DataFrame,
    variants: Sequence[Variant],
    theme: ChartTheme,
    title: str,
    divergences: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """A share from 0 to 1 by training step, a cross where runs stopped being numbers; tables.steps, .divergences."""
    axes = Axes("step", step_axis(table), LinearAxis.share(title), theme, variants)
    lost = divergence.find_lost(table, divergences)
    return _over_steps(table, axes, divergences, lost, points=True, write=percent)


def count_by_step(
    table: pd.DataFrame, variants: Sequence[Variant], theme: ChartTheme, title: str, highest: int
) -> alt.LayerChart:
    """A count from 1 to `highest` by training step, on a log axis; tables.steps."""
    table = table.assign(middle=table["middle"].where(table["middle"] > 0))
    ticks = [1, *(n for n in (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024) if n < highest * 0.8), highest]
    y = LogAxis(0.9, max(2, highest) * 1.1, title, alt.Axis(values=sorted(set(ticks)), format="d"))
    axes = Axes("step", step_axis(table), y, theme, variants)
    return _over_steps(table, axes, points=True, write="{:g}".format)


def _over_steps(
    table: pd.DataFrame,
    axes: Axes,
    divergences: pd.DataFrame | None = None,
    lost: Sequence[str] = (),
    above: Sequence[alt.Chart] = (),
    points: bool = False,
    write: alt_text.Write = number,
) -> alt.LayerChart:
    """The lines with their crosses; `lost` are the variants that no seed of has a number left."""
    layers = on_axis(table, axes, points, lost, divergence.find_counted(divergences))
    crosses = divergence.crosses(divergences, lost, axes, table)
    description = alt_text.lines(table, "step", axes.y.title, write=write) + alt_text.diverged(divergences)
    return stacked(*layers, *crosses, *above, description=description)


def _floor(floor: float, theme: ChartTheme) -> list[alt.Chart]:
    if not floor > 0:
        return []
    base = alt.Chart(pd.DataFrame({"middle": [floor], "words": ["rounding"]})).encode(y=alt.Y("middle:Q"))
    rule = base.mark_rule(strokeDash=[2, 3], strokeWidth=theme.size(2), color=theme.quiet)
    word = base.mark_text(align="right", dx=-4, dy=-theme.size(8), color=theme.quiet)
    return [
        rule.encode(tooltip=[tooltips.value("middle", "rounding error")]),
        word.encode(x=alt.XValue("width"), text=alt.Text("words:N")),
    ]


def ends(table: pd.DataFrame) -> list[pd.Series]:
    """What an axis over the lines and bands of a table has to hold, overflow as infinity."""
    return [table["low"], table["middle"], table["high"].where(~table["overflow"], float("inf"))]


def on_axis(
    table: pd.DataFrame, axes: Axes, points: bool = False, unlabeled: Sequence[str] = (), counted: Sequence[str] = ()
) -> list[alt.Chart]:
    """Lines and bands of a table with their names; zeros stand on the floor of a log axis, overflow at its top.

    How many seeds are left is written beside the lines, but for the `counted`, of which other marks say it.
    """
    drawn, zero = axes.place(table), (table["middle"] == 0) & isinstance(axes.y, LogAxis)
    overflowing = drawn[table["overflow"]].assign(middle=axes.y.high)
    return [
        *line_marks.of_variants(drawn[~zero], axes, points),
        *names.labels(drawn, axes, unlabeled),
        *survivors.labels(drawn, axes, counted),
        *axis_notes.variant_marks(drawn[zero], axes, "triangle-down", "exactly 0"),
        *axis_notes.variant_marks(overflowing, axes, "triangle-up", "overflow"),
    ]
