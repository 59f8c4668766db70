"""A map's cells as rows: where they are drawn, how their networks ended, and what a pointer reads off them."""

import numpy as np
import pandas as pd

from core.statistics import average
from core.sweep import Axis, SweepResult
from core.sweep.sweep import STRIDES
from core.wording import format_setting, number, percent

MOST = 96  # cells along a side that are drawn: of larger maps every second row and column, or fewer
DOUBLINGS = 1  # a factor of two either way is as far as colors tell gradients apart


def regions(result: SweepResult, color: str) -> pd.DataFrame:
    """A row a cell: its values, edges and middle, what its color stands for, counts of seeds, and the pointer's words.

    `color` is accuracy, loss or gradient: its factor a layer going back, at the start. A cell that is not trained yet
    shows what a coarser one around it is like; `trained` says which.
    """
    sweep, finished = result.sweep, result.finished
    rows, columns = (np.arange(0, count, -(-count // MOST)) for count in sweep.shape[:2])
    up, across = (order.ravel() for order in np.indices((len(rows), len(columns))))
    row, column = rows[up], columns[across]
    trained = finished[row, column]
    source = np.full((2, len(row)), -1)
    for stride in STRIDES:  # from coarse to fine
        coarser = row - row % stride, column - column % stride
        source = np.where(finished[coarser], coarser, source)
    known = source[0] >= 0
    source = tuple(np.where(known, source, 0))
    measured = {"accuracy": result.accuracy, "loss": result.final_loss, "gradient": result.backward_factor}
    value = pd.Series(np.where(known, average(measured[color][source]), np.nan))
    # A column added to a table takes as long as making one, so that they are gathered first.
    table: dict[str, object] = {"row": row, "column": column}
    for name, middle, axis, drawn, order in (("x", "across", sweep.x, columns, across), ("y", "up", sweep.y, rows, up)):
        low, high = (edges[order] for edges in _edges(axis, drawn))
        table[name] = np.array([format_setting(axis.values[place]) for place in drawn])[order]
        table |= {f"{name}_low": low, f"{name}_high": high}
        table[middle] = np.sqrt(low * high) if axis.is_log else (low + high) / 2
    table |= {"value": value, "hue": _hues(value, color)}
    table["diverged"] = np.where(known, result.diverged[source].sum(axis=1), 0)
    failed = ~(result.learned | result.diverged)
    table["failed"] = np.where(known, failed[source].sum(axis=1), 0)
    table["trained"] = trained
    cells = zip(trained, row, column, strict=True)
    table["ends"] = [_ends(result, y, x) if is_trained else "not trained yet" for is_trained, y, x in cells]
    for direction, factors in (("forward", result.forward_factor), ("backward", result.backward_factor)):
        middles = average(factors[row, column])
        words = [f"× {number(float(middle))}" for middle in middles]
        table[direction] = np.select([~trained, ~np.isfinite(middles)], ["", "one layer"], words)
    return pd.DataFrame(table)


def _edges(axis: Axis, drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper edges of cells: half way to the next, in the axis' own measure; below 0 nowhere."""
    values = np.array(axis.values, dtype=float)[drawn]
    if axis.is_log:
        values = np.log(values)
    gaps = np.diff(values) if len(values) > 1 else np.array([0.5])
    middles = values[:-1] + gaps[: len(values) - 1] / 2
    edges = np.concatenate([[values[0] - gaps[0] / 2], middles, [values[-1] + gaps[-1] / 2]])
    edges = np.exp(edges) if axis.is_log else edges
    return edges[:-1], edges[1:]


def _hues(values: pd.Series, color: str) -> pd.Series:
    """What the color scale takes; where there is no value the lowest, for Vega-Lite leaves out rows without."""
    hues = values
    if color == "gradient":
        hues = np.log2(np.maximum(values, 1e-300)).clip(-DOUBLINGS, DOUBLINGS)
    if color == "loss":
        decades = np.log10(np.maximum(values, 1e-300))
        hues = decades.clip(upper=decades.min() + 3)  # which colors tell apart
    return hues.fillna(hues.min() if hues.notna().any() else 0)


def _ends(result: SweepResult, row: int, column: int) -> str:
    seeds = zip(result.accuracy[row, column].tolist(), result.final_loss[row, column].tolist(), strict=True)
    words = [f"{percent(right)} correct" if np.isfinite(right) else f"loss {number(loss)}" for right, loss in seeds]
    return ", ".join(np.where(result.diverged[row, column], "overflows", words))
