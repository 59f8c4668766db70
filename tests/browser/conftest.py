"""One browser, one server and one tab for all tests; without a browser they are skipped, and say so."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext

from pages.parts.shell.routes import PAGES
from tests.browser import chromium
from tests.browser.server import Server
from tests.browser.tab import Tab, assert_arrived


@pytest.fixture(scope="session")
def browser() -> Iterator[chromium.Browser]:
    if chromium.executable() is None:
        pytest.skip("needs a Chromium or Google Chrome on the PATH")
    with chromium.launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def desk(browser: chromium.Browser) -> Iterator[BrowserContext]:
    context = chromium.new(browser, **chromium.DESK)
    yield context
    context.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with Server("-m", "tests.server.brief") as server:
        yield server


@dataclass(frozen=True)
class Woken:
    """The tab, and what was wrong with the first page that it showed."""

    tab: Tab
    error: Exception | None


@pytest.fixture(scope="session")
def woken(desk: BrowserContext, server: Server) -> Woken:
    """The first that the server is ever asked for is a page that is not its first: so a link wakes a sleeping app."""
    page = PAGES[1]
    link = f"/{page.name}?{page.prefix}.seed=7&{page.prefix}.steps=20"
    tab = Tab(desk)
    try:
        tab.open(f"{server.url}{link}")
        assert_arrived(tab.view, page, link)
    except Exception as error:  # its own test tells of it, and the others go on
        return Woken(tab, error)
    return Woken(tab, None)


@pytest.fixture(scope="session")
def tab(woken: Woken) -> Tab:
    return woken.tab


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed and "tab" in item.funcargs:
        item.funcargs["tab"].broken = True
    return report


@pytest.fixture(autouse=True)
def _nothing_is_asked_of_another_host(tab: Tab) -> Iterator[None]:
    yield
    asked, tab.elsewhere = tab.elsewhere, []
    assert asked == []
