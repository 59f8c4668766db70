"""How long a viewer waits: `python -m tests.browser.timing [--rounds N]` prints medians, and asserts nothing.

open:   from asking for the link to the first screen fully drawn, charts included, and the script's end, in a browser
        that has loaded Streamlit's own code before; the server is warm, and nothing of this run is cached (every round
        has another base seed).
again:  the same link once more in the same browser: all is cached.
repeat: the open page once more, by Streamlit's key R, from the press to the same: all is cached.
return: from clicking on the page in the sidebar, coming from another page, to the same: all is cached.
change: from a released control, the page's principal slider, to the new banner: nothing is cached; nan without one.
script: the part of it that the script takes on the server, from its first message to its last.
bare:   in the same rounds, opening an app of a word and a line: what Streamlit, Vega and the browser take at the least.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from collections.abc import Callable

from playwright.sync_api import Browser
from playwright.sync_api import Page as View
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.parts.settings import page_label
from pages.parts.shell.routes import PAGES, Page
from tests.browser import chromium
from tests.browser.server import Server


class Script:
    """Listens to what the server sends, counts the runs of the script and times the last."""

    def __init__(self, view: View) -> None:
        self.runs = 0
        self.seconds = self._started = 0.0
        view.on("websocket", lambda socket: socket.on("framereceived", self._received))

    def _received(self, frame: str | bytes) -> None:
        if isinstance(frame, str):
            return
        kind = ForwardMsg.FromString(frame).WhichOneof("type")
        if kind == "new_session":
            self._started = time.perf_counter()
        elif kind == "script_finished":
            self.runs += 1
            self.seconds = time.perf_counter() - self._started


def timed(act: Callable[[], object], view: View) -> float:
    start = time.perf_counter()
    act()
    chromium.drawn(view)
    return time.perf_counter() - start


def measure(browser: Browser, server: Server, least: Server, page: Page, rounds: int) -> dict[str, float]:
    """Medians in seconds; `least` serves the least of all apps."""
    other = PAGES[1] if page is PAGES[0] else PAGES[0]
    view = chromium.opened(browser, f"{server.url}/{page.name}")
    bare = chromium.opened(browser, least.url)
    script = Script(view)
    taken: dict[str, list[float]] = {}

    def note(what: str, act: Callable[[], object]) -> None:
        taken.setdefault(what, []).append(timed(act, view))
        taken.setdefault(f"{what}: script", []).append(script.seconds)

    def click(target: Page) -> None:
        view.locator("[data-testid='stSidebarNav'] a", has_text=page_label(target.name)).click()
        view.locator("h1", has_text=target.title).wait_for()

    def rerun() -> None:
        runs = script.runs
        view.keyboard.press("r")
        while script.runs == runs:
            view.wait_for_timeout(2)

    def change() -> float:
        if not chromium.sliders(view).count():
            return math.nan
        before, runs, start = chromium.banner(view), script.runs, time.perf_counter()
        chromium.sliders(view).first.press("ArrowRight")
        while script.runs == runs and chromium.banner(view) == before:
            view.wait_for_timeout(2)
        return time.perf_counter() - start

    for round_ in range(rounds):
        url = f"{server.url}/{page.name}?{page.prefix}.seed={1000 + round_}"
        view.goto("about:blank")
        note("open", lambda url=url: view.goto(url))
        view.goto("about:blank")
        note("again", lambda url=url: view.goto(url))
        note("repeat", rerun)
        taken.setdefault("change", []).append(change())
        chromium.drawn(view)
        timed(lambda: click(other), view)
        note("return", lambda: click(page))
        bare.goto("about:blank")
        taken.setdefault("bare", []).append(timed(lambda: bare.goto(least.url), bare))
    for tab in (view, bare):
        tab.context.close()
    return {what: statistics.median(seconds) for what, seconds in taken.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", default=",".join(page.name for page in PAGES), help="all by default")
    arguments = parser.parse_args()
    rounds, names = arguments.rounds, arguments.pages.split(",")
    print(f"medians of {rounds}, in seconds")
    with chromium.launched() as browser, Server() as server, Server(app="tests/browser/bare.py") as least:
        for number, page in enumerate(page for page in PAGES if page.name in names):
            medians = measure(browser, server, least, page, rounds)
            if number == 0:
                print(f"{'':12}", *(f"{what:>15}" for what in medians))
            print(f"{page.name:12}", *(f"{seconds:15.2f}" for seconds in medians.values()), flush=True)


if __name__ == "__main__":
    main()
