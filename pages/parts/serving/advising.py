"""The advisor on behalf of a page: answers are kept for everybody, those about an upload for its viewer alone."""

from core.advice import Advice, OverBound, Question, advise, planning
from core.advice.question import format_sizes
from core.datasets import Dataset
from pages.parts import session
from pages.parts.page import OpenPage
from pages.parts.serving import runs, waiting
from pages.parts.serving.store import Store


def get(question: Question, page: OpenPage) -> Advice:
    """The answer to a question that is not refused, measured now unless it was before."""
    answer = _known(question)
    if answer is None:
        with waiting.show_progress(page, question) as tick:
            measured = runs.wait_for(question, tick)
        if is_private(question):
            answer = advise(measured)
            session.current().advice = question, answer
        else:
            answer = _answers.get_or_compute(question, lambda: advise(measured))
    return answer


def explain_refusal(question: Question, page: OpenPage) -> bool:
    """Whether a question has no answer yet and is given none; if so, say why, and offer a way on."""
    if _known(question) is not None:
        return False
    try:
        planning.plan_comparison(question, runs.LIMITS.run)
    except OverBound as over:
        network = format_sizes(over.fitting) if over.fitting else "no network at all"
        values = {page.key("sizes"): ", ".join(map(str, over.fitting))} if over.fitting else {}
        waiting.refuse(page, network, values)
        return True
    return waiting.offer_again_if_canceled(page, question)


def is_private(question: Question) -> bool:
    return isinstance(question.data, Dataset)


def _known(question: Question) -> Advice | None:
    own = session.current().advice if is_private(question) else None
    return own[1] if own and own[0] == question else _answers.get(question)


# There is room for a network with four that are pinned, and for another viewer's.
_answers: Store[Question, Advice] = Store(
    48e6, lambda answer: sum(map(runs.size, (*answer.measured.results, *answer.measured.finals)))
)
