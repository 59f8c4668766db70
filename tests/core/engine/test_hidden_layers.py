"""Normalization and skip connections: their gradients by differences and by JAX, and what they do in training."""

from dataclasses import replace
from itertools import pairwise, product

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from core import ACTIVATIONS, Clip, Experiment, Variant, run
from core.engine.hidden_layers import HiddenLayers, skipping_layers
from core.engine.network import Network, Predictor, parameter_slices, parameter_views, scale_views
from core.engine.normalization import EPSILON, Normalization
from core.experiment import merge_shards, train_shard
from core.losses import LOSSES
from core.settings import NORMALIZATIONS
from tests.core.engine.test_network import PEER_LOSSES, PEERS, problem
from tests.core.engine.test_training import MIXED, ONCE, assert_same

jax.config.update("jax_enable_x64", True)

SKIPS = (0, 1, 2)
DESIGNS = [(normalization, skip) for normalization in NORMALIZATIONS for skip in SKIPS][1:]
SIZES, M, LOSS = (4, 4, 4, 4, 2), 6, "softmax"
SMALL = Experiment("digits", (16,) * 5, variants=(Variant("he"),), seeds=1, steps=4, batch_size=32, dtype="float64")


def parameters(normalized, runs=1, seed=0):
    """Random θ with γ about 1 and β about 0 (runs, parameters), and a batch (X, Y)."""
    flat, X, Y = problem(SIZES, LOSS, M, seed, runs)
    if normalized:
        rng = np.random.default_rng(seed)
        whole = rng.normal(0, 0.7, (runs, parameter_slices(SIZES, normalized=True)[-1].stop))
        for gamma, _ in scale_views(whole, SIZES):
            gamma += 1
        flat = whole
    return flat, X, Y


def views(flat, normalization):
    """[W b] by layer."""
    return parameter_views(flat, SIZES, normalization != "none")


def network_of(flat, activation, normalization, skip):
    """A network of these parameters, its hidden layers, and where its gradient goes."""
    g = ACTIVATIONS[activation]
    hidden = HiddenLayers(SIZES, g, len(flat), flat.dtype, normalization, skip)
    gradient = np.empty_like(flat)
    if normalization != "none":
        hidden.normalization.bind(scale_views(flat, SIZES), scale_views(gradient, SIZES))
    network = Network(hidden, LOSSES[LOSS], M)
    return network, hidden, gradient


def loss_and_gradient(flat, X, Y, activation, normalization, skip):
    network, _, gradient = network_of(flat, activation, normalization, skip)
    theta = views(flat, normalization)
    inputs = np.concatenate([X, np.ones((len(X), 1, M))], axis=1)
    trace = network.forward(theta, inputs, Y)
    network.backward(theta, trace, Y, views(gradient, normalization))
    return trace.loss.copy(), gradient


def jax_network(activations):
    """Loss and gradient of one network, written anew, compiled once for these activations and for all designs.

    Its parameters have a γ and a β for every hidden layer, which do nothing where there is no normalization.
    """
    functions, n = [PEERS[name] for name in activations], SIZES[0]
    assert set(SIZES[:-1]) == {n}

    def value(flat, activation, normalization, skip, X, Y):
        def layer(carry, parameters):
            place, A, before, two_before = carry
            theta, scales = parameters[: n * (n + 1)].reshape(n, n + 1), parameters[n * (n + 1) :].reshape(2, n, 1)
            Z = theta[:, :-1] @ A + theta[:, -1:]
            Z += jnp.where((skip == 2) & (place > 1) & (place % 2 == 1), two_before, 0)
            moments = [(Z.mean(axis, keepdims=True), Z.var(axis, keepdims=True)) for axis in (1, 0)]
            designs = [Z, *(scales[0] * (Z - mean) / jnp.sqrt(var + 1e-5) + scales[1] for mean, var in moments)]
            taken = jnp.select([normalization == kind for kind in range(3)], designs)
            new = jax.lax.switch(activation, functions, taken) + jnp.where((skip == 1) & (place > 1), A, 0)
            return (place + 1, new, Z, before), None

        output = Y.shape[0] * (n + 1)
        (_, A, *_), _ = jax.lax.scan(layer, (1, X, X, X), flat[:-output].reshape(len(SIZES) - 2, -1))
        theta = flat[-output:].reshape(-1, n + 1)
        return PEER_LOSSES[LOSS](theta[:, :-1] @ A + theta[:, -1:], Y)

    return jax.jit(jax.value_and_grad(value))


def test_loss_and_gradient_are_those_of_jax():
    activations = ("relu", "tanh", "gelu")
    peer, whole = jax_network(activations), np.zeros((1, parameter_slices(SIZES, normalized=True)[-1].stop))
    for (place, activation), (kind, skip) in product(enumerate(activations), DESIGNS):
        flat, X, Y = parameters(kind != "none", seed=place)
        value, gradient = loss_and_gradient(flat, X, Y, activation, kind, skip)
        for theta, view in zip(views(flat, kind), parameter_views(whole, SIZES, normalized=True), strict=True):
            view[:] = theta
        if kind != "none":
            whole[:] = flat
        expected, slope = peer(whole[0], place, NORMALIZATIONS.index(kind), skip, X[0], Y[0])
        assert value[0] == pytest.approx(float(expected), rel=1e-10), (activation, kind, skip)
        slope = np.asarray(slope)[None]
        pairs = [(gradient, slope)] if kind != "none" else zip(views(gradient, kind), views(slope, "all"), strict=True)
        for found, jax_slope in pairs:
            np.testing.assert_allclose(found, jax_slope, rtol=1e-6, atol=1e-10, err_msg=f"{activation} {kind} {skip}")


@pytest.mark.parametrize(("normalization", "skip"), DESIGNS)
def test_gradient_is_the_slope_of_the_loss(normalization, skip):
    """All steps away from a point are one stack: a run each."""
    flat, X, Y = parameters(normalization != "none", seed=3)
    steps = 1e-6 * np.eye(flat.shape[1])
    for activation in ACTIVATIONS:
        _, gradient = loss_and_gradient(flat, X, Y, activation, normalization, skip)
        moved = np.concatenate([flat + steps, flat - steps])
        batch = (np.repeat(part, len(moved), axis=0) for part in (X, Y))
        above, below = np.split(loss_and_gradient(moved, *batch, activation, normalization, skip)[0], 2)
        numeric = (above - below) / 2e-6
        size = max(1, np.abs(numeric).max())
        np.testing.assert_allclose(gradient[0], numeric, rtol=0, atol=2e-8 * size, err_msg=activation)


def test_what_goes_round_a_wider_layer_comes_through():
    sizes = (4, 3, 6, 3, 2)
    rng = np.random.default_rng(0)
    theta = [rng.normal(size=(1, n, k + 1)) for k, n in pairwise(sizes)]
    X, Y = np.vstack([rng.normal(size=(4, M)), np.ones((1, M))])[None], np.eye(2)[None][:, :, [0, 1] * (M // 2)]
    hidden = HiddenLayers(sizes, ACTIVATIONS["tanh"], 1, X.dtype, skip=2)
    trace = Network(hidden, LOSSES[LOSS], M).forward(theta, X, Y)
    Z1, ones = theta[0] @ X, np.ones((1, 1, M))
    A2 = np.tanh(theta[1] @ np.concatenate([np.tanh(Z1), ones], axis=1))
    Z3 = theta[2] @ np.concatenate([A2, ones], axis=1) + Z1
    np.testing.assert_allclose(trace.A[2], np.tanh(Z3), rtol=1e-12)


@pytest.mark.parametrize("normalization", ["batch", "layer"])
def test_equal_numbers_are_normalized_to_zero(normalization):
    flat = np.zeros((1, parameter_slices(SIZES, normalized=True)[-1].stop), dtype=np.float32)
    gamma = scale_views(flat, SIZES)[0][0]
    gamma += 1
    layers = Normalization(normalization, SIZES, 1, flat.dtype)
    layers.bind(scale_views(flat, SIZES), ())
    Z = np.full((1, SIZES[1], 7), 12345.678, dtype=np.float32)
    layers.forward(0, Z)
    assert np.abs(Z).max() < 1e-6


def test_skips_join_hidden_layers_of_one_width_only():
    assert skipping_layers((8, 8, 8, 8, 4, 4, 8), 0) == ()
    assert skipping_layers((8, 8, 8, 8, 4, 4, 8), 1) == (2, 3, 5)
    assert skipping_layers((8, 8, 8, 8, 4, 4, 8), 2) == (3,)
    assert skipping_layers((8, *(5,) * 7, 8), 2) == (3, 5, 7)
    assert skipping_layers((8, 8), 1) == ()


@pytest.mark.parametrize(("normalization", "skip"), DESIGNS)
def test_a_predictor_gives_the_output_of_the_forward_pass(normalization, skip):
    """Where averages over batches are of this very batch."""
    flat, X, Y = parameters(normalization != "none", runs=2)
    network, hidden, _ = network_of(flat, "tanh", normalization, skip)
    theta = views(flat, normalization)
    inputs = np.concatenate([X, np.ones((2, 1, M))], axis=1)
    for _ in range(300):
        expected = network.forward(theta, inputs, Y).A[-1]
        if hidden.normalization:
            hidden.normalization.update_averages()
    predictor = Predictor(hidden, LOSSES[LOSS], len(flat), M)
    found, _ = predictor.predict(theta, inputs, Y)
    if normalization == "batch":  # by the unbiased variance
        assert np.abs(found - expected).max() < 0.2
        hidden.normalization._averages = [a * np.array([1, (M - 1) / M])[:, None, None, None] for a in averages(hidden)]
        found, _ = predictor.predict(theta, inputs, Y)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def averages(hidden):
    return hidden.normalization._averages


def test_running_averages_count_each_step_once_and_the_newest_a_tenth():
    rng = np.random.default_rng(0)
    normalization = Normalization("batch", (1, 2, 1), 1, np.dtype("float64"))
    normalization.bind([(np.ones((1, 2, 1)), np.zeros((1, 2, 1)))], ())
    mean, variance = np.zeros(2), np.ones(2)
    for _ in range(3):
        Z = rng.normal(2, 3, (1, 2, 50))
        for _ in range(2):  # a step that is looked at again counts once
            normalization.forward(0, Z.copy())
        normalization.update_averages()
        mean, variance = (0.9 * old + 0.1 * new for old, new in ((mean, Z[0].mean(1)), (variance, Z[0].var(1, ddof=1))))
    Z = rng.normal(size=(1, 2, 5))
    expected = (Z - mean[:, None]) / np.sqrt(variance + EPSILON)[:, None]
    normalization.predict(0, Z, slice(None))
    np.testing.assert_allclose(Z, expected, rtol=1e-12)


def test_a_variance_that_overflows_is_not_taken_for_silence():
    normalization = Normalization("layer", (1, 2, 1), 1, np.dtype("float32"))
    normalization.bind([(np.ones((1, 2, 1), "f4"), np.zeros((1, 2, 1), "f4"))], ())
    Z = np.array([[[1e25, 1], [-1e25, 2]]], "f4")
    with np.errstate(over="ignore"):
        normalization.forward(0, Z)
    assert np.isnan(Z[0, :, 0]).all()
    assert np.isfinite(Z[0, :, 1]).all()


CASES = {
    "batch, two layers": replace(SMALL, normalization="batch", skip=2, variants=MIXED, seeds=3),
    "layer, one layer": Experiment(
        "moons", (9, 9, 5, 5), "gelu", MIXED, 3, 4, 5, optimizer="adam", normalization="layer", skip=1
    ),
    "batch, diverging": Experiment(
        "curve",
        (8,) * 4,
        "relu",
        (Variant("normal", learning_rate=1e6), Variant("he")),
        3,
        8,
        16,
        normalization="batch",
    ),
}


@pytest.mark.parametrize("experiment", CASES.values(), ids=CASES)
def test_the_bits_do_not_depend_on_the_stack_or_on_the_shards(experiment):
    together = run(experiment)
    shards = [train_shard(experiment, first, 3, 1, lambda fraction: None) for first in range(3)]
    assert_same(merge_shards(experiment, shards), together)
    for i, variant in enumerate(experiment.variants):
        alone = run(replace(experiment, variants=(variant,)))
        assert_same(alone, together, lambda name, array, i=i: array if name in ONCE else array[i : i + 1])


def test_a_diverging_run_leaves_the_others_whole():
    result = run(CASES["batch, diverging"])
    assert (result.diverged_at[0] >= 0).any()
    assert (result.diverged_at[1] == -1).all()


@pytest.mark.parametrize(("normalization", "skip"), DESIGNS)
def test_zero_weights_stay_equal_from_unit_to_unit(normalization, skip):
    for activation in ("relu", "sigmoid"):
        result = run(
            replace(SMALL, variants=(Variant("zeros"),), activation=activation, normalization=normalization, skip=skip)
        )
        assert (result.distinct_units[..., :-1] == 1).all(), activation


def test_gamma_and_beta_train_and_count_in_what_is_clipped():
    result = run(replace(SMALL, normalization="batch", variants=(Variant("he", clip=Clip("norm", 0.1)),)))
    layers = result.layer_gradient_norm[0, 0, 0]
    weights = np.hypot(result.weight_gradient_norm, result.bias_gradient_norm)[0, 0, 0]
    assert (layers[:-1] > weights[:-1] * 1.001).all()
    assert layers[-1] == pytest.approx(weights[-1])
    np.testing.assert_allclose(np.sqrt((result.layer_gradient_norm**2).sum(axis=-1)), result.gradient_norm)
    np.testing.assert_allclose(result.applied_norm, 0.1)


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [("normalization", "group", "none, batch, layer"), ("skip", 3, "a whole number from 0 to 2"), ("skip", True, "2")],
)
def test_values_that_are_not_known_are_refused_by_name(field, value, allowed):
    with pytest.raises(ValueError, match=f"{field} is {value!r}; allowed: .*{allowed}"):
        Experiment(**{field: value})
