"""The advisor on behalf of a page: answers are kept for everybody, those about an upload for its viewer alone."""

from __future__ import annotations

from core.advice import Advice, Question, advise
from core.datasets import Dataset
from pages.parts import session
from pages.parts.page import OpenPage
from pages.parts.serving import runs
from pages.parts.serving.store import Store

KEPT = 48e6  # bytes of answers: room for a network with four that are pinned, and for another viewer's


def get(question: Question, page: OpenPage) -> Advice:
    """The answer to a question, measured now unless it was before."""
    return _own(question, page) if private(question) else _shared(question, page)


def private(question: Question) -> bool:
    """Whether it is about data that a viewer has uploaded."""
    return isinstance(question.data, Dataset)


def _own(question: Question, page: OpenPage) -> Advice:
    viewer = session.current()
    if viewer.advice is None or viewer.advice[0] != question:
        viewer.advice = question, advise(runs.measured(question, page))
    return viewer.advice[1]


def _shared(question: Question, page: OpenPage) -> Advice:
    answer = _answers.get(question)
    if answer is None:
        answer = advise(runs.measured(question, page))
        _answers.add(question, answer)
    return answer


_answers: Store[Question, Advice] = Store(KEPT, lambda answer: sum(map(runs.size, answer.measured.results)))
