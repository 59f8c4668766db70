"""The one pool that trains for all viewers: requests in the order they came, each trained once, on a process a core.

Its workers are as quick as an executor for each core, of loky or of the standard library, and take less memory; they
end with the server, where those train on.
"""

import atexit
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from functools import partial
from typing import Any

from pages.parts.serving.workers import Worker


class Abandoned(Exception):
    """Raised in a training that nobody waits for any more."""


class Job(Future[Any]):
    """A training that viewers share, each from `submit` until `cancel`; at `position` 1 it is the next to begin."""

    def __init__(self, request: Hashable, leave: Callable[["Job"], None]) -> None:
        super().__init__()
        self.request, self.viewers, self.progress = request, 0, 0.0
        self.position = 1  # in line; 0 once it has begun
        self.workers: list[Worker] = []
        self._leave = leave

    def cancel(self) -> bool:
        """Wait no longer, as one viewer: the training ends at its next tick once nobody waits."""
        self._leave(self)
        return not self.viewers


class TrainingPool:
    """Calls `compute(request, workers, tick)` for each job, on a thread of its own, as viewers come and go.

    A job gets as many idle workers as `useful(request)` says where nothing waits behind it, else one: two trainings,
    each on half of the cores, are done sooner than one after the other on all of them.
    """

    def __init__(self, compute: Callable[..., object], cores: int, useful: Callable[[Any], int]) -> None:
        self._compute, self._useful = compute, useful
        self._workers = [Worker(self._begin) for _ in range(cores)]
        self._jobs: dict[Hashable, Job] = {}  # those that a viewer can join, as they came
        self._reserved: set[Worker] = set()  # by jobs that have begun; a canceled one leaves them busy for a moment
        self._lock = threading.RLock()
        atexit.register(self.close)

    @property
    def busy(self) -> int:
        """How many workers train, for somebody or nobody."""
        return sum(worker.is_busy for worker in self._workers)

    @property
    def viewers(self) -> int:
        """How many wait for some job, counted once for each."""
        with self._lock:
            return sum(job.viewers for job in self._jobs.values())

    def close(self) -> None:
        for worker in self._workers:
            worker.close()

    def submit(self, request: Hashable) -> Job:
        """The job that trains the request: a new one at the end of the line unless there is one already."""
        with self._lock:
            job = self._jobs.setdefault(request, Job(request, self._leave))
            job.viewers += 1
            self._begin()
        return job

    def _leave(self, job: Job) -> None:
        with self._lock:
            job.viewers -= 1
            if job.position and not job.viewers:
                self._forget(job)
                self._begin()

    def _begin(self) -> None:
        """Begin the jobs that are next in line while workers are idle, and count the others."""
        with self._lock:
            line = [job for job in self._jobs.values() if job.position]
            while line and (idle := [w for w in self._workers if not (w.is_busy or w in self._reserved)]):
                job = line.pop(0)
                job.position = 0
                try:
                    job.workers = idle[: 1 if line else self._useful(job.request)]
                    self._reserved.update(job.workers)
                    threading.Thread(target=self._run, args=(job,), name="training", daemon=True).start()
                except Exception as error:  # such as no thread to be had: nobody waits for what cannot begin
                    self._end(job, partial(job.set_exception, error))
            for position, job in enumerate(line, 1):
                job.position = position

    def _run(self, job: Job) -> None:
        def tick(fraction: float) -> None:
            job.progress = fraction
            with self._lock:
                if not job.viewers:
                    self._forget(job)
                    raise Abandoned

        try:
            settle = partial(job.set_result, self._compute(job.request, job.workers, tick))
        except BaseException as error:  # whatever it is, it is raised to those who wait
            settle = partial(job.set_exception, error)
        with self._lock:
            self._end(job, settle)
            self._begin()

    def _end(self, job: Job, settle: Callable[[], None]) -> None:
        """Give its workers back and wake who waits; called with the lock held, so that nobody joins what is over."""
        self._forget(job)
        self._reserved.difference_update(job.workers)
        settle()

    def _forget(self, job: Job) -> None:
        """Let nobody join the job; there may be a newer one of its request."""
        if self._jobs.get(job.request) is job:
            del self._jobs[job.request]
