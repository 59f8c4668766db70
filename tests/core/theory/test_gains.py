"""Gains: which keeps a signal through layers of an activation, and what it does to the gradient."""

import numpy as np
import pytest

from core import ACTIVATIONS, Experiment, Variant
from core.theory.gains import deepest_trainable, find_fixed_point, preserving_gain

KEEPING = {"linear": 1, "relu": np.sqrt(2), "selu": 1, "gelu": 1.5335, "silu": 1.6765, "elu": 1.2452}


@pytest.mark.parametrize(("activation", "gain"), KEEPING.items())
def test_the_gain_that_keeps_the_signal_is_the_one_of_the_literature(activation, gain):
    assert preserving_gain(activation).gain == pytest.approx(gain, abs=1e-4)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_keeping_gain_keeps_the_signal_of_drawn_layers(activation):
    """Four layers of 400 units: their rms spreads by a few hundredths."""
    gain, rng = preserving_gain(activation), np.random.default_rng(0)
    Z = rng.standard_normal((400, 400))
    for _ in range(4):
        A = ACTIVATIONS[activation].function(Z)
        assert np.sqrt((A**2).mean()) == pytest.approx(gain.rms, rel=0.1)
        Z = rng.standard_normal((400, 400)) * (gain.gain / 20) @ A


def test_of_tanh_at_5_3_the_signal_keeps_0_651_and_the_gradient_grows_by_1_10_a_layer():
    found = find_fixed_point("tanh", 5 / 3)
    assert found.rms == pytest.approx(0.651, abs=1e-3)
    assert np.sqrt(found.chi) == pytest.approx(1.10, abs=1e-3)


def test_selu_at_1_keeps_1_and_at_3_4_hardly_lets_the_gradient_grow():
    assert find_fixed_point("selu", 1.0).rms == pytest.approx(1, abs=1e-6)
    assert find_fixed_point("selu", 1.0).chi == pytest.approx(preserving_gain("selu").chi)
    assert find_fixed_point("selu", 0.75).chi == pytest.approx(1.004, abs=1e-3)


DEPTH_SCALES = {1: 3.63, 1.25: 6.80, 1.5: 15.79, 2: 21.48, 2.5: 7.98, 3: 5.27}


@pytest.mark.parametrize(("variance", "layers"), DEPTH_SCALES.items())
def test_depth_scales_of_tanh_are_those_of_the_literature(variance, layers):
    """σ_b² = 0.05; Schoenholz et al. 2017."""
    gain, bias_std = np.sqrt(variance), np.sqrt(0.05)
    assert find_fixed_point("tanh", gain, bias_std).depth_scale == pytest.approx(layers, abs=5e-3)
    variant = Variant("normal", gain / 8, bias_std=bias_std)
    experiment = Experiment(hidden=(64,) * 3, activation="tanh", variants=(variant,))
    assert deepest_trainable(experiment) == pytest.approx(6 * layers, abs=3e-2)


def test_the_critical_variance_is_1_761_for_tanh_with_biases_and_2_for_relu():
    assert find_fixed_point("tanh", np.sqrt(1.761), np.sqrt(0.05)).chi == pytest.approx(1, abs=2e-4)
    for gain in (0.1, 1.0, np.sqrt(2), 10.0):  # whether the signal dies out or grows without end
        assert find_fixed_point("relu", gain).chi == pytest.approx(gain**2 / 2)


@pytest.mark.parametrize("start", [Variant("constant"), Variant("lsuv"), Variant("he", mean=0.1)], ids=str)
def test_no_depth_is_predicted_for_constant_fitted_and_shifted_weights(start):
    assert np.isnan(deepest_trainable(Experiment(variants=(start,))))
    assert np.isnan(deepest_trainable(Experiment(normalization="batch")))
    assert np.isnan(deepest_trainable(Experiment(skip=2)))
    assert deepest_trainable(Experiment(variants=(Variant("zeros"),))) == 0
    assert deepest_trainable(Experiment(activation="linear", variants=(Variant("xavier"),))) > 1e9
