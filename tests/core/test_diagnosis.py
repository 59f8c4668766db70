"""Diagnosis: what is wrong is named, layer and cause; what is right, or cannot be told, is never an alarm."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import ACTIVATIONS, INITIALIZERS
from core.diagnosis import compare, diagnose, findings, rows, verdict
from core.diagnosis.__main__ import main

from .weights import network, truncated

DEEP = (40, *(50,) * 8, 10)


def changed(name, change, start="he"):
    arrays = network(DEEP, start)
    arrays[name] = np.asarray(change(arrays[name]), dtype=np.float32)
    return arrays


def twins(arrays):
    """Layer 3's second half of units becomes copies of the first, incoming, biases and outgoing."""
    arrays = dict(arrays)
    arrays["2.weight"] = np.tile(arrays["2.weight"][:25], (2, 1))
    arrays["2.bias"] = np.tile(arrays["2.bias"][:25], 2)
    arrays["3.weight"] = np.tile(arrays["3.weight"][:, :25], (1, 2))
    return arrays


@pytest.mark.parametrize("name", [n for n in INITIALIZERS if n not in ("zeros", "constant", "lsuv")])
def test_every_start_is_called_a_fresh_draw_of_its_law(name):
    (said,) = [
        each.sentence for each in findings(diagnose(network((64, 50, 40, 10), name))) if "fresh" in each.sentence
    ]
    label = {"normal": "N(0, 1)", "keras_default": "Glorot", "sklearn_default": "Glorot"}.get(
        name, INITIALIZERS[name].label
    )
    assert label.split(" ")[0] in said


@pytest.mark.parametrize("sizes", [(64, 64, 64, 10), (64, 100, 40, 10)])
def test_scikit_learns_law_for_the_logistic_function_is_its_own(sizes):
    arrays = network(sizes, "sklearn_default", activation="sigmoid")
    assert "All layers: **scikit-learn default**, a fresh start." in verdict(diagnose(arrays, "sigmoid")).sentence


@pytest.mark.parametrize("start", ["he", "he_uniform", "orthogonal"])
def test_of_a_good_start_nothing_is_wrong(start):
    found = verdict(diagnose(network(DEEP, start), "relu" if start != "orthogonal" else "tanh"))
    assert found.status == "good"
    assert found.sentence.startswith("**No fault found in the weights alone.**")
    assert len(found.sentence.split()) <= 25


@pytest.mark.parametrize("start", ["sklearn_default", "glorot_uniform", "orthogonal"])
def test_a_law_that_is_small_where_layers_widen_is_no_fault(start):
    for sizes in ((8, 135, 76, 21, 10), (6, 6, 144, 81)):
        assert verdict(diagnose(network(sizes, start))).status == "good"


rng = np.random.default_rng(0)
FAULTS = {
    "not a number": (changed("2.weight", lambda W: W * np.where(W > 0.3, np.nan, 1)), "bad", 3, "NaN"),
    "infinite": (changed("2.bias", lambda b: b + np.inf), "bad", 3, "infinity"),
    "one layer zero": (changed("2.weight", np.zeros_like), "bad", 3, "all weights are 0"),
    "all zero": (network(DEEP, "zeros"), "bad", 3, "all weights are 0"),
    "copies with copied outputs": (twins(network(DEEP)), "bad", 3, "stay alike"),
    "all constant": (network(DEEP, "constant"), "bad", 1, "stay alike"),
    "units pushed down": (changed("2.bias", lambda b: b - 10), "bad", 3, "biases"),
    "copies": (changed("2.weight", lambda W: np.concatenate([W[:26], W[:24]])), "mixed", 3, "24 of 50 units"),
    "one layer constant": (changed("2.weight", lambda W: np.full_like(W, 0.1)), "mixed", 3, "start as copies"),
    "a hidden layer too large": (changed("4.weight", lambda W: 12 * W), "mixed", 5, "12 times"),
    "the output too large": (changed("8.weight", lambda W: 12 * W), "mixed", 9, "12 times"),
    "one layer too small": (changed("4.weight", lambda W: W / 50), "mixed", 5, "0.02"),
    "a mean": (changed("4.weight", lambda W: rng.random(W.shape)), "mixed", 5, "U(0, 1)"),
    "a transposed fan": (
        changed("0.weight", lambda W: W * (40 / 50) ** 0.5),
        "mixed",
        1,
        "fan_out in place of fan_in",
    ),
    "not widened": (
        {
            n: truncated(rng, 0.88 * (2 / a.shape[1]) ** 0.5, a.shape) if a.ndim > 1 else a
            for n, a in network(DEEP).items()
        },
        "mixed",
        1,
        "cut at 2σ and not widened",
    ),
}


@pytest.mark.parametrize(("arrays", "status", "layer", "cause"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_its_layer_and_cause(arrays, status, layer, cause):
    diagnosis = diagnose(arrays)
    found = findings(diagnosis)
    name = f"`{layer - 1}.{'bias' if cause == 'infinity' else 'weight'}`"
    named = [each for each in found if name in each.sentence or each.sentence.startswith("All layers")]
    assert any(each.status == status and cause in each.sentence for each in named)
    ranks = [("bad", "mixed", "neutral", "good").index(each.status) for each in found]
    assert ranks == sorted(ranks)
    assert verdict(diagnosis).status == found[0].status in ("bad", "mixed")


def test_a_sentence_is_short():
    for arrays, *_ in FAULTS.values():
        for finding in findings(diagnose(arrays)):
            assert len(finding.sentence.split()) <= 25
            assert finding.sentence.endswith((".", "?"))


@pytest.mark.parametrize(
    ("start", "says"), [("normal", "explodes"), ("xavier", "vanishes"), ("pytorch_default", "vanishes")]
)
def test_the_signal_of_a_start_is_told_from_end_to_end(start, says):
    assert any(says in finding.sentence for finding in findings(diagnose(network((40, *(50,) * 9, 10), start))))


@pytest.mark.parametrize("start", ["he", "xavier"])
def test_a_wide_start_passes_what_theory_expects(start):
    signal = diagnose(network((200,) * 6, start)).signal
    per_layer = 1.0 if start == "he" else 0.5**0.5
    np.testing.assert_allclose(signal.forward[:-1], per_layer ** np.arange(1, 5), rtol=0.15)
    np.testing.assert_allclose(signal.backward, per_layer ** np.arange(4, -1, -1), rtol=0.2)


@pytest.mark.parametrize("layout", ["first", "last"])
def test_convolutions_can_be_a_chain(layout):
    he = lambda *shape: rng.standard_normal(shape) * (2 / np.prod(shape[1:])) ** 0.5  # noqa: E731
    arrays = {
        "0.weight": he(32, 16, 3, 3),
        "1.weight": he(40, 32, 3, 3),
        "2.weight": he(50, 40),
        "3.weight": he(10, 50),
    }
    if layout == "last":
        arrays = {n.replace("weight", "kernel"): W.transpose(*range(2, W.ndim), 1, 0) for n, W in arrays.items()}
    found = diagnose(arrays)
    assert found.obstacle == ""
    np.testing.assert_allclose(found.signal.forward[:3], 1, rtol=0.25)
    assert verdict(found).status == "good"


def test_drawn_scales_of_a_normalization_are_no_training():
    """DCGAN draws them from N(1, 0.02)."""
    scales = (1 + 0.02 * rng.standard_normal(50)).astype(np.float32)
    assert diagnose(network(DEEP) | {"bn.weight": scales}).state == "start"
    assert diagnose(network(DEEP) | {"bn.weight": 1 + 10 * (scales - 1)}).state == "trained"


@pytest.mark.parametrize(
    ("start", "size", "fresh"), [("he", 0.1, False), ("he", 0, True), ("pytorch_default", 1, True)]
)
def test_a_few_biases_that_are_not_0_leave_a_start_open(start, size, fresh):
    """He's biases are 0, and after little training they look like draws: only PyTorch's and scikit-learn's are."""
    arrays = network((64, 20, 10), start)
    if start == "he":
        arrays |= {f"{i}.bias": (size * rng.uniform(-1, 1, n)).astype(np.float32) for i, n in enumerate((20, 10))}
    found = findings(diagnose(arrays))
    assert any("fresh start" in finding.sentence for finding in found) == fresh
    assert any("cannot be told" in finding.sentence for finding in found) == (not fresh)


@pytest.mark.parametrize("gates", [1, 3, 4])
def test_recurrent_layers_are_drawn_by_the_units_of_a_gate(gates):
    arrays = {
        f"rnn.{name}_l0": rng.uniform(-1, 1, shape).astype(np.float32) / 40**0.5
        for name, shape in {"weight_ih": (40 * gates, 16), "weight_hh": (40 * gates, 40), "bias_ih": 40 * gates}.items()
    }
    found = verdict(diagnose(arrays))
    assert found.status == "good"
    assert "**PyTorch default**" in found.sentence


def test_a_table_that_no_name_calls_weights_is_no_chain():
    table = np.repeat(rng.standard_normal((20, 10, 3, 3)), 2, axis=1)
    found = diagnose({"constants": table, "numbers": table.repeat(2, axis=0)[:, :20]})
    assert verdict(found).status == "neutral"


NO_CHAIN = {
    "blocks": {"layers.0.mlp.up_proj.weight": np.ones((50, 50), np.float32)},
    "normalization": {"bn.weight": np.ones(50, np.float32)},
    "attention": {"attn.q_proj.weight": np.ones((50, 50), np.float32)},
    "do not connect": {"9.weight": np.ones((3, 7), np.float32)},
}


@pytest.mark.parametrize(("reason", "more"), NO_CHAIN.items(), ids=NO_CHAIN)
def test_no_signal_is_sent_through_what_is_no_plain_chain(reason, more):
    found = diagnose(network(DEEP, "normal") | more)
    assert found.signal is None
    assert reason in found.obstacle
    assert verdict(found).status in ("neutral", "good")


def test_symmetry_under_tanh_is_parted_by_the_next_layer():
    """A zero layer under tanh: its units' gradients differ as soon as their outgoing weights do."""
    arrays = network((64, 100, 100, 10), "xavier")
    arrays["1.weight"][:] = 0
    found = findings(diagnose(arrays, "tanh"))
    assert all(finding.status in ("neutral", "good") for finding in found)
    assert any("start alike" in finding.sentence for finding in found)
    assert verdict(diagnose(arrays, "relu")).status == "bad"
    arrays["2.weight"] = np.ones_like(arrays["2.weight"]) * np.arange(10)[:, None]
    assert any("stay alike" in finding.sentence for finding in findings(diagnose(arrays, "tanh")))


ALL, HIDDEN = (0, 1, 2), (0, 1)  # layers that are 0, and learn after the last one


@pytest.mark.parametrize(
    ("activation", "start", "zeros", "never", "later"),
    [
        ("tanh", "zeros", ALL, ALL, ()),
        ("gelu", "xavier", (0, 2), (0, 2), ()),
        ("relu", "he", (1,), (1,), ()),
        ("tanh", "xavier", (1,), (), ()),
        ("tanh", "pytorch_default", ALL, (), HIDDEN),
        ("relu", "pytorch_default", ALL, (), HIDDEN),
        ("sigmoid", "xavier", (0, 2), (), (0,)),
        ("sigmoid", "zeros", ALL, (), ()),
    ],
)
def test_only_zeros_that_stay_without_a_gradient_never_learn(activation, start, zeros, never, later):
    """As PyTorch's SGD moves them, or not, in 300 steps."""
    arrays = network((64, 50, 50, 10), start)
    arrays |= {f"{i}.weight": np.zeros_like(arrays[f"{i}.weight"]) for i in zeros}
    found = findings(diagnose(arrays, activation))
    for words, layers, status in (("never learn", never, "bad"), ("before the layers after", later, "mixed")):
        named = [each for each in found if words in each.sentence]
        assert [each.status for each in named] == [status] * bool(layers)
        text = "".join(each.sentence.replace("All layers", "`0.weight` `1.weight` `2.weight`") for each in named)
        assert tuple(i for i in range(3) if f"`{i}.weight`" in text) == layers


def test_layers_at_a_fixed_std_in_a_trained_network_look_drawn_anew():
    heavy = {n: a * np.exp(0.5 * rng.standard_normal(a.shape)) for n, a in network(DEEP).items()}
    heavy["4.weight"] = 0.02 * rng.standard_normal((50, 50))
    found = diagnose(heavy)
    assert found.state == "trained"
    assert verdict(found).status == "mixed"
    assert "N(0, 0.02)" in verdict(found).sentence
    assert "Drawn anew" in verdict(found).sentence


def test_a_mean_is_no_fault_of_trained_weights():
    trained = {n: a * np.exp(0.5 * rng.standard_normal(a.shape)) for n, a in network(DEEP).items()}
    found = diagnose(trained | {"4.weight": 0.1 + 0.1 * rng.standard_normal((50, 50))})
    assert (found.state, found.stack[4].fit.kind) == ("trained", "off center")
    assert verdict(found).status == "neutral"


@pytest.mark.parametrize(
    ("units", "inputs", "words"),
    [(0, 43, "43 inputs"), (1, 0, "1 unit"), (2, 1, "2 units and 1 input")],
)
def test_units_and_inputs_without_weights_are_counted(units, inputs, words):
    arrays = network((64, 100, 10))
    arrays["0.weight"][:units] = 0
    arrays["0.weight"][:, :inputs] = 0
    assert f"`0.weight`: all weights of {words} are 0." in [each.sentence for each in findings(diagnose(arrays))]


@pytest.mark.parametrize(
    ("copied", "words"), [(1, "1 of 10 units starts as a copy"), (9, "9 of 10 units start as copies")]
)
def test_outputs_that_start_alike_are_separated_by_their_targets(copied, words):
    arrays = network((64, 100, 10))
    arrays["1.weight"][1 : copied + 1] = arrays["1.weight"][0]
    expected = f"`1.weight`: {words}; only outgoing weights or targets that differ separate them."
    assert expected in [each.sentence for each in findings(diagnose(arrays)) if each.status == "neutral"]


def test_few_numbers_are_told_with_their_count():
    found = findings(diagnose(network((4, 10, 3))))
    assert any("40 numbers" in finding.sentence for finding in found)
    assert not any("fresh" in finding.sentence for finding in found)


def test_the_layer_sizes_are_those_of_a_chain_of_dense_layers():
    assert diagnose(network(DEEP)).sizes == DEEP
    assert diagnose(network(DEEP) | {"bn.weight": np.ones(50)}).sizes == DEEP
    assert diagnose({"0.weight": np.ones((8, 3, 3, 3)), "1.weight": np.ones((4, 8))}).sizes == ()


def test_two_files_are_compared_array_by_array():
    before = network((64, 50, 40, 10))
    after = {name: array.copy() for name, array in before.items()} | {"new": np.ones(3, np.float32)}
    after["1.weight"] += 0.1 * np.random.default_rng(1).standard_normal((40, 50)).astype(np.float32)
    after["2.weight"] = network((64, 50, 40, 10), seed=1)["2.weight"]
    after["0.weight"] = after["0.weight"].astype(np.float16)
    after["1.bias"] = np.zeros(41, np.float32)
    assert compare(before, after) == [
        "Changed: `0.weight` and `1.weight`.",
        "Drawn anew, it seems: `2.weight`.",
        "In one file only, or of another shape: `1.bias` and `new`.",
        "Unchanged: `0.bias` and `2.bias`.",
    ]


def test_the_command_prints_what_is_wrong_and_what_differs(tmp_path, capsys):
    for name, seed in (("a", 0), ("b", 1)):
        np.savez(tmp_path / f"{name}.npz", **network((64, 50, 10), seed=seed))
    main([str(tmp_path / "a.npz"), str(tmp_path / "b.npz")])
    printed = capsys.readouterr().out
    assert "a fresh start" in printed
    assert "64 → 50" in printed
    assert "Drawn anew, it seems: `0.weight` and `1.weight`." in printed
    with pytest.raises(SystemExit, match="2"):
        main([str(tmp_path / "missing.npz")])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (({},), "no layer"),
        (({"b": np.ones(3)},), "no layer"),
        ((network((3, 2)), "swish"), "activation"),
    ],
)
def test_what_cannot_be_diagnosed_is_refused_in_a_sentence(given, words):
    with pytest.raises(ValueError, match=words):
        diagnose(*given)


SHAPES = st.lists(st.integers(0, 6), min_size=0, max_size=5).map(tuple)
KINDS = st.sampled_from(["f2", "f4", "f8", "i4", "?", "c8"])
NAMES = st.sampled_from(
    ["0.weight", "0.bias", "1.weight", "1.kernel", "W", "b", "arr_0", "bn.weight", "", "é/7", "lora_B", "lstm.w", "emb"]
)
VALUES = st.sampled_from([0.0, 1.0, -0.1, np.nan, np.inf, 1e-45, 3e38, 1e300, 1e-300])


@st.composite
def arrays_of_any_kind(draw):
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    arrays = {}
    for name in draw(st.lists(NAMES, unique=True, max_size=6)):
        shape, factor, added, kind = draw(SHAPES), draw(VALUES), draw(VALUES), draw(KINDS)
        with np.errstate(all="ignore"):
            arrays[name] = (rng.standard_normal(shape) * factor + added).astype(kind)
    return arrays


@given(arrays_of_any_kind(), st.sampled_from(sorted(ACTIVATIONS)))
@settings(max_examples=150, deadline=None)
def test_arrays_of_any_kind_are_diagnosed_or_refused(arrays, activation):
    compare(arrays, dict(reversed(arrays.items())))
    try:
        found = diagnose(arrays, activation)
    except ValueError as error:
        refused = str(error)
        assert "no layer" in refused
        return
    assert verdict(found).sentence.endswith((".", "?"))
    assert "nan" not in verdict(found).sentence
    assert [row["array"] for row in rows(found)] != []
    assert len(rows(found)) == len(arrays)


def test_a_network_too_small_to_tell_is_no_start():
    """Without a single layer of enough numbers nothing is known of its training, so that no scale is wrong."""
    assert verdict(diagnose({n: 9 * a for n, a in network((4, 10, 3)).items() if "weight" in n})).status == "neutral"
