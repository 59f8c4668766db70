"""Judges: what a claim's verdict and sentence make of results whose losses, sizes and ends are set by hand."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from core import run, statistics
from core.claims import CLAIMS, readings
from core.claims.spreads import paired_mean

CHANCE = np.log(10)


@cache
def results_of(key, *only, steps=2):
    """A claim's experiments, or those named, trained for a few steps: what matters of them is then set."""
    experiments = CLAIMS[key].experiments(0)
    return {name: run(replace(experiments[name], steps=steps)) for name in only or experiments}


def with_losses(result, losses, lost=None):
    """The losses (variant, step) of every seed, and the seeds (variant, seed) that diverge in the fifth step."""
    shape = result.diverged_at.shape
    lost = np.zeros(shape, dtype=bool) if lost is None else lost
    loss = np.broadcast_to(np.asarray(losses)[:, None], (*shape, np.shape(losses)[-1]))
    experiment = replace(result.experiment, steps=loss.shape[-1])
    return replace(
        result, experiment=experiment, loss=np.where(lost[..., None], np.nan, loss), diverged_at=np.where(lost, 5, -1)
    )


# C01


@pytest.fixture(scope="module")
def zeros():
    return results_of("C01")


@pytest.mark.parametrize(
    ("gained", "verdict", "condition"),
    [
        ({}, "holds", ""),
        ({"digits": -0.5}, "holds only if", "no better"),
        ({"digits": -0.5, "xor": 0.4}, "holds only if", "circles"),
        ({"digits": 0.5, "xor": 0.5, "circles": 0.5}, "does not hold", ""),
    ],
)
def test_equivalent_and_no_better_are_judged_apart(zeros, gained, verdict, condition):
    scatter = np.random.default_rng(0).normal(0, 0.01, 10)
    judged = {}
    for name, r in zeros.items():
        gain = 0 if name.endswith("linear") else gained.get(r.experiment.dataset, 0)
        ends = 0.5 + (gain + scatter[: r.experiment.seeds] if gain else np.zeros(r.experiment.seeds))
        judged[name] = replace(r, test_accuracy=np.broadcast_to(ends[None, :, None], r.test_accuracy.shape))
    found = CLAIMS["C01"].judge(judged)
    assert found.verdict == verdict
    assert condition in found.condition


def test_a_gap_within_noise_is_neither_better_nor_worse(zeros):
    rng = np.random.default_rng(0)
    judged = {
        name: replace(
            r,
            test_accuracy=np.broadcast_to(
                rng.normal(0.5, 0.05, r.diverged_at.shape)[..., None],
                (1, r.experiment.seeds, r.test_accuracy.shape[-1]),
            ),
        )
        for name, r in zeros.items()
    }
    assert CLAIMS["C01"].judge(judged).verdict == "holds"


def test_a_network_and_the_linear_model_train_alike():
    experiments = CLAIMS["C01"].experiments(0).values()
    assert len({variant.learning_rate for e in experiments for variant in e.variants}) == 1
    assert len({(e.steps, e.batch_size) for e in experiments}) == 1
    assert {e.dataset for e in experiments} == {"digits", "xor", "circles"}


def test_of_many_comparisons_without_a_difference_one_in_twenty_leaves_out_0():
    rng = np.random.default_rng(0)
    trials = rng.standard_normal((300, 18, 5))
    wrong = [any(low > 0 or high < 0 for _, low, high in (paired_mean(d, 18) for d in many)) for many in trials]
    assert np.mean(wrong) <= 0.07


# C08, C15


def losses_of(*courses):
    """Losses over that of chance, a course a variant, through these (step, loss)."""
    steps = max(course[-1][0] for course in courses)
    return CHANCE * np.array([np.interp(np.arange(steps), *np.transpose(course)) for course in courses])


def rises_of(*courses):
    (result,) = results_of("C15", "relu 5").values()
    return readings.largest_rise(with_losses(result, losses_of(*courses)))[:, 0]


def test_what_oscillates_comes_back_up_and_what_scatters_does_not():
    falls = [(0, 1.0), (50, 0.2), (100, 0.1)]
    back_up = [(0, 1.0), (40, 0.2), (60, 0.2), (80, 0.5), (100, 0.5)]
    assert rises_of(falls, back_up) == pytest.approx([0, 0.3], abs=0.01)
    (result,) = results_of("C15", "relu 5").values()
    scatter = 0.2 * CHANCE * (-1.0) ** np.arange(100)
    assert (readings.largest_rise(with_losses(result, losses_of(falls, falls) + scatter)) < readings.ROSE).all()


def test_a_run_that_diverges_rises_beyond_all():
    (result,) = results_of("C15", "relu 5").values()
    lost = np.zeros(result.diverged_at.shape, dtype=bool)
    lost[1, 2] = True
    rises = readings.largest_rise(with_losses(result, np.ones((2, 100)), lost))
    np.testing.assert_array_equal(np.isinf(rises), lost)


@pytest.mark.parametrize(("back_up", "verdict"), [(0.1, "holds"), (0.6, "does not hold")])
def test_speed_without_peace_is_not_what_the_heuristics_promise(back_up, verdict):
    fast = [(0, 1.0), (20, 0.1), (60, 0.1), (80, back_up), (100, back_up)]
    slow = [(0, 1.0), (100, 1.0)]
    judged = {}
    for name, r in results_of("C15").items():
        slow_ones = [v.initializer == "normal" for v in r.experiment.variants]
        judged[name] = with_losses(r, losses_of(*(slow if is_slow else fast for is_slow in slow_ones)))
    found = CLAIMS["C15"].judge(judged)
    assert found.verdict == verdict
    assert ("by speed alone it would hold" in found.sentence) == (verdict != "holds")


@pytest.mark.parametrize(("learned_at", "turns"), [(300, True), (20, False), (None, False)])
def test_never_says_where_fewer_steps_would_judge_otherwise(learned_at, turns):
    course = [(0, 1.0), (learned_at, 0.1), (600, 0.1)] if learned_at else [(0, 1.0), (600, 1.0)]
    courses = [course, [(0, 1.0), (600, 1.0)], [(0, 1.0), (600, 1.0)]]
    judged = {name: with_losses(r, losses_of(*courses)) for name, r in results_of("C08").items()}
    found = CLAIMS["C08"].judge(judged)
    assert found.verdict == ("holds only if" if learned_at else "holds")
    assert ("would hold" in found.sentence) == turns


# C10, C16


def test_no_label_hides_that_a_gradient_is_clipped():
    for claim in CLAIMS.values():
        for e in claim.experiments(0).values():
            assert all("clipped" in v.label for v in e.variants if v.clip), claim.id


def test_a_start_partly_lost_is_described_by_counts():
    learned = {name: np.full((5, 100), 0.1) for name in ("relu", "leaky_relu")}
    results = results_of("C10")
    lost = np.zeros((5, 5), dtype=bool)
    judge = CLAIMS["C10"].judge
    whole = judge({name: with_losses(results[name], losses) for name, losses in learned.items()})
    assert whole.verdict == "holds"
    lost[2, 0] = True
    parted = judge({name: with_losses(results[name], losses, lost) for name, losses in learned.items()})
    assert parted.verdict == "holds only if"
    label = results["relu"].experiment.labels[2]
    assert label not in parted.condition
    assert re.search(rf"4 of 5 seeds learn and 1 overflow from {label}", parted.sentence)


def test_a_mark_of_seeds_that_are_left_says_how_many():
    (result,) = results_of("C11", "10").values()
    losses = with_losses(result, np.ones((1, 10)), np.arange(10)[None] < 3)
    (mark,) = readings.end_points(losses, ["He"], ["ReLU"])
    assert mark.x == "ReLU (7 of 10 seeds left)"
    assert readings.end_points(with_losses(result, np.ones((1, 10)), np.ones((1, 10), bool)), ["He"], ["ReLU"]) == []


def test_a_final_loss_is_averaged_as_on_all_pages():
    (result,) = results_of("C11", "10").values()
    ends = np.array([0.01] * 3 + [1.0] * 4 + [50.0] * 3)
    spread = replace(result, loss=np.broadcast_to(ends[None, :, None], (1, 10, 10)))
    (mark,) = readings.end_points(spread, ["He"], ["ReLU"])
    assert mark.value == statistics.average(statistics.final_loss(spread))[0] == 1.0


def test_clipping_saves_a_start_that_overflows_in_most_seeds():
    results = results_of("C16")
    judged = {}
    for name, r in results.items():
        lost = np.zeros(r.diverged_at.shape, dtype=bool)
        lost[0, 1:] = name != "vanishing"
        judged[name] = with_losses(r, np.full((len(r.experiment.labels), 100), 0.1), lost)
    found = CLAIMS["C16"].judge(judged)
    assert found.verdict == "holds"
    assert "4 of 5 seeds overflow" in found.sentence


# Sizes


@pytest.mark.parametrize(("factor", "kept"), [(1.0, True), (1.08, False), (0.93, False)])
def test_he_keeps_a_size_from_end_to_end_not_a_layer_at_a_time(factor, kept):
    judged = dict(results_of("C11"))
    trained = judged["trained"]
    good = np.where([v.initializer == "he" and v.gain == 1 for v in trained.experiment.variants], 0.1, 2.0)
    judged["trained"] = with_losses(trained, np.repeat(good[:, None], 100, axis=1))
    for name in ("10", "30"):
        layers = np.arange(judged[name].dz_rms.shape[-1])
        judged[name] = replace(judged[name], dz_rms=judged[name].dz_rms * factor**layers)
    assert (CLAIMS["C11"].judge(judged).verdict == "holds") == kept


@pytest.mark.parametrize("key", ["C12", "C14"])
def test_a_verdict_that_turns_on_its_reading_says_so(key):
    claim = CLAIMS[key]
    good = {name: with_losses(r, np.full((len(r.experiment.labels), 100), 0.1)) for name, r in results_of(key).items()}
    found = claim.judge(good)
    assert "would hold" in found.sentence
    assert "read" in claim.rule or "judged" in claim.rule


# Sentences


def test_a_sentence_has_the_steps_that_were_run():
    found = CLAIMS["C13"].judge(results_of("C13", steps=20))
    assert "in 20 steps" in found.sentence
