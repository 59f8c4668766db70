"""What viewers open: every page as it is, and with settings that nobody has chosen before."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from urllib.parse import urlencode

from pages.parts.shell.routes import PAGES, Page
from tests.load.viewer import Link

# The claims are not trained by a seed of the viewer's: they are not among the pages that settings make new.
_SEEDED = [page for page in PAGES if page.name != "claims"]


def defaults(count: int) -> list[Link]:
    """So many links to pages as they are, every page in turn."""
    return [Link(page.name) for page in itertools.islice(itertools.cycle(PAGES), count)]


def fresh(first_seed: int, **settings: int) -> Iterator[Link]:
    """Links to pages with settings that were never used before: another base seed each time."""
    for seed, page in zip(itertools.count(first_seed), itertools.cycle(_SEEDED), strict=False):
        yield Link(page.name, _query(page, seed=seed, **settings))


def room(count: int, first_seed: int) -> list[Link]:
    """A room that was shown a link: half look at the pages as they are, the others at two more settings of each."""
    moved = list(itertools.islice(fresh(first_seed), 2 * len(_SEEDED)))
    return [*defaults(count - count // 2), *itertools.islice(itertools.cycle(moved), count // 2)]


def _query(page: Page, **settings: int) -> str:
    return urlencode({f"{page.prefix}.{name}": value for name, value in settings.items()})
