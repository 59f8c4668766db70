"""Verdicts: the sentence says what the numbers of that run say, whatever the run was."""

import re
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from core import INITIALIZERS, Clip, Experiment, Variant, run
from core.verdicts import clipping, compare_with_rule, comparison, contrast, messages, propagation, symmetry
from core.wording import number, percent

TEN = (100,) * 10
CORNERS = list(
    product(("digits", "curve"), ((1,), (7,), (1,) * 12, (20,) * 20), ("zeros", "normal", "he"), (0.001, 100))
)


def verdict(judge, *variants, **settings):
    return judge(run(Experiment(variants=variants, **settings)))


def read(found):
    """All that a verdict says, in the banner and folded away."""
    return f"{found.sentence} {found.details}"


def test_zero_weights_make_one_unit_of_a_layer():
    still = verdict(symmetry, Variant("zeros"), steps=20, seeds=2)
    assert still.status == "bad"
    assert "64 hidden units behave as one unit" in still.sentence
    assert "never change" in still.sentence
    moving = verdict(symmetry, Variant("zeros"), steps=20, seeds=2, hidden=(64, 64), activation="sigmoid")
    assert "64 hidden units behave as one unit" in moving.sentence
    assert "same updates" in moving.sentence


def test_a_start_whose_every_run_diverges_has_its_sentence():
    assert verdict(symmetry, Variant("normal"), hidden=TEN, steps=20, seeds=2).status == "bad"


def test_he_breaks_the_symmetry():
    assert verdict(symmetry, Variant("he"), steps=5, seeds=2, dtype="float64").status == "good"


@pytest.mark.parametrize(
    ("name", "activation", "said"),
    [("normal", "relu", "explodes"), ("xavier", "sigmoid", "vanishes"), ("he", "relu", "keeps its size")],
)
def test_the_fate_of_the_gradient_is_named(name, activation, said):
    assert said in verdict(propagation, Variant(name), hidden=TEN, activation=activation, steps=1, seeds=3).sentence


def test_overflow_before_the_first_update_is_named_with_its_layer():
    found = verdict(propagation, Variant("normal", gain=1e6), hidden=TEN, steps=1, seeds=2)
    assert "overflow" in found.sentence
    assert "layer" in found.details


@pytest.mark.parametrize(
    ("variant", "settings", "head", "status"),
    [
        (Variant("he", 1.5), {"hidden": TEN}, "explodes", "bad"),  # 40 times from end to end
        (Variant("xavier"), {"hidden": (64,) * 4, "activation": "sigmoid"}, "vanishes", "bad"),  # a hundredth
        (Variant("he", 1.15), {"hidden": TEN}, "grows", "mixed"),
        (Variant("he", 0.85), {"hidden": TEN}, "shrinks", "mixed"),
    ],
)
def test_a_gradient_keeps_its_size_only_within_a_factor_two(variant, settings, head, status):
    found = verdict(propagation, variant, steps=1, seeds=3, **settings)
    assert f"The gradient {head}" in found.sentence
    assert found.status == status


def fake(result, losses, accuracy=None):
    """The result with these final losses (variant, seed), NaN where a run diverges at step 1, and test accuracies."""
    losses = np.asarray(losses, dtype=float)
    loss = np.repeat(losses[..., None], result.loss.shape[-1], axis=-1)
    right = np.full(losses.shape, np.nan) if accuracy is None else np.broadcast_to(np.c_[accuracy], losses.shape)
    return replace(
        result,
        loss=loss,
        test_accuracy=np.repeat(right[..., None], result.test_accuracy.shape[-1], axis=-1),
        diverged_at=np.where(np.isnan(losses), 1, -1),
        diverged_layer=np.where(np.isnan(losses), 1, 0),
    )


@pytest.fixture(scope="module")
def four():
    """Four starts over five seeds, trained hardly at all: a frame for numbers."""
    starts = [Variant(name) for name in ("he", "xavier", "glorot", "normal")]
    return run(Experiment(hidden=(8, 8), variants=starts, seeds=5, steps=20))


def test_the_better_start_is_named_and_the_one_that_does_not_learn_too(four):
    found = comparison(fake(four, [[0.3, 0.31, 0.29, 0.3, 0.32], [0.6] * 5, [0.7] * 5, [2.3] * 5]))
    assert found.status == "good"
    assert "He trains best" in found.sentence
    assert "Standard normal does not learn" in read(found)
    assert "Xavier ends at loss 0.60" in read(found)
    same = verdict(comparison, Variant("he", label="a"), Variant("he", label="b"), hidden=(16,), steps=80, seeds=3)
    assert "a and b are tied" in same.sentence


def test_one_lost_seed_is_counted_and_never_condemns_a_start(four):
    found = comparison(fake(four, [[0.3, 0.31, np.nan, 0.3, 0.32], [0.6] * 5, [0.7] * 5, [np.nan] * 5]))
    assert "He overflows in 1 of 5 seeds" in read(found)
    assert "Standard normal overflows in all 5 seeds" in read(found)
    some = contrast(fake(four, [[0.3, 0.31, np.nan, 0.3, 0.32], [0.6] * 5, [0.7] * 5, [0.7] * 5], [0.9]))
    assert "He overflows in 1 of 5 seeds" in read(some)
    zero = symmetry(fake(four, [[0.3, 0.31, np.nan, 0.3, 0.32], [0.6] * 5, [0.7] * 5, [0.7] * 5], [0.9]))
    assert "He overflows in 1 of 5 seeds" in read(zero)
    assert "He 90\N{NO-BREAK SPACE}%" in read(zero)


def test_a_start_is_not_the_best_where_one_that_lost_a_seed_ends_lower(four):
    losses = [[0.04, 0.03, np.nan, 0.04, 0.04], [0.2] * 5, [np.nan] * 5, [np.nan] * 5]
    found = comparison(fake(four, losses, [0.9]))
    assert "trains best" not in found.sentence
    assert "He overflows in 1 of 5 seeds, the others end at loss 0.040" in found.details
    assert found.status == "mixed"


def test_no_start_is_behind_one_that_ends_higher_and_is_tied(four):
    wide = [0.05, 0.4, 3.0, 30.0, 0.6]
    found = comparison(fake(four, [[0.36, 0.35, 0.37, 0.36, 0.36], [0.55, 0.56, 0.55, 0.57, 0.55], wide, [2.3] * 5]))
    assert "Xavier ends at" not in read(found)


def test_with_two_seeds_nothing_is_better_however_alike_they_are(four):
    frame = replace(four, experiment=replace(four.experiment, seeds=2))
    found = comparison(fake(frame, np.repeat([[0.3], [0.6], [0.7], [2.3]], 2, axis=1)))
    assert "trains best" not in found.sentence
    assert found.status == "mixed"


def test_a_training_whose_loss_grows_is_said_to_grow(four):
    found = fake(four, [[2e19] * 5, [0.3] * 5, [0.3] * 5, [0.3] * 5], [0.1])
    first = np.full((*found.loss.shape[:2], 1), 6200.0)
    grown = propagation(replace(found, loss=np.concatenate([first, found.loss[..., 1:]], axis=-1)))
    assert "more than at the start" in read(grown)


def test_half_the_chance_loss_is_quoted_with_the_accuracy_beside_it():
    found = verdict(propagation, Variant("he"), hidden=(64,), steps=10, seeds=3)
    assert "no seed reaches half the chance loss" in read(found)
    assert "test accuracy" in read(found)


def test_with_one_seed_nothing_is_better(four):
    one = replace(four, experiment=replace(four.experiment, seeds=1))
    found = comparison(fake(one, [[0.3], [0.6], [0.7], [2.3]]))
    assert "trains best" not in found.sentence
    assert "single seed" in found.sentence
    assert found.status == "mixed"


def test_the_best_has_learned_or_there_is_none(four):
    slow = comparison(fake(four, [[1.8] * 5, [2.0] * 5, [2.1] * 5, [2.2] * 5]))
    assert "No initializer reaches half the chance loss" in slow.sentence
    assert "trains best" not in slow.sentence
    none = comparison(fake(four, [[2.3] * 5, [2.31] * 5, [2.4] * 5, [2.5] * 5], [0.1]))
    assert none.status == "bad"
    assert "No initializer learns" in none.sentence


def test_a_network_that_is_right_at_the_loss_of_chance_is_credited_with_its_accuracy(four):
    found = comparison(fake(four, [[0.3] * 5, [0.3] * 5, [0.3] * 5, [2.2] * 5], [[0.9], [0.9], [0.9], [0.82]]))
    assert "Standard normal classifies 82" in read(found)
    assert "2.2" in found.details
    assert "The chance loss, that of guessing, is 2.3" in found.details
    assert "no better than chance" not in read(found)


@pytest.mark.parametrize("starts", [2, 4, 14])
def test_alike_starts_are_seldom_put_behind(four, starts):
    variants = tuple(Variant("he", label=f"start {k}") for k in range(starts))
    frame = replace(four, experiment=replace(four.experiment, variants=variants))
    frame = replace(frame, test_accuracy=np.resize(four.test_accuracy, (starts, *four.test_accuracy.shape[1:])))
    frame = replace(frame, loss=np.resize(four.loss, (starts, *four.loss.shape[1:])))
    rng = np.random.default_rng(starts)
    draws = [np.exp(rng.normal(-1.5, 0.3, (starts, 5)) + rng.normal(0, 0.3, 5)) for _ in range(200)]
    found = [comparison(fake(frame, losses)) for losses in draws]
    wrong = ["tied" not in verdict.sentence or " ends at loss" in verdict.details for verdict in found]
    assert np.mean(wrong) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 200)


@pytest.mark.parametrize(
    ("activation", "losses", "words"),
    [
        (
            "tanh",
            [[0.2, 0.21, 0.2, 0.19, 0.2], [0.4] * 5, [0.41] * 5, [2.3] * 5],
            "He ends at training loss 0.20, Xavier at 0.40",
        ),
        ("tanh", [[0.4] * 5, [0.2, 0.21, 0.2, 0.19, 0.2], [0.2, 0.2, 0.21, 0.2, 0.19], [2.3] * 5], "agrees with it"),
        ("relu", [[0.2, 0.21, 0.2, 0.19, 0.2], [0.4] * 5, [0.41] * 5, [2.3] * 5], "agrees with it"),
        (
            "relu",
            [[0.4] * 5, [0.2, 0.21, 0.2, 0.19, 0.2], [0.41] * 5, [2.3] * 5],
            "Xavier ends at training loss 0.20, He at 0.40",
        ),
        ("relu", [[2.2] * 5, [2.3] * 5, [2.3] * 5, [2.3] * 5], "does not test it"),
    ],
)
def test_the_rule_of_thumb_stands_beside_what_the_run_says(four, activation, losses, words):
    result = replace(four, experiment=replace(four.experiment, activation=activation))
    found = compare_with_rule(fake(result, losses))
    suited = (
        "Rule of thumb for tanh: Xavier or Glorot average" if activation == "tanh" else "Rule of thumb for ReLU: He"
    )
    assert suited in found
    assert words in found
    assert ("disagrees" in found) == ("training loss" in words)


def test_starts_of_one_size_do_not_test_the_rule_of_thumb():
    alike = (Variant("he"), Variant("he_uniform"))
    assert "does not test it" in compare_with_rule(run(Experiment(hidden=(16,), variants=alike, seeds=3, steps=60)))


def test_a_single_seed_does_not_test_the_rule_of_thumb():
    assert "does not test it" in compare_with_rule(run(Experiment(hidden=(8,), seeds=1, steps=10)))


def test_clipping_that_is_never_active_has_nothing_to_clip():
    idle = verdict(clipping, Variant("he"), Variant("he", clip=Clip("norm", 1e9)), hidden=(16,), steps=20, seeds=2)
    assert "nothing to clip" in idle.sentence


@pytest.fixture(scope="module")
def clipped():
    """Two variants over four seeds, the second clipped and active: a frame for numbers."""
    variants = (Variant("he", 1.5), Variant("he", 1.5, clip=Clip("norm", 0.1)))
    return run(Experiment(hidden=(16,) * 3, variants=variants, seeds=4, steps=20))


@pytest.mark.parametrize(
    ("losses", "accuracy", "head", "status"),
    [
        ([[np.nan] * 4, [0.3] * 4], 0.9, "saves the training", "good"),
        ([[np.nan] * 4, [0.3, 0.3, 2.3, 2.3]], 0.5, "prevents the overflow, and 2 of 4 seeds learn", "mixed"),
        ([[np.nan] * 4, [0.3, 2.3, 2.3, 2.3]], 0.5, "prevents the overflow, and 1 of 4 seeds learns", "mixed"),
        ([[np.nan] * 4, [0.3, np.nan, 0.3, 0.3]], 0.9, "prevents the overflow in 3 of 4 seeds", "mixed"),
        ([[0.3, np.nan, 0.3, 0.3], [0.3, 0.3, np.nan, np.nan]], 0.9, "does not prevent the overflow", "bad"),
        ([[np.nan] * 4, [6.6e8] * 4], 0.1, "the loss grows", "bad"),
        ([[np.nan] * 4, [2.3] * 4], 0.1, "hardly anything is learned", "mixed"),
        ([[np.nan] * 4, [1.8] * 4], 0.4, "training is slow", "mixed"),
        ([[0.1, 0.11, 0.1, 0.09], [0.4, 0.42, 0.41, 0.4]], 0.9, "slows this training", "mixed"),
        ([[0.4, 0.42, 0.41, 0.4], [0.1, 0.11, 0.1, 0.09]], 0.9, "helps", "good"),
        ([[0.1, 0.11, 0.1, 0.09], [0.1, 0.11, 0.1, 0.09]], 0.9, "4 seeds show no certain effect", "mixed"),
        ([[0.1, 0.11, 0.1, 0.09], [2.3, 2.31, 2.3, 2.29]], 0.1, "prevents learning", "bad"),
        ([[2.3, 2.31, 2.3, 2.29], [3.1, 3.0, 3.1, 3.2]], 0.1, "leaves the loss higher", "mixed"),
        ([[np.nan] * 4, [4.7] * 4], 0.62, "far above chance", "mixed"),
    ],
)
def test_clipping_is_judged_by_overflow_first_and_then_by_learning(clipped, losses, accuracy, head, status):
    result = fake(clipped, losses, accuracy)
    first = np.where(np.isfinite(result.loss), 2.4, np.nan)[..., :1]
    found = clipping(replace(result, loss=np.concatenate([first, result.loss[..., 1:]], axis=-1)))
    assert head in found.sentence.split("**")[1]
    assert found.status == status


@pytest.mark.parametrize(("dataset", "hidden", "name", "gain"), CORNERS)
def test_every_corner_has_its_sentence(dataset, hidden, name, gain):
    variants = Variant(name, gain), Variant(name, gain, clip=Clip("norm", 1))
    result = run(Experiment(dataset, hidden, variants=variants, seeds=2, steps=6, batch_size=32))
    for judge in (symmetry, propagation, comparison, clipping, contrast):
        assert_short(judge(result), result)
        assert judge(result).status in ("good", "bad", "mixed", "neutral")


def assert_short(found, result):
    """A banner has at most 15 words and three numbers, apart from those in names; the details are whole sentences."""
    assert re.fullmatch(r"\*\*[^*]+\*\*[^*]*\.", found.sentence)
    assert re.fullmatch(r"([^*]+\.)?", found.details)
    assert "nan" not in read(found).lower()
    words = found.sentence.replace("*", "")
    assert len(words.split()) <= 15, words
    for label in sorted(result.experiment.labels, key=len, reverse=True):
        words = words.replace(label, "name")
    assert len(re.findall(r"[\d.·⁻⁰¹²³⁴-⁹]*\d[\d.·⁻⁰¹²³⁴-⁹]*", words)) <= 3, words


BANNERS = [
    ({"hidden": (40,) * 10}, Variant("he", 1.5)),
    ({"hidden": (40,) * 10, "activation": "sigmoid"}, Variant("xavier")),
    ({"hidden": (40,) * 10}, Variant("normal", 1e6)),  # overflows at once
    ({"hidden": (64,) * 10, "steps": 60, "seeds": 3}, Variant("he", 1.3, learning_rate=0.05)),  # in some seeds
    ({"hidden": (20,) * 50, "activation": "sigmoid"}, Variant("normal", 0.001)),  # underflows
    ({"hidden": (3,) * 10, "seeds": 5}, Variant("he")),  # gradients that are zero in some seeds
    ({"hidden": (7,) * 2, "activation": "tanh", "steps": 300}, Variant("constant", learning_rate=0.5)),
    ({"hidden": (16,), "steps": 100}, Variant("he", noise=0.001)),
    ({"dataset": "curve", "hidden": (16,) * 3, "steps": 100}, Variant("he", 50)),
]


def test_messages_beside_titles_say_what_the_arrays_hold(four, clipped):
    losses = [[0.3, 0.31, 0.29, 0.3, 0.32], [0.6] * 5, [0.7] * 5, [np.nan] * 5]
    found = fake(four, losses, [0.9, 0.5, 0.1, 0.2])
    percents = [f"{share}\N{NO-BREAK SPACE}%" for share in (10, 90)]
    assert messages.describe_accuracies(found) == " to ".join(percents)
    assert messages.name_lowest_loss(found) == "final loss, lowest: He, 0.30"
    assert messages.describe_training(found, 1) == "Xavier: loss 0.60 → 0.60"
    assert messages.describe_training(found, 3) == "Standard normal overflows"
    factors = [float(np.median(dz[:, 0, 0] / dz[:, 0, 1])) for dz in four.dz_rms]
    ends = [f"{number(factors[v])} ({four.experiment.labels[v]})" for v in (np.argmin(factors), np.argmax(factors))]
    assert messages.describe_factor(four, "dz_rms") == f"× {' to '.join(ends)} a layer"
    assert messages.count_distinct_units(four) == "He: 8 of 8 distinct"
    assert messages.describe_network(four) == "2 hidden layers of 8 units, ReLU"
    share = float((clipped.applied_norm[1] < clipped.gradient_norm[1] * 0.999999).mean())
    assert messages.describe_clipped_steps(clipped) == f"clipped in {percent(share)} of the steps"
    assert messages.describe_largest_angle(clipped) == "0°"  # by norm: the direction is kept
    one = run(Experiment(hidden=(8,), variants=(Variant("he"),), seeds=1, steps=2))
    assert messages.describe_factor(one, "dz_rms") == messages.describe_factor(one, "activation_rms") == ""


def test_flat_weight_gradients_are_explained_where_the_gradient_is_not_flat():
    settings = {"hidden": (48,) * 8, "activation": "relu", "seeds": 2, "steps": 1}
    exploding, even = (run(Experiment(variants=(Variant(start),), **settings)) for start in ("normal", "he"))
    assert "going back, dZ grows and the signal shrinks; dW, their product" in messages.explain_weight_gradients(
        exploding
    )
    assert messages.explain_weight_gradients(even) == ""
    signals = np.ones_like(exploding.activation_rms)  # then it is not the signal that makes up for the gradient
    assert messages.explain_weight_gradients(replace(exploding, activation_rms=signals)) == ""


@pytest.mark.parametrize(("settings", "variant"), BANNERS)
def test_every_banner_is_short(settings, variant):
    frame = {"seeds": 2, "steps": 20, "batch_size": 64} | settings
    pair = Experiment(variants=(variant, replace(variant, clip=Clip("norm", 1), label="")), **frame)
    clipped = [run(pair), run(replace(pair, seeds=1))]
    brief = frame | {"seeds": 1, "steps": 6, "batch_size": 16}
    every = run(Experiment(variants=tuple(map(Variant, INITIALIZERS)), **brief))
    for judge, result in product((symmetry, propagation, comparison, contrast), (*clipped, every)):
        assert_short(judge(result), result)
    for result in clipped:
        assert_short(clipping(result), result)


@pytest.mark.parametrize("seed", range(40))
def test_every_banner_is_short_whatever_the_seeds_end_at(four, clipped, seed):
    rng = np.random.default_rng(seed)
    for frame, judges in ((four, (symmetry, comparison, contrast)), (clipped, (clipping,))):
        count = (len(frame.experiment.labels), frame.experiment.seeds)
        losses = np.exp(rng.normal(-1, rng.choice([0.1, 1, 10]), count) + rng.normal(0, 2, (count[0], 1)))
        losses[rng.random(count) < rng.choice([0, 0.1, 0.9])] = np.nan
        for judge in judges:
            assert_short(judge(fake(frame, losses, rng.random(count))), frame)


def test_units_whose_every_update_overflows_are_not_said_to_never_change():
    found = verdict(symmetry, Variant("constant"), hidden=(64,) * 50, steps=20, seeds=1)
    assert "as one unit" in found.sentence
    assert "never change" not in found.sentence


def test_clipping_under_which_the_accuracy_rises_is_not_said_to_teach_hardly_anything():
    variants = (Variant("he", 1.5), Variant("he", 1.5, clip=Clip("value", 0.01)))
    found = verdict(clipping, *variants, hidden=TEN, steps=50, seeds=4, batch_size=64)
    assert "of the test set correctly" in found.details
    assert "prevents the overflow" in found.sentence
    assert "hardly anything" not in found.sentence


def test_a_factor_that_underflows_is_no_factor_of_zero():
    small = Variant("normal", 0.001)
    tiny = run(Experiment(variants=(small,), activation="tanh", hidden=(100,) * 30, steps=1, seeds=1))
    assert messages.describe_factor(tiny, "dz_rms") == "falls to 0"
    both = replace(tiny.experiment, variants=(small, Variant("he"), Variant("xavier")))
    assert messages.describe_factor(run(both), "activation_rms").startswith("× 0.")


def test_where_no_gradient_is_finite_none_is_counted():
    variants = (Variant("normal", 1e6), Variant("normal", 1e6, clip=Clip("norm", 1)))
    lost = run(Experiment(variants=variants, hidden=TEN, steps=2, seeds=1))
    assert messages.describe_clipped_steps(lost) == "no gradient is finite"


def test_a_run_too_short_for_half_the_chance_loss_may_learn_all_the_same():
    said = compare_with_rule(
        run(Experiment(hidden=(64,), variants=(Variant("he"), Variant("xavier")), seeds=1, steps=3))
    )
    assert "no initializer reaches half the chance loss" in said
