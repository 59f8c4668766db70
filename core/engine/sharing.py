"""Shares training out over threads, in blocks of runs that fit a cache."""

import functools
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import suppress

from threadpoolctl import threadpool_limits

from core.engine.network import parameter_slices

Checkpoint = Callable[[], None]

TICK_SECONDS = 0.02  # `core.run` promises at most 0.05; a cancellation waits for the next one
WORTH_A_THREAD = 4_000_000  # multiply-adds a step
BLOCK_BYTES = 7_000_000  # of a block: more blocks cost calls, larger ones leave the caches


class Canceled(Exception):
    """Raised in a worker when the calling thread wants it to stop."""


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def working_set(sizes: Sequence[int], m: int, itemsize: int) -> int:
    """Bytes of a run's step: parameters, their gradient, and the activations of m examples."""
    return itemsize * (2 * parameter_slices(sizes)[-1].stop + m * (2 * sum(sizes) + max(sizes)))


def useful_cores(runs: int, sizes: Sequence[int], m: int) -> int:
    """How many cores the runs can keep busy."""
    # Few products are not worth another: threads would wait for the interpreter in turn.
    products = 3 * m * parameter_slices(sizes)[-1].stop * runs
    return max(1, min(products // WORTH_A_THREAD, runs))


def deal_into_blocks(runs: int, sizes: Sequence[int], m: int, itemsize: int, threads: int) -> list[range]:
    """Deal the runs out to equal blocks that fit a cache, as many as keep the threads busy."""
    busy = min(threads, useful_cores(runs, sizes, m))
    fitting = max(1, BLOCK_BYTES // working_set(sizes, m, itemsize))
    count = min(runs, busy * -(-runs // (busy * fitting)))
    # In turn, so that runs which diverge together, the seeds of a variant, do not leave one idle.
    return [range(first, runs, count) for first in range(count)]


def run_in_threads(tasks: Sequence[Callable[[Checkpoint], None]], threads: int, tick: Callable[[], object]) -> None:
    """Do the tasks on threads, and tick here; what either raises ends all. Checkpoints raise Canceled."""
    _one_blas_thread()
    stop = threading.Event()

    def checkpoint() -> None:
        if stop.is_set():
            raise Canceled

    def do_task(task: Callable[[Checkpoint], None]) -> None:
        with suppress(Canceled):
            checkpoint()
            task(checkpoint)

    # A task begins when its turn comes: no more of them hold memory than there are threads.
    with ThreadPoolExecutor(min(threads, len(tasks)), thread_name_prefix="training") as pool:
        pending = {pool.submit(do_task, task) for task in tasks}
        try:
            tick()
            while pending:
                finished, pending = wait(pending, timeout=TICK_SECONDS, return_when=FIRST_EXCEPTION)
                for future in finished:
                    future.result()
                tick()
        except BaseException:
            stop.set()
            raise


@functools.cache
def _one_blas_thread() -> None:
    # For good: the runs, not the products, are shared out over cores.
    threadpool_limits(limits=1, user_api="blas")
