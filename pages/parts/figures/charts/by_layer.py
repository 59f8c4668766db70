"""A size by layer, a line and a band over the seeds for each variant, at a step that is chosen in the browser."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from core import Variant
from pages.parts.figures.charts import lines
from pages.parts.figures.charts.marks import alt_text, axis_notes, line_marks, names, playing
from pages.parts.figures.charts.marks.scales import LogAxis, Shared, layer_axis
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
    x = layer_axis(int(table["layer"].max()))
    axis = _axis(table)
    y = Shared.log(title, axis)
    layers = lines.on_log_axis(table, "layer", x, y, variants, theme, points=True)
    layers += _beyond(table, axis, x, y, variants, theme)
    if theory is not None:
        first = theory.assign(record=0)
        band = line_marks.theory_band(first, x, y, axis, theme)
        layers = [*band, *layers, *line_marks.theory_line(first, x, y, axis, theme)]
    first = "" if theory is None or theory.empty else "dotted: theory, "
    layers.append(playing.step_label(steps, theme, names.above_chart(len(variants), theme), first))
    return playing.with_step_slider(layers, len(steps), 0, alt_text.at_ends(table, steps, title))


def _axis(table: pd.DataFrame) -> LogAxis:
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
    return LogAxis.spanning(*first, *near)


def _beyond(
    table: pd.DataFrame, axis: LogAxis, x: alt.X, y: Shared, variants: Sequence[Variant], theme: ChartTheme
) -> list[alt.Chart]:
    """Marks at the ends of the axis for what is further out."""
    drawn = table.assign(size=table["middle"], middle=axis.place(table["middle"]))
    larger = drawn[(drawn["size"] > axis.high) & ~drawn["overflow"]]
    smaller = drawn[(drawn["size"] > 0) & (drawn["size"] < axis.low)]
    ends = ((larger, "triangle-up", "larger"), (smaller, "triangle-down", "smaller"))
    return [
        mark
        for rows, shape, word in ends
        if len(rows)
        for mark in axis_notes.marks(rows, "layer", x, y, shape, word, variants, theme)
    ]
