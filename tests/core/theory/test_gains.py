"""Gains: which keeps a signal through layers of an activation, and what it does to the gradient."""

import numpy as np
import pytest

from core import ACTIVATIONS
from core.theory.gains import keeping_gain, settled

KEEPING = {"linear": 1, "relu": np.sqrt(2), "selu": 1, "gelu": 1.5335, "silu": 1.6765, "elu": 1.2452}


@pytest.mark.parametrize(("activation", "gain"), KEEPING.items())
def test_the_gain_that_keeps_the_signal_is_the_one_of_the_literature(activation, gain):
    assert keeping_gain(activation).gain == pytest.approx(gain, abs=1e-4)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_keeping_gain_keeps_the_signal_of_drawn_layers(activation):
    """Four layers of 400 units: their rms spreads by a few hundredths."""
    gain, rng = keeping_gain(activation), np.random.default_rng(0)
    Z = rng.standard_normal((400, 400))
    for _ in range(4):
        A = ACTIVATIONS[activation].function(Z)
        assert np.sqrt((A**2).mean()) == pytest.approx(gain.rms, rel=0.1)
        Z = rng.standard_normal((400, 400)) * (gain.gain / 20) @ A


def test_of_tanh_at_5_3_the_signal_keeps_0_651_and_the_gradient_grows_by_1_10_a_layer():
    found = settled("tanh", 5 / 3)
    assert found.rms == pytest.approx(0.651, abs=1e-3)
    assert np.sqrt(found.chi) == pytest.approx(1.10, abs=1e-3)


def test_selu_at_1_keeps_1_and_at_3_4_hardly_lets_the_gradient_grow():
    assert settled("selu", 1.0).rms == pytest.approx(1, abs=1e-6)
    assert settled("selu", 1.0).chi == pytest.approx(keeping_gain("selu").chi)
    assert settled("selu", 0.75).chi == pytest.approx(1.004, abs=1e-3)
