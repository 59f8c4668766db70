"""What can be downloaded of advice: what was measured of every start, and a script that measures it again."""

from __future__ import annotations

from core.advice import Advice
from pages.parts.export import offer
from pages.parts.page import OpenPage
from pages.parts.settings import Upload, YourNetwork


def draw(page: OpenPage, chosen: YourNetwork, advice: Advice, own: Upload | None) -> None:
    """What is offered by the page that shows this advice, about data of the viewer's `own` where there are any."""
    title, name, sentence, question = page.title, page.name, page.verdict.sentence, advice.measured.question

    def numbers() -> bytes:
        from pages.parts.export import starts
        from pages.parts.export.versions import describe

        of_file = {"file": own.file, "target": own.target} if own else {}
        return starts.zip_advice(title, sentence, advice, describe(chosen) | of_file)

    def script() -> str:
        from pages.parts.export import script

        return script.write_question(title, f"{name}.py", question, own)

    offer.draw(page, chosen, numbers, script)
