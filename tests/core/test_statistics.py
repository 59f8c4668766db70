"""Statistics: what sentences lean on is the plain statistic of a Result's numbers, and seldom wrong by chance."""

from dataclasses import replace

import numpy as np
import pytest
import scipy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core import Experiment, Variant, run
from core.datasets import DATASETS, Dataset, dataset
from core.statistics import (
    ERROR_RATE,
    average,
    backward_factor,
    chance_accuracy,
    chance_loss,
    classify_change,
    classify_end,
    compare_losses,
    diverged,
    final_accuracy,
    final_loss,
    forward_factor,
    learned,
    selection_quantile,
    student_quantile,
)

VARIANTS = (Variant("he"), Variant("xavier"), Variant("normal"))


@pytest.fixture(scope="module")
def result():
    """The last of its three variants diverges."""
    return run(Experiment("digits", (32,) * 12, variants=VARIANTS, seeds=4, steps=40))


def with_losses(result, losses):
    """The same result with these final losses (variant, seed), at every step."""
    losses = np.asarray(losses, dtype=float)
    return replace(result, loss=np.repeat(losses[..., None], 20, axis=2), diverged_at=np.where(np.isnan(losses), 0, -1))


def test_factors_multiply_up_to_the_ratio_of_the_ends(result):
    for variant in range(2):
        back, ahead = backward_factor(result, variant), forward_factor(result, variant)
        errors, signals = result.dz_rms[variant, :, 0], result.activation_rms[variant, :, 0]
        np.testing.assert_allclose(back.end_to_end, errors[:, 0] / errors[:, -2], rtol=1e-12)
        np.testing.assert_allclose(ahead.end_to_end, signals[:, -2] / signals[:, 0], rtol=1e-12)
        for factor in (back, ahead):
            np.testing.assert_allclose(factor.per_layer**11, factor.end_to_end, rtol=1e-9)


def test_xavier_loses_root_two_more_a_layer_than_he_under_relu(result):
    ratio = forward_factor(result, 0).per_layer / forward_factor(result, 1).per_layer
    np.testing.assert_allclose(ratio, np.sqrt(2), rtol=1e-4)


def test_without_layers_between_there_is_no_factor():
    none, one = (run(Experiment("digits", hidden, steps=1, seeds=2)) for hidden in ((), (8,)))
    assert np.isnan(backward_factor(none, 0).end_to_end).all()
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
        assert expected == pytest.approx(scipy.stats.entropy(shares), rel=1e-12)


def test_a_class_without_training_examples_adds_nothing_to_chance():
    rng = np.random.default_rng(0)
    Y = np.eye(4)[rng.integers(0, 3, 50)]  # nobody is in class 3
    data = Dataset("own", "own", "softmax", rng.normal(size=(50, 2)), Y, np.zeros((1, 2)), np.eye(4)[[3]])
    assert chance_loss(Experiment(data, batch_size=8)) == pytest.approx(scipy.stats.entropy(Y[:, :3].mean(axis=0)))


@pytest.mark.parametrize("name", DATASETS)
def test_accuracy_of_chance_is_that_of_one_answer_for_all(name):
    data, found = dataset(name), chance_accuracy(Experiment(name))
    if data.loss == "squared":
        assert np.isnan(found)
    else:
        classes = data.Y_test.argmax(axis=1) if data.outputs > 1 else data.Y_test[:, 0]
        assert 0 < found <= max(np.bincount(classes.astype(int))) / len(classes)


def test_a_diverged_run_has_no_final_loss_and_has_learned_nothing(result):
    assert diverged(result)[2].all()
    assert not diverged(result)[:2].any()
    assert np.isnan(final_loss(result)[2]).all()
    assert np.isnan(final_accuracy(result)[2]).all()
    assert not learned(result)[2].any()


def test_a_run_that_overflows_in_its_last_step_has_no_final_loss(result):
    steps = result.experiment.steps
    late = replace(with_losses(result, [[0.1] * 4] * 3), diverged_at=np.array([[-1, -1, -1, steps - 1]] * 3))
    assert np.isnan(final_loss(late)[:, 3]).all()
    assert final_loss(late)[:, :3] == pytest.approx(0.1)
    assert learned(late).sum(axis=1).tolist() == [3, 3, 3]
    assert np.isnan(final_accuracy(late)[:, 3]).all()


def test_final_loss_is_the_mean_of_the_last_tenth(result):
    np.testing.assert_allclose(final_loss(result)[:2], result.loss[:2, :, -4:].mean(axis=-1), rtol=1e-15)


@given(arrays(float, (3, 7), elements=st.floats(0, 1e300) | st.just(np.nan) | st.just(np.inf)))
def test_the_average_is_the_median_of_the_seeds_that_have_a_number(values):
    for row, found in zip(values, average(values), strict=True):
        known = row[np.isfinite(row)]
        expected = np.median(known / 2) * 2 if len(known) else np.nan
        assert found == pytest.approx(expected, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize(
    ("loss", "accuracy", "outcome"),
    [
        (0.4, 0.9, "learned"),
        (1.9, 0.4, "slow"),
        (2.2, 0.82, "uncalibrated"),  # right four times in five, at the loss of chance
        (8.1, 0.45, "uncalibrated"),
        (2.25, 0.2, "stalled"),
        (1e9, 0.1, "stalled"),
        (np.nan, np.nan, "diverged"),
    ],
)
def test_how_a_run_ends_turns_on_its_loss_and_near_chance_on_its_accuracy(loss, accuracy, outcome):
    assert classify_end(loss, accuracy, Experiment("digits")) == outcome


@pytest.mark.parametrize(
    ("ratios", "change"),
    [
        ([41.0] * 5, "explodes"),
        ([0.011] * 5, "vanishes"),
        ([3.0, 4.0, 5.0], "grows"),
        ([0.3], "shrinks"),
        ([0.6, 1.0, 1.9], "keeps its size"),
        ([0.01, 1.0, 100.0], "varies"),
        ([0.001, 0.05, 20.0], "varies"),  # most vanish, one does not: the seeds do not agree
        ([0.0, 0.0], "vanishes"),
        ([np.inf] * 3, "explodes"),
        ([np.nan], "vanishes"),  # 0 / 0: nothing is left
    ],
)
def test_a_size_keeps_within_a_factor_two_and_vanishes_or_explodes_beyond_ten(ratios, change):
    assert classify_change(np.array(ratios)) == change


@given(arrays(float, st.integers(1, 8), elements=st.floats(1e-200, 1e200)))
def test_a_change_back_is_the_reverse_of_a_change_forth(ratios):
    reverse = {"vanishes": "explodes", "shrinks": "grows", "grows": "shrinks", "explodes": "vanishes"}
    change = classify_change(ratios)
    middle = np.median(np.log(ratios))
    if min(abs(abs(middle) - np.log(bound)) for bound in (2, 10)) > 1e-6:
        assert classify_change(1 / ratios) == reverse.get(change, change)
    if change == "keeps its size":
        assert 0.5 <= np.exp(middle) <= 2


@pytest.mark.parametrize("seeds", [2, 5, 31, 50])
@pytest.mark.parametrize("comparisons", [1, 6, 91])
def test_the_quantile_is_students_shared_among_comparisons(seeds, comparisons):
    expected = scipy.stats.t.ppf(1 - ERROR_RATE / 2 / comparisons, seeds - 1)
    assert student_quantile(seeds, comparisons) == pytest.approx(expected, rel=1e-9)
    assert student_quantile(1, comparisons) == np.inf


def draw_losses(*means, spread=0.1, seeds=10, seed=0):
    """Log-normal losses (start, seed), with a part that the starts of a seed share."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(0, 1, seeds)
    return np.exp(np.array(means)[:, None] + shared + rng.normal(0, spread, (len(means), seeds)))


def test_two_variants_are_compared_by_students_t_on_the_logarithms():
    losses = draw_losses(0, 0.5, seeds=6)
    found = compare_losses(losses, chance=1.0)
    logs = np.log(losses[1] / losses[0])
    half = selection_quantile(2, 6) * scipy.stats.sem(logs)
    ends = (found.ratio[1], found.low[1], found.high[1])
    assert ends == pytest.approx(np.exp([logs.mean(), logs.mean() - half, logs.mean() + half]), rel=1e-9)


def test_the_quantile_of_two_variants_is_students_and_grows_with_their_number():
    for seeds in (3, 5, 20):
        quantiles = [selection_quantile(variants, seeds) for variants in (2, 4, 14)]
        assert quantiles == sorted(quantiles)
        assert quantiles[0] == pytest.approx(student_quantile(seeds), rel=0.1)


@pytest.mark.parametrize("noisier", [1, 10])
@pytest.mark.parametrize(("starts", "seeds"), [(2, 5), (4, 5), (8, 3), (14, 10)])
def test_alike_starts_seldom_differ_significantly(starts, seeds, noisier):
    spread = np.geomspace(0.1, 0.1 * noisier, starts)[:, None]
    tables = (draw_losses(*[0.0] * starts, spread=spread, seeds=seeds, seed=seed) for seed in range(300))
    wrong = [not compare_losses(table, 1.0).tied.all() for table in tables]
    assert np.mean(wrong) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 300)


def test_a_start_that_is_clearly_better_wins_alone():
    found = compare_losses(draw_losses(0, 0.5, 0.6, 1.0, seeds=5), chance=1.0)
    assert found.best == 0
    assert found.tied.tolist() == [True, False, False, False]


def test_twins_and_what_reads_as_once_tie_and_a_diverged_start_is_out():
    table = draw_losses(0, 0, 3, np.log(1.03), spread=1e-9)
    table[1] = table[0]
    table[2, 4] = np.nan
    found = compare_losses(table, chance=1.0)
    assert found.tied.tolist() == [True, True, False, True]
    assert np.isnan(found.ratio[2])
    assert compare_losses(np.full((2, 3), np.nan), 1.0) is None


@pytest.mark.parametrize("seeds", [1, 2])
def test_fewer_than_three_seeds_tell_nothing(seeds):
    found = compare_losses(draw_losses(0, 3, spread=1e-3, seeds=seeds), 1.0)
    assert found.tied.all()
    assert (found.low[1], found.high[1]) == (0, np.inf)


def test_a_variant_below_one_that_ties_ties_as_well():
    table = draw_losses(0, 0.5, 0.7, spread=np.array([[0.01], [0.01], [2.0]]), seeds=5)
    table[2] *= np.median(table[1]) * 1.2 / np.median(table[2])
    found = compare_losses(table, 1.0)
    assert found.tied[2]
    assert found.tied[1]


def test_plateaus_that_seeds_share_do_not_look_like_certainty():
    rng = np.random.default_rng(0)
    for starts, seeds in ((14, 2), (14, 3), (4, 5)):
        reached = (rng.random((300, starts, seeds)) < 0.2, rng.uniform(0.99, 1.01, (300, starts, seeds)))
        tables = np.where(reached[0], 0.3, 2.3) * reached[1]
        wrong = np.mean([not compare_losses(table, 2.3).tied.all() for table in tables])
        assert wrong <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 300)


def test_seeds_that_reach_zero_do_not_outweigh_all_others():
    table = np.array([[0.0, 1e-9, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.1, 0.1]])
    found = compare_losses(table, chance=1.0)
    assert 0.01 < found.ratio[1] < 100
    assert found.tied.all()
