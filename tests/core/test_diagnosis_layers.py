"""Layers: what each array is for, which are layers, in which order, which way round and on what grounds."""

import numpy as np
import pytest

from core.diagnosis import roles
from core.diagnosis.layers import LAYOUTS, find_layers, find_roles


def stack(sizes, layout="first", biases=True, names=None):
    """Named zeros of a dense network, stored either way."""
    names = names or [f"layers.{i}." + ("weight" if layout == "first" else "kernel") for i in range(len(sizes) - 1)]
    arrays = {}
    for name, n_in, n_out in zip(names, sizes, sizes[1:], strict=False):
        arrays[name] = np.zeros((n_out, n_in) if layout == "first" else (n_in, n_out))
        if biases:
            arrays[name.rpartition(".")[0] + ".bias"] = np.zeros(n_out)
    return arrays


def layers(arrays, layout=None):
    return find_layers(arrays, find_roles(arrays), layout)


def sizes(found):
    return [each.W.shape for each in found]


ROLES = {
    "features.0.weight": ((5, 4), "dense"),
    "conv.weight": ((5, 4, 3, 3), "convolution"),
    "lin0.model.1.weight": ((1, 64, 1, 1), "convolution"),
    "params/Dense_1/bias": ((5,), "bias"),
    "b1": ((5, 1), "bias"),
    "bn1.running_mean": ((5,), "running statistic of a normalization"),
    "batch_normalization/moving_variance": ((5,), "running statistic of a normalization"),
    "BatchNorm_0/scale": ((5,), "normalization scale"),
    "layer_norm.bias": ((5,), "normalization shift"),
    "downsample.1.weight": ((5,), "scale of a normalization or PReLU"),
    "0.weight_u": ((5,), "singular vector of a spectral norm"),
    "0.parametrizations.weight.0._v": ((5,), "singular vector of a spectral norm"),
    "prelu1.weight": ((5,), "slopes of a PReLU"),
    "tok_embeddings.weight": ((50, 5), "embedding"),
    "time_embed.linear.weight": ((50, 5), "dense"),
    "patch_embed.proj.weight": ((8, 3, 4, 4), "convolution"),
    "pos_emb": ((1, 32, 64), "position table"),
    "embeddings.position_embeddings.weight": ((32, 64), "position table"),
    "cls_token": ((1, 1, 64), "position table"),
    "lstm.weight_hh_l0": ((20, 5), "recurrent gates"),
    "OptimizedLSTMCell_0/hf/kernel": ((5, 5), "recurrent gates"),
    "layers.0.self_attn.q_proj.weight": ((5, 5), "attention projection"),
    "attn.in_proj_weight": ((15, 5), "attention projection"),
    "layers.0.q_proj.lora_A.default.weight": ((2, 5), "LoRA A"),
    "layers.0.q_proj.lora_B.weight": ((5, 2), "LoRA B"),
    "lora_unet_mid_lora_up.weight": ((5, 2), "LoRA B"),
    "0.weight_g": ((5, 1), "magnitude of a weight norm"),
    "0.parametrizations.weight.original0": ((5, 1), "magnitude of a weight norm"),
    "0.parametrizations.weight.original1": ((5, 5), "dense"),
    "optimizer/momentum": ((20, 5), "optimizer state"),
    "attn.masked_bias": ((), "mask or constant table"),
    "six.weight": ((1, 2, 1, 2, 1, 2), "more than 5 axes"),
    "empty.weight": ((4, 0), "empty"),
}


@pytest.mark.parametrize(("name", "shape", "role"), [(name, *rest) for name, rest in ROLES.items()], ids=list(ROLES))
def test_a_name_and_a_shape_say_what_an_array_is_for(name, shape, role):
    assert roles.role(name, np.ones(shape, np.float32)) == role


def test_whole_numbers_are_no_weights():
    assert "whole numbers" in roles.role("quantized.weight", np.ones((4, 4), np.int8))


def test_an_output_that_equals_the_embedding_is_no_layer_of_its_own():
    table = np.random.default_rng(0).standard_normal((50, 5))
    assert "tied" in find_roles({"wte.weight": table, "lm_head.weight": table.copy()})["lm_head.weight"]


def test_layers_are_numbered_as_people_do():
    names = ["net.10.weight", "net.2.weight", "dense_1/kernel", "dense/kernel", "dense_10/kernel"]
    expected = ["dense/kernel", "dense_1/kernel", "dense_10/kernel", "net.2.weight", "net.10.weight"]
    assert sorted(names, key=roles.natural_key) == expected


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("biases", [True, False])
def test_the_layout_follows_from_biases_or_neighbors(layout, biases):
    found = layers(stack((7, 5, 3, 2), layout, biases, ["a0", "a1", "a2"] if not biases else None))
    assert sizes(found) == [(5, 7), (3, 5), (2, 3)]
    assert {each.layout for each in found} == {layout}
    assert {each.grounds for each in found} == {"by its bias's length" if biases else "by its neighbors' sizes"}
    assert [each.b is not None for each in found] == [biases] * 3


@pytest.mark.parametrize(("name", "layout"), [("0.weight", "first"), ("dense/kernel", "last"), ("coefs_0", "last")])
def test_of_square_matrices_the_name_tells(name, layout):
    (each,) = layers({name: np.eye(4)})
    assert (each.layout, each.grounds) == (layout, "by its name")


def test_a_layout_without_grounds_says_so_and_can_be_chosen():
    assert layers({"arr_0": np.eye(4), "arr_1": np.zeros(4)})[0].grounds == ""
    (each,) = layers({"arr_0": np.zeros((4, 3))}, "last")
    assert each.W.shape == (3, 4)


def test_sizes_outweigh_names():
    assert sizes(layers(stack((7, 5, 3), "last", True, ["0.weight", "1.weight"]))) == [(5, 7), (3, 5)]


def test_gpt2_stores_some_weights_the_other_way_round():
    arrays = {"mlp.c_fc.weight": np.zeros((8, 32)), "mlp.c_fc.bias": np.zeros(32)}
    arrays |= {"mlp.c_proj.weight": np.zeros((32, 8)), "mlp.c_proj.bias": np.zeros(8), "x.weight": np.zeros((8, 8))}
    assert {each.layout for each in layers(arrays)} == {"last"}


def test_names_without_order_are_put_in_the_one_that_connects():
    names = ["input.weight", "hidden.weight", "output.weight"]
    found = layers(dict(sorted(stack((7, 5, 3, 2), "first", True, names).items())))
    assert [each.name for each in found] == names


def test_the_files_own_order_counts_unless_it_is_that_of_letters():
    numbered = [f"{i}.weight" for i in range(12)]
    letters = dict(sorted(stack((6,) * 13, "first", True, numbered).items()))
    assert [each.name for each in layers(letters)] == numbered
    own = ["stem.weight", "head.weight", "last.weight"]
    assert [each.name for each in layers(stack((6,) * 4, "first", True, own))] == own


@pytest.mark.parametrize(
    ("layout", "shapes"),
    [
        ("first", {"c1.weight": (16, 3, 5, 5), "c1.bias": 16, "c2.weight": (32, 4, 3, 3), "d.weight": (10, 288)}),
        ("last", {"c1.kernel": (5, 5, 3, 16), "c1.bias": 16, "c2.kernel": (3, 3, 4, 32), "d.kernel": (288, 10)}),
    ],
)
def test_convolutions_have_the_fans_that_frameworks_count(layout, shapes):
    found = layers({name: np.zeros(shape, np.float32) for name, shape in shapes.items()})
    assert {each.layout for each in found} == {layout}
    assert [each.fans for each in found] == [(75, 400), (36, 288), (288, 10)]
    assert [each.role for each in found] == ["convolution", "convolution", "dense"]


def test_the_rows_of_a_stored_kernel_are_its_units():
    kernel = np.arange(24, dtype=np.float32).reshape(2, 1, 3, 4)
    (each,) = layers({"kernel": kernel}, "last")
    np.testing.assert_array_equal(each.kernel[1], kernel[..., 1].reshape(2, 3).T)
    (dense,) = layers({"dense.kernel": kernel[0, 0]})
    np.testing.assert_array_equal(dense.W, kernel[0, 0].T)


def test_biases_are_paired_by_name_by_place_and_as_columns():
    by_place = {"arr_0": np.zeros((3, 7)), "arr_1": np.zeros(3), "arr_2": np.zeros((2, 3)), "arr_3": np.zeros(2)}
    assert [len(each.b) for each in layers(by_place)] == [3, 2]
    columns = {"W1": np.zeros((3, 7)), "b1": np.ones((3, 1)), "W2": np.zeros((2, 3)), "b2": np.ones((2, 1))}
    assert [each.b.tolist() for each in layers(columns)] == [[1] * 3, [1] * 2]
    apart = {"coefs_0": np.zeros((7, 3)), "coefs_1": np.zeros((3, 2)), "intercepts_0": np.ones(3)}
    assert [each.b is None for each in layers(apart)] == [False, True]
