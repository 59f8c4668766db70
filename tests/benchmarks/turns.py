"""Engines take turns in one process, each in its fastest way, so that they share whatever disturbs the machine."""

from __future__ import annotations

import functools
import gc
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from statistics import median

import numpy as np
from threadpoolctl import ThreadpoolController

Array = np.ndarray
PAUSE = 0.01  # seconds: threads of the engine before stop spinning
TRIALS = 2


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


def fastest(ways: Sequence[Way]) -> Way:
    """The fastest way of an engine: each is warmed up, then tried in turn with the others."""
    for way in ways:
        seconds(way)
    if len(ways) == 1:
        return ways[0]
    times = [[seconds(way) for way in ways] for _ in range(TRIALS)]
    return ways[int(np.argmin(np.min(times, axis=0)))]


def medians(ways: dict[str, Way], rounds: int) -> dict[str, float]:
    """Seconds by engine, the median of all rounds: A B C …, A B C …"""
    times = [{engine: seconds(way) for engine, way in ways.items()} for _ in range(rounds)]
    return {engine: median(round_[engine] for round_ in times) for engine in ways}
