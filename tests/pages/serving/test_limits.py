"""Limits: what the environment says is what is allowed, and what it cannot mean is an error that names it."""

import pytest

from core.engine.budget import Bound
from pages.parts.serving.limits import Limits


def test_without_a_word_the_bounds_are_the_usual_ones() -> None:
    assert Limits.read({}) == Limits.read({"RUN_GIGAWORK": ""}) == Limits(Bound(), 96e6)


def test_each_can_be_set() -> None:
    said = {"RUN_GIGAWORK": "250", "RUN_MEGABYTES": "80.5", "RESULTS_MEGABYTES": "1e3"}
    assert Limits.read(said) == Limits(Bound(250e9, 80.5e6), 1e9)


@pytest.mark.parametrize("name", ["RUN_GIGAWORK", "RUN_MEGABYTES", "RESULTS_MEGABYTES"])
@pytest.mark.parametrize("said", ["0", "-1", "inf", "nan", "much"])
def test_what_cannot_be_meant_is_named(name: str, said: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is '{said}'"):
        Limits.read({name: said})
