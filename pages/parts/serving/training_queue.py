"""The one queue of the process: trainings in the order they were asked for, each once, none that nobody waits for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Request = TypeVar("Request")
Outcome = TypeVar("Outcome")
Tick = Callable[[float], None]
Work = Callable[[Request, int, Tick], Outcome]


class Abandoned(Exception):
    """Raised in a training that nobody waits for any more."""


class Job(Generic[Request, Outcome]):
    """One training that somebody waits for: how far it is and, once it is `done`, what came of it."""

    def __init__(self, request: Request) -> None:
        self.request, self.cores, self.waiting, self.fraction = request, 0, 0, 0.0
        self.done = threading.Event()
        self.result: Outcome | None = None
        self.error: Exception | None = None


class TrainingQueue(Generic[Request, Outcome]):
    """Does `work(request, cores, tick)` for whoever asks, as much at once as cores are free, first come, first served.

    `cores` is how many it gets: all that it can use, by `uses(request)`, where nothing waits behind it, else 1: two
    works, each on half of the cores, are done sooner than one after the other on all of them. Those who ask for the
    same wait for the same training, however many came in between. It runs on a thread of the queue's own, because it
    has to go on when the first of them leaves, and ends at its next tick once all have left.
    """

    def __init__(self, work: Work[Request, Outcome], cores: int, uses: Callable[[Request], int]) -> None:
        self._work, self._free, self._uses = work, cores, uses
        self._jobs: dict[Request, Job[Request, Outcome]] = {}
        self._line: list[Job[Request, Outcome]] = []
        self._lock = threading.Lock()

    @contextmanager
    def asking(self, request: Request) -> Iterator[Job[Request, Outcome]]:
        """The training that is requested, which goes on while somebody is in this context."""
        with self._lock:
            job = self._jobs.get(request)
            if job is None:
                job = self._jobs[request] = Job(request)
                self._line.append(job)
            job.waiting += 1
            self._begin()
        try:
            yield job
        finally:
            self._leave(job)

    def position(self, job: Job[Request, Outcome]) -> int:
        """How many trainings begin before this one, itself included: 1 is the next; 0 has begun."""
        with self._lock:
            return self._line.index(job) + 1 if job in self._line else 0

    def _begin(self) -> None:
        """Begin what is next in line while a core is free; called with the lock held."""
        while self._line and self._free:
            job = self._line.pop(0)
            try:
                job.cores = 1 if self._line else min(self._free, self._uses(job.request))
                self._free -= job.cores
                threading.Thread(target=self._do, args=(job,), name="training", daemon=True).start()
            except Exception as error:  # such as no thread to be had: nobody waits for what cannot begin
                job.error = error
                self._end(job)

    def _end(self, job: Job[Request, Outcome]) -> None:
        """Give its cores back and tell those who wait; called with the lock held, so that nobody joins what is over."""
        self._forget(job)
        self._free += job.cores
        job.done.set()

    def _forget(self, job: Job[Request, Outcome]) -> None:
        """Who asks from now on is too late for this one, and may have a job of their own under its name already."""
        if self._jobs.get(job.request) is job:
            del self._jobs[job.request]

    def _leave(self, job: Job[Request, Outcome]) -> None:
        with self._lock:
            job.waiting -= 1
            if not job.waiting and job in self._line:
                self._line.remove(job)
                self._forget(job)

    def _do(self, job: Job[Request, Outcome]) -> None:
        def tick(fraction: float) -> None:
            job.fraction = fraction
            with self._lock:
                if not job.waiting:
                    self._forget(job)
                    raise Abandoned

        try:
            job.result = self._work(job.request, job.cores, tick)
        except Abandoned:
            pass
        except Exception as error:  # whatever it is, those who wait are told
            job.error = error
        finally:
            with self._lock:
                self._end(job)
                self._begin()
