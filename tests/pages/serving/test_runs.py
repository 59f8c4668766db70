"""Runs: trained once for all viewers, shown while they take long, and over as soon as nobody waits."""

import dataclasses
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import Experiment, Result
from core.engine.budget import Bound
from pages.parts.serving import limits, runs, waiting
from pages.parts.serving.limits import Limits
from pages.parts.serving.training_pool import Abandoned
from tests.pages.conftest import SOON, anew, until

SMALL = Experiment(hidden=(8,), seeds=1, steps=10)
LONG = dataclasses.replace(SMALL, hidden=(64,) * 8, seeds=8, steps=2000)  # seconds of every worker, within the bound
HUGE = dataclasses.replace(LONG, hidden=(1024,) * 64)  # more than is allowed

PAGE = """
import streamlit as st
from core import Experiment
from pages.parts.settings import RandomInit
from pages.parts.shell.frame import FramedPage
page = FramedPage(RandomInit)
st.session_state["result"] = page.run(Experiment(hidden=(8,), seeds=1, steps=10, seed=95))
"""


def small(seed: int) -> Experiment:
    return dataclasses.replace(SMALL, seed=seed)


def page() -> AppTest:
    return AppTest.from_string(PAGE, default_timeout=60).run()


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch, begun: list[Experiment]) -> threading.Event:
    """Until this is set, what is long is begun and goes no further, however fast the machine is."""
    release = threading.Event()
    run = runs.run_in_processes

    def hold(experiment: Experiment, *rest: object) -> Result:
        if experiment.hidden != LONG.hidden:
            return run(experiment, *rest)
        begun.append(experiment)
        assert release.wait(SOON)
        raise Abandoned

    monkeypatch.setattr(runs, "run_in_processes", hold)
    return release


def wait_with(monkeypatch: pytest.MonkeyPatch, tick: Callable[[float, int], None]) -> None:
    """Have pages that wait call this, with how far the training is and their place in line."""

    @contextmanager
    def show_progress(page: None, experiment: Experiment) -> Iterator[Callable[[float, int], None]]:
        yield tick

    monkeypatch.setattr(waiting, "show_progress", show_progress)


def test_long_is_allowed_and_huge_is_not() -> None:
    assert runs.LIMITS.run.allows(LONG)
    assert not runs.LIMITS.run.allows(HUGE)


def test_the_same_experiment_is_trained_once(begun: list[Experiment]) -> None:
    first, second = page(), page()
    assert not first.exception
    assert first.session_state["result"] is second.session_state["result"]
    assert begun == [small(95)]


def test_what_is_kept_is_read_only_and_counted() -> None:
    result = runs.get_or_retrain(SMALL)
    arrays = [value for value in vars(result).values() if isinstance(value, np.ndarray)]
    assert not any(array.flags.writeable for array in arrays)
    with pytest.raises(ValueError, match="read-only"):
        result.loss[0] = 0
    assert runs.size(result) == sum(array.nbytes for array in arrays) > 0


@pytest.fixture
def cramped(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Runs where there is room for one result."""
    monkeypatch.setattr(limits, "LIMITS", Limits(Bound(), 1))
    cramped = anew(runs)
    yield cramped
    cramped.pool.close()


def test_what_is_kept_no_more_is_trained_again(cramped: ModuleType) -> None:
    first = cramped.get_or_retrain(small(90))
    assert cramped.get_or_retrain(small(90)) is first
    cramped.get_or_retrain(small(91))
    second = cramped.get_or_retrain(small(90))
    assert second is not first
    np.testing.assert_array_equal(second.loss, first.loss)


def test_theory_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    result = runs.get_or_retrain(SMALL)
    first = runs.predict_first_step(result)
    monkeypatch.setattr(runs.agreement, "predict_first_step", None)
    assert runs.predict_first_step(result) is first


def test_who_has_moved_on_leaves_the_line(
    monkeypatch: pytest.MonkeyPatch, begun: list[Experiment], release: threading.Event
) -> None:
    class Moved(Exception):
        pass

    def tick(fraction: float, ahead: int) -> None:
        raise Moved

    wait_with(monkeypatch, tick)
    with runs.prefetch(LONG):
        until(lambda: begun)
        with pytest.raises(Moved):
            runs.get(small(100), None)
        release.set()
    runs.get_or_retrain(small(103))  # who comes later is next
    assert begun == [LONG, small(103)]


def test_who_waits_is_told_the_place(
    monkeypatch: pytest.MonkeyPatch, begun: list[Experiment], release: threading.Event
) -> None:
    told: list[int] = []
    made: list[Result] = []
    wait_with(monkeypatch, lambda fraction, ahead: told.append(ahead))
    with runs.prefetch(dataclasses.replace(LONG, seed=1)):
        until(lambda: begun)
        waiting = threading.Thread(target=lambda: made.append(runs.get(small(101), None)))
        waiting.start()
        until(lambda: len(told) > 2)
        assert not made
        release.set()
    waiting.join(SOON)
    assert [result.experiment for result in made] == [small(101)]
    assert told[:2] == [1, 1]


def test_what_fails_is_raised_with_the_experiment_and_the_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*asked: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(runs, "run_in_processes", failing)
    with pytest.raises(RuntimeError, match=r"Experiment\(dataset='digits'") as failure:
        runs.get_or_retrain(small(102))
    assert isinstance(failure.value.__cause__, ZeroDivisionError)


def test_what_is_asked_for_ahead_is_trained_while_the_page_goes_on(begun: list[Experiment]) -> None:
    with runs.prefetch(small(110), small(111)):
        until(lambda: len(begun) == 2)
        results = [runs.get_or_retrain(small(seed)) for seed in (110, 111)]
    assert begun == [result.experiment for result in results] == [small(110), small(111)]


def test_what_the_page_did_not_wait_for_ends_with_it(begun: list[Experiment]) -> None:
    ahead = dataclasses.replace(LONG, seed=2)
    with runs.prefetch(ahead):
        until(lambda: runs.pool.busy)
    until(lambda: not runs.pool.busy)
    with runs.prefetch(ahead):  # of the first nothing is kept
        until(lambda: begun == [ahead, ahead])


def test_what_is_over_the_bound_is_not_begun_ahead(begun: list[Experiment]) -> None:
    with runs.prefetch(HUGE, small(112)):
        until(lambda: begun)
        runs.get_or_retrain(small(112))
    assert begun == [small(112)]
