"""Layers: which arrays are one, in which order, which way round; and what is left out, with the reason."""

import numpy as np
import pytest

from core.diagnosis import naming
from core.diagnosis.arrangement import arrange
from core.diagnosis.layers import LAYOUTS, layer, weights_of


def zeros(**shapes):
    return {name.replace("__", "."): np.zeros(shape, np.float32) for name, shape in shapes.items()}


def stack(sizes, layout="first", biases=True, names=None):
    """Named zeros of a dense network, stored either way."""
    names = names or [f"layers.{i}." + ("weight" if layout == "first" else "kernel") for i in range(len(sizes) - 1)]
    arrays = {}
    for name, n_in, n_out in zip(names, sizes, sizes[1:], strict=False):
        arrays[name] = np.zeros((n_out, n_in) if layout == "first" else (n_in, n_out))
        if biases:
            arrays[name.rpartition(".")[0] + ".bias"] = np.zeros(n_out)
    return arrays


def found(arrays, layout=None):
    order, arrangement = arrange(weights_of(arrays)[0], layout)
    return [layer(i, weight, arrangement.layout) for i, weight in enumerate(order, start=1)], arrangement


def sizes(layers):
    return [each.W.shape for each in layers]


@pytest.mark.parametrize(
    ("name", "role", "stem"),
    [
        ("features.0.weight", "weight", ("features", 0)),
        ("params/Dense_1/kernel", "weight", ("params", "dense", 1)),
        ("sequential/dense_2/bias", "bias", ("sequential", "dense", 2)),
        ("W1", "weight", (1,)),
        ("b1", "bias", (1,)),
        ("coefs_0", "weight", (0,)),
        ("intercepts_0", "bias", (0,)),
        ("arr_3", "", ("arr", 3)),
        ("b.weight", "weight", ("b",)),
    ],
)
def test_a_name_says_what_the_array_is_and_of_which_layer(name, role, stem):
    assert naming.role(name) == role
    assert naming.stem(name) == stem


def test_layers_are_numbered_as_people_do():
    names = ["net.10.weight", "net.2.weight", "dense_1/kernel", "dense/kernel", "dense_10/kernel"]
    expected = ["dense/kernel", "dense_1/kernel", "dense_10/kernel", "net.2.weight", "net.10.weight"]
    assert sorted(names, key=naming.order) == expected


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("biases", [True, False])
def test_the_layout_follows_from_biases_or_neighbors(layout, biases):
    arrays = stack((7, 5, 3, 2), layout, biases, ["a0", "a1", "a2"] if not biases else None)
    layers, arrangement = found(arrays)
    assert sizes(layers) == [(5, 7), (3, 5), (2, 3)]
    assert arrangement.layout == layout
    assert arrangement.certain
    assert arrangement.because == ("by the lengths of the biases" if biases else "by the sizes of neighboring layers")
    assert arrangement.breaks == ()
    assert [each.b is not None for each in layers] == [biases] * 3


@pytest.mark.parametrize(("name", "layout"), [("0.weight", "first"), ("dense/kernel", "last"), ("coefs_0", "last")])
def test_of_square_matrices_the_name_tells(name, layout):
    _, arrangement = found({name: np.eye(4)})
    assert (arrangement.layout, arrangement.certain) == (layout, True)


def test_an_uncertain_layout_is_marked_and_can_be_chosen():
    arrays = {"arr_0": np.eye(4), "arr_1": np.zeros(4)}
    assert not found(arrays)[1].certain
    layers, arrangement = found({"arr_0": np.zeros((4, 3))}, "last")
    assert arrangement.certain
    assert sizes(layers) == [(3, 4)]


def test_sizes_outweigh_names():
    layers, arrangement = found(stack((7, 5, 3), "last", True, ["0.weight", "1.weight"]))
    assert arrangement.layout == "last"
    assert sizes(layers) == [(5, 7), (3, 5)]


def test_names_without_order_are_put_in_the_one_that_connects():
    names = ["input.weight", "hidden.weight", "output.weight"]
    arrays = stack((7, 5, 3, 2), "first", True, names)
    layers, arrangement = found(dict(sorted(arrays.items())))
    assert [each.outline.name for each in layers] == names
    assert arrangement.breaks == ()


def test_the_files_own_order_counts_unless_it_is_that_of_letters():
    numbered = [f"{i}.weight" for i in range(12)]
    letters = dict(sorted(stack((6,) * 13, "first", True, numbered).items()))
    assert [each.outline.name for each in found(letters)[0]] == numbered
    own = ["stem.weight", "head.weight", "last.weight"]
    assert [each.outline.name for each in found(stack((6,) * 4, "first", True, own))[0]] == own


def test_layers_that_do_not_connect_are_named():
    _, arrangement = found(stack((7, 5), names=["0.weight"]) | stack((9, 4), names=["1.weight"]))
    assert arrangement.breaks == (1,)


@pytest.mark.parametrize(
    ("layout", "shapes"),
    [
        ("first", {"c1__weight": (16, 3, 5, 5), "c1__bias": 16, "c2__weight": (32, 4, 3, 3), "d__weight": (10, 288)}),
        ("last", {"c1__kernel": (5, 5, 3, 16), "c1__bias": 16, "c2__kernel": (3, 3, 4, 32), "d__kernel": (288, 10)}),
    ],
)
def test_convolutions_have_the_fans_that_frameworks_count(layout, shapes):
    layers, arrangement = found(zeros(**shapes))
    outlines = [each.outline for each in layers]
    assert arrangement.layout == layout
    assert arrangement.breaks == ()
    assert [(o.fan_in, o.fan_out) for o in outlines] == [(75, 400), (36, 288), (288, 10)]
    assert [o.kind for o in outlines] == ["convolution", "convolution", "dense"]
    assert sizes(layers) == [(16, 75), (32, 36), (10, 288)]


def test_a_convolutions_small_axes_tell_its_layout():
    assert found({"arr_0": np.zeros((16, 8, 3, 3))})[1].layout == "first"
    assert found({"arr_0": np.zeros((3, 3, 8, 16))})[1].layout == "last"
    assert found({"arr_0": np.zeros((5, 8, 16))})[1].layout == "last"


def test_the_rows_of_a_stored_kernel_are_its_units():
    kernel = np.arange(24, dtype=np.float32).reshape(2, 1, 3, 4)
    (each,), _ = found({"kernel": kernel})
    np.testing.assert_array_equal(each.W[1], kernel[..., 1].ravel())
    (dense,), _ = found({"dense.kernel": kernel[0, 0]})
    np.testing.assert_array_equal(dense.W, kernel[0, 0].T)


LEFT_OUT = {
    "bn1.running_mean": (np.zeros(5, np.float32), "normalization"),
    "BatchNorm_0/scale": (np.ones(5, np.float32), "normalization"),
    "layer_norm.weight": (np.ones(5, np.float32), "normalization"),
    "downsample.1.weight": (np.ones(5, np.float32), "belongs to no weight"),
    "downsample.1.bias": (np.ones(5, np.float32), "belongs to no weight"),
    "tok_embeddings.weight": (np.ones((50, 5), np.float32), "looked up"),
    "lstm.weight_hh_l0": (np.ones((20, 5), np.float32), "recurrent"),
    "optimizer/momentum": (np.ones((20, 5), np.float32), "optimizer"),
    "num_batches_tracked": (np.array(3), "not floating-point"),
    "quantized.weight": (np.ones((4, 4), np.int8), "not floating-point"),
    "complex.weight": (np.ones((4, 4), np.complex64), "not floating-point"),
    "empty.weight": (np.ones((4, 0), np.float32), "empty"),
    "temperature": (np.array(1.0), "single number"),
    "six.weight": (np.ones((1,) * 6, np.float32), "6 axes"),
}


def test_what_is_no_layer_is_left_out_with_the_reason():
    weights, left = weights_of({name: array for name, (array, _) in LEFT_OUT.items()} | stack((5, 4)))
    assert [weight.name for weight in weights] == ["layers.0.weight"]
    reasons = dict(left)
    assert set(reasons) == set(LEFT_OUT)
    for name, (_, reason) in LEFT_OUT.items():
        assert reason in reasons[name]


def test_biases_are_paired_by_name_by_place_and_as_columns():
    by_place = {"arr_0": np.zeros((3, 7)), "arr_1": np.zeros(3), "arr_2": np.zeros((2, 3)), "arr_3": np.zeros(2)}
    assert [len(each.b) for each in found(by_place)[0]] == [3, 2]
    columns = {"W1": np.zeros((3, 7)), "b1": np.ones((3, 1)), "W2": np.zeros((2, 3)), "b2": np.ones((2, 1))}
    assert [each.b.tolist() for each in found(columns)[0]] == [[1] * 3, [1] * 2]
    apart = {"coefs_0": np.zeros((7, 3)), "coefs_1": np.zeros((3, 2)), "intercepts_0": np.ones(3)}
    assert [each.b is None for each in found(apart)[0]] == [False, True]
