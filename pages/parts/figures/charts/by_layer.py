"""A size by layer, a line and a band over the seeds for each variant, at a step that is chosen in the browser."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from core import Variant
from pages.parts.figures.charts import lines
from pages.parts.figures.charts.marks import alt_text, axis_notes, line_marks, names, playing
from pages.parts.figures.charts.marks.scales import Axes, LogAxis, layer_axis
from pages.parts.figures.theme import ChartTheme


def chart(
    table: pd.DataFrame,
    steps: Sequence[int],
    variants: Sequence[Variant],
    theme: ChartTheme,
    title: str,
    theory: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """On a log axis, direct labels at the last layer, zeros and overflow as marks; tables.layers.

    At one of the recorded `steps`, the first to begin with. `theory` (tables.theory) is of the first: dashed lines
    with the band where single draws should fall, cut off where the axis ends.
    """
    axes = Axes("layer", layer_axis(int(table["layer"].max())), _axis(table, title), theme, variants)
    layers = [*lines.on_axis(table, axes, points=True), *_beyond(table, axes)]
    if theory is not None:
        band, line = line_marks.theory(theory.assign(record=0), axes)
        layers = [band, *layers, line]
    before = "" if theory is None or theory.empty else "dotted: theory, "
    y = names.above_chart(len(variants), theme)
    description = alt_text.at_ends(table, steps, title)
    return playing.with_step_slider(layers, steps, theme, description, y=y, before=before)


def _axis(table: pd.DataFrame, title: str) -> LogAxis:
    """That of the first record with sizes: later ones widen it by half of its decades, or by two, on either side.

    One axis for all, or play would be a picture whose frame moves; and the first step is what most sentences are of.
    """
    record, sizes = table["record"].to_numpy(), table["middle"].to_numpy()
    early = record <= (record[sizes > 0].min() if (sizes > 0).any() else 0)
    columns = [column.to_numpy() for column in lines.ends(table)]
    first = [column[early] for column in columns]
    axis = LogAxis.spanning(*first)
    room = 10.0 ** min(max(2.0, axis.decades / 2), 300.0)
    later = (column[~early] for column in columns)
    near = [
        np.where((column == 0) | np.isposinf(column), column, np.clip(column, axis.low / room, axis.high * room))
        for column in later
    ]
    return LogAxis.spanning(*first, *near, title=title)


def _beyond(table: pd.DataFrame, axes: Axes) -> list[alt.Chart]:
    """Marks at the ends of the axis for what is further out."""
    drawn, low, high = axes.place(table), axes.y.low, axes.y.high
    larger = drawn[(drawn["size"] > high) & ~drawn["overflow"]]
    smaller = drawn[(drawn["size"] > 0) & (drawn["size"] < low)]
    return [
        *axis_notes.variant_marks(larger, axes, "triangle-up", "larger"),
        *axis_notes.variant_marks(smaller, axes, "triangle-down", "smaller"),
    ]
