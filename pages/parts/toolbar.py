"""The row of tools below every banner: the story, pinning, and a link to what is on screen."""

from __future__ import annotations

from typing import TypeVar

from pages.parts import clipboard, frame, links, opening, pins, story
from pages.parts.settings import Settings
from pages.parts.takeaway import offer

S = TypeVar("S", bound=Settings)


def draw(page: frame.OpenPage, chosen: S) -> list[S]:
    """Fill the row, and return what is pinned; call it before anything that takes time."""
    opening.follow()
    links.check()
    offer.report_on_file()
    story.draw(page, chosen)
    held = pins.pinned(page, chosen) if isinstance(chosen, pins.PINNABLE) else []
    with page.tools:
        clipboard.copy_link(links.query(frame.current(), chosen, held), key="copy-link")
    return held
