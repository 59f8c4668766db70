"""A map's cells: each is the network that it says, and those that can train together do."""

from dataclasses import replace

import pytest

from core.clipping import Clip
from core.datasets import dataset
from core.settings import Experiment, Variant
from core.sweep import Axis, Sweep

BASE = Experiment("digits", (8, 8), "tanh", (Variant("xavier", bias_std=0.1),), seeds=2, steps=5, batch_size=16)
CHANGED = {
    "gain": (2.0, replace(BASE, variants=(Variant("xavier", gain=2.0, bias_std=0.1),))),
    "bias_std": (0.0, replace(BASE, variants=(Variant("xavier"),))),
    "noise": (0.5, replace(BASE, variants=(Variant("xavier", bias_std=0.1, noise=0.5),))),
    "learning_rate": (1.0, replace(BASE, variants=(Variant("xavier", bias_std=0.1, learning_rate=1.0),))),
    "threshold": (3.0, replace(BASE, variants=(Variant("xavier", bias_std=0.1, clip=Clip("norm", 3)),))),
    "depth": (3, replace(BASE, hidden=(8, 8, 8))),
    "width": (5, replace(BASE, hidden=(5, 5))),
    "batch_size": (32, replace(BASE, batch_size=32)),
    "steps": (9, replace(BASE, steps=9)),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_cell_differs_from_the_base_in_its_two_settings_alone(name):
    value, expected = CHANGED[name]
    other = Axis("steps", (5,)) if name != "steps" else Axis("depth", (2,))
    cell = Sweep(BASE, Axis(name, (value,)), other).experiment((0, 0))
    variant = replace(cell.variants[0], label=expected.variants[0].label)
    assert replace(cell, variants=(variant,)) == expected


def test_cells_that_differ_in_a_variants_settings_alone_train_together():
    gains = Axis("gain", (0.5, 1.0, 2.0))
    by_depth = Sweep(BASE, gains, Axis("depth", (1, 2)))
    assert [len(stack.cells) for stack in by_depth.stacks(by_depth.cells)] == [3, 3]
    by_rate = Sweep(BASE, gains, Axis("learning_rate", (0.1, 1.0)))
    (stack,) = by_rate.stacks(by_rate.cells)
    for cell, variant in zip(stack.cells, stack.experiment.variants, strict=True):
        assert (variant.learning_rate, variant.gain) == (by_rate.y.values[cell[0]], gains.values[cell[1]])


def test_stacks_are_no_larger_than_what_a_second_trains():
    deep = Sweep(replace(BASE, steps=2000), Axis("gain", tuple(range(1, 65))), Axis("depth", (64,)))
    sizes = [len(stack.cells) for stack in deep.stacks(deep.cells)]
    assert sum(sizes) == 64
    assert max(sizes) < 16


@pytest.mark.parametrize(
    ("base", "x", "y", "words"),
    [
        (BASE, Axis("gain", (1,)), Axis("gain", (2,)), "Both axes are gain"),
        (replace(BASE, hidden=(8, 9)), Axis("gain", (1,)), Axis("depth", (2,)), "one width"),
        (replace(BASE, hidden=()), Axis("gain", (1,)), Axis("depth", (2,)), "one width"),
        (replace(BASE, variants=(Variant(), Variant("zeros"))), Axis("gain", (1,)), Axis("depth", (2,)), "one variant"),
        (BASE, Axis("batch_size", (1, 2000)), Axis("depth", (2,)), "batch_size is 2000"),
    ],
)
def test_what_is_no_map_is_refused(base, x, y, words):
    with pytest.raises(ValueError, match=words):
        Sweep(base, x, y)


@pytest.mark.parametrize("wrong", [{}, {"base": 1}, {"base": {"variants": [1]}}, {"base": {"variants": []}}, {"x": 3}])
def test_settings_that_cannot_be_read_are_refused(wrong):
    written = Sweep(BASE, Axis("gain", (1,)), Axis("depth", (2,))).to_dict()
    assert Sweep.from_dict(written).base == BASE
    with pytest.raises(ValueError):
        Sweep.from_dict({**written, **wrong} if wrong else {})


def test_data_of_ones_own_stay_out_of_a_file():
    own = replace(BASE, dataset=replace(dataset("digits"), name="own"))
    with pytest.raises(ValueError, match="has a name"):
        Sweep(own, Axis("gain", (1,)), Axis("depth", (2,))).to_dict()
