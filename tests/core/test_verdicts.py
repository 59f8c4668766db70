"""Verdicts: the sentence says what the numbers of that run say, whatever the run was."""

from itertools import product

import pytest

from core import Clip, Experiment, Variant, run
from core.verdicts import clipping, comparison, propagation, symmetry

TEN = (100,) * 10
CORNERS = list(
    product(("digits", "curve"), ((1,), (7,), (1,) * 12, (20,) * 20), ("zeros", "normal", "he"), (0.001, 100))
)


def verdict(judge, *variants, **settings):
    return judge(run(Experiment(variants=variants, **settings)))


def test_zero_weights_make_one_unit_of_a_layer():
    still = verdict(symmetry, Variant("zeros"), steps=20, seeds=2)
    assert still.status == "bad"
    assert "64 hidden units behave as 1" in still.sentence
    assert "never move" in still.sentence
    moving = verdict(symmetry, Variant("zeros"), steps=20, seeds=2, hidden=(64, 64), activation="sigmoid")
    assert "64 hidden units behave as 1" in moving.sentence
    assert "never move" not in moving.sentence


def test_a_start_whose_every_run_diverges_has_its_sentence():
    assert verdict(symmetry, Variant("normal"), hidden=TEN, steps=20, seeds=2).status == "bad"


def test_he_breaks_the_symmetry():
    assert verdict(symmetry, Variant("he"), steps=5, seeds=2, dtype="float64").status == "good"


@pytest.mark.parametrize(
    ("name", "activation", "said"),
    [("normal", "relu", "explodes"), ("xavier", "sigmoid", "vanishes"), ("he", "relu", "keeps its size")],
)
def test_the_fate_of_the_gradient_is_named(name, activation, said):
    assert said in verdict(propagation, Variant(name), hidden=TEN, activation=activation, steps=1, seeds=3).sentence


def test_overflow_before_the_first_update_is_named_with_its_layer():
    found = verdict(propagation, Variant("normal", gain=1e6), hidden=TEN, steps=1, seeds=2)
    assert "overflow" in found.sentence
    assert "layer" in found.sentence


def test_the_better_start_is_named_and_the_stalled_one_too():
    rates = {"learning_rate": 0.01}
    found = verdict(
        comparison, Variant("he", **rates), Variant("xavier", **rates), hidden=(64,) * 30, steps=200, seeds=2
    )
    assert "He" in found.sentence
    assert "Xavier" in found.sentence
    same = verdict(comparison, Variant("he", label="a"), Variant("he", label="b"), hidden=(16,), steps=20, seeds=3)
    assert "a and b cannot be told apart" in same.sentence


def test_clipping_that_saves_says_so_and_clipping_that_never_fires_too():
    saved = verdict(
        clipping,
        Variant("he", gain=1.5),
        Variant("he", gain=1.5, clip=Clip("norm", 1)),
        hidden=TEN,
        steps=150,
        seeds=2,
    )
    assert saved.status == "good"
    assert "Clipping saves it" in saved.sentence
    idle = verdict(clipping, Variant("he"), Variant("he", clip=Clip("norm", 1e9)), hidden=(16,), steps=20, seeds=2)
    assert "nothing to clip" in idle.sentence


@pytest.mark.parametrize(("dataset", "hidden", "name", "gain"), CORNERS)
def test_every_corner_has_its_sentence(dataset, hidden, name, gain):
    variants = Variant(name, gain), Variant(name, gain, clip=Clip("norm", 1))
    result = run(Experiment(dataset, hidden, variants=variants, seeds=2, steps=6, batch_size=32))
    for judge in (symmetry, propagation, comparison, clipping):
        found = judge(result)
        assert found.status in ("good", "bad", "mixed", "neutral")
        assert found.sentence.endswith((".", "!"))
        assert "nan" not in found.sentence.lower().replace("nan ", "")
