"""Training a map: its stacks shared out over the cores of this machine, or over those of a cluster, by joblib."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from core.engine.budget import cost
from core.engine.sharing import cores
from core.sweep.results import Measured, SweepResult, measure_stack
from core.sweep.sweep import Cell, Stack, Sweep

TRIES = 3  # in a row in which a process dies before anything is finished

Notify = Callable[[Sequence[Cell], Measured], object]


def run_sweep(
    sweep: Sweep,
    *,
    known: SweepResult | None = None,
    notify: Notify = lambda cells, measured: None,
    jobs: int | None = None,
    scheduler: str = "",
) -> SweepResult:
    """Train the cells that `known` does not have, and return all; `notify` is called for each stack that is finished.

    On `jobs` processes, by default one a core; with `scheduler`, as in tcp://host:8786, on the workers of Dask that it
    has, which must have this code. The numbers are the same, to the bit on one kind of processor. What a process that
    dies has not finished is tried again; RuntimeError where one keeps dying.
    """
    result = known or SweepResult(sweep)
    failures = 0
    with _backend(scheduler, jobs or cores()) as deaths:
        while missing := result.missing:
            # The last to begin are the shortest, so that all processes are busy to the end.
            stacks = sorted(sweep.stacks(missing), key=lambda stack: -cost(stack.experiment).work)
            try:
                for cells, measured in _trained(stacks):
                    result.add(cells, measured)
                    notify(cells, measured)
                    failures = 0
            except deaths as error:
                failures += 1
                if failures == TRIES:
                    raise RuntimeError(f"A process that trains died {TRIES} times in a row.") from error
    return result


def _trained(stacks: Sequence[Stack]) -> Iterator[tuple[tuple[Cell, ...], Measured]]:
    import joblib

    parallel = joblib.Parallel(batch_size=1, return_as="generator_unordered")
    yield from parallel(joblib.delayed(measure_stack)(stack) for stack in stacks)


@contextmanager
def _backend(scheduler: str, jobs: int) -> Iterator[tuple[type[Exception], ...]]:
    """Within it joblib trains here, or on a cluster; the errors by which it says that a process has died."""
    import joblib
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    if not scheduler:
        with joblib.parallel_config("loky", n_jobs=jobs):
            yield (TerminatedWorkerError,)
        return
    from distributed import Client, KilledWorker

    with Client(scheduler), joblib.parallel_config("dask"):
        yield (KilledWorker,)
