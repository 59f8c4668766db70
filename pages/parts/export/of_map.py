"""What can be downloaded of a map: its networks, the file that opens here again, and a script that trains it."""

from __future__ import annotations

from core.sweep import SweepResult
from pages.parts.export import offer
from pages.parts.page import OpenPage
from pages.parts.settings import Map


def draw(page: OpenPage, chosen: Map, result: SweepResult) -> None:
    """What is offered by the page that shows this map."""
    title, name, verdict = page.title, page.name, page.verdict

    def numbers() -> bytes:
        from pages.parts.export import numbers
        from pages.parts.export.versions import describe

        return numbers.zip_map(title, f"{verdict.sentence} {verdict.details}", result, describe(chosen))

    def script() -> str:
        from pages.parts.export import script

        return script.write_sweep(title, f"{name}.py", result.sweep)

    offer.draw(page, chosen, numbers, script)
