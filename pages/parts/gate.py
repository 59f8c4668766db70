"""The one gate of the process: trainings in the order they were asked for, each once, none that nobody waits for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Made = TypeVar("Made")
Tick = Callable[[float], None]
Work = Callable[[Asked, Tick], Made]


class Left(Exception):
    """Raised in a training that nobody waits for any more."""


class Job(Generic[Asked, Made]):
    """One training that somebody waits for: how far it is and, once it is `done`, what came of it."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.waiting, self.fraction = asked, 0, 0.0
        self.done = threading.Event()
        self.made: Made | None = None
        self.error: Exception | None = None


class Gate(Generic[Asked, Made]):
    """Does `work(asked, tick)` for whoever asks, at most `at_once` at the same time, first come, first served.

    Those who ask for the same wait for the same training, however many came in between. It runs on a thread of the
    gate's own, because it has to go on when the first of them leaves, and ends at its next tick once all have left.
    """

    def __init__(self, work: Work[Asked, Made], at_once: int) -> None:
        self._work, self._free = work, at_once
        self._jobs: dict[Asked, Job[Asked, Made]] = {}
        self._line: list[Job[Asked, Made]] = []
        self._lock = threading.Lock()

    @contextmanager
    def asking(self, asked: Asked) -> Iterator[Job[Asked, Made]]:
        """The training asked for, which goes on while somebody is in this context."""
        with self._lock:
            job = self._jobs.get(asked)
            if job is None:
                job = self._jobs[asked] = Job(asked)
                self._line.append(job)
                if self._free:
                    self._free -= 1
                    # Named unlike the threads that train: those are what a machine is busy with.
                    threading.Thread(target=self._serve, name="gate", daemon=True).start()
            job.waiting += 1
        try:
            yield job
        finally:
            self._leave(job)

    def place(self, job: Job[Asked, Made]) -> int:
        """How many trainings begin before this one, itself included: 1 is the next; 0 has begun."""
        with self._lock:
            return self._line.index(job) + 1 if job in self._line else 0

    def _leave(self, job: Job[Asked, Made]) -> None:
        with self._lock:
            job.waiting -= 1
            if not job.waiting and job in self._line:
                self._line.remove(job)
                del self._jobs[job.asked]

    def _serve(self) -> None:
        """Do what is in line until nothing is."""
        while True:
            with self._lock:
                if not self._line:
                    self._free += 1
                    return
                job = self._line.pop(0)
            self._do(job)

    def _do(self, job: Job[Asked, Made]) -> None:
        def tick(fraction: float) -> None:
            job.fraction = fraction
            with self._lock:
                if not job.waiting:
                    self._jobs.pop(job.asked, None)  # who asks from now on is too late for this one
                    raise Left

        try:
            job.made = self._work(job.asked, tick)
        except Left:
            pass
        except Exception as error:  # whatever it is, those who wait are told
            job.error = error
        finally:
            with self._lock:
                if self._jobs.get(job.asked) is job:
                    del self._jobs[job.asked]
            job.done.set()
