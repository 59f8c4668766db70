"""What a viewer does on every page: move its slider, read the banner, and send the link."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from playwright.sync_api import Page as View

from pages.parts.routes import PAGES, Page
from tests.browser import chromium
from tests.browser.server import Server

MOVES = 8  # at the most, until the banner says something else
TRAINING = [page for page in PAGES if page.name not in ("claims", "your_network")]  # pages with sliders
QUICK = "?{0}.steps=20&{0}.seeds=1"  # what is trained here is not looked at for long
every_training_page = pytest.mark.parametrize("page", TRAINING, ids=[page.name for page in TRAINING])


@pytest.fixture(scope="module")
def elsewhere(browser: Browser) -> Iterator[BrowserContext]:
    """The browser of somebody who is sent a link."""
    context = chromium.new(browser)
    yield context
    context.close()


def _move(view: View) -> None:
    """Push the principal slider to the right, or to the left where it is at its end, until the banner changes."""
    before, link = chromium.banner(view), view.url
    thumb = chromium.sliders(view).first
    for move in range(MOVES):
        at_end = thumb.get_attribute("value") == thumb.get_attribute("max")
        thumb.press("ArrowLeft" if at_end or move >= MOVES // 2 else "ArrowRight")
        expect(view).not_to_have_url(link)
        view.wait_for_timeout(300)
        chromium.drawn(view)
        if chromium.banner(view) != before:
            return
    raise AssertionError(f"after {MOVES} moves the banner still says: {before}")


def _said(link: str) -> set[str]:
    """What a link sets, in whatever order."""
    return set(link.partition("?")[2].split("&"))


@every_training_page
def test_a_moved_slider_is_in_the_link(
    desk: BrowserContext, elsewhere: BrowserContext, server: Server, page: Page
) -> None:
    link = f"{server.url}/{page.url_path}{QUICK.format(page.prefix)}"
    view = chromium.tab(desk, link)
    _move(view)
    assert len(_said(view.url)) == len(_said(link)) + 1
    again = chromium.tab(elsewhere, view.url)
    assert chromium.banner(again) == chromium.banner(view)
    assert again.url == view.url
    for tab in (view, again):
        tab.close()


def test_there_and_back(desk: BrowserContext, elsewhere: BrowserContext, server: Server) -> None:
    """A value moved on one page is not the next page's, and is there again on the way back; the browser's own way back
    goes a step a page, to the settings that it was left with.
    """
    first, second = PAGES[1], PAGES[2]
    fresh = chromium.tab(elsewhere, f"{server.url}/{second.url_path}")
    view = chromium.tab(desk, f"{server.url}/{first.url_path}{QUICK.format(first.prefix)}")
    _move(view)
    left = {first: (chromium.banner(view), _said(view.url)), second: (chromium.banner(fresh), _said(fresh.url))}
    for page in (second, first):
        view.locator("[data-testid='stSidebarNav'] a", has_text=page.nav).click()
        expect(view.locator("h1")).to_have_text(page.title)
        chromium.drawn(view)
        assert (chromium.banner(view), _said(view.url)) == left[page]
    for page in (second, first):
        view.go_back()
        expect(view.locator("h1")).to_have_text(page.title)
        expect(view.locator(chromium.BANNER)).to_contain_text(left[page][0].split("\n")[-1])
        chromium.drawn(view)
        assert (chromium.banner(view), _said(view.url)) == left[page]
    view.go_forward()
    expect(view.locator("h1")).to_have_text(second.title)
    for tab in (view, fresh):
        tab.close()


def test_back_to_a_link_that_cannot_be_used(desk: BrowserContext, server: Server) -> None:
    view = chromium.tab(desk, f"{server.url}/random_init?r.depth=abc&r.seed=inf&r.steps=20&r.seeds=1")
    named = view.locator("[data-testid='stAlert']", has_text="r.depth=abc is not a whole number")
    expect(named).to_be_visible()
    before = chromium.banner(view)
    _move(view)
    expect(named).to_have_count(0)
    view.go_back()
    expect(view.locator(chromium.BANNER)).to_contain_text(before.split("\n")[-1])
    chromium.drawn(view)
    assert _said(view.url) == {"r.steps=20", "r.seeds=1"}
    view.close()
