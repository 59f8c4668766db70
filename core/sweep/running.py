"""Trains the cells of a map, on the cores of a machine or of a cluster, and estimates how long that takes."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from core import statistics, wording
from core.engine.budget import cost
from core.engine.sharing import cores
from core.experiment import Array, Result, merge_shards, train_shard
from core.settings import Experiment
from core.sweep.sweep import Cell, Stack, Sweep

TRIES = 3  # in a row in which a process dies before anything is finished
SAMPLE_WORK, FEWEST_STEPS = 2e10, 4  # of a sample: half a second; the whole training where that takes less

Measured = Mapping[str, Array]  # by a name in MEASURED, the numbers of some cells (cell, seed)

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
        chance = statistics.chance_loss(self.sweep.base)
        return np.nan_to_num(self.final_loss, nan=np.inf) < statistics.LEARNED * chance

    @property
    def stalled(self) -> Array:
        """Which runs (y, x, seed) ended at the chance loss, no better than guessing, as in `statistics.outcome`."""
        guessed = statistics.chance_accuracy(self.sweep.base)
        informed = self.accuracy - guessed > statistics.INFORMED * (1 - guessed)
        return (self.final_loss > statistics.STALLED * statistics.chance_loss(self.sweep.base)) & ~informed


def measure_stack(stack: Stack) -> tuple[tuple[Cell, ...], dict[str, Array]]:
    """Train a stack on one core, and measure its cells."""
    shard = train_shard(stack.experiment, 0, 1, 1, lambda fraction: None)
    return stack.cells, measure_cells(merge_shards(stack.experiment, [shard]))


def measure_cells(result: Result) -> dict[str, Array]:
    """The arrays (variant, seed) named in MEASURED, from a result with a variant for each cell."""
    variants = range(len(result.experiment.variants))
    return {
        "final_loss": statistics.final_loss(result),
        "accuracy": statistics.final_accuracy(result),
        "forward_factor": np.array([statistics.forward_factor(result, v).per_layer for v in variants]),
        "backward_factor": np.array([statistics.backward_factor(result, v).per_layer for v in variants]),
        "diverged_at": result.diverged_at.astype(np.float64),
    }


def run_sweep(
    sweep: Sweep,
    *,
    known: SweepResult | None = None,
    notify: Callable[[Sequence[Cell], Measured], object] = lambda cells, measured: None,
    jobs: int | None = None,
    scheduler: str = "",
) -> SweepResult:
    """Train the cells that are missing in `known`, and return all; `notify` is called as each stack is finished.

    Training takes `jobs` processes, by default one for each core; with `scheduler`, as in tcp://host:8786, its Dask
    workers, which must have this code. The numbers are the same, to the bit on one kind of processor. If a process
    dies, stacks that are not finished are trained again; RuntimeError where processes keep dying.
    """
    import joblib
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    backend: dict[str, Any] = {"backend": "loky", "n_jobs": jobs or cores()}
    client: AbstractContextManager[Any] = nullcontext()
    death: type[Exception] = TerminatedWorkerError
    if scheduler:
        from distributed import Client, KilledWorker

        backend, client, death = {"backend": "dask"}, Client(scheduler), KilledWorker
    result = known or SweepResult(sweep)
    failures = 0
    with client, joblib.parallel_config(**backend):
        while missing := result.missing:
            # The last to begin are the shortest, so that all processes are busy to the end.
            stacks = sorted(sweep.stacks(missing), key=lambda stack: -cost(stack.experiment).work)
            parallel = joblib.Parallel(batch_size=1, return_as="generator_unordered")
            try:
                for cells, measured in parallel(joblib.delayed(measure_stack)(stack) for stack in stacks):
                    result.add(cells, measured)
                    notify(cells, measured)
                    failures = 0
            except death as error:
                failures += 1
                if failures == TRIES:
                    raise RuntimeError(f"A process that trains died {TRIES} times in a row.") from error
    return result


def describe_cost(sweep: Sweep, processes: int) -> str:
    """A sentence with the time to train every cell on so many processes, estimated by short trainings here."""
    stacks = sorted(sweep.stacks(sweep.cells), key=lambda stack: cost(stack.experiment).work)
    work = np.array([cost(stack.experiment).work for stack in stacks])
    # From the smallest stack to the largest; cells that diverge cost less, and so do they as samples.
    places = np.unique(np.linspace(0, len(stacks) - 1, 5).round().astype(int))
    _seconds_per_work(replace(stacks[0].experiment, steps=1))  # the first pays for what is made once
    paces = [_seconds_per_work(stacks[place].experiment) for place in places]
    each = work * np.interp(work, work[places], paces)
    seconds = 2.0 + float(max(each.sum() / processes, each.max()))  # the first two for imports
    duration = f"{wording.number(seconds)} seconds" if seconds < 60 else f"{wording.number(seconds / 60)} minutes"
    multiply_adds = wording.write_factor(sum(cost(stack.experiment).multiply_adds for stack in stacks))
    return (
        f"{int(np.prod(sweep.shape)):,} networks, {multiply_adds} multiply-adds: "
        f"about {duration} on {wording.count_things(processes, 'core')} like this machine's."
    )


def _seconds_per_work(experiment: Experiment) -> float:
    """The seconds that a unit of its work takes here, timed over its first steps."""
    share = SAMPLE_WORK / cost(experiment).work
    steps = min(experiment.steps, max(FEWEST_STEPS, round(share * experiment.steps)))
    brief = replace(experiment, steps=steps)
    started = time.process_time()  # what others do at the same time is not the map's
    train_shard(brief, 0, 1, 1, lambda fraction: None)
    return (time.process_time() - started) / cost(brief).work
