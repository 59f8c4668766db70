"""Training on behalf of a page: bounded, one at a time, cancelled when its viewer moves on, and never done twice."""

from __future__ import annotations

import dataclasses
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable

import numpy as np
import streamlit as st

from core import Experiment, Result, agreement, run
from core.budget import cost, fitting
from core.theory import Prediction
from pages.parts import frame

CACHE_BYTES = 128e6
CONCURRENT = 1  # a training already uses every core
SHOW_AFTER = 0.5  # seconds
_ENGINE = uuid.uuid4().hex  # of this process and this state of the code
WAIT = 0.02  # seconds between two looks at whether the viewer has moved on


class Store:
    """Results by experiment, the least recently used dropped first once they take more than `limit` bytes.

    It lives as long as this module: Streamlit reloads the module together with the engine, so that a result never
    outlives the code that made it. Results are shared between viewers without a copy, and so are read-only.
    """

    def __init__(self, limit: float) -> None:
        self._limit, self._bytes = limit, 0
        self._results: OrderedDict[Experiment, Result] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, experiment: Experiment) -> Result | None:
        with self._lock:
            if experiment in self._results:
                self._results.move_to_end(experiment)
            return self._results.get(experiment)

    def put(self, result: Result) -> None:
        with self._lock:
            if result.experiment in self._results:
                return
            self._results[result.experiment] = result
            self._bytes += _size(result)
            while self._bytes > self._limit and len(self._results) > 1:
                self._bytes -= _size(self._results.popitem(last=False)[1])


def _arrays(result: Result) -> list[np.ndarray]:
    values = (getattr(result, field.name) for field in dataclasses.fields(result))
    return [value for value in values if isinstance(value, np.ndarray)]


def _size(result: Result) -> int:
    return sum(array.nbytes for array in _arrays(result))


_store = Store(CACHE_BYTES)
_gate = threading.Semaphore(CONCURRENT)


def get(experiment: Experiment) -> Result:
    """The result of the experiment, trained now unless it was before; it is shared, so its arrays are read-only.

    A progress bar appears where the script stands once it takes long. Stops the script, with what would fit, where
    the experiment is over budget.
    """
    place = st.empty()
    result = _store.get(experiment)
    if result is None:
        if not cost(experiment).fits:
            _refuse(experiment)
        result = _train(experiment, _ticker(place))
        place.empty()
    return result


def expected(result: Result) -> list[Prediction | None]:
    """What theory predicts of the first step of each variant; computed once while the engine's code stays."""
    return _expected(result, repr(result.experiment), _ENGINE)


@st.cache_data(show_spinner=False, max_entries=64)
def _expected(_result: Result, of: str, engine: str) -> list[Prediction | None]:
    return [agreement.expected(_result, variant) for variant in range(len(_result.experiment.variants))]


def _train(experiment: Experiment, tick: Callable[..., None]) -> Result:
    """Wait for the gate, look again (another viewer may have asked for the same), train and keep."""
    while not _gate.acquire(timeout=WAIT):
        tick(0.0, "Waiting for another training to end")
    try:
        result = _store.get(experiment)
        if result is None:
            result = run(experiment, tick)
            for array in _arrays(result):
                array.flags.writeable = False
            _store.put(result)
        return result
    finally:
        _gate.release()


def _ticker(place: st.delta_generator.DeltaGenerator) -> Callable[..., None]:
    """A tick that ends the run when the viewer has moved on, and shows how far it is once it takes long."""
    st.session_state["_alive"] = True
    started = time.monotonic()
    shown = [-1.0]

    def tick(fraction: float, doing: str = "Training") -> None:
        # Reading an existing key is where Streamlit lets a newer run of the script, or a closed tab, end this one.
        _ = st.session_state["_alive"]
        if time.monotonic() - started > SHOW_AFTER and fraction - shown[0] > 0.01:
            shown[0] = fraction
            place.progress(fraction, f"{doing} …")

    return tick


def _refuse(experiment: Experiment) -> None:
    """Say what would fit, offer it where the page has controls for it, and stop the script."""
    smaller = fitting(experiment)
    changed = {
        name: f"{old:g} → {new:g}"
        for name, old, new in (
            ("steps", experiment.steps, smaller.steps),
            ("seeds", experiment.seeds, smaller.seeds),
            ("width", max(experiment.hidden, default=0), max(smaller.hidden, default=0)),
        )
        if old != new
    }
    if not cost(smaller).fits:
        st.warning("These settings would take longer than is allowed here. Choose fewer layers or a smaller batch.")
        frame.stop()
    sizes = ", ".join(f"{name} {change}" for name, change in changed.items())
    st.warning(f"These settings would take longer, or more memory, than is allowed here. What fits: {sizes}.")
    values = {"steps": smaller.steps, "seeds": smaller.seeds, "width": max(smaller.hidden, default=0)}
    chosen = {frame.key(name): values[name] for name in changed}
    if all(key in st.session_state for key in chosen):
        st.button("Use the size that fits", on_click=st.session_state.update, args=(chosen,))
    frame.stop()
