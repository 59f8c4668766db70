"""The one gate of the process: trainings in the order they were asked for, each once, none that nobody waits for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Made = TypeVar("Made")
Tick = Callable[[float], None]
Work = Callable[[Asked, int, Tick], Made]


class Left(Exception):
    """Raised in a training that nobody waits for any more."""


class Job(Generic[Asked, Made]):
    """One training that somebody waits for: how far it is and, once it is `done`, what came of it."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.takes, self.waiting, self.fraction = asked, 0, 0, 0.0
        self.done = threading.Event()
        self.made: Made | None = None
        self.error: Exception | None = None


class Gate(Generic[Asked, Made]):
    """Does `work(asked, takes, tick)` for whoever asks, as much at once as there is room for, first come, first served.

    `takes` is the room that it has: all that it can use, by `uses(asked)`, where nothing waits behind it, else 1: two
    works, each in half of the room, are done sooner than one after the other in all of it. Those who ask for the same
    wait for the same training, however many came in between. It runs on a thread of the gate's own, because it has to
    go on when the first of them leaves, and ends at its next tick once all have left.
    """

    def __init__(self, work: Work[Asked, Made], room: int, uses: Callable[[Asked], int]) -> None:
        self._work, self._free, self._uses = work, room, uses
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
            job.waiting += 1
            self._begin()
        try:
            yield job
        finally:
            self._leave(job)

    def place(self, job: Job[Asked, Made]) -> int:
        """How many trainings begin before this one, itself included: 1 is the next; 0 has begun."""
        with self._lock:
            return self._line.index(job) + 1 if job in self._line else 0

    def _begin(self) -> None:
        """Begin what is next in line while there is room for it; called with the lock held."""
        while self._line and self._free:
            job = self._line.pop(0)
            try:
                job.takes = 1 if self._line else min(self._free, self._uses(job.asked))
                self._free -= job.takes
                threading.Thread(target=self._do, args=(job,), name="gate", daemon=True).start()
            except Exception as error:  # such as no thread to be had: nobody waits for what cannot begin
                job.error = error
                self._end(job)

    def _end(self, job: Job[Asked, Made]) -> None:
        """Give its room back and tell those who wait; called with the lock held, so that nobody joins what is over."""
        self._forget(job)
        self._free += job.takes
        job.done.set()

    def _forget(self, job: Job[Asked, Made]) -> None:
        """Who asks from now on is too late for this one, and may have a job of their own under its name already."""
        if self._jobs.get(job.asked) is job:
            del self._jobs[job.asked]

    def _leave(self, job: Job[Asked, Made]) -> None:
        with self._lock:
            job.waiting -= 1
            if not job.waiting and job in self._line:
                self._line.remove(job)
                self._forget(job)

    def _do(self, job: Job[Asked, Made]) -> None:
        def tick(fraction: float) -> None:
            job.fraction = fraction
            with self._lock:
                if not job.waiting:
                    self._forget(job)
                    raise Left

        try:
            job.made = self._work(job.asked, job.takes, tick)
        except Left:
            pass
        except Exception as error:  # whatever it is, those who wait are told
            job.error = error
        finally:
            with self._lock:
                self._end(job)
                self._begin()
