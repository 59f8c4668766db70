"""Settings: whatever is put into a field, it is a valid experiment or an error that names the field."""

from dataclasses import fields, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import Clip, Experiment, Variant
from core.settings import MAX_DEPTH, MAX_SEEDS, MAX_STEPS, MAX_VARIANTS, MAX_WIDTH

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.integers(),
    st.just(10**400),
    st.floats(),
    st.complex_numbers(),
    st.fractions(),
    st.decimals(),
    st.text(max_size=8),
    st.binary(max_size=8),
    st.sampled_from(["digits", "relu", "adam", "he", "float64", "1", "nan", object, len, ...]),
    st.sampled_from([np.float32(0.5), np.int64(3), np.bool_(True), np.nan, np.array(2), np.array([2]), np.array([])]),
    st.sampled_from([Variant("zeros"), Clip("value", 0.1)]),
)
garbage = st.one_of(scalars, st.lists(scalars, max_size=3), st.tuples(scalars), st.dictionaries(st.text(), scalars))
NUMBERS = ("gain", "noise", "bias_std", "learning_rate")
WHOLE_NUMBERS = ("seeds", "steps", "batch_size", "seed")


def made_or_named(kind, name, value):
    """The object with that field, or None where an error has named the field and said what is allowed."""
    try:
        return kind(**{name: value})
    except ValueError as error:
        message = str(error)
    assert name in message
    assert "allowed" in message
    return None


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, field.name) for kind in (Experiment, Variant, Clip) for field in fields(kind)],
    ids=lambda value: getattr(value, "__name__", value),
)
@settings(max_examples=25)
@given(value=garbage)
def test_whatever_is_put_into_a_field_is_taken_or_the_field_is_named(kind, name, value):
    made = made_or_named(kind, name, value)
    if made is not None:
        assert made == replace(made)
        assert hash(made) == hash(replace(made))


@pytest.mark.parametrize("name", NUMBERS)
def test_equal_numbers_make_equal_variants(name):
    made = {Variant(**{name: value}) for value in (8, 8.0, np.int64(8), np.float32(8), Fraction(8), Decimal(8))}
    assert len(made) == 1
    assert type(getattr(made.pop(), name)) is float


@pytest.mark.parametrize("name", WHOLE_NUMBERS)
def test_equal_whole_numbers_make_equal_experiments(name):
    made = {Experiment(**{name: value}) for value in (8, np.int64(8), np.uint8(8))}
    assert len(made) == 1
    assert type(getattr(made.pop(), name)) is int


@pytest.mark.parametrize("name", WHOLE_NUMBERS)
def test_what_is_no_whole_number_is_not_rounded(name):
    for value in (8.5, "8", True, None, np.nan):
        with pytest.raises(ValueError, match=name):
            Experiment(**{name: value})


def test_sizes_from_a_list_or_an_array_make_equal_experiments():
    assert len({Experiment(hidden=value) for value in ((8, 7), [8, 7], np.array([8, 7]), (np.int64(8), 7))}) == 1


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("hidden", (1,) * MAX_DEPTH, (1,) * (MAX_DEPTH + 1)),
        ("hidden", (MAX_WIDTH,), (MAX_WIDTH + 1,)),
        ("hidden", (1,), (0,)),
        ("seeds", MAX_SEEDS, MAX_SEEDS + 1),
        ("seeds", 1, 0),
        ("steps", MAX_STEPS, MAX_STEPS + 1),
        ("steps", 1, 0),
        ("batch_size", 1437, 1438),
        ("batch_size", 1, 0),
        ("seed", 2**32 - 1, 2**32),
        ("seed", 0, -1),
    ],
)
def test_limits_are_the_last_values_allowed(field, good, bad):
    assert getattr(Experiment(**{field: good}), field) == good
    with pytest.raises(ValueError, match=field):
        Experiment(**{field: bad})


def test_a_batch_is_no_larger_than_its_data_set():
    assert Experiment("digits", batch_size=1437)
    with pytest.raises(ValueError, match=r"batch_size is 1437.*1024"):
        Experiment("moons", batch_size=1437)


@pytest.mark.parametrize("name", NUMBERS)
def test_a_bad_number_is_named_with_its_value(name):
    for value in (-0.1, np.inf, np.nan, 1e7, "1", None, 10**400):
        with pytest.raises(ValueError, match=f"{name} is .*allowed"):
            Variant(**{name: value})


def test_a_mean_may_be_negative_and_a_bias_is_set_or_not():
    assert Variant(mean=-0.5).mean == -0.5
    for wrong in ({"mean": np.nan}, {"mean": "0"}, {"prior_bias": 1}, {"prior_bias": None}):
        with pytest.raises(ValueError, match="|".join(wrong)):
            Variant(**wrong)


def test_a_learning_rate_of_zero_is_no_training():
    assert Variant(gain=0, noise=0, bias_std=0)
    with pytest.raises(ValueError, match="learning_rate"):
        Variant(learning_rate=0)


def test_labels_of_variants_differ():
    with pytest.raises(ValueError, match=r"variants.*differ"):
        Experiment(variants=(Variant(learning_rate=0.1), Variant(learning_rate=0.2)))
    made = Experiment(variants=[Variant(label="slow"), Variant(label="fast")])
    assert made.labels == ("slow", "fast")


def test_there_is_at_least_one_variant_and_not_too_many():
    for variants in ((), tuple(Variant(label=str(i)) for i in range(MAX_VARIANTS + 1)), (Variant(), "he"), None):
        with pytest.raises(ValueError, match="variants"):
            Experiment(variants=variants)


def test_a_label_says_what_sets_a_variant_apart():
    assert Variant("he").label == "He"
    label = Variant("zeros", 2, noise=0.1, bias_std=0.3, mean=-0.7, prior_bias=True, clip=Clip("norm", 5)).label
    assert all(part in label for part in ("Zero", "2", "0.1", "0.3", "−0.7", "output bias", "5"))


def test_an_experiment_cannot_be_changed():
    for thing, field in ((Experiment(), "steps"), (Variant(), "gain"), (Clip(), "threshold")):
        with pytest.raises(AttributeError):
            setattr(thing, field, 1)


def test_sizes_run_from_the_inputs_to_the_outputs():
    assert Experiment("digits", (5, 6)).sizes == (64, 5, 6, 10)
    assert Experiment("curve", ()).sizes == (1, 1)
