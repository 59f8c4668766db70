"""What can be downloaded of advice: what was measured of every start, and a script that measures it again."""

from __future__ import annotations

from core.advice import Advice
from pages.parts.export import offer
from pages.parts.settings import YourNetwork
from pages.parts.shell import frame
from pages.parts.shell.upload import Upload


def draw(page: frame.OpenPage, chosen: YourNetwork, advice: Advice, own: Upload | None) -> None:
    """What is offered by the page that shows this advice, about data of the viewer's `own` where there are any."""
    said = page.verdict.sentence if page.verdict else ""
    question = advice.measured.question

    def numbers() -> bytes:
        from pages.parts.export import starts
        from pages.parts.export.versions import versions

        written = {name: " ".join(texts) for name, texts in chosen.written().items()}
        of_file = {"file": own.file, "target": own.target} if own else {}
        return starts.of_advice(page.title, said, advice, written | of_file | versions())

    def script() -> str:
        from pages.parts.export import script

        return script.of_question(page.title, f"{page.name}.py", question, own)

    offer.draw(page, chosen, numbers, script)
