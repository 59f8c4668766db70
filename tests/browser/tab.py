"""The tab in which everything is looked at, one link after the other, and what it asks of others."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Response, WebSocket, expect
from playwright.sync_api import Page as View

from pages.parts.shell.routes import BY_NAME, PAGES, Page
from tests.browser import chromium, phone

HERE = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")
MOVES = 8  # of a slider, at the most, until the banner says something else
CHARTS = "[data-testid='stVegaLiteChart'], .claim img"

# Each has been drawn anew for the place that it has now.
_CHARTS_FIT = """() => [...document.querySelectorAll('svg.marks')].every(
    e => e.getBoundingClientRect().width <= e.closest('[data-testid="stElementContainer"]').clientWidth + 1)"""

# The app takes the address as it does on the way back to it, without loading its own code anew.
_GO_TO = "url => { history.pushState({}, '', url); dispatchEvent(new PopStateEvent('popstate')); }"


class Tab:
    """`elsewhere`: what was asked of other hosts; `sent`: how many messages went to the server; `broken`: whether it
    was left in the middle of something.

    Streamlit's own code takes seconds to load in a browser that has not seen it, and a second in every new document.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.view: View = context.new_page()
        self._devtools = context.new_cdp_session(self.view)
        self._screen, self._scheme = self.view.viewport_size, "light"
        self.elsewhere: list[str] = []
        self.sent = 0
        self.broken = False
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

    def open(self, url: str, scheme: Literal["light", "dark"] = "light") -> Response | None:
        """The link as somebody opens it who comes anew, drawn as far as it is near, on the screen that the tab began
        with.
        """
        if (self._screen, scheme) != (self.view.viewport_size, self._scheme):
            self.view.goto("about:blank")  # lest what was there before is drawn anew as well
            self.become_desk()
            self.view.emulate_media(color_scheme=scheme)
            self._scheme = scheme
        # Who comes anew has not folded the sidebar either, as phones do, which the browser remembers.
        place = {"origin": _origin(url), "storageTypes": "local_storage"}
        self._devtools.send("Storage.clearDataForOrigin", place)
        answer = self.view.goto(url)
        chromium.drawn(self.view)
        self.broken = False
        return answer

    def go_to(self, url: str, scheme: Literal["light", "dark"] = "light") -> None:
        """The link to another page, in the document that is open, if one is that can go there: it takes half the time.

        With the sidebar beside it, on the screen that the tab began with.
        """
        page, view = BY_NAME[urlsplit(url).path.strip("/")], self.view
        at_hand = not self.broken and self._scheme == scheme and _origin(view.url) == _origin(url)
        if not at_hand or view.locator("h1").inner_text() == page.title:
            self.open(url, scheme)
            return
        view.evaluate("document.activeElement.blur()")
        hidden = view.add_style_tag(content="[data-testid='stMain'] { display: none; }")  # nothing is drawn in vain
        self.become_desk()
        if not view.get_by_test_id("stSidebarNav").count():
            view.keyboard.press("p")
            expect(view.get_by_test_id("stSidebarNav")).to_have_count(1)
        if view.get_by_test_id("stExpandSidebarButton").is_visible():
            view.get_by_test_id("stExpandSidebarButton").click()
        view.evaluate(_GO_TO, url)
        expect(view.locator("h1")).to_have_text(page.title)
        hidden.evaluate("style => style.remove()")
        chromium.drawn(view)

    def become_desk(self, screen: tuple[int, int] | None = None) -> None:
        """A mouse, and a screen of this size, or the one that the tab began with."""
        self._devtools.send("Emulation.clearDeviceMetricsOverride")
        self._devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
        width, height = screen or (self._screen["width"], self._screen["height"])
        self.view.set_viewport_size({"width": width, "height": height})

    def become_phone(self) -> None:
        """Show what is open as a phone does, which has a narrow screen and is touched."""
        self.view.set_viewport_size(phone.SCREEN)
        self._devtools.send(
            "Emulation.setDeviceMetricsOverride", {**phone.SCREEN, "deviceScaleFactor": 1, "mobile": True}
        )
        self._devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
        self.view.wait_for_function(_CHARTS_FIT)
        chromium.drawn(self.view)


def _origin(url: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))


def assert_arrived(view: View, page: Page, link: str) -> None:
    """It is the page, with its frame and its charts, and its link is as it was."""
    assert view.locator("h1").inner_text() == page.title
    assert view.locator("[data-testid='stSidebarNav'] a").count() == len(PAGES)
    assert view.locator("[data-testid='stSidebar'] .st-key-controls label").count() > 0
    assert view.locator(CHARTS).count() > 0
    assert view.locator("[role='dialog']").count() == 0
    assert view.url.endswith(link)


def move(view: View) -> None:
    """Push the principal slider to the right, or to the left at its end, until the banner or its details change."""
    banner, link = view.locator(".st-key-banner"), view.url
    before = banner.text_content()
    thumb = chromium.sliders(view).first
    for step in range(MOVES):
        at_end = thumb.get_attribute("value") == thumb.get_attribute("max")
        thumb.press("ArrowLeft" if at_end or step >= MOVES // 2 else "ArrowRight")
        expect(view).not_to_have_url(link)
        view.wait_for_timeout(300)
        chromium.drawn(view)
        if banner.text_content() != before:
            return
    raise AssertionError(f"after {MOVES} moves the banner still says: {before}")


def said(link: str) -> set[str]:
    """What a link sets, in whatever order."""
    return set(link.partition("?")[2].split("&"))
