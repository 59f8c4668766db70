"""The pool: first come, first served; one training for all who submit the same; over as soon as nobody waits."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from random import Random

import pytest

from pages.parts.serving.training_pool import Abandoned, Job, TrainingPool
from pages.parts.serving.workers import Worker
from tests.pages.conftest import SOON, until


class Trainings:
    """Trainings that go on, ticking, until they are let go; the outcome is the request in capitals."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.cores: dict[str, int] = {}
        self.ended: list[str] = []
        self.go = threading.Event()

    def __call__(self, request: str, workers: list[Worker], tick: Callable[[float], None]) -> str:
        self.begun.append(request)
        self.cores[request] = len(workers)
        try:
            while not self.go.wait(0.005):
                tick(0.5)
        finally:
            self.ended.append(request)
        if request == "broken":
            raise ValueError(request)
        return request.upper()


@pytest.fixture
def trainings() -> Iterator[Trainings]:
    trainings = Trainings()
    yield trainings
    trainings.go.set()


def use_all(request: object) -> int:
    return 2


def in_threads(view: Callable[[int], None], viewers: range) -> None:
    threads = [threading.Thread(target=view, args=(viewer,)) for viewer in viewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)


@contextmanager
def submitted(pool: TrainingPool, *requests: str) -> Iterator[list[Job]]:
    jobs = [pool.submit(request) for request in requests]
    try:
        yield jobs
    finally:
        for job in jobs:
            job.cancel()


def test_first_come_first_served_one_at_a_time(trainings: Trainings) -> None:
    pool = TrainingPool(trainings, 1, use_all)
    with submitted(pool, "a", "b", "c") as jobs:
        until(lambda: trainings.begun == ["a"])
        assert [job.position for job in jobs] == [0, 1, 2]
        assert [job.done() for job in jobs] == [False] * 3
        trainings.go.set()
        assert [job.result(SOON) for job in jobs] == ["A", "B", "C"]
    assert trainings.begun == trainings.ended == ["a", "b", "c"]


def test_the_first_has_all_cores_and_those_in_line_one_each(trainings: Trainings) -> None:
    pool = TrainingPool(trainings, 2, use_all)
    with submitted(pool, "a", "b", "c") as jobs:
        until(lambda: trainings.begun == ["a"])
        assert [job.position for job in jobs] == [0, 1, 2]
        trainings.go.set()
        assert not wait(jobs, SOON).not_done
    assert trainings.cores["a"] == 2
    assert trainings.cores["b"] == 1


def test_who_uses_one_core_leaves_the_other_to_the_next(trainings: Trainings) -> None:
    pool = TrainingPool(trainings, 2, lambda request: 1)
    with submitted(pool, "a", "b", "c") as jobs:
        until(lambda: sorted(trainings.begun) == ["a", "b"])
        assert [job.position for job in jobs] == [0, 0, 1]


def test_those_who_submit_the_same_share_it_and_do_not_queue_behind_others(trainings: Trainings) -> None:
    pool = TrainingPool(trainings, 1, use_all)
    with submitted(pool, "a", "b", "a") as (first, _, again):
        assert again is first
        assert pool.viewers == 3
        trainings.go.set()
        assert again.result(SOON) == "A"
    until(lambda: pool.viewers == 0)
    assert trainings.begun.count("a") == 1


def test_the_pool_keeps_no_result(trainings: Trainings) -> None:
    pool = TrainingPool(trainings, 1, use_all)
    trainings.go.set()
    for _ in range(2):
        with submitted(pool, "a") as (job,):
            assert job.result(SOON) == "A"
    assert trainings.begun == ["a", "a"]


def test_it_goes_on_while_one_of_two_waits_and_ends_when_both_have_left(trainings: Trainings) -> None:
    pool = TrainingPool(trainings, 1, use_all)
    with submitted(pool, "a") as (job,):
        with submitted(pool, "a"):
            until(lambda: trainings.begun == ["a"])
        time.sleep(0.05)
        assert trainings.ended == []
    assert isinstance(job.exception(SOON), Abandoned)
    assert trainings.ended == ["a"]


def test_who_leaves_the_line_is_out_of_it(trainings: Trainings) -> None:
    pool = TrainingPool(trainings, 1, use_all)
    with submitted(pool, "a", "b") as (_, _):
        until(lambda: trainings.begun == ["a"])
        with submitted(pool, "c") as (third,):
            assert third.position == 2
        with submitted(pool, "d") as (fourth,):
            assert fourth.position == 2
    trainings.go.set()
    with submitted(pool, "e") as (job,):
        assert job.result(SOON) == "E"
    assert "c" not in trainings.begun
    assert "d" not in trainings.begun


def test_all_who_wait_get_the_error_and_the_pool_serves_on(trainings: Trainings) -> None:
    pool = TrainingPool(trainings, 1, use_all)
    with submitted(pool, "broken", "broken", "a") as (first, second, other):
        trainings.go.set()
        assert isinstance(first.exception(SOON), ValueError)
        assert second.exception(SOON) is first.exception(SOON)
        assert other.result(SOON) == "A"


def test_asking_again_for_what_was_just_left_is_answered(trainings: Trainings) -> None:
    pool = TrainingPool(trainings, 1, use_all)
    for _ in range(50):
        with submitted(pool, "a"):
            pass
    trainings.go.set()
    with submitted(pool, "a") as (job,):
        assert job.result(SOON) == "A"


def test_many_at_once_are_all_answered() -> None:
    pool = TrainingPool(lambda number, workers, tick: tick(1) or number * number, 1, use_all)
    answers: dict[int, int] = {}

    def view(viewer: int) -> None:
        job = pool.submit(viewer % 7)
        answers[viewer] = job.result(SOON)
        job.cancel()

    in_threads(view, range(100))
    assert answers == {viewer: (viewer % 7) ** 2 for viewer in range(100)}


def test_who_stays_is_answered_though_others_leave_at_any_moment() -> None:
    cores = {}

    def train(number: int, workers: list[Worker], tick: Callable[[float], None]) -> int:
        cores[number] = len(workers)
        for step in range(5):
            tick(step / 5)
            time.sleep(0.0002)
        return number * number

    pool = TrainingPool(train, 2, use_all)
    answers: list[tuple[int, int]] = []

    def view(viewer: int) -> None:
        patience = Random(viewer)
        for _ in range(60):
            number = patience.randrange(3)
            job = pool.submit(number)
            if viewer % 2:
                wait([job], patience.choice([0, 0.0002, 0.001]))
            else:
                answers.append((number, job.result(SOON)))
            job.cancel()

    in_threads(view, range(12))
    assert len(answers) == 6 * 60
    assert [(number, answer) for number, answer in answers if answer != number**2] == []
    job = pool.submit(9)  # which has all cores, as nobody has any of them any more
    assert (job.result(SOON), cores[9]) == (81, 2)
    job.cancel()


def test_a_job_that_cannot_begin_raises_and_blocks_nobody(trainings: Trainings, monkeypatch) -> None:
    pool = TrainingPool(trainings, 1, use_all)
    trainings.go.set()

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as short_of_threads:
        short_of_threads.setattr(threading.Thread, "start", refuse)
        with submitted(pool, "a") as (job,):
            assert isinstance(job.exception(SOON), RuntimeError)
    with submitted(pool, "a", "b") as jobs:
        assert [job.result(SOON) for job in jobs] == ["A", "B"]


def test_a_training_that_ticks_on_after_it_was_abandoned_takes_nothing_from_a_newer_one(trainings: Trainings) -> None:
    ticked, came = threading.Event(), threading.Event()

    def stubborn(request: str, workers: list[Worker], tick: Callable[[float], None]) -> str:
        if came.is_set():
            return trainings(request, workers, tick)
        while not ticked.is_set():
            try:
                tick(0.5)
            except Abandoned:
                ticked.set()
        came.wait(SOON)
        tick(0.6)
        return request

    pool = TrainingPool(stubborn, 1, use_all)
    with submitted(pool, "a"):
        pass
    assert ticked.wait(SOON)
    with submitted(pool, "a") as (second,):
        came.set()
        until(lambda: trainings.begun == ["a"])
        with submitted(pool, "a") as (third,):
            assert third is second
            trainings.go.set()
            assert third.result(SOON) == "A"
