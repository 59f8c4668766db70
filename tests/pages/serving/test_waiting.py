"""Waiting: shown once it takes long, with the place in line, and left with one click."""

from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException, StopException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import AppTest

from core import Experiment
from pages.parts.serving import waiting
from tests.pages.opened import click

PAGE = """
import streamlit as st
from core import Experiment
from pages.parts.serving import waiting
from pages.parts.settings import controls
from pages.parts.shell.frame import FramedPage
from pages.parts.settings import RandomInit
page = FramedPage(RandomInit)
with page.controls:
    chosen = controls.draw(page, RandomInit)
wanted = Experiment(hidden=(8,), seeds=1, steps=10, seed=chosen.seed)
if "first" not in st.session_state:
    st.session_state["first"] = True
    with waiting.show_progress(page, wanted) as tick:
        tick(0, 2)
        st.stop()
st.session_state["result"] = page.run(wanted)
"""


def test_ordinals() -> None:
    said = [waiting.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 101, 111)]
    assert said == ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "101st", "111th"]


class Place:
    """Stands in for the place that a page has for it."""

    def __init__(self) -> None:
        self.shown: list[tuple[float, str]] = []
        self.buttons: list[str] = []
        self.emptied = 0

    def container(self, **named: str) -> "Place":
        return self

    def empty(self) -> "Place":
        self.emptied += 1
        return self

    def button(self, label: str, **named: object) -> None:
        self.buttons.append(label)

    def progress(self, fraction: float, text: str) -> None:
        self.shown.append((fraction, text))


def test_what_is_shown_once_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 0.4, 0.6, 0.7, 1.5, 1.7, 2.8])
    monkeypatch.setattr(waiting.time, "monotonic", lambda: next(clock))
    place = Place()
    with waiting.show_progress(SimpleNamespace(waiting=place), Experiment()) as tick:
        for fraction, ahead in ((0, 3), (0, 2), (0, 1), (0, 1), (0, 1), (0.3, 0)):
            tick(fraction, ahead)
        drawn = place.emptied  # the bar is a place of its own
    assert place.emptied == drawn + 1
    assert place.shown == [(0, "2nd in line …"), (0, "1st in line …"), (0.3, "Training …")]
    assert place.buttons == ["Cancel"]


@pytest.mark.parametrize(
    ("reason", "cleared"), [(ZeroDivisionError(), True), (StopException(), False), (RerunException(RerunData()), False)]
)
def test_what_is_shown_goes_when_a_training_fails_and_stays_when_streamlit_ends_the_run(
    monkeypatch: pytest.MonkeyPatch, reason: BaseException, cleared: bool
) -> None:
    monkeypatch.setattr(waiting, "SHOW_AFTER", -1)
    place = Place()
    drawn = []

    def wait() -> None:
        with waiting.show_progress(SimpleNamespace(waiting=place), Experiment()) as tick:
            tick(0.3, 0)
            drawn.append(place.emptied)
            raise reason

    with pytest.raises(type(reason)) as raised:
        wait()
    assert raised.value is reason
    assert place.shown
    assert [place.emptied - cleared] == drawn


def test_who_has_left_the_line_can_line_up_again(monkeypatch: pytest.MonkeyPatch, begun: list[Experiment]) -> None:
    monkeypatch.setattr(waiting, "SHOW_AFTER", -1)
    app = AppTest.from_string(PAGE, default_timeout=60)
    app.query_params["r.seed"] = "77"
    app.run()
    app = click(app, "Cancel")
    assert not app.exception
    assert app.info
    assert app.get("page_link")
    assert begun == []
    app = click(app, "Train again")
    assert not app.info
    assert begun == [app.session_state["result"].experiment]
    assert begun[0].seed == 77
