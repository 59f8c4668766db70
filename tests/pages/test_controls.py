"""Controls: they begin with what the link says, and name what in it cannot be used."""

from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest
from xml.etree import ElementTree

import pytest
from streamlit.testing.v1 import AppTest

from core import ACTIVATIONS, INITIALIZERS
from core.datasets import DATASETS
from pages.parts.settings import common_fields
from pages.parts.settings.base import Settings
from pages.parts.settings.controls import DIGITS, picture
from pages.parts.settings.fields import Toggle, TypedNumber

PAGE = """
from pages.parts.settings import RandomInit, controls
from pages.parts.shell.frame import FramedPage
from tests.pages.test_controls import Every
import streamlit as st

page = FramedPage(RandomInit)
with page.controls:
    st.session_state["value"] = controls.draw(page, Every)
"""


@dataclass(frozen=True)
class Every(Settings):
    """One of every kind of control, and each that several pages have."""

    prefix = "r"
    dataset: str = common_fields.dataset()
    activation: str = common_fields.activation("tanh")
    depth: int = common_fields.depth(10)
    shallow: int = common_fields.depth(3, high=5)
    width: int = common_fields.width(100)
    seeds: int = common_fields.seeds(5)
    steps: int = common_fields.steps(200)
    seed: int = common_fields.seed()
    batch_size: int = common_fields.batch_size()
    dtype: str = common_fields.dtype()
    learning_rate: float = common_fields.learning_rate(0.1)
    gain: float = common_fields.gain(1.5)
    typed: str = TypedNumber.setting("Number", "help", "1", 0.01, 100)
    optimizer: str = common_fields.optimizer("adam")
    threshold: float = common_fields.threshold(1)
    initializer: str = common_fields.initializer("he")
    initializers: tuple[str, ...] = common_fields.initializers(("he", "xavier"))
    bias: bool = Toggle.setting("Biases", "help", False)


# what a link may say, and what is then used
USABLE: dict[str, dict[str, object]] = {
    "dataset": {"moons": "moons"},
    "activation": {name: name for name in ACTIVATIONS},
    "depth": {"1": 1, "50": 50, "2e1": 20},
    "shallow": {"5": 5},
    "width": {"1": 1, "7": 7, "512": 512},
    "seeds": {"1": 1, "20": 20},
    "steps": {"10": 10, "2000": 2000},
    "seed": {"4294967295": 2**32 - 1},
    "batch_size": {"1": 1, "512": 512},
    "dtype": {"float64": "float64"},
    "learning_rate": {"0.0001": 1e-4, "10": 10.0},
    "gain": {"0.1": 0.1, "10": 10.0},
    "typed": {"5/3": "5/3", " 0.75": "0.75"},
    "optimizer": {"momentum": "momentum"},
    "threshold": {"0.01": 0.01, "1000": 1000.0},
    "initializer": {name: name for name in INITIALIZERS},
    "initializers": {"normal": ("normal",)},
    "bias": {"true": True},
}
UNUSABLE = ["abc", "", "-1", "1e309", "nan", "inf", "9" * 400, "<b>", "`", "true,false", "None"]


@pytest.fixture
def drawn() -> Callable[..., tuple[Every, AppTest]]:
    def run(said: dict[str, list[str]]) -> tuple[Every, AppTest]:
        app = AppTest.from_string(PAGE, default_timeout=60)
        for name, texts in said.items():
            app.query_params[f"r.{name}"] = texts
        app.run()
        assert not app.exception
        return app.session_state["value"], app

    return run


def test_a_link_without_them_is_the_defaults(drawn) -> None:
    used, app = drawn({})
    assert used == Every()
    assert not app.warning


@pytest.mark.parametrize(
    "said",
    [
        dict(row)
        for row in zip_longest(*([(n, t) for t in USABLE[n]] for n in Every.fields()), fillvalue=("depth", "1"))
    ],
)
def test_a_link_is_what_it_says(drawn, said) -> None:
    used, app = drawn({name: [text] for name, text in said.items()})
    assert used == Every(**{name: USABLE[name][text] for name, text in said.items()})
    assert all(type(getattr(used, name)) is type(getattr(Every(), name)) for name in said)
    assert not app.warning


def test_reset_sets_every_control_to_its_default_and_clears_the_link(drawn) -> None:
    used, app = drawn({name: [list(values)[-1]] for name, values in USABLE.items()})
    assert all(getattr(used, name) != getattr(Every(), name) for name in USABLE)
    app.button(key="reset").click().run()
    assert app.session_state["value"] == Every()
    assert not [name for name in app.query_params if name.startswith("r.")]
    assert app.button(key="reset").disabled


@pytest.mark.parametrize("text", UNUSABLE)
def test_what_cannot_be_used_is_named(drawn, text) -> None:
    used, app = drawn({name: [text] for name in USABLE})
    assert used == Every()
    (warning,) = app.warning
    assert all(f"`r.{name}=" in warning.value for name in USABLE)
    assert warning.value.count("; using ") == len(USABLE)


def test_said_twice(drawn) -> None:
    used, app = drawn({name: [next(iter(values)), "abc"] for name, values in USABLE.items()})
    assert all(getattr(used, name) in (getattr(Every(), name), *values.values()) for name, values in USABLE.items())
    (warning,) = app.warning
    assert warning.value.count("; using ") == len(USABLE)


def test_every_control_has_a_label_and_help(drawn) -> None:
    _, app = drawn({})
    kinds = ("slider", "select_slider", "selectbox", "multiselect", "number_input", "text_input", "toggle", "pills")
    widgets = {widget.key: widget for kind in kinds for widget in app.get(kind)}
    for name in USABLE:
        assert widgets[f"r.{name}"].label
        assert widgets[f"r.{name}"].help


def test_every_data_set_has_a_picture_of_its_examples() -> None:
    drawn = {name: b64decode(picture(name).partition(",")[2]).decode() for name in DATASETS}
    for name, svg in drawn.items():
        marks = [mark.get("fill") for mark in ElementTree.fromstring(svg)][1:]
        assert len(marks) > 20
        assert len(set(marks)) == (1 if name in DIGITS else 2)
    assert len(set(drawn.values())) == len(DATASETS) - 1  # digits are the same ones at either scale
