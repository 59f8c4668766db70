"""Training on behalf of a page: bounded, in line with what others ask for, and never done twice."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from core import Experiment, Result, agreement, run
from core.advice import Measured, OverBound, Question, measure, planning
from core.theory import Prediction
from pages.parts import waiting
from pages.parts.bounds import BOUNDS
from pages.parts.gate import Gate
from pages.parts.refusal import refuse, refuse_network
from pages.parts.store import Store

AT_ONCE = 1  # a training already uses every core
WAIT = 0.05  # seconds between two looks at whether the viewer has moved on
THEORY = 4e6  # bytes of what theory predicts that are kept


def get(experiment: Experiment) -> Result:
    """The result of the experiment, trained now unless it was before; it is shared, so its arrays are read-only.

    A progress bar, or the place in line, appears where the script stands once it takes long. Stops the script, with
    what would fit, where the experiment is over the bound.
    """
    place = st.empty()
    result = _store.get(experiment)
    if result is None:
        if not BOUNDS.run.allows(experiment):
            refuse(experiment, BOUNDS.run)
        waiting.stop_if_left(experiment)
        result = _wait(experiment, waiting.ticker(place, experiment))
        place.empty()
    return result


def expected(result: Result) -> list[Prediction | None]:
    """What theory predicts of the first step of each variant; computed once while it is kept, and shared."""

    def predicted() -> list[Prediction | None]:
        return [agreement.expected(result, variant) for variant in range(len(result.experiment.variants))]

    return _theory.keep(result.experiment, predicted)


def _train(experiment: Experiment, tick: Callable[[float], None]) -> Result:
    """Train and keep; look first, as it may have been trained between the first look and the asking."""
    result = _store.get(experiment)
    if result is None:
        result = run(experiment, tick)
        for array in _arrays(result):
            array.flags.writeable = False
        _store.put(experiment, result)
    return result


def measured(question: Question) -> Measured:
    """What the advisor measures for a question, measured now: nothing of it is kept here.

    Stops the script, with a network that would fit, where that would take more than the bound.
    """
    place = st.empty()
    try:
        planning.experiment(question, BOUNDS.run)
    except OverBound as over:
        refuse_network(over.fitting)
    waiting.stop_if_left(question)
    made = _wait(question, waiting.ticker(place, question))
    place.empty()
    return made


def _make(asked: Experiment | Question, tick: Callable[[float], None]) -> Any:
    return _train(asked, tick) if isinstance(asked, Experiment) else measure(asked, tick, BOUNDS.run)


def _arrays(made: Result | Prediction) -> list[np.ndarray]:
    values = (getattr(made, field.name) for field in dataclasses.fields(made))
    return [value for value in values if isinstance(value, np.ndarray)]


def size(made: Result | Prediction) -> int:
    """The bytes of its arrays."""
    return sum(array.nbytes for array in _arrays(made))


_store: Store[Experiment, Result] = Store(BOUNDS.kept, size)
_theory: Store[Experiment, list[Prediction | None]] = Store(THEORY, lambda known: sum(map(size, filter(None, known))))
_gate: Gate[Experiment | Question, Any] = Gate(_make, AT_ONCE)


def _wait(asked: Experiment | Question, tick: waiting.Tick) -> Any:
    """Wait until what is asked is trained; what `tick` raises, where the viewer has moved on, leaves the line."""
    with _gate.asking(asked) as job:
        while not job.done.wait(WAIT):
            tick(job.fraction, _gate.place(job))
    if job.made is None:
        raise RuntimeError(f"The training failed: {asked}") from job.error
    return job.made
