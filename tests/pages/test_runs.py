"""Runs: trained once, shared without a copy, bounded, and over as soon as nobody waits."""

import dataclasses
import threading
import time

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import Experiment, run
from core.budget import cost
from pages.parts import runs
from pages.parts.runs import Store

SMALL = Experiment(hidden=(8,), seeds=1, steps=10)

PAGE = """
import streamlit as st
from core import Experiment
from pages.parts import controls, frame, runs
page = frame.open_page("random_init")
with page.controls():
    depth, width = controls.depth(50), controls.width(512)
    seeds, steps = controls.seeds(20), controls.steps(2000)
result = runs.get(Experiment(dataset="circles", hidden=(width,) * depth, seeds=seeds, steps=steps, batch_size=8))
st.session_state["result"] = result
"""


def small(seed: int) -> Experiment:
    return dataclasses.replace(SMALL, seed=seed)


def arrays(result) -> list[np.ndarray]:
    return [value for value in vars(result).values() if isinstance(value, np.ndarray)]


def page(**settings: int) -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=60)
    for name, value in settings.items():
        app.query_params[f"r.{name}"] = str(value)
    return app.run()


def test_the_same_experiment_is_trained_once() -> None:
    first, second = page(depth=1, width=4, seeds=1, steps=10), page(depth=1, width=4, seeds=1, steps=10)
    assert not first.exception
    assert first.session_state["result"] is second.session_state["result"]


def test_results_are_read_only() -> None:
    result = page(depth=1, width=4, seeds=1, steps=10).session_state["result"]
    assert not any(array.flags.writeable for array in arrays(result))
    with pytest.raises(ValueError, match="read-only"):
        result.loss[0] = 0


def test_the_store_drops_what_was_not_used_for_longest() -> None:
    results = [run(small(seed)) for seed in range(3)]
    store = Store(2.5 * sum(array.nbytes for array in arrays(results[0])))
    store.put(results[0])
    store.put(results[1])
    assert store.get(small(0)) is results[0]
    store.put(results[2])
    assert store.get(small(1)) is None
    assert store.get(small(0)) is results[0]
    assert store.get(small(2)) is results[2]


def test_the_store_keeps_one_result_that_is_larger_than_its_limit() -> None:
    result, store = run(SMALL), Store(1)
    store.put(result)
    assert store.get(SMALL) is result


def test_an_experiment_over_budget_is_refused_with_what_fits() -> None:
    app = page()
    assert not app.exception
    assert "result" not in app.session_state
    (warning,) = app.warning
    assert "What fits" in warning.value
    assert len(app.button) == 1
    assert app.get("page_link")


def test_what_fits_is_one_click_away(monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[Experiment] = []
    monkeypatch.setattr(runs, "run", lambda experiment, tick: trained.append(experiment) or run(SMALL))
    app = page()
    app.button[0].click().run()
    assert not app.exception
    assert not app.warning
    (experiment,) = trained
    assert cost(experiment).fits


def test_a_tick_that_raises_frees_the_gate() -> None:
    class Moved(Exception):
        pass

    def tick(fraction: float) -> None:
        raise Moved

    with pytest.raises(Moved):
        runs._train(small(100), tick)
    assert runs._train(small(100), lambda fraction: None).experiment == small(100)


def test_waiting_for_the_gate_ticks() -> None:
    ticks: list[tuple[object, ...]] = []
    with runs._gate:
        waiting = threading.Thread(target=runs._train, args=(small(101), lambda *said: ticks.append(said)))
        waiting.start()
        time.sleep(0.2)
        assert len(ticks) >= 3
        assert runs._store.get(small(101)) is None
    waiting.join(10)
    assert runs._store.get(small(101)) is not None


class Place:
    def __init__(self) -> None:
        self.shown: list[tuple[float, str]] = []

    def progress(self, fraction: float, text: str) -> None:
        self.shown.append((fraction, text))


def test_progress_is_shown_once_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 0.4, 0.6, 0.7, 0.8, 0.9])
    monkeypatch.setattr(runs.time, "monotonic", lambda: next(clock))
    place = Place()
    tick = runs._ticker(place)
    for fraction in (0.1, 0.2, 0.201, 0.3):
        tick(fraction)
    tick(0.4, "Waiting")
    assert place.shown == [(0.2, "Training …"), (0.3, "Training …"), (0.4, "Waiting …")]
