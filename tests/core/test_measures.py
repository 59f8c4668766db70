"""Measures: what is read off a Result is the plain statistic of its numbers."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from core import Experiment, Variant, run
from core.datasets import DATASETS, dataset
from core.measures import (
    backward_factor,
    chance_loss,
    diverged,
    final_accuracy,
    final_loss,
    forward_factor,
    learnt,
    paired_ratio,
)

VARIANTS = (Variant("he"), Variant("xavier"), Variant("normal"))


@pytest.fixture(scope="module")
def result():
    """The last of its three variants diverges."""
    return run(Experiment("digits", (32,) * 12, variants=VARIANTS, seeds=4, steps=40))


def with_losses(result, losses):
    """The same result with these final losses (variant, seed), at every step."""
    losses = np.asarray(losses, dtype=float)
    return replace(result, loss=np.repeat(losses[..., None], 20, axis=2))


def test_factors_multiply_up_to_the_ratio_of_the_ends(result):
    for variant in range(2):
        back, ahead = backward_factor(result, variant), forward_factor(result, variant)
        errors, signals = result.dz_rms[variant, :, 0], result.activation_rms[variant, :, 0]
        np.testing.assert_allclose(back.whole, errors[:, 0] / errors[:, -2], rtol=1e-12)
        np.testing.assert_allclose(ahead.whole, signals[:, -2] / signals[:, 0], rtol=1e-12)
        for factor in (back, ahead):
            np.testing.assert_allclose(factor.per_layer**11, factor.whole, rtol=1e-9)


def test_xavier_loses_root_two_more_a_layer_than_he_under_relu(result):
    ratio = forward_factor(result, 0).per_layer / forward_factor(result, 1).per_layer
    np.testing.assert_allclose(ratio, np.sqrt(2), rtol=1e-4)


def test_without_layers_between_there_is_no_factor():
    none, one = (run(Experiment("digits", hidden, steps=1, seeds=2)) for hidden in ((), (8,)))
    assert np.isnan(backward_factor(none, 0).whole).all()
    assert np.isnan(backward_factor(one, 0).per_layer).all()


@pytest.mark.parametrize("name", DATASETS)
def test_chance_is_the_best_that_one_answer_for_all_can_do(name):
    data, expected = dataset(name), chance_loss(Experiment(name))
    if data.loss == "squared":
        losses = [((data.Y_train - answer) ** 2).mean() for answer in np.linspace(-1, 1, 2001)]
        assert expected == pytest.approx(min(losses), abs=1e-6)
    else:
        shares = data.Y_train.mean(axis=0)
        shares = shares if len(shares) > 1 else np.array([shares[0], 1 - shares[0]])
        assert expected == pytest.approx(stats.entropy(shares), rel=1e-12)


def test_a_diverged_run_has_no_final_loss_and_has_learnt_nothing(result):
    assert diverged(result)[2].all()
    assert not diverged(result)[:2].any()
    assert np.isnan(final_loss(result)[2]).all()
    assert np.isnan(final_accuracy(result)[2]).all()
    assert not learnt(result)[2].any()


def test_final_loss_is_the_mean_of_the_last_tenth(result):
    np.testing.assert_allclose(final_loss(result)[:2], result.loss[:2, :, -4:].mean(axis=-1), rtol=1e-15)


def test_a_paired_ratio_is_students_t_on_the_logarithms(result):
    losses = np.exp(np.random.default_rng(0).normal(size=(3, 4)))
    difference = paired_ratio(with_losses(result, losses), 0, 1)
    logs = np.log(losses[0] / losses[1])
    low, high = stats.t.interval(0.95, 3, logs.mean(), stats.sem(logs))
    assert difference.ratio == pytest.approx(np.exp(logs.mean()), rel=1e-9)
    assert difference.low == pytest.approx(np.exp(low), rel=1e-3)
    assert difference.high == pytest.approx(np.exp(high), rel=1e-3)
    assert difference.clear == (low > 0 or high < 0)


@pytest.mark.parametrize("n", [2, 5, 30, 31, 32, 50])
def test_the_interval_is_students_for_any_number_of_seeds(result, n):
    losses = np.exp(np.random.default_rng(n).normal(size=(2, n)))
    difference = paired_ratio(with_losses(result, losses), 0, 1)
    logs = np.log(losses[0] / losses[1])
    half = np.log(difference.high / difference.low) / 2
    assert half / stats.sem(logs) == pytest.approx(stats.t.ppf(0.975, n - 1), rel=2e-3)


def test_a_ratio_is_clear_or_not_by_its_interval(result):
    same = paired_ratio(with_losses(result, [[1, 2, 3, 4], [1.1, 1.9, 3.1, 3.9]]), 0, 1)
    twice = paired_ratio(with_losses(result, [[2, 4.1, 6, 8.2], [1, 2, 3, 4]]), 0, 1)
    assert not same.clear
    assert twice.clear
    assert twice.ratio == pytest.approx(2, rel=0.05)


def test_one_seed_gives_no_interval_and_a_diverged_one_no_ratio(result):
    single = paired_ratio(with_losses(result, [[2], [1]]), 0, 1)
    assert (single.ratio, single.low, single.high, single.clear) == (pytest.approx(2), 0, np.inf, False)
    lost = paired_ratio(with_losses(result, [[2, np.nan], [1, 1]]), 0, 1)
    assert np.isnan([lost.ratio, lost.low, lost.high]).all()
    assert not lost.clear
