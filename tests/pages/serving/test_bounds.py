"""Bounds: what the environment says is what is allowed, and what it cannot mean is an error that names it."""

import pytest

from core.engine.budget import Bound
from pages.parts.serving.bounds import Bounds


def test_without_a_word_the_bounds_are_the_usual_ones() -> None:
    assert Bounds.read({}) == Bounds.read({"RUN_GIGAWORK": ""}) == Bounds(Bound(), 96e6)


def test_each_can_be_set() -> None:
    said = {"RUN_GIGAWORK": "250", "RUN_MEGABYTES": "80.5", "RESULTS_MEGABYTES": "1e3"}
    assert Bounds.read(said) == Bounds(Bound(250e9, 80.5e6), 1e9)


@pytest.mark.parametrize("name", ["RUN_GIGAWORK", "RUN_MEGABYTES", "RESULTS_MEGABYTES"])
@pytest.mark.parametrize("said", ["0", "-1", "inf", "nan", "much"])
def test_what_cannot_be_meant_is_named(name: str, said: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is '{said}'"):
        Bounds.read({name: said})
