"""Engines take turns in one process, each in its fastest way, so that they share whatever disturbs the machine."""

from __future__ import annotations

import functools
import gc
import math
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

import numpy as np
from threadpoolctl import ThreadpoolController

Array = np.ndarray
PAUSE = 0.01  # seconds: threads of the engine before stop spinning
TRIALS = 1
IN_THE_RUNNING = 1.5  # times the fastest, after the warm-up
GIVE_UP_SECONDS, GIVE_UP_FACTOR = 2.0, 3.0


@dataclass(frozen=True)
class Way:
    """One way an engine can do a workload: `run` returns losses (runs, steps) and norms (runs, steps, L), or None."""

    label: str
    run: Callable[[], tuple[Array, Array] | None]
    around: Callable[[], AbstractContextManager] = nullcontext  # sets threads, outside of the time taken


@functools.cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


def blas_threads(n: int) -> AbstractContextManager:
    """Let NumPy's BLAS use n threads within the block, and as many as before after it."""
    return _controller().limit(limits=n, user_api="blas")


def seconds(way: Way) -> float:
    """What a user waits for the way's arrays."""
    with way.around():
        gc.collect()
        time.sleep(PAUSE)
        start = time.perf_counter()
        way.run()
        return time.perf_counter() - start


@contextmanager
def at_most(limit: float) -> Iterator[None]:
    """Raise TimeoutError in the calling thread after so many seconds, where the platform can."""

    def give_up(*_: object) -> None:
        raise TimeoutError

    if limit == math.inf or not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def fastest(ways: Sequence[Way]) -> Way:
    """The fastest way of an engine: each is warmed up, then those not far behind are tried in turn.

    A way is given up once it takes far longer than another: on a shared machine threads that wait for each other at
    every call can take minutes.
    """
    best = dict.fromkeys(range(len(ways)), math.inf)
    for _ in range(1 + TRIALS):
        limit = IN_THE_RUNNING * min(best.values())
        best = {i: taken for i, taken in best.items() if taken <= limit}
        for i in list(best):
            try:
                with at_most(max(GIVE_UP_SECONDS, GIVE_UP_FACTOR * min(best.values()))):
                    best[i] = min(best[i], seconds(ways[i]))
            except TimeoutError:
                if best[i] == math.inf:
                    del best[i]
    return ways[min(best, key=lambda i: best[i])]


def turns(ways: dict[str, Way], rounds: int) -> dict[str, list[float]]:
    """Seconds of every round by engine, in the order A B C …, A B C …"""
    times = {engine: [] for engine in ways}
    for _ in range(rounds):
        for engine, way in ways.items():
            times[engine].append(seconds(way))
    return times
