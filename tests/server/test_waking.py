"""Links to a server that has only just started open their pages, also where several come at once: any wakes an app; and
one that was killed comes back with the same numbers.
"""

from __future__ import annotations

import pytest

from pages.parts.shell.routes import PAGES, Page
from tests.browser.server import Server
from tests.load.viewer import Link, ask, session, view
from tests.server.first_visit import PATHS, Drawn
from tests.server.running import completed, heavy, until

SMALL = Link("random_init", "r.depth=2&r.width=16&r.seeds=2&r.steps=20&r.seed=5")


@pytest.mark.parametrize(("path", "page"), PATHS, ids=[path or "root" for path, _ in PATHS])
def test_a_link_to_a_fresh_server(first_visit: dict[str, Drawn], path: str, page: Page) -> None:
    found = first_visit[path]
    assert found.errors == []
    assert found.titles == [page.title]
    assert len(found.ways) == len(PAGES)
    assert found.controls > 0
    assert found.pictures > 0


def test_a_server_killed_in_mid_training_comes_back_with_the_same_numbers(server: Server) -> None:
    before = completed(view(server.url, SMALL))
    assert before.said

    async def killed() -> None:
        async with session(server.url) as socket:
            await ask(socket, heavy(2))
            await until(server, bool)
            server.process.kill()

    completed(killed())  # the last test of all files here, and so of this server
    with Server() as again:  # the command that the README names
        after = completed(view(again.url, SMALL))
    assert (after.error, after.said, after.charts) == (before.error, before.said, before.charts)
