"""Axes: ranges are divided as they say, and what is no axis is refused in one sentence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.settings import Experiment, Variant
from core.sweep import AXES, Axis, Sweep
from core.sweep.axes import MAX_VALUES

BASE = Experiment("digits", (8, 8), "tanh", (Variant("xavier"),), seeds=2, steps=5, batch_size=16)


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("gain", "0.5:8:5", [0.5, 1, 2, 4, 8]),
        ("bias_std", "0:1:5", [0, 0.25, 0.5, 0.75, 1]),
        ("depth", "2:64:3", [2, 33, 64]),
        ("width", "4:64:5", [4, 8, 16, 32, 64]),
        ("learning_rate", "0.1:0.1:1", [0.1]),
    ],
)
def test_a_range_is_divided_as_its_setting_is(name, text, values):
    assert Axis.parse(name, text).values == pytest.approx(values)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("momentum", "0:1:3", "allowed: gain"),
        ("gain", "0.4-4", "low:high:count"),
        ("gain", "4:0.4:8", "go up"),
        ("gain", "0:4:8", "begin above 0"),
        ("gain", "1:2:5000", "1 to 1024 values"),
        ("gain", "1:inf:3", "go up"),
        ("depth", "2:65:8", "from 1 to 64"),
        ("depth", "2:4:8", "ask for fewer"),
        ("learning_rate", "1e-12:1:3", "from 1e-09"),
    ],
)
def test_a_bad_range_is_refused_with_the_reason(name, text, words):
    with pytest.raises(ValueError, match=words):
        Axis.parse(name, text)


numbers = st.one_of(st.integers(-5, 2000), st.floats(), st.text(max_size=3))


def attempt(make):
    """What is made, or None and the sentence that refuses it."""
    try:
        return make(), ""
    except ValueError as error:
        return None, str(error)


@given(st.one_of(st.sampled_from(sorted(AXES)), st.text(max_size=8)), st.tuples(numbers, numbers, numbers))
def test_any_range_is_an_axis_or_refused_in_one_sentence(name, parts):
    axis, sentence = attempt(lambda: Axis.parse(name, ":".join(map(str, parts))))
    if axis is None:
        assert "\n" not in sentence
        assert sentence.endswith(".")
        assert len(sentence) < 200
    else:
        assert 1 <= len(axis.values) <= MAX_VALUES
        assert (np.diff(axis.values) > 0).all()
        assert axis.kind.low <= axis.values[0]
        assert axis.values[-1] <= axis.kind.high


@given(st.sampled_from(sorted(AXES)), st.sampled_from(sorted(AXES)), st.lists(st.floats(0, 70), max_size=3))
def test_any_two_axes_make_a_map_or_are_refused(x, y, values):
    sweep, sentence = attempt(lambda: Sweep(BASE, Axis(x, tuple(values)), Axis(y, (1, 2))))
    if sweep is None:
        assert sentence
        assert "\n" not in sentence
    else:
        for cell in sweep.cells:
            sweep.experiment(cell)  # raises where it is no network
        assert Sweep.from_dict(sweep.to_dict()) == sweep


@pytest.mark.parametrize("name", ["gain", "depth"])
@pytest.mark.parametrize("value", [True, np.True_])
def test_a_truth_is_no_value(name, value):
    with pytest.raises(ValueError, match=f"{name} cannot be"):
        Axis(name, (value,))
