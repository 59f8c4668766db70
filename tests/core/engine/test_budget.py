"""The budget: a run takes what it says; what does not fit is made to, by giving up as little as can be."""

import threading
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from core import Clip, Experiment, Variant, run
from core.datasets import dataset
from core.engine.budget import Bound, cost, shrink_to_bound
from core.engine.recording import Recorder
from core.engine.sharing import cores, deal_into_blocks

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
TWO = (Variant("he"), Variant("xavier"))
MEASURED = {
    "usual": Experiment(steps=60),
    "small": Experiment(hidden=(8,), seeds=1, steps=10),
    "no hidden layer": Experiment(hidden=(), seeds=3, steps=30),
    "of two inputs": Experiment("circles", (16,) * 3, steps=60, batch_size=32),
    "wide": Experiment(hidden=(512,) * 3, seeds=2, steps=4),
    "deep": Experiment(hidden=(48,) * 40, seeds=3, steps=4, variants=TWO),
    "long": Experiment(hidden=(16,) * 2, seeds=8, steps=300, batch_size=16),
    "float64": Experiment(hidden=(128,) * 5, seeds=3, steps=10, dtype="float64"),
    "large batches": Experiment(hidden=(64,) * 5, seeds=10, steps=6, batch_size=1024),
    "adam": Experiment(hidden=(128,) * 5, seeds=4, steps=10, optimizer="adam"),
    "clipped": Experiment(hidden=(128,) * 5, seeds=4, steps=10, variants=(Variant(clip=Clip("value", 1)),)),
    "the ends alone": Experiment(hidden=(48,) * 20, seeds=4, steps=8, variants=TWO, record="ends"),
    "many": Experiment(hidden=(32,) * 3, seeds=50, steps=11, variants=TWO),
    "normalized": Experiment(hidden=(64,) * 8, seeds=4, steps=8, variants=TWO, normalization="batch", skip=2),
}


@pytest.mark.parametrize("experiment", MEASURED.values(), ids=MEASURED)
def test_multiply_adds_are_those_of_matmul_and_memory_is_right_within_a_factor_of_one_and_a_half(
    experiment, monkeypatch
):
    products, matmul = [], np.matmul

    def count(a, b, **out):
        products.append(a.shape[0] * a.shape[1] * a.shape[2] * b.shape[2])
        return matmul(a, b, **out)

    run(replace(experiment, hidden=(), seeds=1, steps=1))  # what is made once stays out of the count
    hold_together(experiment, monkeypatch)
    monkeypatch.setattr(np, "matmul", count)
    tracemalloc.start()
    result = run(experiment)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (result.diverged_at < 0).all()
    assert cost(experiment).multiply_adds == sum(products)
    assert peak / 1.5 < cost(experiment).bytes < peak * 1.5


def hold_together(experiment, monkeypatch):
    """Make every thread end its first block together with the others: a busy machine may run one after the other."""
    runs, item = len(experiment.variants) * experiment.seeds, np.dtype(experiment.dtype).itemsize
    threads = min(cores(), len(deal_into_blocks(runs, experiment.sizes, experiment.batch_size, item, cores())))
    others, first, update = threading.Barrier(threads), iter(range(threads)), Recorder.update

    def await_others(recorder, k, changes):
        update(recorder, k, changes)
        if k == recorder.last and next(first, None) is not None:
            others.wait(60)

    monkeypatch.setattr(Recorder, "update", await_others)


@pytest.mark.parametrize(
    "change",
    [
        {"steps": 101},
        {"seeds": 6},
        {"batch_size": 129},
        {"hidden": (33, 32)},
        {"hidden": (32, 32, 32)},
        {"variants": TWO},
    ],
    ids=lambda change: next(iter(change)),
)
def test_more_of_anything_costs_more_of_everything(change):
    less, more = cost(BASE), cost(replace(BASE, **change))
    assert 0 < less.multiply_adds < more.multiply_adds
    assert 0 < less.work < more.work
    assert 0 < less.bytes < more.bytes


def test_small_networks_cost_more_than_their_products():
    narrow = cost(Experiment(hidden=(4,) * 10))
    wide = cost(Experiment(hidden=(512,) * 10))
    assert narrow.work > 10 * narrow.multiply_adds
    assert wide.work < 2 * wide.multiply_adds


def test_it_fits_up_to_both_bounds():
    asked = cost(BASE)
    assert Bound(asked.work, asked.bytes).allows(BASE)
    assert not Bound(asked.work * 0.99, asked.bytes).allows(BASE)
    assert not Bound(asked.work, asked.bytes - 1).allows(BASE)


def test_defaults_and_the_deepest_default_width_fit():
    assert Bound().allows(Experiment())
    assert Bound().allows(Experiment(hidden=(64,) * 50))
    assert not Bound().allows(HUGE)


@pytest.mark.parametrize("experiment", [Experiment(), BASE, Experiment(steps=1, seeds=1, hidden=())])
def test_what_fits_is_left_as_it_is(experiment):
    assert shrink_to_bound(experiment, Bound()) is experiment


ASKED = [
    {},
    {"variants": (Variant(),)},
    {"variants": (Variant(),), "seeds": 1},
    {"hidden": (1024,) * 5, "seeds": 5},
    {"hidden": ()},
    {"steps": 20},
    {"steps": 1},
    {"seeds": 1, "steps": 1, "variants": TWO},
    {"batch_size": 100, "variants": TWO},
    {"hidden": (7, 1024, 300)},
]


@pytest.mark.parametrize("bound", [Bound(), Bound(1e11, 1e8), Bound(1e10), Bound(1e15, 30e6)], ids=str)
@pytest.mark.parametrize("change", ASKED, ids=str)
def test_what_does_not_fit_shrinks_in_its_sizes_alone(change, bound):
    asked = replace(HUGE, **change)
    offered = shrink_to_bound(asked, bound)
    assert bound.allows(offered) or len(asked.variants) == 64
    sizes = ("steps", "seeds", "batch_size")
    assert all(1 <= getattr(offered, name) <= getattr(asked, name) for name in sizes)
    assert all(n <= wanted for n, wanted in zip(offered.hidden, asked.hidden, strict=False))
    same = {name: getattr(asked, name) for name in (*sizes, "hidden")}
    assert replace(offered, **same) == asked


def test_steps_go_first_and_widths_late():
    offered = shrink_to_bound(replace(BASE, steps=10_000, hidden=(256,) * 10, seeds=5), Bound())
    assert Bound().allows(offered)
    assert 20 < offered.steps < 10_000
    assert offered.steps % 10 == 0
    assert replace(offered, steps=10_000) == replace(BASE, steps=10_000, hidden=(256,) * 10, seeds=5)
    assert not Bound().allows(replace(offered, steps=offered.steps + 10))


def test_no_more_seeds_are_given_up_than_must_be():
    offered = shrink_to_bound(replace(BASE, hidden=(512,) * 8, seeds=50, steps=40), Bound(work=1e11))
    assert 2 < offered.seeds < 50
    assert not Bound(work=1e11).allows(replace(offered, seeds=offered.seeds + 1))


def test_what_need_not_be_given_up_is_not_where_memory_is_short():
    asked = replace(HUGE, variants=TWO, batch_size=512, hidden=(512,) * 50)
    offered = shrink_to_bound(asked, Bound())
    assert 8 < max(offered.hidden) < 512
    assert len(offered.hidden) == 50
    assert not Bound().allows(replace(offered, hidden=(max(offered.hidden) + 10,) * 50))


def test_data_of_ones_own_is_counted_by_its_own_sizes():
    digits = dataset("digits")
    small = replace(digits, X_train=digits.X_train[:200], Y_train=digits.Y_train[:200], X_test=digits.X_test[:20])
    experiment = replace(BASE, dataset=replace(small, Y_test=digits.Y_test[:20]))
    assert cost(experiment).multiply_adds < cost(BASE).multiply_adds


@pytest.mark.parametrize("work", [1e9, 2e9, 4e9, 1e10])
def test_steps_that_are_offered_are_tens_as_sliders_have_them(work):
    asked = Experiment(hidden=(64,) * 5, steps=100, seeds=5)
    offered = shrink_to_bound(asked, Bound(work))
    assert offered.steps < asked.steps
    assert offered.steps % 10 == 0


def test_batches_that_are_offered_are_powers_of_two():
    offered = shrink_to_bound(replace(HUGE, variants=TWO, hidden=(64,) * 50, seeds=2, steps=20), Bound(bytes=40e6))
    assert offered.batch_size in (16, 32, 64, 128, 256, 512, 1024)
    assert replace(offered, batch_size=1437) == replace(HUGE, variants=TWO, hidden=(64,) * 50, seeds=2, steps=20)


def test_only_what_may_be_changed_is():
    offered = shrink_to_bound(replace(HUGE, variants=TWO, hidden=(64,) * 50), Bound(), ["steps", "depth"])
    assert Bound().allows(offered)
    assert offered.seeds == 50
    assert offered.batch_size == 1437
    assert set(offered.hidden) == {64}
