"""The budget: what costs more is estimated to cost more, and what does not fit is made to, by as little as can be."""

from dataclasses import replace

import pytest

from core import Experiment, Variant
from core.budget import BYTES, MULTIPLY_ADDS, cost, fitting

BASE = Experiment("digits", (32, 32), steps=100)
HUGE = Experiment(
    "digits",
    (1024,) * 64,
    variants=tuple(Variant(label=str(i)) for i in range(64)),
    seeds=50,
    steps=10_000,
    batch_size=1437,
    dtype="float64",
)


@pytest.mark.parametrize(
    "change",
    [
        {"steps": 101},
        {"seeds": 6},
        {"hidden": (33, 32)},
        {"hidden": (32, 32, 32)},
        {"variants": (Variant("he"), Variant("zeros"))},
    ],
    ids=lambda change: next(iter(change)),
)
def test_more_of_anything_costs_more_of_both(change):
    less, more = cost(BASE), cost(replace(BASE, **change))
    assert 0 < less.multiply_adds < more.multiply_adds
    assert 0 < less.bytes < more.bytes


def test_work_grows_with_the_batch_and_memory_with_the_dtype():
    assert cost(replace(BASE, batch_size=256)).multiply_adds == 2 * cost(BASE).multiply_adds
    assert cost(replace(BASE, dtype="float64")).bytes > cost(BASE).bytes


def test_work_is_three_products_a_layer_and_step():
    single = Experiment("digits", (), seeds=1, steps=1, batch_size=1)
    assert cost(single).multiply_adds == 3 * 64 * 10


def test_it_fits_up_to_both_bounds():
    assert cost(BASE).fits
    assert not cost(HUGE).fits
    assert replace(cost(BASE), multiply_adds=MULTIPLY_ADDS, bytes=BYTES).fits
    assert not replace(cost(BASE), multiply_adds=MULTIPLY_ADDS * 1.01).fits
    assert not replace(cost(BASE), bytes=BYTES * 1.01).fits


def test_defaults_and_the_deepest_default_width_fit():
    assert cost(Experiment()).fits
    assert cost(Experiment(hidden=(64,) * 50)).fits


@pytest.mark.parametrize("experiment", [Experiment(), BASE, Experiment(steps=1, seeds=1, hidden=())])
def test_what_fits_is_kept_as_it_is(experiment):
    assert fitting(experiment) is experiment


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"variants": (Variant(),)},
        {"variants": (Variant(),), "seeds": 1},
        {"hidden": (1024,) * 5, "seeds": 5},
        {"hidden": ()},
        {"steps": 20},
        {"steps": 1},
        {"seeds": 1, "steps": 1},
    ],
    ids=str,
)
def test_what_does_not_fit_is_made_to_by_fewer_steps_seeds_or_units_alone(change):
    asked = replace(HUGE, **change)
    offered = fitting(asked)
    minimal = offered.steps <= 20 and offered.seeds <= 2 and max(offered.hidden, default=1) == 1
    assert cost(offered).fits or minimal
    assert replace(offered, steps=asked.steps, seeds=asked.seeds, hidden=asked.hidden) == asked
    assert offered.steps <= asked.steps
    assert offered.seeds <= asked.seeds
    assert len(offered.hidden) == len(asked.hidden)
    assert all(n <= wanted for n, wanted in zip(offered.hidden, asked.hidden, strict=True))


def test_steps_go_first_and_widths_last():
    offered = fitting(replace(BASE, steps=10_000, hidden=(512,) * 10, seeds=5))
    assert cost(offered).fits
    assert offered.steps < 10_000
    assert offered.seeds == 5
    assert offered.hidden == (512,) * 10


def test_no_more_seeds_are_given_up_than_must_be():
    offered = fitting(replace(BASE, hidden=(1024,) * 8, seeds=50, steps=40))
    assert 2 < offered.seeds < 50
    assert not cost(replace(offered, seeds=offered.seeds + 1)).fits
