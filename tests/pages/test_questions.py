"""What people ask about starting weights: the controls can express it, and the run shows what they saw."""

import numpy as np
import pytest

from core import run
from core.datasets import dataset
from core.statistics import chance_loss, final_loss
from pages.parts.settings import Heuristics, RandomInit, ZeroInit


def test_softmax_regression_trains_from_zeros_and_a_network_with_hidden_layers_does_not():
    asked = ZeroInit(seeds=1, steps=60)
    assert asked.linear.hidden == ()
    assert run(asked.linear).test_accuracy[0, 0, -1] > 0.9
    assert run(asked.experiment).test_accuracy[0, 0, -1] < 0.2


def test_a_small_relu_network_with_adam_at_1_stays_at_the_loss_of_guessing():
    asked = RandomInit("he", 1, depth=3, width=5, dataset="xor", optimizer="adam", learning_rate=1, seeds=3, steps=100)
    result = run(asked.experiment)
    assert final_loss(result)[0] == pytest.approx(chance_loss(result.experiment), rel=0.1)  # ln 2
    assert (result.dead[0, :, -1, :-1].max(axis=1) == 1).all()


def test_weights_of_border_pixels_never_move():
    result = run(RandomInit("he", 1, dataset="pixels", depth=1, width=8, seeds=1, steps=20).experiment)
    first, *_, last = result.first_weights[0]
    still = (first == last).all(axis=0)[:-1]
    assert still.any()
    np.testing.assert_array_equal(still, np.ptp(dataset("pixels").X_train, axis=0) == 0)


@pytest.mark.parametrize(("mean", "learns"), [("0", True), ("1/2", False)])
def test_weights_from_minus_a_half_to_a_half_learn_and_from_0_to_1_do_not(mean, learns):
    """Xavier uniform draws from ±√(3 / n): of 12 units ±½."""
    asked = RandomInit(
        "xavier_uniform", mean=mean, activation="tanh", depth=3, width=12, dataset="pixels", seeds=2, steps=300
    )
    result = run(asked.experiment)
    assert ((final_loss(result)[0] < chance_loss(result.experiment) / 2) == learns).all()


def test_a_gain_of_five_thirds_is_that_of_every_initializer():
    variants = Heuristics(gain="5/3", optimizer="momentum").experiment.variants
    assert {variant.gain for variant in variants} == {5 / 3}
    assert len({variant.initializer for variant in variants}) == len(variants) == 4
