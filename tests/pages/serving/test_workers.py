"""Workers: the numbers of `core.run`, whichever way runs are dealt out, and nothing left of what is not wanted."""

import itertools
import random
import signal
import subprocess
import threading
import time
from dataclasses import fields, replace

import numpy as np
import pytest

from core import Clip, Experiment, Variant, run
from core.engine.sharing import cores
from pages.parts.serving import messages
from pages.parts.serving.workers import Workers, wanted

COUNT = max(2, cores())  # of the workers, on a machine of one core too
SOON = 30  # seconds: for slow machines; nothing waits longer than it has to
MIXED = Experiment(
    hidden=(64, 64),
    variants=(Variant("he"), Variant("normal"), Variant("lsuv", clip=Clip("value", 0.01))),
    seeds=3,
    steps=20,
)
SMALL = Experiment(hidden=(8,), seeds=1, steps=10)
ENDLESS = replace(MIXED, hidden=(256,) * 20, steps=1000)


@pytest.fixture(scope="module")
def processes():
    """Those begun in this module, in their order."""
    begun = []

    class Noted(subprocess.Popen):
        def __init__(self, *arguments, **settings):
            super().__init__(*arguments, **settings)
            begun.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", Noted)
        yield begun


@pytest.fixture(scope="module")
def workers(processes):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pages.parts.serving.workers.cores", lambda: COUNT)
        workers = Workers()
        yield workers
        workers.end()


def nothing(fraction):
    pass


def until(said):
    deadline = time.monotonic() + SOON
    while not said():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def assert_same(one, other):
    for field in fields(one):
        if field.name != "experiment":
            a, b = getattr(one, field.name), getattr(other, field.name)
            np.testing.assert_array_equal(a, b, err_msg=field.name, strict=True)


@pytest.mark.parametrize(
    ("experiment", "most"),
    [
        *((MIXED, most) for most in (1, 2, 5)),
        (SMALL, 2),
        (replace(MIXED, seeds=1), 5),
        (replace(MIXED, dataset="curve", dtype="float64"), 2),
    ],
)
def test_the_numbers_are_those_of_run(workers, experiment, most):
    assert_same(workers.run(experiment, nothing, most), run(experiment))


def test_small_trainings_are_one_workers_large_ones_everybodys(workers, monkeypatch):
    monkeypatch.setattr("pages.parts.serving.workers.cores", lambda: 4)
    assert wanted(SMALL) == 1
    assert wanted(ENDLESS) == 4
    assert wanted(replace(ENDLESS, variants=MIXED.variants[:1], seeds=2)) == 2


def test_ticks_come_from_the_caller_and_end_at_one(workers):
    seen = []
    workers.run(MIXED, lambda fraction: seen.append((threading.get_ident(), fraction)), 2)
    assert {caller for caller, _ in seen} == {threading.get_ident()}
    assert [fraction for _, fraction in seen] == sorted(fraction for _, fraction in seen)
    assert seen[-1][1] == 1


def test_ticks_come_often(workers):
    times = []

    def tick(fraction):
        times.append(time.monotonic())
        if len(times) > 50:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        workers.run(ENDLESS, tick, 2)
    assert np.median(np.diff(times)) < 0.05


def test_what_a_tick_raises_stops_the_workers(workers):
    def tick(fraction):
        if fraction > 0:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        workers.run(ENDLESS, tick, 2)
    until(lambda: not workers.busy)
    assert_same(workers.run(SMALL, nothing, 2), run(SMALL))


def test_several_are_trained_at_the_same_time_and_wait_for_a_worker_where_there_is_none(workers):
    made = {}

    def train(seed):
        made[seed] = workers.run(replace(MIXED, seed=seed), nothing, 2)

    threads = [threading.Thread(target=train, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
    assert sorted(made) == list(range(6))
    for seed, result in made.items():
        assert_same(result, run(replace(MIXED, seed=seed)))


class Canceled(Exception):
    pass


def test_who_cancels_among_more_threads_than_cores_takes_nobody_else_along(workers):
    """Half of twelve viewers cancel each of their twenty trainings after a few ticks; the others get what is theirs."""
    rng, expected = random.Random(14), {seed: run(replace(SMALL, seed=seed)) for seed in range(20)}
    ended = {}

    def view(viewer, cancels, patience):
        for seed in expected:
            ticks = itertools.count()

            def tick(fraction, seed=seed, ticks=ticks):
                if cancels and next(ticks) == patience[seed]:
                    raise Canceled

            try:
                ended[viewer, seed] = workers.run(replace(SMALL, seed=seed), tick, 2)
            except Exception as error:
                ended[viewer, seed] = error

    viewers = [
        threading.Thread(target=view, args=(viewer, viewer >= 6, rng.choices(range(6), k=20))) for viewer in range(12)
    ]
    for viewer in viewers:
        viewer.start()
    for viewer in viewers:
        viewer.join(SOON)
    assert len(ended) == 12 * 20
    canceled = {key for key, result in ended.items() if isinstance(result, Canceled)}
    assert len(canceled) > 60
    assert [error for error in ended.values() if isinstance(error, Exception) and not isinstance(error, Canceled)] == []
    for viewer, seed in ended.keys() - canceled:
        assert_same(ended[viewer, seed], expected[seed])
    until(lambda: not workers.busy)


def test_who_waits_for_a_worker_ticks_and_can_cancel(workers):
    """Another training has taken them all: as many runs as a machine may have cores."""
    began, enough = threading.Event(), threading.Event()

    def go_on(fraction):
        began.set()
        if enough.is_set():
            raise Canceled

    def hold_all():
        with pytest.raises(Canceled):
            workers.run(replace(ENDLESS, seeds=40), go_on, COUNT)

    def cancel(fraction):
        raise Canceled

    other = threading.Thread(target=hold_all)
    other.start()
    assert began.wait(SOON)
    with pytest.raises(Canceled):
        workers.run(SMALL, cancel, 1)
    enough.set()
    other.join(SOON)
    until(lambda: not workers.busy)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="a process is held up by a signal")
def test_who_comes_next_does_not_wait_for_what_was_canceled_to_end(workers, processes):
    """The process that trains stands still, and hears of nothing."""
    asked, send = [], messages.send

    def note(wire, message, arrays=None):
        if "experiment" in message:
            asked.append(wire)
        send(wire, message, arrays)

    def hold_up(fraction):
        if fraction > 0:
            (still,) = (process for process in processes if process.stdin is asked[0])
            still.send_signal(signal.SIGSTOP)
            raise Canceled

    limit = time.monotonic() + SOON

    def give_up(fraction):
        assert time.monotonic() < limit

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(messages, "send", note)
        with pytest.raises(Canceled):
            workers.run(ENDLESS, hold_up, 1)
    try:
        assert workers.busy == 1
        assert_same(workers.run(SMALL, give_up, 1), run(SMALL))
    finally:
        (still,) = (process for process in processes if process.stdin is asked[0])
        still.send_signal(signal.SIGCONT)
    until(lambda: not workers.busy)


def test_one_that_dies_is_reported_and_replaced(workers, processes):
    def tick(fraction):
        if fraction > 0:
            for process in processes:
                process.kill()

    with pytest.raises(RuntimeError, match="has died"):
        workers.run(ENDLESS, tick, 2)
    until(lambda: not workers.busy)
    assert_same(workers.run(SMALL, nothing, 2), run(SMALL))


def test_what_fails_in_a_worker_is_raised_with_its_words(workers, monkeypatch):
    monkeypatch.setattr(
        "pages.parts.serving.messages.written", lambda experiment: ({"dataset": "none such", "variants": []}, {})
    )
    with pytest.raises(RuntimeError, match="ValueError: dataset is 'none such'"):
        workers.run(SMALL, nothing, 1)
