"""Trainings in processes of their own, a core each: in threads they would wait for one interpreter, as would pages."""

from __future__ import annotations

import atexit
import itertools
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from core.engine.sharing import TICK_SECONDS, cores, useful_cores
from core.experiment import Experiment, Result, merge_shards
from pages.parts.serving import messages

ROOT = Path(__file__).resolve().parents[3]
SHUTDOWN_SECONDS = 5  # seconds
# What a worker's libraries are told about memory: there is one thread that takes much of it, and what it has freed
# goes back to the system, but for what the next training is likely to need.
WORKER_ENV = {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "16000000"}

Tick = Callable[[float], object]
Answer = tuple["_Worker", messages.Message, dict[str, np.ndarray]]


class Workers:
    """As many processes as there are cores, begun when first needed and kept; they end with this process."""

    def __init__(self) -> None:
        self._workers: list[_Worker] = []
        self._numbers = itertools.count(1)
        self._one_is_free = threading.Condition()
        atexit.register(self.end)

    @property
    def busy(self) -> int:
        """How many of them are at work: were asked something, and have not ended it, wanted or not."""
        return sum(worker.busy for worker in self._workers)

    def end(self) -> None:
        """End all of them."""
        for worker in self._workers:
            worker.end()
        self._workers = []

    def run(self, experiment: Experiment, tick: Tick, most: int) -> Result:
        """What `core.run` returns, to the bit; it calls `tick` as that does. RuntimeError where a worker fails.

        It takes as many workers as are free and worth it, `most` at the most, and waits until one is free.
        """
        number, answers = next(self._numbers), queue.SimpleQueue[Answer]()
        with self._taken(min(wanted(experiment), most), tick) as asked:
            try:
                for first, worker in enumerate(asked):
                    worker.ask(answers, number, first, len(asked), experiment)
                made = _awaited(answers, number, asked, tick)
            except BaseException:
                for worker in asked:
                    worker.stop(number)
                raise
        return merge_shards(experiment, [made[worker] for worker in asked])

    @contextmanager
    def _taken(self, most: int, tick: Tick) -> Iterator[list[_Worker]]:
        while not (asked := self._take(most)):
            tick(0.0)  # who waits here may cancel, too
        try:
            yield asked
        finally:
            with self._one_is_free:
                for worker in asked:
                    worker.taken = False
                self._one_is_free.notify_all()

    def _take(self, most: int) -> list[_Worker]:
        """Those free now or within a tick, idle ones before those that have yet to end what was canceled."""
        with self._one_is_free:
            self._one_is_free.wait_for(lambda: any(not worker.taken for worker in self._ready()), TICK_SECONDS)
            free = [worker for worker in self._workers if not worker.taken]
            for worker in (asked := sorted(free, key=lambda worker: worker.busy)[:most]):
                worker.taken = True
            return asked

    def _ready(self) -> list[_Worker]:
        """All of them, those begun anew that have died."""
        self._workers = [worker for worker in self._workers if worker.taken or worker.alive]
        self._workers += [_Worker() for _ in range(cores() - len(self._workers))]
        return self._workers


def wanted(experiment: Experiment) -> int:
    """How many workers an experiment can keep busy."""
    runs = len(experiment.variants) * experiment.seeds
    return min(cores(), useful_cores(runs, experiment.sizes, experiment.batch_size))


def _awaited(
    answers: queue.SimpleQueue[Answer], number: int, asked: list[_Worker], tick: Tick
) -> dict[_Worker, dict[str, np.ndarray]]:
    """What comes of the training of that number, worker by worker."""
    fractions = dict.fromkeys(asked, 0.0)
    made: dict[_Worker, dict[str, np.ndarray]] = {}
    while len(made) < len(asked):
        tick(sum(fractions.values()) / len(asked))
        dead = any(not worker.alive for worker in asked if worker not in made)
        try:
            worker, message, arrays = answers.get(timeout=TICK_SECONDS)
        except queue.Empty:
            if dead:  # and nothing that it said is left to hear
                raise RuntimeError("A process that trains has died.") from None
            continue
        if message["number"] != number:
            continue  # of a training that was canceled, and ends only now
        match message.get("ended"):
            case None:
                fractions[worker] = message["fraction"]
            case "trained":
                fractions[worker], made[worker] = 1.0, arrays
            case _:  # it failed: only who asked stops it, and listens no more then
                raise RuntimeError(message["why"])
    tick(1.0)
    return made


class _Worker:
    """A process that trains, one thing after the other."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pages.parts.serving.worker"],
            cwd=ROOT,
            env=os.environ | WORKER_ENV,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.taken = False
        self._unanswered: set[int] = set()  # the numbers of what it was asked, wanted or not
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, name="worker", daemon=True)
        self._listener.start()

    @property
    def alive(self) -> bool:
        """Whether it can say anything more."""
        return self._listener.is_alive()

    @property
    def busy(self) -> bool:
        """Whether it has yet to end something, which may not be wanted any more."""
        return self.alive and bool(self._unanswered)

    def ask(
        self, answers: queue.SimpleQueue[Answer], number: int, first: int, parts: int, experiment: Experiment
    ) -> None:
        """Have a part of the experiment trained; what it says of that, and of what came before, goes to `answers`."""
        written, arrays = messages.written(experiment)
        self._answers = answers
        self._unanswered.add(number)
        self._send({"number": number, "first": first, "parts": parts, "experiment": written}, arrays)

    def stop(self, number: int) -> None:
        """Have it end what it was asked under that number, if it has not."""
        self._send({"stop": number})

    def end(self) -> None:
        """End the process, and wait for that."""
        self._process.terminate()
        self._listener.join(SHUTDOWN_SECONDS)

    def _send(self, message: messages.Message, arrays: messages.Arrays | None = None) -> None:
        if self._process.stdin:
            with suppress(OSError, ValueError):  # it has died, and whoever listens hears of that
                messages.send(self._process.stdin, message, arrays)

    def _listen(self) -> None:
        with suppress(OSError), self._process as process:  # its pipes are closed, and it is waited for
            for message, arrays in messages.received(process.stdout) if process.stdout else ():
                if "ended" in message:
                    self._unanswered.discard(message["number"])
                self._answers.put((self, message, arrays))
