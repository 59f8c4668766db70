"""The row of tools below every banner: the story, and a link to what is on screen."""

from __future__ import annotations

from pages.parts import clipboard, frame, links, opening, story
from pages.parts.settings import Settings


def draw(page: frame.OpenPage, chosen: Settings) -> None:
    opening.follow()
    links.check()
    story.draw(page, chosen)
    with page.tools:
        clipboard.copy_link(links.query(frame.current(), chosen), key="copy-link")
