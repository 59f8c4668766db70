"""Paired draws: two starts of one seed differ by what was asked to differ, and by nothing else."""

import numpy as np
import pytest

from core.activations import ACTIVATIONS
from core.engine.draws import batch_indices, draw_parameters, fit_to_data
from core.engine.hidden_layers import HiddenLayers
from core.engine.network import parameter_slices, parameter_views
from core.initializers import INITIALIZERS
from core.settings import Variant

SIZES = (12, 30, 30, 7)
RELU = ACTIVATIONS["relu"]


def draw_flat(variant, sizes, activation, seed=(0, 0)):
    """θ of a fresh start, flat, in float64."""
    flat = np.empty(parameter_slices(sizes)[-1].stop)
    draw_parameters(variant, sizes, activation, seed, flat)
    return flat


def layers(name, seed=(0, 0), sizes=SIZES, activation="relu", **changes):
    """[(W, b), …] of a fresh start."""
    flat = draw_flat(Variant(name, **changes), sizes, ACTIVATIONS[activation], seed)
    return [(theta[0, :, :-1], theta[0, :, -1]) for theta in parameter_views(flat[None], sizes)]


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("he", "xavier"),
        ("glorot", "xavier"),
        ("normal", "xavier"),
        ("he_uniform", "xavier_uniform"),
        ("glorot_uniform", "pytorch_default"),
        ("sklearn_default", "keras_default"),
        ("lsuv", "orthogonal"),
    ],
)
def test_initializers_of_a_family_are_exact_multiples_draw_for_draw(name, base):
    for layer, ((W, _), (V, _)) in enumerate(zip(layers(name), layers(base), strict=True)):
        fans = SIZES[layer], SIZES[layer + 1]
        factor = INITIALIZERS[name].std(*fans) / INITIALIZERS[base].std(*fans)
        np.testing.assert_allclose(W, factor * V, rtol=1e-12)


def test_he_is_root_two_times_xavier():
    for (W, _), (V, _) in zip(layers("he"), layers("xavier"), strict=True):
        assert np.linalg.norm(W) / np.linalg.norm(V) == pytest.approx(np.sqrt(2), rel=1e-12)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_gain_multiplies_the_weights_and_not_the_biases(name):
    for (W, b), (V, c) in zip(layers(name, gain=3), layers(name), strict=True):
        np.testing.assert_allclose(W, 3 * V, rtol=1e-12)
        np.testing.assert_array_equal(b, c)


@pytest.mark.parametrize("name", ["zeros", "he_uniform", "orthogonal"])
def test_a_mean_is_added_to_every_weight(name):
    for (W, b), (V, c) in zip(layers(name, gain=2, mean=-0.5), layers(name, gain=2), strict=True):
        np.testing.assert_array_equal(W, V - 0.5)
        np.testing.assert_array_equal(b, c)


@pytest.mark.parametrize("name", ["zeros", "he", "pytorch_default"])
def test_random_biases_leave_the_weights_alone_and_add_to_the_biases(name):
    drawn = np.concatenate([b for _, b in layers("zeros", bias_std=1)])
    plain, with_biases = layers(name), layers(name, bias_std=0.5)
    for (W, _), (V, _) in zip(with_biases, plain, strict=True):
        np.testing.assert_array_equal(W, V)
    added = np.concatenate([b - c for (_, b), (_, c) in zip(with_biases, plain, strict=True)])
    np.testing.assert_allclose(added, 0.5 * drawn, rtol=1e-12, atol=1e-15)
    assert drawn.std() == pytest.approx(1, rel=0.35)  # 67 draws


@pytest.mark.parametrize("name", ["zeros", "constant", "he", "pytorch_default"])
def test_noise_adds_the_same_draw_whatever_the_initializer(name):
    pairs = zip(layers(name, noise=0.01), layers(name), layers("zeros", noise=1), strict=True)
    for (W, b), (V, c), (unit, _) in pairs:
        np.testing.assert_allclose(W - V, 0.01 * unit, rtol=1e-9, atol=1e-14)
        np.testing.assert_array_equal(b, c)


def test_noise_is_another_draw_than_the_weights():
    for (W, _), (noise, _) in zip(layers("normal"), layers("zeros", noise=1), strict=True):
        assert abs(np.corrcoef(W.ravel(), noise.ravel())[0, 1]) < 4 / np.sqrt(W.size)


def test_seed_run_and_layer_each_give_another_draw():
    starts = [layers("normal", seed) for seed in ((0, 0), (0, 1), (1, 0), (1, 1))]
    draws = [W[:7, :12].ravel() for start in starts for W, _ in start]
    correlations = np.corrcoef(draws) - np.eye(len(draws))
    assert np.abs(correlations).max() < 5 / np.sqrt(draws[0].size)


def test_a_layers_draw_does_not_depend_on_the_layers_around_it():
    shallow, deep = layers("he", sizes=(12, 30, 30, 7)), layers("he", sizes=(12, 30, 30, 30, 9))
    for (W, _), (V, _) in zip(shallow[:2], deep[:2], strict=True):
        np.testing.assert_array_equal(W, V)


def test_the_activation_matters_to_scikit_learn_alone():
    for name in INITIALIZERS:
        same = all(
            np.array_equal(W, V)
            for (W, _), (V, _) in zip(layers(name), layers(name, activation="sigmoid"), strict=True)
        )
        assert same == (name != "sklearn_default")


@pytest.mark.parametrize("gain", [1.0, 1.5])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_lsuv_gives_every_layer_unit_variance_on_the_batch(name, gain):
    activation = ACTIVATIONS[name]
    A = np.random.default_rng(5).normal(1, 2, (12, 128))
    flat = draw_flat(Variant("lsuv"), SIZES, activation)
    fit_to_data(flat, HiddenLayers(SIZES, activation, 1, flat.dtype), A, gain)
    for theta in parameter_views(flat[None], SIZES):
        Z = theta[0, :, :-1] @ A + theta[0, :, -1:]
        assert Z.var() == pytest.approx(gain**2, rel=1e-10)
        A = activation.function(Z)


def test_lsuv_keeps_the_draw_of_a_layer_that_says_nothing():
    start = draw_flat(Variant("lsuv"), SIZES, RELU)
    fitted = start.copy()
    fit_to_data(fitted, HiddenLayers(SIZES, RELU, 1, fitted.dtype), np.zeros((12, 16)))
    np.testing.assert_array_equal(fitted, start)


def test_batches_depend_on_the_seed_only_and_a_longer_run_begins_like_a_short_one():
    short, long = batch_indices((3, 1), 100, 16, 5), batch_indices((3, 1), 100, 16, 40)
    assert long.shape == (40, 16)
    np.testing.assert_array_equal(long[:5], short)
    for other in ((3, 0), (4, 1)):
        assert (batch_indices(other, 100, 16, 5) != short).any()


@pytest.mark.parametrize("m", [1, 7, 16, 50, 51, 100])
def test_an_epoch_shows_no_example_twice_and_each_epoch_is_shuffled_anew(m):
    per_epoch = 100 // m
    order = batch_indices((0, 0), 100, m, 3 * per_epoch).reshape(3, -1)
    assert order.min() >= 0
    assert order.max() < 100
    assert all(len(set(epoch)) == epoch.size for epoch in order)
    assert (order[0] != order[1]).any()
