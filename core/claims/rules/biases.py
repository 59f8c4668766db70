"""Claims about biases: that zeros do no harm, and what becomes of their gradients."""

from __future__ import annotations

import numpy as np

from core import statistics
from core.claims.claim import Claim, Finding, judging
from core.claims.conditions import all_some_none, condition_prefix
from core.claims.readings import Array, activation_of, backward_ratio, network
from core.claims.spreads import by_layer, over_seeds, paired_mean, point
from core.claims.trials import TEN, page_settings, trial
from core.experiment import Experiment, Result, Variant
from core.wording import format_range, join_words, number, percent, whole_span

HARMLESS = 0.03  # of test accuracy: eleven of the 360 test digits, about what one seed differs from the next

# C03


def _biases(seed: int) -> dict[str, Experiment]:
    # Sigmoid learns slowly from a He start: at the others' rate it would learn little in so few steps.
    return {g: _with_biases(seed, g, rate) for g, rate in (("sigmoid", 0.5), ("tanh", 0.1), ("relu", 0.1))}


def _with_biases(seed: int, activation: str, rate: float) -> Experiment:
    starts = (
        Variant("he", learning_rate=rate),
        Variant("he", bias_std=0.1, learning_rate=rate),
        Variant("zeros", bias_std=0.1, learning_rate=rate),
    )
    return trial(seed, *starts, hidden=(32, 32), activation=activation, steps=150, seeds=5)


@judging
def _judge_biases(results: dict[str, Result]) -> Finding:
    accuracy = {g: statistics.final_accuracy(r) for g, r in results.items()}
    gains = {g: paired_mean(ends[1] - ends[0], len(results)) for g, ends in accuracy.items()}
    units = {g: r.distinct_units[0, :, :, :-1].min(axis=(1, 2)) for g, r in results.items()}
    apart = np.array([r.distinct_units[2, :, -1, :-1].min() for r in results.values()])
    worst = max(gains, key=lambda g: gains[g][0])
    first = results[worst].experiment
    n = first.hidden[0]
    harmless = {g: gains[g][2] < HARMLESS and bool((units[g] == n).all()) for g in results}
    verdict = all_some_none([*harmless.values()])
    ends = [f"{percent(_end(r, 2))} with {activation_of(r)} (He: {percent(_end(r, 0))})" for r in results.values()]
    gain, low, high = (number(100 * x) for x in gains[worst])
    sentence = (
        f"{condition_prefix(verdict, [f'with {activation_of(r)}' for g, r in results.items() if harmless[g]])}with "
        "He weights and "
        f"zero biases {whole_span(np.concatenate([*units.values()]))} of {n} units differ from the start on, and "
        f"random biases add at most {gain} points of accuracy ({activation_of(results[worst])}; 95 % of means: {low} "
        f"to {high}); random biases on zero weights make {whole_span(apart)} of {n} units differ, and after "
        f"{first.steps} steps read {join_words(ends)} of new digits."
    )
    labels = ("zero biases", "random biases", "zero weights, random biases")
    points = [
        point(label, activation_of(r), over_seeds(statistics.final_accuracy(r)[v]))
        for r in results.values()
        for v, label in enumerate(labels)
    ]
    return Finding(verdict, sentence, *gains[worst], tuple(points), "test accuracy", "", False)


def _end(result: Result, variant: int) -> float:
    return float(statistics.average(statistics.final_accuracy(result)[variant]))


# C17


def _vanish_and_explode(seed: int) -> dict[str, Experiment]:
    return {
        "vanishing": trial(seed, Variant("xavier"), hidden=TEN, activation="sigmoid", seeds=5),
        "exploding": trial(seed, Variant("normal"), hidden=TEN, activation="relu", seeds=5, steps=10),
    }


@judging
def _judge_bias_gradients(results: dict[str, Result]) -> Finding:
    biases = {key: _ends(r.bias_gradient_norm[0, :, 0, :-1]) for key, r in results.items()}
    weights = {key: _ends(r.weight_gradient_norm[0, :, 0, :-1]) for key, r in results.items()}
    changes = {key: statistics.classify_change(found) for key, found in biases.items()}
    level = {key: found not in ("vanishes", "explodes") for key, found in changes.items()}
    verdict = all_some_none([*level.values()])
    clauses = [
        f"with {network(r)} ‖db‖ {changes[key]}: that of layer 1 is {number(over_seeds(biases[key])[0])} times that of "
        f"layer {len(r.experiment.hidden)} (seeds {format_range(biases[key])}), rms(dZ), whose sum over the "
        "examples it is, "
        f"{number(over_seeds(backward_ratio(r))[0])} times, and ‖dW‖ {number(over_seeds(weights[key])[0])} times"
        for key, r in results.items()
    ]
    where = [f"with {network(r)}" for key, r in results.items() if level[key]]
    sentence = f"{condition_prefix(verdict, where)}{'; '.join(clauses)}."
    points = []
    for key, r in results.items():
        points += by_layer(f"‖db‖, {key}", r.bias_gradient_norm[0, :, 0, :-1])
        points += by_layer(f"‖dW‖, {key}", r.weight_gradient_norm[0, :, 0, :-1])
    value = over_seeds(biases["vanishing"])
    return Finding(verdict, sentence, *value, tuple(points), "norm of the gradient", "layer l", True)


def _ends(norms: Array) -> Array:
    """The first hidden layer's over the last's (seed,), of norms (seed, layer)."""
    return norms[:, 0] / norms[:, -1]


CLAIMS = (
    Claim(
        "C03",
        "Zero biases do no harm: random weights break the symmetry by themselves.",
        "Test accuracy with random biases (std 0.1) minus that with zero biases, same weights and batches. It holds "
        f"where with every activation the 95 % interval of the mean gain, corrected for three comparisons "
        f"(Bonferroni), lies below {HARMLESS * 100:g} points, about eleven of the 360 test digits, which is what seeds "
        "differ by, and all units differ from the start on.",
        "test accuracy gained by random biases, in the activation that gains most (mean over seeds, corrected 95 % "
        "interval)",
        "zero_init",
        _biases,
        _judge_biases,
        "sigmoid",
        page_settings(_biases(0)["sigmoid"], biases=0.1),
    ),
    Claim(
        "C17",
        "The gradients of biases neither vanish nor explode.",
        "‖db‖ of the first hidden layer over the last's before the first update, in a network whose gradients vanish "
        "and in one whose gradients explode. It vanishes where the median over seeds is under a tenth and explodes "
        "where it is over ten, as on all pages. It holds where it does neither in both networks, and does not where "
        "it does in both.",
        "‖db‖ of layer 1 over layer 10 where gradients vanish (median and range over seeds)",
        "random_init",
        _vanish_and_explode,
        _judge_bias_gradients,
        "exploding",
        page_settings(_vanish_and_explode(0)["exploding"], initializer="normal", std=1),
    ),
)
