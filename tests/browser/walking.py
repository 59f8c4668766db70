"""A walk through all pages in one tab, as a viewer takes it who turns from page to page, and what it asks of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from playwright.sync_api import BrowserContext, Response, WebSocket, expect
from playwright.sync_api import Page as View

from pages.parts.routes import PAGES, Page
from tests.browser import chromium

HERE = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")


class Walk:
    """One tab. `elsewhere`: what was asked of other hosts; `sent`: how many messages went to the server."""

    def __init__(self, context: BrowserContext, scheme: Literal["light", "dark"]) -> None:
        self.view: View = context.new_page()
        self.view.emulate_media(color_scheme=scheme)
        self.elsewhere: list[str] = []
        self.sent = 0
        self.view.on("request", lambda request: self._asked(request.url))
        self.view.on("websocket", self._connected)

    def _asked(self, url: str) -> None:
        if not url.startswith(HERE):
            self.elsewhere.append(url)

    def _connected(self, socket: WebSocket) -> None:
        self._asked(socket.url)
        socket.on("framesent", lambda _: self._count())

    def _count(self) -> None:
        self.sent += 1

    def open(self, url: str) -> Response | None:
        answer = self.view.goto(url)
        chromium.drawn(self.view)
        return answer

    def pages(self, turn: Callable[[View], object]) -> Iterator[Page]:
        """Every page in turn, fully drawn, starting at the first, which is open; `turn` goes on to the next."""
        for page in PAGES:
            expect(self.view.locator("h1")).to_have_text(page.title)
            chromium.drawn(self.view)
            yield page
            if page is not PAGES[-1]:
                turn(self.view)


@contextmanager
def walk(context: BrowserContext, url: str, scheme: Literal["light", "dark"] = "light") -> Iterator[Walk]:
    """A walk that starts at the address; at its end nothing was asked of another host."""
    walk = Walk(context, scheme)
    try:
        walk.open(url)
        yield walk
        assert walk.elsewhere == []
    finally:
        walk.view.close()


def follow_next_link(view: View) -> None:
    view.locator(".st-key-neighbours a").last.click()
