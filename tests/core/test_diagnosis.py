"""Diagnosis: what is wrong is said, and where; what passes through the weights is what theory expects of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import ACTIVATIONS, INITIALIZERS
from core.diagnosis import diagnose, findings, verdict
from core.diagnosis.diagnosis import called
from core.diagnosis.layers import layer, weights_of
from core.diagnosis.signal import propagate

from .weights import network

DEEP = (40, *(50,) * 8, 10)


def said(arrays, activation="relu"):
    return [finding.sentence for finding in findings(diagnose(arrays, activation))]


def sent(sizes, start, activation="relu"):
    """The signal through a network as the named initializer draws it."""
    weights, _ = weights_of(network(sizes, start))
    layers = [layer(i, weight, "first") for i, weight in enumerate(weights, start=1)]
    return propagate(layers, ACTIVATIONS[activation], connected=True)


def changed(name, change, start="he"):
    arrays = network(DEEP, start)
    arrays[name] = np.asarray(change(arrays[name]), dtype=np.float32)
    return arrays


@pytest.mark.parametrize("start", ["he", "he_uniform"])
def test_of_a_good_start_nothing_is_wrong(start):
    found = diagnose(network(DEEP, start))
    assert [finding.status for finding in findings(found)] == ["good"]
    assert verdict(found).status == "good"
    assert f"All layers look freshly drawn: **{INITIALIZERS[start].label}**." in verdict(found).sentence


@pytest.mark.parametrize("name", [n for n in INITIALIZERS if n not in ("zeros", "constant", "lsuv")])
def test_every_start_is_named_for_the_whole_network(name):
    assert any(INITIALIZERS[name].label in s for s in said(network((64, 50, 40, 10), name)) if "freshly drawn" in s)


def test_biases_tell_starts_apart_whose_weights_cannot():
    for name, other in (("keras_default", "scikit-learn"), ("sklearn_default", "Keras")):
        assert not any(other in sentence for sentence in said(network((64, 50, 40, 10), name)))


FAULTS = {
    "one layer too large": (
        changed("4.weight", lambda W: 12 * W),
        "Layer 5's weights are 12 times larger than He's",
    ),
    "one layer too small": (
        changed("4.weight", lambda W: W / 50),
        "Layer 5's weights are 50 times smaller than He's",
    ),
    "one layer constant": (
        changed("2.weight", lambda W: np.full_like(W, 0.1)),
        "Layer 3: the units are all identical",
    ),
    "one layer zero": (changed("2.weight", np.zeros_like), "The weights of layer 3 are all 0"),
    "copies": (
        changed("2.weight", lambda W: np.concatenate([W[:26], W[:24]])),
        "Layer 3: only 26 of its 50 units differ",
    ),
    "units cut off": (
        changed("2.weight", lambda W: W * (np.arange(50) > 4)[:, None]),
        "Layer 3: 5 of its 50 units",
    ),
    "units pushed down": (
        changed("2.bias", lambda b: b - 10 * (np.arange(50) < 30)),
        "% of its units are off",
    ),
    "rank": (
        changed("2.weight", lambda W: W[:, :5] @ W[:5] / 0.4),
        "Layer 3 has rank 5 of 50",
    ),
    "not a number": (changed("2.weight", lambda W: W * np.where(W > 0.3, np.nan, 1)), "Layer 3 holds numbers that"),
    "infinite": (changed("2.bias", lambda b: b + np.inf), "Layer 3 holds numbers that are not finite"),
    "pruned": (
        changed("2.weight", lambda W: W * (np.abs(W) > 0.05)),
        "of the weights are exactly 0",
    ),
    "zero output": (changed("8.weight", np.zeros_like), "Layer 9, the output, is all 0"),
    "standard normal": (network(DEEP, "normal"), "The signal explodes: "),
    "pytorch default": (network(DEEP, "pytorch_default"), "The gradient vanishes: "),
    "xavier": (network(DEEP, "xavier"), "a factor 0.71 a layer."),
    "all zero": (network(DEEP, "zeros"), "The signal is lost"),
}


@pytest.mark.parametrize(("arrays", "sentence"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_its_layer(arrays, sentence):
    diagnosis = diagnose(arrays)
    found = findings(diagnosis)
    assert any(sentence in finding.sentence for finding in found)
    assert all(finding.sentence.endswith(".") for finding in found)
    ranks = [("bad", "mixed", "neutral", "good").index(finding.status) for finding in found]
    assert ranks == sorted(ranks)
    if ranks[0] < 2:
        assert verdict(diagnosis).status == found[0].status
        assert verdict(diagnosis).sentence.startswith(found[0].sentence)


def test_scale_is_compared_with_the_law_that_suits_the_activation():
    assert any("than Xavier's" in sentence for sentence in said(network(DEEP, "normal"), "tanh"))


@pytest.mark.parametrize("activation", ["relu", "tanh", "selu", "linear"])
@pytest.mark.parametrize("start", ["he", "pytorch_default", "orthogonal"])
def test_theory_expects_what_passes_through_wide_layers(start, activation):
    signal = sent((300,) * 5, start, activation)
    np.testing.assert_allclose(signal.forward, signal.expected_forward, rtol=0.2)
    np.testing.assert_allclose(signal.backward, signal.expected_backward, rtol=0.2)


def test_he_keeps_the_signal_and_xavier_halves_its_square():
    he, xavier = (sent((200,) * 6, name).expected_forward for name in ("he", "xavier"))
    np.testing.assert_allclose(he[:-1], 1, rtol=0.05)
    np.testing.assert_allclose(xavier[:-1], 0.5 ** (np.arange(1, 5) / 2), rtol=0.05)


def test_nothing_is_sent_through_layers_that_do_not_connect():
    arrays = network((5, 4)) | {"9.weight": np.ones((3, 7), np.float32)}
    signal = diagnose(arrays).signal
    assert signal.forward is None
    assert len(signal.expected_forward) == 2


def test_singular_values_are_those_of_the_matrix():
    W = np.random.default_rng(0).standard_normal((30, 50)).astype(np.float32)
    (each,) = diagnose({"weight": W}).layers
    np.testing.assert_allclose(each.spectrum.values, np.linalg.svd(W.astype(float), compute_uv=False), rtol=1e-4)
    assert each.spectrum.rank == 30
    assert each.spectrum.condition == pytest.approx(np.linalg.cond(W), rel=1e-3)


def test_of_a_matrix_too_large_to_factorize_the_largest_is_known_nearly():
    W = np.random.default_rng(0).standard_normal((600, 700)).astype(np.float32)
    (each,) = diagnose({"weight": W}).layers
    assert not each.spectrum.whole
    assert np.isnan(each.spectrum.condition)
    assert each.spectrum.values[0] == pytest.approx(np.linalg.norm(W, 2), rel=0.02)
    assert each.fit.kind == "law"


@pytest.mark.parametrize(
    ("layers", "words"),
    [((3,), "Layer 3"), ((1, 4), "Layers 1 and 4"), ((1, 2, 3, 7), "Layers 1 to 3 and 7"), ((2, 3), "Layers 2 and 3")],
)
def test_layers_are_listed_shortly(layers, words):
    assert called(layers) == words


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (({},), "no layer"),
        (({"b": np.ones(3)},), "no layer"),
        ((network((3, 2)), "swish"), "activation"),
        ((network((3, 2)), "relu", "sideways"), "layout"),
    ],
)
def test_what_cannot_be_diagnosed_is_refused_in_a_sentence(given, words):
    with pytest.raises(ValueError, match=words):
        diagnose(*given)


SHAPES = st.lists(st.integers(0, 6), min_size=0, max_size=5).map(tuple)
KINDS = st.sampled_from(["f2", "f4", "f8", "i4", "?", "c8"])
NAMES = st.sampled_from(["0.weight", "0.bias", "1.weight", "1.kernel", "W", "b", "arr_0", "bn.weight", "", "é/7"])
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


@given(arrays_of_any_kind(), st.sampled_from(sorted(ACTIVATIONS)), st.sampled_from([None, "first", "last"]))
@settings(max_examples=100, deadline=None)
def test_arrays_of_any_kind_are_diagnosed_or_refused(arrays, activation, layout):
    try:
        found = diagnose(arrays, activation, layout)
    except ValueError as error:
        refused = str(error)
        assert "no layer" in refused
        return
    assert verdict(found).sentence.endswith((".", "**"))
    assert "nan" not in verdict(found).sentence
    assert len(found.layers) + len(found.left_out) <= len(arrays)
