"""What a map's networks came to: a number each cell and seed, and the shares of those that train."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from core import statistics
from core.experiment import Array, Result, merge_shards, train_shard
from core.sweep.sweep import Cell, Stack, Sweep

Measured = Mapping[str, Array]  # of some cells: each of MEASURED (cell, seed)

MEASURED = ("final_loss", "accuracy", "forward_factor", "backward_factor", "diverged_at")


@dataclass
class SweepResult:
    """Arrays (y, x, seed) in float64, NaN where a cell is not trained yet. `add` fills them in, a stack at a time."""

    sweep: Sweep
    final_loss: Array = field(init=False)  # over the last tenth of the steps; NaN where the run diverged
    accuracy: Array = field(init=False)  # on the test set, after the last step; NaN without classes, too
    forward_factor: Array = field(init=False)  # of rms(A) a layer at step 0; NaN with one hidden layer
    backward_factor: Array = field(init=False)  # of rms(dZ) a layer, going back
    diverged_at: Array = field(init=False)  # the step of the first number that is not finite, or −1

    def __post_init__(self) -> None:
        for name in MEASURED:
            setattr(self, name, np.full(self.sweep.shape, np.nan))

    def add(self, cells: Iterable[Cell], measured: Measured) -> None:
        rows, columns = np.array(tuple(cells)).T
        for name in MEASURED:
            getattr(self, name)[rows, columns] = measured[name]

    @property
    def nbytes(self) -> int:
        return sum(getattr(self, name).nbytes for name in MEASURED)

    @property
    def finished(self) -> Array:
        """Which cells (y, x) are trained."""
        return np.isfinite(self.diverged_at[:, :, 0])

    @property
    def missing(self) -> list[Cell]:
        """The cells that are not trained yet, row by row."""
        return [(int(row), int(column)) for row, column in np.argwhere(~self.finished)]

    @property
    def diverged(self) -> Array:
        """Which runs (y, x, seed) met a number that is not finite."""
        return self.diverged_at >= 0

    @property
    def learned(self) -> Array:
        """Which runs (y, x, seed) ended below half of the chance loss."""
        return np.nan_to_num(self.final_loss, nan=np.inf) < statistics.LEARNED * statistics.chance_loss(self.sweep.base)

    @property
    def stalled(self) -> Array:
        """Which runs (y, x, seed) ended at the chance loss, no better than guessing: `statistics.outcome` says why."""
        guessed = statistics.chance_accuracy(self.sweep.base)
        informed = self.accuracy - guessed > statistics.INFORMED * (1 - guessed)
        return (self.final_loss > statistics.STALLED * statistics.chance_loss(self.sweep.base)) & ~informed


def measure_stack(stack: Stack) -> tuple[tuple[Cell, ...], dict[str, Array]]:
    """Train a stack on one core, and measure its cells; here, or in another process, on another machine."""
    shard = train_shard(stack.experiment, 0, 1, 1, lambda fraction: None)
    return stack.cells, measure_cells(merge_shards(stack.experiment, [shard]))


def measure_cells(result: Result) -> dict[str, Array]:
    """MEASURED of a result, a variant a cell (variant, seed)."""
    variants = range(len(result.experiment.variants))
    return {
        "final_loss": statistics.final_loss(result),
        "accuracy": statistics.final_accuracy(result),
        "forward_factor": np.array([statistics.forward_factor(result, v).per_layer for v in variants]),
        "backward_factor": np.array([statistics.backward_factor(result, v).per_layer for v in variants]),
        "diverged_at": result.diverged_at.astype(np.float64),
    }
