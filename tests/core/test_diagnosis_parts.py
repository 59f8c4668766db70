"""Parts: what each array is for, which are layers, in which order, which way round and on what grounds."""

import numpy as np
import pytest

from core.diagnosis.parts import find_parts, find_role, natural_key


def stack(sizes, layout="first", biases=True, names=None):
    """Named zeros of a dense network, stored either way."""
    names = names or [f"layers.{i}." + ("weight" if layout == "first" else "kernel") for i in range(len(sizes) - 1)]
    arrays = {}
    for name, n_in, n_out in zip(names, sizes, sizes[1:], strict=False):
        arrays[name] = np.zeros((n_out, n_in) if layout == "first" else (n_in, n_out))
        if biases:
            arrays[name.rpartition(".")[0] + ".bias"] = np.zeros(n_out)
    return arrays


def layers(arrays):
    return [part for part in find_parts(arrays) if part.axis]


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
    "prelu1.weight": ((5,), "scale of a normalization or PReLU"),
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
    assert find_role(name, np.ones(shape, np.float32)) == role


def test_whole_numbers_are_no_weights():
    assert "whole numbers" in find_role("quantized.weight", np.ones((4, 4), np.int8))


def test_layers_are_numbered_as_people_do():
    names = ["net.10.weight", "net.2.weight", "dense_1/kernel", "dense/kernel", "dense_10/kernel"]
    expected = ["dense/kernel", "dense_1/kernel", "dense_10/kernel", "net.2.weight", "net.10.weight"]
    assert sorted(names, key=natural_key) == expected


@pytest.mark.parametrize("axis", ["first", "last"])
@pytest.mark.parametrize("biases", [True, False])
def test_the_layout_follows_from_biases_or_neighbors(axis, biases):
    found = layers(stack((7, 5, 3, 2), axis, biases, ["a0", "a1", "a2"] if not biases else None))
    assert sizes(found) == [(5, 7), (3, 5), (2, 3)]
    grounds = "by the lengths of biases" if biases else "by its neighbors' sizes"
    assert {each.axis for each in found} == {f"{axis}, {grounds}"}
    assert [each.b is not None for each in found] == [biases] * 3


@pytest.mark.parametrize(("name", "axis"), [("0.weight", "first"), ("dense/kernel", "last"), ("coefs_0", "last")])
def test_of_square_matrices_the_name_tells(name, axis):
    (each,) = layers({name: np.eye(4)})
    assert each.axis == f"{axis}, by its name"


def test_a_layout_without_grounds_says_so():
    assert layers({"arr_0": np.eye(4), "arr_1": np.zeros(4)})[0].axis == "first, assumed"


def test_sizes_outweigh_names():
    assert sizes(layers(stack((7, 5, 3), "last", True, ["0.weight", "1.weight"]))) == [(5, 7), (3, 5)]


@pytest.mark.parametrize(
    "shapes",
    [((100, 64, 4, 4), (64, 3, 4, 4)), ((2, 64, 3, 3),) * 3, ((1, 64, 1, 1), (1, 128, 1, 1))],
    ids=["transposed convolutions", "heads", "LPIPS"],
)
def test_a_librarys_name_outweighs_neighbors(shapes):
    """Square kernels that are alike connect at any axis."""
    found = layers({f"{i}.weight": np.zeros(shape) for i, shape in enumerate(shapes)})
    assert {each.axis for each in found} == {"first, by its name"}


def test_gpt2_stores_some_weights_the_other_way_round():
    arrays = {"mlp.c_fc.weight": np.zeros((8, 32)), "mlp.c_fc.bias": np.zeros(32)}
    arrays |= {"mlp.c_proj.weight": np.zeros((32, 8)), "mlp.c_proj.bias": np.zeros(8), "x.weight": np.zeros((8, 8))}
    assert {each.axis for each in layers(arrays)} == {"last, by the lengths of biases"}


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
    assert {each.axis for each in found} == {f"{layout}, by the lengths of biases"}
    assert [each.fans for each in found] == [(75, 400), (36, 288), (288, 10)]
    assert [each.role for each in found] == ["convolution", "convolution", "dense"]


def test_the_rows_are_units_however_a_weight_is_stored():
    stored = np.arange(24, dtype=np.float32).reshape(2, 1, 3, 4)
    (kernel,) = layers({"kernel": stored})
    np.testing.assert_array_equal(kernel.W[1], stored[..., 1].reshape(2, 3).T.ravel())
    (dense,) = layers({"dense.kernel": stored[0, 0]})
    np.testing.assert_array_equal(dense.W, stored[0, 0].T)


def test_the_heads_of_attention_are_no_inputs():
    """Keras and Flax give them an axis: (inputs, heads, units of a head), and (heads, units of a head, outputs)."""
    found = layers({"attention/query/kernel": np.zeros((64, 4, 8)), "attention/out/kernel": np.zeros((4, 8, 64))})
    assert sizes(found) == [(32, 64), (64, 32)]


def test_biases_are_paired_by_name_by_place_and_as_columns():
    by_place = {"arr_0": np.zeros((3, 7)), "arr_1": np.zeros(3), "arr_2": np.zeros((2, 3)), "arr_3": np.zeros(2)}
    assert [len(each.b) for each in layers(by_place)] == [3, 2]
    columns = {"W1": np.zeros((3, 7)), "b1": np.ones((3, 1)), "W2": np.zeros((2, 3)), "b2": np.ones((2, 1))}
    assert [each.b.tolist() for each in layers(columns)] == [[1] * 3, [1] * 2]
    apart = {"coefs_0": np.zeros((7, 3)), "coefs_1": np.zeros((3, 2)), "intercepts_0": np.ones(3)}
    assert [each.b is None for each in layers(apart)] == [False, True]


def test_a_bilinear_layers_biases_are_drawn_as_its_weights_are():
    rng = np.random.default_rng(0)
    arrays = {"weight": (20, 10, 12), "bias": (20,)}
    (each,) = layers({name: rng.uniform(-1, 1, shape) / 10**0.5 for name, shape in arrays.items()})
    assert each.biases.endswith("drawn")


def test_units_that_are_not_whole_gates_are_not_counted_as_gates():
    """30 // 4 = 7 units would have the bound √(1/7), Glorot's of 12 and 30 is √(6/42)."""
    W = np.random.default_rng(0).uniform(-1, 1, (30, 12)) * np.sqrt(6 / 42)
    (part,) = find_parts({"rnn.weight_ih": W})
    assert part.role == "recurrent gates"
    assert "Glorot uniform" in part.fit.laws
    assert "PyTorch default" not in part.fit.laws
