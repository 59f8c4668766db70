"""One browser, one desk in it and one server for all tests; without a browser they are skipped, and say so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext

from tests.browser import chromium
from tests.browser.server import Server


@pytest.fixture(scope="session")
def browser() -> Iterator[chromium.Browser]:
    if chromium.executable() is None:
        pytest.skip("needs a Chromium or Google Chrome on the PATH")
    with chromium.launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def desk(browser: chromium.Browser) -> Iterator[BrowserContext]:
    """Of somebody who has seen the app before: Streamlit's code takes seconds to load, and once is enough."""
    context = chromium.new(browser, **chromium.DESK)
    yield context
    context.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with Server() as server:
        yield server
