"""One server for all files, which also says what it trains; its first visitors come together."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.server import Server
from tests.server.first_visit import Drawn, visit_all_at_once


@pytest.fixture(scope="session")
def visited() -> Iterator[tuple[Server, dict[str, Drawn]]]:
    with Server("-m", "tests.server.brief") as server:
        yield server, visit_all_at_once(server)


@pytest.fixture(scope="session")
def server(visited: tuple[Server, dict[str, Drawn]]) -> Server:
    return visited[0]


@pytest.fixture(scope="session")
def first_visit(visited: tuple[Server, dict[str, Drawn]]) -> dict[str, Drawn]:
    return visited[1]
