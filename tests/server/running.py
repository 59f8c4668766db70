"""What tests of a server do with it: run their coroutines, ask for a long training, and wait for what it says."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from tests.browser.server import Server
from tests.load.served import trained
from tests.load.viewer import Link

SOON = 20  # seconds: for slow machines; nothing waits longer than it has to
T = TypeVar("T")


def completed(coroutine: Coroutine[Any, Any, T]) -> T:
    """What the coroutine returns, run on a thread of its own: the browser's tests leave an event loop running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def heavy(seed: int) -> Link:
    """Seconds of training, and within the bound."""
    return Link("random_init", f"r.depth=20&r.width=128&r.seeds=5&r.steps=400&r.seed={seed}")


async def until(server: Server, condition: Callable[[int], bool]) -> None:
    """Wait until the condition is true of the number of processes that train."""
    deadline = time.monotonic() + SOON
    while not condition(trained(server)["busy"]):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)
