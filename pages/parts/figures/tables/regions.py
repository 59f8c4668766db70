"""A map's cells as rows: where they are drawn, how their networks ended, and what a pointer reads off them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.statistics import average
from core.sweep import Axis, SweepResult
from core.sweep.sweep import STRIDES
from core.wording import format_setting, number, percent

Array = np.ndarray
MOST = 96  # cells along a side that are drawn: of larger maps every second row and column, or fewer
DOUBLINGS = 1  # a factor of two either way is as far as colors tell gradients apart
LOSS_DECADES = 3  # above the lowest loss that colors tell apart


def regions(result: SweepResult, color: str) -> pd.DataFrame:
    """A row a cell: its values, edges and middle, what its color stands for, counts of seeds, and the pointer's words.

    `color` is accuracy, loss or gradient: its factor a layer going back, at the start. A cell that is not trained yet
    shows what a coarser one around it is like; `trained` says which.
    """
    rows, columns = (_choose_drawn(count) for count in result.sweep.shape[:2])
    finished = result.finished
    cells = [(row, column) for row in rows for column in columns]
    own = tuple(np.array(cells).T)
    places = np.array([_representative(finished, *cell) or (-1, -1) for cell in cells])
    known = places[:, 0] >= 0
    at = tuple(np.where(known, places.T, 0))
    made: dict[str, object] = {"row": own[0], "column": own[1]}  # a column added to a table takes as long as making one
    sides = (("x", "across", result.sweep.x, columns, 1), ("y", "up", result.sweep.y, rows, 0))
    for name, middle, axis, kept, index in sides:
        low, high = _edges(axis, kept)
        order = np.searchsorted(kept, own[index])
        made[name] = np.array([format_setting(axis.values[place]) for place in kept])[order]
        made[f"{name}_low"], made[f"{name}_high"] = low[order], high[order]
        made[middle] = (np.sqrt(low * high) if axis.is_log else (low + high) / 2)[order]
    measured = {"accuracy": result.accuracy, "loss": result.final_loss, "gradient": result.backward_factor}
    made["value"] = pd.Series(np.where(known, average(measured[color][at]), np.nan))
    made["hue"] = _hues(made["value"], color)
    made["diverged"] = np.where(known, result.diverged[at].sum(axis=1), 0)
    made["stalled"] = np.where(known, result.stalled[at].sum(axis=1), 0)
    made["trained"] = trained = finished[own]
    made["ends"] = [
        _ends(result, cell) if is_trained else "not trained yet"
        for is_trained, cell in zip(trained, cells, strict=True)
    ]
    for direction, factors in (("forward", result.forward_factor), ("backward", result.backward_factor)):
        middles = zip(trained, average(factors[own]), strict=True)
        made[direction] = [_factor(middle) if is_trained else "" for is_trained, middle in middles]
    return pd.DataFrame(made)


def _choose_drawn(count: int) -> list[int]:
    return list(range(0, count, -(-count // MOST)))


def _representative(finished: Array, row: int, column: int) -> tuple[int, int] | None:
    """The cell itself once it is trained, else the nearest of the coarser ones around it that is."""
    coarser = ((row - row % stride, column - column % stride) for stride in reversed(STRIDES))
    return next((place for place in coarser if finished[place]), None)


def _edges(axis: Axis, kept: Sequence[int]) -> tuple[Array, Array]:
    """Where cells begin and end: half way to the next, in the axis' own measure; below 0 nowhere."""
    values = np.array([axis.values[place] for place in kept], dtype=float)
    if axis.is_log:
        values = np.log(values)
    gaps = np.diff(values) if len(values) > 1 else np.array([0.5])
    middles = values[:-1] + gaps[: len(values) - 1] / 2
    edges = np.concatenate([[values[0] - gaps[0] / 2], middles, [values[-1] + gaps[-1] / 2]])
    edges = np.exp(edges) if axis.is_log else edges
    return edges[:-1], edges[1:]


def _hues(values: pd.Series, color: str) -> pd.Series:
    """The number that the color scale takes; where there is no value the lowest, for Vega-Lite leaves out rows without.

    That of an accuracy is itself, of a loss its decade, of a gradient its doublings.
    """
    hues = values
    if color == "gradient":
        hues = np.log2(np.maximum(values, 1e-300)).clip(-DOUBLINGS, DOUBLINGS)
    if color == "loss":
        decades = np.log10(np.maximum(values, 1e-300))
        hues = decades.clip(upper=decades.min() + LOSS_DECADES)
    return hues.fillna(hues.min() if hues.notna().any() else 0)


def _ends(result: SweepResult, cell: tuple[int, int]) -> str:
    written = []
    for loss, accuracy, diverged in zip(
        result.final_loss[cell], result.accuracy[cell], result.diverged[cell], strict=True
    ):
        if diverged:
            written.append("overflows")
        else:
            written.append(percent(float(accuracy)) if np.isfinite(accuracy) else f"loss {number(float(loss))}")
    return ", ".join(written)


def _factor(middle: float) -> str:
    return f"× {number(float(middle))}" if np.isfinite(middle) else "one layer"
