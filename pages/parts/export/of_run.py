"""What can be downloaded of a run: its numbers, and a script that runs it again."""

from __future__ import annotations

from core import Experiment
from pages.parts.export import offer
from pages.parts.serving import runs
from pages.parts.settings import Settings
from pages.parts.shell import frame


def draw(page: frame.OpenPage, chosen: Settings, experiment: Experiment) -> None:
    """What is offered by a page that shows the result of this experiment.

    The result itself would be held, beside all bounds, for as long as a viewer's session lasts.
    """
    said = page.verdict.sentence if page.verdict else ""

    def numbers() -> bytes:
        from pages.parts.export import numbers
        from pages.parts.export.versions import versions

        written = {name: " ".join(texts) for name, texts in chosen.written().items()}
        return numbers.of_run(page.title, said, runs.get_or_retrain(experiment), written | versions())

    def script() -> str:
        from pages.parts.export import script

        return script.source(page.title, f"{page.name}.py", experiment)

    offer.draw(page, chosen, numbers, script)
