"""Runs: trained once for all viewers, shown while they take long, and over as soon as nobody waits."""

import dataclasses
import threading
import time

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import Experiment
from pages.parts import runs

SMALL = Experiment(hidden=(8,), seeds=1, steps=10)
ENDLESS = dataclasses.replace(SMALL, hidden=(256,) * 20, seeds=50, steps=10_000)  # it takes every worker
HUGE = dataclasses.replace(ENDLESS, hidden=(1024,) * 64)  # more than is allowed

PAGE = """
import streamlit as st
from core import Experiment
from pages.parts import frame, runs
page = frame.open_page("random_init")
st.session_state["result"] = runs.get(Experiment(hidden=(8,), seeds=1, steps=10))
"""

AHEAD = """
import time
from pages.parts import frame, runs
from tests.pages.test_runs import ENDLESS, HUGE, small
page = frame.open_page("random_init")
with runs.asking_ahead():
    {asked}
"""


def small(seed: int) -> Experiment:
    return dataclasses.replace(SMALL, seed=seed)


def page() -> AppTest:
    return AppTest.from_string(PAGE, default_timeout=60).run()


def test_the_same_experiment_is_trained_once() -> None:
    first, second = page(), page()
    assert not first.exception
    assert first.session_state["result"] is second.session_state["result"]


def test_what_is_kept_is_read_only_and_counted() -> None:
    result = page().session_state["result"]
    arrays = [value for value in vars(result).values() if isinstance(value, np.ndarray)]
    assert not any(array.flags.writeable for array in arrays)
    with pytest.raises(ValueError, match="read-only"):
        result.loss[0] = 0
    assert runs._store.bytes >= sum(array.nbytes for array in arrays) > 0


def test_theory_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    result = page().session_state["result"]
    first = runs.expected(result)
    monkeypatch.setattr(runs.agreement, "expected", None)
    assert runs.expected(result) is first


def test_who_has_moved_on_leaves_the_line() -> None:
    class Moved(Exception):
        pass

    def tick(fraction: float, ahead: int) -> None:
        raise Moved

    with runs._gate.asking(ENDLESS):
        with pytest.raises(Moved):
            runs._wait(small(100), tick)
        assert small(100) not in runs._gate._jobs


def test_who_waits_is_told_the_place() -> None:
    said: list[int] = []
    with runs._gate.asking(ENDLESS) as job:
        while not job.fraction:
            time.sleep(0.005)
        waiting = threading.Thread(target=runs._wait, args=(small(101), lambda fraction, ahead: said.append(ahead)))
        waiting.start()
        time.sleep(0.2)
        assert runs._store.get(small(101)) is None
    waiting.join(10)
    assert runs._store.get(small(101)) is not None
    assert said.count(1) >= 2


def test_what_fails_is_raised_with_the_experiment_and_the_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*asked: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(runs, "run", failing)
    with pytest.raises(RuntimeError, match=r"Experiment\(dataset='digits'") as failure:
        runs._wait(small(102), lambda fraction, ahead: None)
    assert isinstance(failure.value.__cause__, ZeroDivisionError)


def ahead(asked: str) -> None:
    app = AppTest.from_string(AHEAD.format(asked=asked), default_timeout=60).run()
    assert not app.exception


def test_what_is_asked_for_ahead_is_trained_while_the_page_goes_on() -> None:
    ahead("""runs.ahead(small(110), small(111))
    runs.get(small(110))
    while runs._store.get(small(111)) is None:
        time.sleep(0.005)""")
    assert runs._store.get(small(111)) is not None


def test_what_the_page_did_not_wait_for_ends_with_it() -> None:
    ahead("runs.ahead(ENDLESS)")
    deadline = time.monotonic() + 10
    while runs._gate._jobs or runs.workers.busy:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    assert runs._store.get(ENDLESS) is None


def test_what_is_over_the_bound_is_not_begun_ahead() -> None:
    ahead("""runs.ahead(HUGE)
    assert not runs._gate._jobs""")
