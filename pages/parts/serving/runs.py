"""Training on behalf of a page: bounded, in line with what others ask for, and never done twice."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from core import Experiment, Result
from core.advice import Measured, OverBound, Question, measure, planning
from core.engine.sharing import cores
from core.theory import agreement
from core.theory.mean_field import Prediction
from pages.parts.serving import waiting
from pages.parts.serving.bounds import BOUNDS
from pages.parts.serving.refusal import refuse, refuse_network
from pages.parts.serving.store import Store
from pages.parts.serving.training_queue import Tick, TrainingQueue
from pages.parts.serving.workers import Workers, wanted

WAIT = 0.05  # seconds between two looks at whether the viewer has moved on
THEORY = 4e6  # bytes of what theory predicts that are kept


@contextmanager
def prefetch_scope() -> Iterator[None]:
    """Within this context `ahead` may be called; what is not trained when it is left is not wanted any more."""
    with ExitStack() as stack:
        token = _prefetching.set(stack)
        try:
            yield
        finally:
            _prefetching.reset(token)


def prefetch(*experiments: Experiment) -> None:
    """Have these trained while the page waits for the first and draws it: it will `get` them all, in this order."""
    for experiment in experiments:
        known = results.get(experiment) is not None or waiting.left(experiment)
        if not known and BOUNDS.run.allows(experiment) and (stack := _prefetching.get()):
            stack.enter_context(_queue.asking(experiment))


def get(experiment: Experiment) -> Result:
    """The result of the experiment, trained now unless it was before; it is shared, so its arrays are read-only.

    A progress bar, or the place in line, appears on the page once it takes long. Stops the script, with what would fit,
    where the experiment is over the bound.
    """
    result = results.get(experiment)
    if result is None:
        if not BOUNDS.run.allows(experiment):
            refuse(experiment, BOUNDS.run)
        waiting.stop_if_left(experiment)
        with waiting.shown(experiment) as tick:
            result = _wait(experiment, tick)
    return result


def get_or_retrain(experiment: Experiment) -> Result:
    """The result of an experiment that a page has shown, asked for when none is being drawn: kept, or trained anew."""
    result = results.get(experiment)
    return _wait(experiment, lambda fraction, prefetch: None) if result is None else result


def expected(result: Result) -> list[Prediction | None]:
    """What theory predicts of the first step of each variant; computed once while it is kept, and shared."""

    def predicted() -> list[Prediction | None]:
        return [agreement.expected(result, variant) for variant in range(len(result.experiment.variants))]

    return _theory.get_or_compute(result.experiment, predicted)


def _train(experiment: Experiment, most: int, tick: Tick) -> Result:
    """Train and keep; look first, as it may have been trained between the first look and the asking."""
    result = results.get(experiment)
    if result is None:
        result = run(experiment, tick, most)
        for array in _arrays(result):
            array.flags.writeable = False
        results.add(experiment, result)
    return result


def measured(question: Question) -> Measured:
    """What the advisor measures for a question, measured now: nothing of it is kept here.

    Stops the script, with a network that would fit, where that would take more than the bound.
    """
    try:
        planning.experiment(question, BOUNDS.run)
    except OverBound as over:
        refuse_network(over.fitting)
    waiting.stop_if_left(question)
    with waiting.shown(question) as tick:
        return _wait(question, tick)


def _make(request: Experiment | Question, most: int, tick: Tick) -> Any:
    if isinstance(request, Experiment):
        return _train(request, most, tick)
    return measure(request, tick, BOUNDS.run, lambda experiment, tick: run(experiment, tick, most))


def _uses(request: Experiment | Question) -> int:
    return wanted(request) if isinstance(request, Experiment) else cores()


def _arrays(made: Result | Prediction) -> list[np.ndarray]:
    values = (getattr(made, field.name) for field in dataclasses.fields(made))
    return [value for value in values if isinstance(value, np.ndarray)]


def size(made: Result | Prediction) -> int:
    """The bytes of its arrays."""
    return sum(array.nbytes for array in _arrays(made))


workers = Workers()
run = workers.run
# None where a page file is the main script, as in a test: its trainings begin when it gets them.
_prefetching: ContextVar[ExitStack | None] = ContextVar("what is prefetched", default=None)
results: Store[Experiment, Result] = Store(BOUNDS.cache_bytes, size)
_theory: Store[Experiment, list[Prediction | None]] = Store(THEORY, lambda known: sum(map(size, filter(None, known))))
_queue: TrainingQueue[Experiment | Question, Any] = TrainingQueue(_make, cores(), _uses)


def _wait(request: Experiment | Question, tick: waiting.Tick) -> Any:
    """Wait until what is requested is trained; what `tick` raises, where the viewer has moved on, leaves the line."""
    with _queue.asking(request) as job:
        while not job.done.wait(WAIT):
            tick(job.fraction, _queue.position(job))
    if job.result is None:
        raise RuntimeError(f"The training failed: {request}") from job.error
    return job.result
