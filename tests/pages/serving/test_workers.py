"""Workers: the numbers of `core.run`, however runs are dealt out, and no worker lost to a training that is over."""

import random
import signal
import subprocess
import threading
from concurrent.futures import wait
from dataclasses import fields, replace

import numpy as np
import pytest

from core import Clip, Experiment, Variant, run
from pages.parts.serving import messages
from pages.parts.serving.training_pool import Abandoned, TrainingPool
from pages.parts.serving.workers import Worker, run_in_processes, useful_workers
from tests.pages.conftest import SOON, until

MIXED = Experiment(
    hidden=(64, 64),
    variants=(Variant("he"), Variant("normal"), Variant("lsuv", clip=Clip("value", 0.01))),
    seeds=3,
    steps=20,
)
SMALL = Experiment(hidden=(8,), seeds=1, steps=10)
ENDLESS = replace(MIXED, hidden=(64,) * 20, steps=10_000)


@pytest.fixture(scope="module")
def processes():
    """Those that were started, in their order."""
    started = []

    class Noted(subprocess.Popen):
        def __init__(self, *arguments, **settings):
            super().__init__(*arguments, **settings)
            started.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", Noted)
        yield started


@pytest.fixture(scope="module")
def workers(processes):
    workers = [Worker(), Worker()]
    yield workers
    for worker in workers:
        worker.close()


def compute(experiment, workers, tick):
    return run_in_processes(experiment, tick, workers)


@pytest.fixture
def pool(processes):
    """Two workers; the first process it starts is that of the first job."""
    processes.clear()
    pool = TrainingPool(compute, 2, useful_workers)
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def lasting_pool():
    """Two workers, which nobody kills."""
    pool = TrainingPool(compute, 2, useful_workers)
    yield pool
    pool.close()


def ignore(fraction):
    pass


def assert_same(one, other):
    for field in fields(one):
        if field.name != "experiment":
            a, b = getattr(one, field.name), getattr(other, field.name)
            np.testing.assert_array_equal(a, b, err_msg=field.name, strict=True)


@pytest.mark.parametrize(
    ("experiment", "count"),
    [
        (MIXED, 1),
        (MIXED, 2),
        (SMALL, 2),
        (replace(MIXED, seeds=1), 2),
        (replace(MIXED, dataset="curve", dtype="float64"), 2),
    ],
)
def test_the_numbers_are_those_of_run(workers, experiment, count):
    assert_same(run_in_processes(experiment, ignore, workers[:count]), run(experiment))


def test_small_trainings_use_one_worker_large_ones_as_many_as_there_are_runs():
    assert useful_workers(SMALL) == 1
    assert useful_workers(ENDLESS) == 9
    assert useful_workers(replace(ENDLESS, variants=MIXED.variants[:1], seeds=2)) == 2


def test_ticks_come_from_the_caller_and_end_at_one(workers):
    ticks = []
    run_in_processes(MIXED, lambda fraction: ticks.append((threading.get_ident(), fraction)), workers)
    assert {caller for caller, _ in ticks} == {threading.get_ident()}
    assert [fraction for _, fraction in ticks] == sorted(fraction for _, fraction in ticks)
    assert ticks[-1][1] == 1


def test_what_a_tick_raises_stops_the_workers(workers):
    def tick(fraction):
        if fraction > 0:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_in_processes(ENDLESS, tick, workers)
    until(lambda: not any(worker.is_busy for worker in workers))
    assert_same(run_in_processes(SMALL, ignore, workers), run(SMALL))


def test_what_fails_in_a_worker_is_raised_with_its_message(workers, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(messages, "serialize", lambda experiment: ({"dataset": "none such", "variants": []}, {}))
        with pytest.raises(RuntimeError, match="ValueError: dataset is 'none such'"):
            run_in_processes(SMALL, ignore, workers)
    assert_same(run_in_processes(SMALL, ignore, workers), run(SMALL))


def test_a_worker_that_dies_while_idle_is_replaced_unnoticed(workers, processes):
    run_in_processes(MIXED, ignore, workers)
    for process in processes:
        process.kill()
        process.wait()
    assert_same(run_in_processes(MIXED, ignore, workers), run(MIXED))


def test_a_killed_worker_fails_its_own_training_and_is_replaced(pool, processes):
    killed = pool.submit(replace(ENDLESS, variants=MIXED.variants[:1], seeds=1))
    until(lambda: killed.progress > 0)
    other = pool.submit(replace(SMALL, hidden=(64,) * 8, steps=400))
    until(lambda: other.progress > 0)
    processes[0].kill()
    assert "has died" in str(killed.exception(SOON))
    assert_same(other.result(SOON), run(other.request))
    again = pool.submit(MIXED)  # on both
    assert_same(again.result(SOON), run(MIXED))
    for job in (killed, other, again):
        job.cancel()


def test_more_trainings_than_workers_are_trained_in_turn(lasting_pool):
    jobs = [lasting_pool.submit(replace(MIXED, seed=seed)) for seed in range(6)]
    for job in jobs:
        assert_same(job.result(SOON), run(job.request))
        job.cancel()


def test_who_cancels_among_more_viewers_than_cores_takes_nobody_else_along(lasting_pool):
    """Half of twelve viewers cancel each of their twenty trainings after a moment; the others get what is theirs."""
    expected, results = {seed: run(replace(SMALL, seed=seed)) for seed in range(20)}, {}

    def view(viewer):
        patience = random.Random(viewer)
        for seed in expected:
            job = lasting_pool.submit(replace(SMALL, seed=seed))
            if viewer < 6:
                results[viewer, seed] = job.result(SOON)
            else:
                wait([job], patience.choice([0, 0.001, 0.005, 0.02]))
            job.cancel()

    viewers = [threading.Thread(target=view, args=(viewer,)) for viewer in range(12)]
    for viewer in viewers:
        viewer.start()
    for viewer in viewers:
        viewer.join(SOON)
    assert len(results) == 6 * 20
    for (_, seed), result in results.items():
        assert_same(result, expected[seed])
    until(lambda: not lasting_pool.busy)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="a process is held up by a signal")
def test_who_comes_next_does_not_wait_for_a_canceled_training_to_end(pool, processes):
    """The process that trains stands still, and hears of nothing."""
    job = pool.submit(replace(ENDLESS, variants=MIXED.variants[:1], seeds=1))
    until(lambda: job.progress > 0)
    processes[0].send_signal(signal.SIGSTOP)
    job.cancel()
    try:
        assert isinstance(job.exception(SOON), Abandoned)
        assert pool.busy == 1
        following = pool.submit(MIXED)
        assert_same(following.result(SOON), run(MIXED))
        following.cancel()
        assert pool.busy == 1
    finally:
        processes[0].send_signal(signal.SIGCONT)
    until(lambda: not pool.busy)


def test_a_training_that_is_canceled_frees_its_workers(lasting_pool):
    job = lasting_pool.submit(ENDLESS)
    until(lambda: job.progress > 0)
    job.cancel()
    until(lambda: not lasting_pool.busy)
    assert isinstance(job.exception(), Abandoned)
