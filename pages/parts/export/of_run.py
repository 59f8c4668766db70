"""What can be downloaded of a run: its numbers, and a script that runs it again."""

from __future__ import annotations

from core import Experiment
from pages.parts.export import offer
from pages.parts.page import OpenPage
from pages.parts.serving import runs
from pages.parts.settings import Settings


def draw(page: OpenPage, chosen: Settings, experiment: Experiment) -> None:
    """What is offered by a page that shows the result of this experiment.

    Its result, or the page that has it, would be held, beside all bounds, for as long as a viewer's session lasts.
    """
    title, name = page.title, page.name
    banner = f"{page.verdict.sentence} {page.verdict.details}".strip()

    def numbers() -> bytes:
        from pages.parts.export import numbers
        from pages.parts.export.versions import describe

        return numbers.zip_run(title, banner, runs.get_or_retrain(experiment), describe(chosen))

    def script() -> str:
        from pages.parts.export import script

        return script.write_experiment(title, f"{name}.py", experiment)

    offer.draw(page, chosen, numbers, script)
