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


def regions(result: SweepResult, color: str) -> pd.DataFrame:
    """A row a cell: its values and edges, what its color stands for, counts of seeds, and the pointer's words.

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
    for name, axis, kept, index in (("x", result.sweep.x, columns, 1), ("y", result.sweep.y, rows, 0)):
        low, high = _edges(axis, kept)
        order = np.searchsorted(kept, [cell[index] for cell in cells])
        table[name] = [format_setting(axis.values[cell[index]]) for cell in cells]
        table[f"{name}_low"], table[f"{name}_high"] = low[order], high[order]
    measured = {"accuracy": result.accuracy, "loss": result.final_loss, "gradient": result.backward_factor}
    values = measured[color]
    seeds = result.sweep.base.seeds
    table["value"] = np.where(known, average(values[at]), np.nan)
    table["diverged"] = np.where(known, result.diverged[at].sum(axis=1), 0)
    table["stalled"] = np.where(known, result.stalled[at].sum(axis=1), 0)
    table["seeds"] = seeds
    table["trained"] = finished[tuple(np.array(cells).T)]
    own = [result if trained else None for trained in table["trained"]]
    table["ends"] = [_ends(known, cell) if known else "not trained yet" for known, cell in zip(own, cells, strict=True)]
    table["forward"], table["backward"] = (
        [_factor(factors[cell]) if known else "" for known, cell in zip(own, cells, strict=True)]
        for factors in (result.forward_factor, result.backward_factor)
    )
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
    is_log = axis.kind.is_log and values[0] > 0
    if is_log:
        values = np.log(values)
    gaps = np.diff(values) if len(values) > 1 else np.array([0.5])
    middles = values[:-1] + gaps[: len(values) - 1] / 2
    edges = np.concatenate([[values[0] - gaps[0] / 2], middles, [values[-1] + gaps[-1] / 2]])
    edges = np.exp(edges) if is_log else edges
    return edges[:-1], edges[1:]


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


def _factor(factors: Array) -> str:
    middle = float(average(factors[None])[0])
    return f"× {number(middle)}" if np.isfinite(middle) else "one layer"
