"""A real Chromium, the one the machine has, and when a page in it is finished."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = (
    "--no-sandbox",  # containers run as root
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-threaded-animation",
    "--disable-smooth-scrolling",
)
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
BANNER = ".st-key-banner [data-testid='stAlert']"
TIMEOUT = 60_000  # milliseconds: for slow machines; nothing waits longer than it has to

# The script has ended, the last thing it draws is there, no part waits for its code, and every chart has its drawing
# that is on the screen or has a width: the others get theirs when they come near.
_DRAWN = """() => {
    const all = selector => [...document.querySelectorAll(selector)].filter(e => e.offsetParent !== null);
    const isFar = ({ top, bottom }) => top > innerHeight || bottom < 0;
    const app = document.querySelector('[data-testid="stApp"]');
    const done = app && app.dataset.testScriptState === 'notRunning';
    return done && all('[data-testid="stException"], .st-key-failure').length > 0 || done
        && document.querySelector('.st-key-neighbors a')
        && !document.querySelector('[data-stale="true"]')
        && all('[data-testid="stSkeleton"]').length === 0
        && all('[data-testid="stVegaLiteChart"]').every(chart => chart.querySelector('svg.marks, canvas.marks')
            || chart.clientWidth === 0 && isFar(chart.getBoundingClientRect()));
}"""


def executable() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


@contextmanager
def launched() -> Iterator[Browser]:
    expect.set_options(timeout=TIMEOUT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def new(browser: Browser, **options: Any) -> BrowserContext:
    """A browser that has never seen the app, as patient as a slow machine needs."""
    context = browser.new_context(**options)
    context.set_default_timeout(TIMEOUT)
    return context


def opened(browser: Browser, url: str, **context: Any) -> Page:
    """The link in a browser that has never seen the app, fully drawn."""
    page = new(browser, **DESK | context).new_page()
    page.goto(url)
    drawn(page)
    return page


def drawn(page: Page) -> None:
    """Wait until the page is finished; an exception on it is raised here."""
    page.wait_for_function(_DRAWN, polling=150)  # to ask takes long itself: the page is laid out for it
    for trouble in page.locator("[data-testid='stException'], .st-key-failure").all_inner_texts():
        raise AssertionError(f"{page.url}: {trouble}")


@contextmanager
def all_drawn(page: Page) -> Iterator[None]:
    """Have all charts drawn, those below the screen too, and none of the next page before it comes near."""
    style = page.add_style_tag(content="[data-testid='stVegaLiteChart'] { max-width: none !important; }")
    drawn(page)
    yield
    style.evaluate("style => style.remove()")


def banner(page: Page) -> str:
    return page.locator(BANNER).inner_text()


def sliders(page: Page) -> Locator:
    """Those of the sidebar, the page's principal one first."""
    return page.locator("[data-testid='stSidebar'] .st-key-controls input[type='range']")
