"""A map's cells as rows: where they are drawn, how their networks ended, and what a pointer reads off them."""

from __future__ import annotations

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
    shown = [_representative(finished, row, column) for row in rows for column in columns]
    cells = [(row, column) for row in rows for column in columns]
    table = pd.DataFrame(cells, columns=["row", "column"])
    places = np.array([place or (-1, -1) for place in shown])
    known = places[:, 0] >= 0
    at = tuple(np.where(known, places.T, 0))
    sides = (("x", "across", result.sweep.x, columns, 1), ("y", "up", result.sweep.y, rows, 0))
    for name, middle, axis, kept, index in sides:
        low, high = _edges(axis, kept)
        order = np.searchsorted(kept, [cell[index] for cell in cells])
        table[name] = [format_setting(axis.values[cell[index]]) for cell in cells]
        table[f"{name}_low"], table[f"{name}_high"] = low[order], high[order]
        table[middle] = (np.sqrt(low * high) if axis.is_log else (low + high) / 2)[order]
    measured = {"accuracy": result.accuracy, "loss": result.final_loss, "gradient": result.backward_factor}
    values = measured[color]
    seeds = result.sweep.base.seeds
    table["value"] = np.where(known, average(values[at]), np.nan)
    table["hue"] = _hues(table["value"], color)
    table["diverged"] = np.where(known, result.diverged[at].sum(axis=1), 0)
    table["stalled"] = np.where(known, result.stalled[at].sum(axis=1), 0)
    table["seeds"] = seeds
    table["trained"] = finished[tuple(np.array(cells).T)]
    own = [result if trained else None for trained in table["trained"]]
    table["ends"] = [_ends(known, cell) if known else "not trained yet" for known, cell in zip(own, cells, strict=True)]
    for direction, factors in (("forward", result.forward_factor), ("backward", result.backward_factor)):
        middles = average(factors[tuple(np.array(cells).T)])
        table[direction] = [_factor(middle) if known else "" for known, middle in zip(own, middles, strict=True)]
    return table


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
    if not values.notna().any():
        return values.fillna(0)
    hues = _scaled(values, color)
    return hues.fillna(hues.min())


def _scaled(values: pd.Series, color: str) -> pd.Series:
    if color == "accuracy":
        return values
    if color == "gradient":
        return np.log2(np.maximum(values, 1e-300)).clip(-DOUBLINGS, DOUBLINGS)
    decades = np.log10(np.maximum(values, 1e-300))
    return decades.clip(upper=decades.min() + LOSS_DECADES)


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
