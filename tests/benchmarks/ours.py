"""This product's core, on threads and as pages train: drawing weights, every probe and the test accuracy included."""

from __future__ import annotations

import atexit
import functools
from collections.abc import Callable
from functools import partial

import numpy as np

from core import Experiment, Result, run
from core.engine.sharing import cores
from pages.parts.serving.workers import Worker, run_in_processes
from tests.benchmarks.turns import Way
from tests.benchmarks.workloads import Workload

NAME = "ours"


def ways(workload: Workload) -> list[Way]:
    _running_workers()
    styles = {"runs shared out over threads": run, "over processes, as on the pages": run_on_workers}
    return [Way(label, partial(train, workload, style)) for label, style in styles.items()]


def train(workload: Workload, style: Callable[[Experiment], Result]) -> tuple[np.ndarray, np.ndarray]:
    result = style(workload.experiment)
    if (result.diverged_at >= 0).any():
        raise ValueError(f"{workload.name} with {workload.activation} diverges")
    runs, steps = workload.runs, workload.steps
    return result.loss.reshape(runs, steps), result.layer_gradient_norm.reshape(runs, steps, -1)


def run_on_workers(experiment: Experiment) -> Result:
    return run_in_processes(experiment, lambda fraction: None, _running_workers())


@functools.cache
def _running_workers() -> list[Worker]:
    """Processes that have trained before, as those of the app: an engine that starts slowly is not tried again."""
    workers = [Worker() for _ in range(cores())]
    for worker in workers:
        atexit.register(worker.close)
    run_in_processes(Experiment(steps=1), lambda fraction: None, workers)
    return workers
