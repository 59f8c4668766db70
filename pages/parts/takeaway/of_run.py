"""What can be taken away of a run: its numbers, and a script that runs it again."""

from __future__ import annotations

from core import Result
from pages.parts import frame
from pages.parts.settings import Settings
from pages.parts.takeaway import offer


def draw(page: frame.OpenPage, chosen: Settings, result: Result) -> None:
    """The popover of a page that shows this result."""
    said = page.verdict.sentence if page.verdict else ""

    def numbers() -> bytes:
        from pages.parts.takeaway import numbers
        from pages.parts.takeaway.versions import versions

        written = {name: " ".join(texts) for name, texts in chosen.written().items()}
        return numbers.of_run(page.title, said, result, written | versions())

    def script() -> str:
        from pages.parts.takeaway import script

        return script.source(page.title, f"{page.name}.py", result.experiment)

    offer.draw(page, chosen, numbers, script)
