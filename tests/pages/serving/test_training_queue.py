"""The queue: first come, first served; the same for all who ask for the same; over as soon as nobody waits."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from random import Random

import pytest

from core import Experiment
from pages.parts.serving.training_queue import Abandoned, Job, TrainingQueue
from pages.parts.serving.workers import Workers

SOON = 10  # seconds: for slow machines; nothing waits longer than it has to


class Works:
    """Work that goes on, ticking, until it is let go; what it is asked for comes back in capitals."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.room: dict[str, int] = {}
        self.ended: list[str] = []
        self.go = threading.Event()

    def __call__(self, asked: str, cores: int, tick: Callable[[float], None]) -> str:
        self.begun.append(asked)
        self.room[asked] = cores
        try:
            while not self.go.wait(0.005):
                tick(0.5)
        finally:
            self.ended.append(asked)
        if asked == "broken":
            raise ValueError(asked)
        return asked.upper()


@pytest.fixture
def works() -> Iterator[Works]:
    works = Works()
    yield works
    works.go.set()


def use_all(asked: object) -> int:
    return 2


def until(said: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not said():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@contextmanager
def asked(queue: TrainingQueue[str, str], *names: str) -> Iterator[list[Job[str, str]]]:
    with ExitStack() as stack:
        yield [stack.enter_context(queue.asking(name)) for name in names]


def test_first_come_first_served_one_at_a_time(works: Works) -> None:
    queue = TrainingQueue(works, 1, use_all)
    with asked(queue, "a", "b", "c") as jobs:
        until(lambda: works.begun == ["a"])
        assert [queue.position(job) for job in jobs] == [0, 1, 2]
        assert [job.done.is_set() for job in jobs] == [False] * 3
        works.go.set()
        assert all(job.done.wait(SOON) for job in jobs)
        assert [job.result for job in jobs] == ["A", "B", "C"]
    assert works.begun == works.ended == ["a", "b", "c"]


def test_the_first_has_all_the_room_and_those_in_line_share_it(works: Works) -> None:
    queue = TrainingQueue(works, 2, use_all)
    with asked(queue, "a", "b", "c") as jobs:
        until(lambda: works.begun == ["a"])
        assert [queue.position(job) for job in jobs] == [0, 1, 2]
        works.go.set()
        assert all(job.done.wait(SOON) for job in jobs)
    assert works.room["a"] == 2
    assert works.room["b"] == 1


def test_who_uses_one_place_leaves_room_for_the_next(works: Works) -> None:
    queue = TrainingQueue(works, 2, lambda asked: 1)
    with asked(queue, "a", "b", "c") as jobs:
        until(lambda: sorted(works.begun) == ["a", "b"])
        assert [queue.position(job) for job in jobs] == [0, 0, 1]


def test_those_who_ask_for_the_same_share_it_and_do_not_queue_behind_others(works: Works) -> None:
    queue = TrainingQueue(works, 1, use_all)
    with asked(queue, "a", "b", "a") as (first, _, again):
        assert again is first
        works.go.set()
        assert again.done.wait(SOON)
    assert works.begun.count("a") == 1


def test_what_was_made_is_not_kept_by_the_gate(works: Works) -> None:
    queue = TrainingQueue(works, 1, use_all)
    works.go.set()
    for _ in range(2):
        with asked(queue, "a") as (job,):
            assert job.done.wait(SOON)
    assert works.begun == ["a", "a"]


def test_it_goes_on_while_one_of_two_waits_and_ends_when_both_have_left(works: Works) -> None:
    queue = TrainingQueue(works, 1, use_all)
    with asked(queue, "a") as (job,):
        with asked(queue, "a"):
            until(lambda: works.begun == ["a"])
        time.sleep(0.05)
        assert works.ended == []
    assert job.done.wait(SOON)
    assert works.ended == ["a"]
    assert job.result is None
    assert job.error is None


def test_who_leaves_the_line_is_out_of_it(works: Works) -> None:
    queue = TrainingQueue(works, 1, use_all)
    with asked(queue, "a", "b") as (_, _):
        until(lambda: works.begun == ["a"])
        with asked(queue, "c") as (third,):
            assert queue.position(third) == 2
        with asked(queue, "d") as (fourth,):
            assert queue.position(fourth) == 2
    works.go.set()
    with asked(queue, "e") as (job,):
        assert job.done.wait(SOON)
    assert "c" not in works.begun
    assert "d" not in works.begun


def test_all_who_wait_are_told_of_an_error_and_the_gate_serves_on(works: Works) -> None:
    queue = TrainingQueue(works, 1, use_all)
    with asked(queue, "broken", "broken", "a") as (first, second, other):
        works.go.set()
        assert first.done.wait(SOON)
        assert isinstance(first.error, ValueError)
        assert second.error is first.error
        assert other.done.wait(SOON)
        assert other.result == "A"


def test_asking_again_for_what_was_just_left_is_answered(works: Works) -> None:
    queue = TrainingQueue(works, 1, use_all)
    for _ in range(50):
        with asked(queue, "a"):
            pass
    works.go.set()
    with asked(queue, "a") as (job,):
        assert job.done.wait(SOON)
        assert job.result == "A"


def test_many_at_once_are_all_answered() -> None:
    queue: TrainingQueue[int, int] = TrainingQueue(lambda asked, cores, tick: tick(1) or asked * asked, 1, use_all)
    answers: dict[int, int | None] = {}

    def viewer(number: int) -> None:
        with queue.asking(number % 7) as job:
            assert job.done.wait(SOON)
            answers[number] = job.result

    viewers = [threading.Thread(target=viewer, args=(number,)) for number in range(100)]
    for thread in viewers:
        thread.start()
    for thread in viewers:
        thread.join(SOON)
    assert answers == {number: (number % 7) ** 2 for number in range(100)}


def test_who_stays_is_answered_though_others_leave_at_any_moment() -> None:
    def work(number: int, cores: int, tick: Callable[[float], None]) -> int:
        for step in range(5):
            tick(step / 5)
            time.sleep(0.0002)
        return number * number

    queue: TrainingQueue[int, int] = TrainingQueue(work, 2, use_all)
    answers: list[tuple[int, int | None, Exception | None]] = []

    def view(viewer: int, patience: Random) -> None:
        for _ in range(60):
            number = patience.randrange(3)
            with queue.asking(number) as job:
                if viewer % 2:
                    job.done.wait(patience.choice([0, 0.0002, 0.001]))
                else:
                    assert job.done.wait(SOON)
                    answers.append((number, job.result, job.error))

    viewers = [threading.Thread(target=view, args=(viewer, Random(viewer))) for viewer in range(12)]
    for thread in viewers:
        thread.start()
    for thread in viewers:
        thread.join(SOON)
    assert len(answers) == 6 * 60
    assert [answer for answer in answers if answer[1:] != (answer[0] ** 2, None)] == []
    with queue.asking(0) as job:  # which has all the room, as nobody has any of it any more
        assert job.done.wait(SOON)
        assert (job.cores, job.result) == (2, 0)


def test_what_cannot_begin_is_told_to_who_waits_and_blocks_nobody(works: Works, monkeypatch) -> None:
    queue = TrainingQueue(works, 1, use_all)
    works.go.set()

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as short_of_threads:
        short_of_threads.setattr(threading.Thread, "start", refuse)
        with asked(queue, "a") as (job,):
            assert job.done.wait(SOON)
            assert isinstance(job.error, RuntimeError)
    with asked(queue, "a", "b") as jobs:
        assert all(job.done.wait(SOON) for job in jobs)
        assert [job.result for job in jobs] == ["A", "B"]


def test_a_work_that_ticks_on_after_it_was_left_takes_nothing_from_who_came_since(works: Works) -> None:
    ticked, came = threading.Event(), threading.Event()

    def stubborn(asked: str, cores: int, tick: Callable[[float], None]) -> str:
        if came.is_set():
            return works(asked, cores, tick)
        while not ticked.is_set():
            try:
                tick(0.5)
            except Abandoned:
                ticked.set()
        came.wait(SOON)
        tick(0.6)
        return asked

    queue: TrainingQueue[str, str] = TrainingQueue(stubborn, 1, use_all)
    with asked(queue, "a"):
        pass
    assert ticked.wait(SOON)
    with asked(queue, "a") as (second,):
        came.set()
        until(lambda: works.begun == ["a"])
        with asked(queue, "a") as (third,):
            assert third is second
            works.go.set()
            assert third.done.wait(SOON)
            assert third.result == "A"


def test_a_training_that_is_left_frees_the_gate_within_a_fifth_of_a_second() -> None:
    large = Experiment(hidden=(256,) * 20, seeds=8, steps=10_000)
    workers = Workers()
    queue: TrainingQueue[Experiment, object] = TrainingQueue(
        lambda asked, cores, tick: workers.run(asked, tick, cores), 2, use_all
    )
    freed = []
    while len(freed) < 3 and not any(seconds < 0.2 for seconds in freed):  # the machine may be busy with something else
        with queue.asking(replace(large, seed=len(freed))) as job:
            until(lambda job=job: job.fraction > 0)
        left = time.monotonic()
        assert job.done.wait(SOON)
        freed.append(time.monotonic() - left)
        assert job.result is None
    workers.end()
    assert min(freed) < 0.2, freed
