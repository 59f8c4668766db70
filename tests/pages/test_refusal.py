"""What is over budget is refused before it starts, and what fits is one click away."""

import pytest
from streamlit.testing.v1 import AppTest

from core import Experiment, run
from core.budget import cost
from pages.parts import runs

PAGE = """
import streamlit as st
from core import Experiment
from pages.parts import controls, frame, runs
page = frame.open_page("random_init")
with page.controls():
    depth, width = controls.depth(50), controls.width(512)
    seeds, steps = controls.seeds(20), controls.steps(2000)
result = runs.get(Experiment(dataset="circles", hidden=(width,) * depth, seeds=seeds, steps=steps, batch_size=8))
st.session_state["result"] = result
"""


@pytest.fixture
def over_budget() -> AppTest:
    return AppTest.from_string(PAGE, default_timeout=60).run()


def test_it_says_what_fits_and_the_ways_to_other_pages_stay(over_budget: AppTest) -> None:
    assert not over_budget.exception
    assert "result" not in over_budget.session_state
    (warning,) = over_budget.warning
    assert "What fits" in warning.value
    assert len(over_budget.button) == 1
    assert over_budget.get("page_link")


def test_what_fits_is_one_click_away(over_budget: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[Experiment] = []
    monkeypatch.setattr(runs, "run", lambda experiment, tick: trained.append(experiment) or run(Experiment(steps=1)))
    app = over_budget.button[0].click().run()
    assert not app.exception
    assert not app.warning
    (experiment,) = trained
    assert cost(experiment).fits
