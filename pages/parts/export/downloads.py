"""What a page's numbers and script are, by what it shows: a run, a map or advice. They are written when asked for."""

from core import Experiment
from core.advice import Advice
from core.sweep import SweepResult
from pages.parts.export import numbers, offer, script
from pages.parts.export.versions import describe
from pages.parts.page import OpenPage
from pages.parts.serving import runs
from pages.parts.settings import Map, Settings, Upload, YourNetwork


def offer_run(page: OpenPage, chosen: Settings, experiment: Experiment) -> None:
    """The numbers of a run, and a script that trains it again.

    Its result, or the page that has it, would be held, beside all bounds, for as long as a viewer's session lasts.
    """
    title, name, banner = page.title, page.name, _banner(page)
    offer.draw(
        page,
        chosen,
        lambda: numbers.zip_run(title, banner, runs.get_or_retrain(experiment), describe(chosen)),
        lambda: script.write_experiment(title, f"{name}.py", experiment),
    )


def offer_map(page: OpenPage, chosen: Map, result: SweepResult) -> None:
    """The networks of a map, with the file that opens here again, and a script that trains them."""
    title, name, banner = page.title, page.name, _banner(page)
    offer.draw(
        page,
        chosen,
        lambda: numbers.zip_map(title, banner, result, describe(chosen)),
        lambda: script.write_sweep(title, f"{name}.py", result.sweep),
    )


def offer_advice(page: OpenPage, chosen: YourNetwork, advice: Advice, own: Upload | None) -> None:
    """What was measured of every start, and a script that measures it again, on the viewer's `own` data if any."""
    title, name, sentence, question = page.title, page.name, page.verdict.sentence, advice.measured.question
    of_file = {"file": own.file, "target": own.target} if own else {}
    offer.draw(
        page,
        chosen,
        lambda: numbers.zip_advice(title, sentence, advice, describe(chosen) | of_file),
        lambda: script.write_question(title, f"{name}.py", question, own),
    )


def _banner(page: OpenPage) -> str:
    return f"{page.verdict.sentence} {page.verdict.details}".strip()
