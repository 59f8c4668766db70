"""The advisor on behalf of a page: answers are kept for everybody, those about an upload for its viewer alone."""

from __future__ import annotations

import threading
from collections import OrderedDict

import streamlit as st

from core.advice import Advice, Question, advise
from core.datasets import Dataset
from pages.parts import runs

KEPT = 8  # answers, some megabytes each
_MINE = "_advice"  # in the session: the last question with an upload, and its answer

_answers: OrderedDict[Question, Advice] = OrderedDict()
_lock = threading.Lock()


def get(question: Question) -> Advice:
    """The answer to a question, measured now unless it was before."""
    return _own(question) if private(question) else _shared(question)


def private(question: Question) -> bool:
    """Whether it is about data that a viewer has uploaded."""
    return isinstance(question.data, Dataset)


def _own(question: Question) -> Advice:
    asked, answer = st.session_state.get(_MINE, (None, None))
    if asked != question:
        answer = advise(runs.measured(question))
        st.session_state[_MINE] = question, answer
    return answer


def _shared(question: Question) -> Advice:
    with _lock:
        if question in _answers:
            _answers.move_to_end(question)
            return _answers[question]
    answer = advise(runs.measured(question))
    with _lock:
        _answers[question] = answer
        while len(_answers) > KEPT:
            _answers.popitem(last=False)
    return answer
