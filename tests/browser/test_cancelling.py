"""A moved control ends the training under way: what nobody waits for is not computed."""

import json
import os
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser import chromium
from tests.browser.server import Server
from tests.browser.watched import MARK

EXPENSIVE = "random_init?r.depth=20&r.width=128&r.seeds=5&r.steps=60"  # seconds of training, and within the budget
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@pytest.fixture(scope="module")
def watched() -> Iterator[Server]:
    with Server("-m", "tests.browser.watched") as server:
        yield server


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = chromium.new(browser, **chromium.DESK)
    yield context
    context.close()


def _at_work(server: Server) -> dict[str, int]:
    """How many processes are at work on trainings, and how many of the server's threads on scripts."""
    process = server.process
    assert process.stdin
    assert process.stdout
    process.stdin.write("\n")
    process.stdin.flush()
    line = next(line for line in process.stdout if line.startswith(MARK))
    return json.loads(line.removeprefix(MARK))


def test_ten_quick_moves_leave_one_training(context: BrowserContext, watched: Server) -> None:
    view = context.new_page()
    view.goto(f"{watched.url}/{EXPENSIVE}")
    thumb = view.locator(".st-key-r-depth input[type='range']")
    seen = []
    for _ in range(10):
        thumb.press("ArrowRight")
        view.wait_for_timeout(150)
        seen.append(_at_work(watched))
    assert any(now["trainings"] for now in seen), "nothing here takes long enough to be cancelled"
    assert all(now["trainings"] <= CORES for now in seen), seen  # one training has a process a core
    assert all(now["scripts"] <= 2 for now in seen), seen  # the one that counts, and at most one on its way out
    chromium.drawn(view)
    time.sleep(0.5)
    assert _at_work(watched)["trainings"] == 0
    view.close()


def test_a_closed_tab_leaves_none(context: BrowserContext, watched: Server) -> None:
    view = context.new_page()
    view.goto(f"{watched.url}/{EXPENSIVE}&r.seed=1")
    deadline = time.monotonic() + chromium.TIMEOUT / 1000
    while _at_work(watched)["trainings"] == 0:
        assert time.monotonic() < deadline, "no training was ever seen"
        time.sleep(0.02)
    view.close()
    time.sleep(1)
    assert _at_work(watched)["trainings"] == 0
