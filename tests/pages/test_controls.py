"""Controls: what a link says is what is used, and what cannot be used is named and replaced."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core import ACTIVATIONS, INITIALIZERS
from pages.parts import controls

PAGE = """
from pages.parts import controls, frame
import streamlit as st
page = frame.open_page("random_init")
with page.controls():
    value = {call}
st.session_state["value"] = value
"""

# call, setting, its default, what a link may say and what then is used
CASES: list[tuple[str, str, object, dict[str, object]]] = [
    ("controls.dataset()", "dataset", "digits", {"moons": "moons"}),
    ("controls.activation('tanh')", "activation", "tanh", {name: name for name in ACTIVATIONS}),
    ("controls.depth(10)", "depth", 10, {"1": 1, "50": 50, "2e1": 20}),
    ("controls.depth(3, high=5)", "depth", 3, {"5": 5}),
    ("controls.width(100)", "width", 100, {"1": 1, "7": 7, "512": 512}),
    ("controls.seeds(5)", "seeds", 5, {"1": 1, "20": 20}),
    ("controls.steps(200)", "steps", 200, {"10": 10, "2000": 2000}),
    ("controls.seed()", "seed", 0, {"4294967295": 2**32 - 1}),
    ("controls.batch_size()", "batch_size", 64, {"1": 1, "512": 512}),
    ("controls.dtype()", "dtype", "float32", {"float64": "float64"}),
    ("controls.learning_rate()", "learning_rate", 0.1, {"0.0001": 1e-4, "10": 10.0}),
    ("controls.gain(1.5)", "gain", 1.5, {"0.1": 0.1, "10": 10.0}),
    ("controls.std()", "std", 1.0, {"0.001": 0.001, "3": 3.0, "0.4": 0.4}),
    ("controls.threshold()", "threshold", 1.0, {"0.01": 0.01, "1000": 1000.0}),
    ("controls.noise()", "noise", 0.0, {"1e-8": 1e-8, "1": 1.0}),
    ("controls.initializer('he')", "initializer", "he", {name: name for name in INITIALIZERS}),
    ("controls.initializers()", "initializers", ("he", "xavier", "glorot"), {"normal": ("normal",)}),
    ("controls.toggle('bias', 'Biases', False, 'help')", "bias", False, {"true": True}),
]
every_control = pytest.mark.parametrize(("call", "setting", "default", "said"), CASES, ids=[case[0] for case in CASES])
USELESS = ["abc", "", "-1", "0.5000001", "1e309", "nan", "inf", "9" * 400, "<b>", "`", "true,false", "None"]


@pytest.fixture
def value() -> Callable[..., tuple[object, AppTest]]:
    def run(call: str, setting: str, *said: str) -> tuple[object, AppTest]:
        app = AppTest.from_string(PAGE.format(call=call), default_timeout=60)
        if said:
            app.query_params[f"r.{setting}"] = list(said)
        app.run()
        assert not app.exception
        return app.session_state["value"], app

    return run


@every_control
def test_a_link_without_it_is_the_default(value, call, setting, default, said) -> None:
    used, app = value(call, setting)
    assert used == default
    assert type(used) is type(default)
    assert not app.warning


@every_control
def test_a_link_is_what_it_says(value, call, setting, default, said) -> None:
    for text, meant in said.items():
        used, app = value(call, setting, text)
        assert used == meant
        assert not app.warning


@every_control
@pytest.mark.parametrize("text", USELESS)
def test_what_cannot_be_used_is_named(value, call, setting, default, said, text) -> None:
    used, app = value(call, setting, text)
    assert used == default
    (warning,) = app.warning
    assert warning.value.startswith(f"`r.{setting}=")
    assert "; using " in warning.value


@every_control
def test_said_twice(value, call, setting, default, said) -> None:
    used, app = value(call, setting, *list(said)[:1], "abc")
    assert used in (default, *said.values())
    assert len(app.warning) == 1


@every_control
def test_every_control_has_a_label_and_help(value, call, setting, default, said) -> None:
    _, app = value(call, setting)
    (widget,) = (widget for widget in app.get(_kind(app, setting)) if widget.key == f"r.{setting}")
    assert widget.label
    assert widget.help


def _kind(app: AppTest, setting: str) -> str:
    kinds = ("slider", "select_slider", "selectbox", "multiselect", "number_input", "toggle")
    return next(kind for kind in kinds if any(widget.key == f"r.{setting}" for widget in app.get(kind)))


@given(st.floats(1e-12, 1e12), st.floats(1.001, 1e9), st.sampled_from([1, 2, 3, 6, 9]))
def test_round_numbers_run_from_low_to_high(low: float, factor: float, steps: int) -> None:
    values = controls.round_numbers(low, low * factor, steps)
    assert values[0] == low
    assert values[-1] == low * factor
    assert values == sorted(set(values))
    assert len(values) <= steps * (math.log10(factor) + 1) + 3


@given(st.sampled_from([1, 2, 3, 6, 9]))
def test_slugs_say_their_number_and_nothing_to_escape(steps: int) -> None:
    for value in controls.round_numbers(1e-12, 1e12, steps):
        text = controls.slug(value)
        assert float(text) == value
        assert set(text) <= set("0123456789.e-")
        assert len(text) <= 8
