"""The loss while training: what makes its chart, of a result alone or with pinned runs beside it."""

from collections.abc import Callable

import altair as alt

from core import Result, statistics
from pages.parts.compare.compare_pinned import PinnedComparison
from pages.parts.figures import tables
from pages.parts.figures.charts import lines
from pages.parts.figures.theme import ChartTheme


def loss_chart(result: Result, theme: ChartTheme) -> Callable[[], alt.LayerChart]:
    """A line a variant, and a mark where its seeds overflow."""
    variants = result.experiment.variants
    return lambda: lines.by_step(
        tables.steps(result, "loss"), variants, theme, "training loss", tables.divergences(result)
    )


def explain_dashed(result: Result) -> str:
    """Why a line goes on dashed, where one does."""
    lost = statistics.diverged(result)
    if not (lost.any(axis=1) & ~lost.all(axis=1)).any():
        return ""
    return (
        "Dashed: some seeds have overflowed, and the line is the median of those that are left. It can jump when one "
        "more is lost."
    )


def with_pinned(comparison: PinnedComparison, theme: ChartTheme) -> Callable[[], alt.LayerChart]:
    """The same of the current run and of those that are pinned."""
    return lambda: lines.by_step(
        comparison.table(lambda run: tables.steps(run, "loss")),
        comparison.variants,
        theme,
        "training loss",
        comparison.table(tables.divergences),
    )
