"""One server for the tests of a file, which also says what it trains."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.server import Server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server("-m", "tests.load.served") as server:
        yield server
