"""A link to a page opens that page, also on a server that has only just started: any link wakes a sleeping app."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from pages.parts.routes import PAGES, Page
from tests.browser import chromium
from tests.browser.server import Server, free_port

LITTLE = {"claims": "", "your_network": "&y.sizes=64-8-10"}  # to train: it is the way there that is tried
PATHS = [("", PAGES[0]), *((page.url_path, page) for page in PAGES)]


@pytest.fixture(scope="module")
def known(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has seen the app: it is the server that is to be new, and Streamlit's code takes long to load."""
    context = chromium.new(browser)
    yield context
    context.close()


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.mark.parametrize(("path", "page"), PATHS, ids=[path or "root" for path, _ in PATHS])
def test_a_link_to_a_fresh_server(known: BrowserContext, port: int, path: str, page: Page) -> None:
    link = f"/{path}?{page.prefix}.seed=7{LITTLE.get(page.name, f'&{page.prefix}.steps=20')}"
    with Server(port=port) as server:
        view = chromium.tab(known, f"{server.url}{link}")
        assert view.locator("h1").inner_text() == page.title
        assert view.locator("[data-testid='stSidebarNav'] a").count() == len(PAGES)
        assert view.locator("[data-testid='stSidebar'] .st-key-controls label").count() > 0
        assert view.locator("[data-testid='stVegaLiteChart'], [class*='st-key-claim-'] img").count() > 0
        assert view.locator("[data-testid='stException']").count() == 0
        assert view.locator("[role='dialog']").count() == 0
        assert view.url.endswith(link)
        view.close()
