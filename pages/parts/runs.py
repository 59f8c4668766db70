"""Training on behalf of a page: bounded, in line with what others ask for, and never done twice."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import streamlit as st

from core import Experiment, Result, agreement, run
from core.theory import Prediction
from pages.parts.bounds import BOUNDS
from pages.parts.gate import Gate, Job
from pages.parts.refusal import refuse
from pages.parts.store import Store

AT_ONCE = 1  # a training already uses every core
SHOW_AFTER = 0.5  # seconds
WAIT = 0.05  # seconds between two looks at whether the viewer has moved on
_ENGINE = uuid.uuid4().hex  # of this process and this state of the code


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
        result = _wait(experiment, _ticker(place))
        place.empty()
    return result


def expected(result: Result) -> list[Prediction | None]:
    """What theory predicts of the first step of each variant; computed once while the engine's code stays."""
    return _expected(result, repr(result.experiment), _ENGINE)


@st.cache_data(show_spinner=False, max_entries=64)
def _expected(_result: Result, of: str, engine: str) -> list[Prediction | None]:
    return [agreement.expected(_result, variant) for variant in range(len(_result.experiment.variants))]


def _train(experiment: Experiment, tick: Callable[[float], None]) -> Result:
    """Train and keep; look first, as it may have been trained between the first look and the asking."""
    result = _store.get(experiment)
    if result is None:
        result = run(experiment, tick)
        _store.put(result)
    return result


_store = Store(BOUNDS.kept)
_gate: Gate[Experiment, Result] = Gate(_train, AT_ONCE)


def _wait(experiment: Experiment, tick: Callable[[float, str], None]) -> Result:
    """Wait until the experiment is trained; what `tick` raises, where the viewer has moved on, leaves the line."""
    with _gate.asking(experiment) as job:
        while not job.done.wait(WAIT):
            tick(job.fraction, _doing(job))
    if job.made is None:
        raise RuntimeError(f"The training failed: {experiment}") from job.error
    return job.made


def _doing(job: Job[Experiment, Result]) -> str:
    place = _gate.place(job)
    return f"{ordinal(place)} in line" if place else "Training"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th …"""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _ticker(place: st.delta_generator.DeltaGenerator) -> Callable[[float, str], None]:
    """A tick that ends the run when the viewer has moved on, and shows how far it is once it takes long."""
    st.session_state["_alive"] = True
    started = time.monotonic()
    shown: list[tuple[int, str]] = []

    def tick(fraction: float, doing: str) -> None:
        # Reading an existing key is where Streamlit lets a newer run of the script, or a closed tab, end this one.
        _ = st.session_state["_alive"]
        now = round(100 * fraction), doing
        if time.monotonic() - started > SHOW_AFTER and [now] != shown[-1:]:
            shown.append(now)
            place.progress(fraction, f"{doing} …")

    return tick
