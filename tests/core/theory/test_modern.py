"""Normalization and skips at the start: each law in closed form, and as the engine measures it."""

import math

import pytest

from core import ACTIVATIONS
from core.theory.gains import batch_growth, preserving_gain
from tests import modern
from tests.modern import block_growth, layer_growth, residual_batch_growth, single_skip_growth


@pytest.fixture(autouse=True)
def small_networks(monkeypatch):
    """A tenth of the command's work: what is measured strays by a few hundredths more."""
    monkeypatch.setattr(modern, "WIDTH", 128)


def test_a_batch_makes_relu_multiply_the_gradient_by_pi_over_pi_less_one():
    assert batch_growth("relu") == pytest.approx(math.pi / (math.pi - 1), rel=1e-6)
    small, large = (modern.gradient_growth("batch", "relu", m) for m in (16, 128))
    assert small == pytest.approx(1.587, rel=0.04)  # Yang et al. 2019 for 16 examples
    assert large == pytest.approx(1.467, rel=0.04)
    assert small > large


@pytest.mark.parametrize("m", [8, 16])
def test_linear_layers_multiply_it_by_what_the_batch_size_says(m, monkeypatch):
    monkeypatch.setattr(modern, "WIDTH", 400)
    assert modern.gradient_growth("batch", "linear", m) == pytest.approx(batch_growth("linear", m), rel=0.015)
    assert batch_growth("linear", 10**6) == pytest.approx(batch_growth("linear"), rel=1e-5) == pytest.approx(1)


def test_an_odd_activation_has_the_same_law_over_a_batch_and_over_a_layer():
    assert batch_growth("tanh") == pytest.approx(layer_growth("tanh"), rel=1e-6)
    for kind in ("batch", "layer"):
        assert modern.gradient_growth(kind, "tanh", 64) == pytest.approx(layer_growth("tanh"), rel=0.04)


def test_a_layer_s_moments_keep_relu_s_gradient_as_he_s_weights_do():
    assert layer_growth("relu") == pytest.approx(1, rel=1e-6)
    assert modern.gradient_growth("layer", "relu", 16) == pytest.approx(1, abs=0.06)
    for activation in ACTIVATIONS:
        assert layer_growth(activation) == preserving_gain(activation).chi


@pytest.mark.parametrize("branch", [1.0, 0.5, modern.BLOCKS**-0.5, 0.0])
def test_a_residual_block_adds_the_square_of_its_branch(branch):
    assert modern.residual_growth(branch) == pytest.approx(block_growth(branch), rel=0.05 if branch else 1e-12)


def test_branches_over_the_root_of_their_number_stay_below_e_together():
    for blocks in (1, 8, 1000):
        assert 2 <= block_growth(blocks**-0.5) ** blocks < math.e


def test_a_skip_over_one_layer_of_relu_grows_by_more_than_a_block_of_mean_zero():
    growth = single_skip_growth()
    root = math.sqrt(growth)  # of the equation for which mean and mean square grow alike
    assert root**3 - root**2 - 2 * root + 2 == pytest.approx(2 / math.pi)
    assert modern.single_skip() == pytest.approx(growth, rel=0.04)


def test_residual_blocks_turn_the_exponential_of_batch_normalization_into_a_power():
    theory = residual_batch_growth(modern.BLOCKS, stem=2)
    assert modern.residual_gradient() == pytest.approx(theory, rel=0.25)
    assert theory < batch_growth("relu") ** (2 * modern.BLOCKS) / 30
    doubling = residual_batch_growth(4000, 2) / residual_batch_growth(2000, 2)
    assert math.log2(doubling) == pytest.approx(batch_growth("relu") ** 2, rel=2e-3)
