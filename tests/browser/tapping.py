"""Whether quick taps of → while presenting lose the page: `python -m tests.browser.tapping [--rounds 20]`."""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Error, expect
from playwright.sync_api import Page as View

from pages.parts.shell.routes import PAGES
from tests.browser import chromium
from tests.browser.server import Server
from tests.browser.tab import Tab

TAPS, PAUSE = 6, 0.1  # seconds between two taps
LANDS_ON = PAGES[TAPS % len(PAGES)]  # from the first page


def tap(view: View) -> list[str]:
    """Tap on the first page, which is presented; the errors that are shown where it leads, if any."""
    for _ in range(TAPS):
        view.keyboard.press("ArrowRight")
        time.sleep(PAUSE)
    try:
        expect(view.locator("h1")).to_have_text(LANDS_ON.title, timeout=20_000)
        chromium.drawn(view)
    except (AssertionError, Error) as error:
        return [str(error).splitlines()[0], *view.locator("[role='dialog']").all_inner_texts()]
    return view.locator("[role='dialog']").all_inner_texts()


def spin() -> None:
    while True:
        pass


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Other work on the same machine."""
    loops = [multiprocessing.Process(target=spin, daemon=True) for _ in range(processes)]
    for loop in loops:
        loop.start()
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.join()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.tapping", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--busy", type=int, default=2, help="processes that do nothing but take time")
    arguments = parser.parse_args()
    lost = 0
    with busy(arguments.busy), chromium.launched() as browser, Server() as server:
        tab = Tab(chromium.new(browser, **chromium.DESK))
        for round_ in range(arguments.rounds):
            tab.open(f"{server.url}/?present=true")
            errors = tap(tab.view)
            lost += bool(errors)
            print(f"round {round_ + 1}: {' | '.join(errors) or LANDS_ON.title}", flush=True)
    print(f"{lost} of {arguments.rounds} rounds lost")


if __name__ == "__main__":
    main()
