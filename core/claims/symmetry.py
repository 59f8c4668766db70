"""Claims about starts without randomness: zero weights, and zero biases."""

from __future__ import annotations

import numpy as np

from core import measures
from core.claims.claim import FAILS, HOLDS, Claim, Finding, judging
from core.claims.readings import (
    all_some_none,
    name,
    over_seeds,
    page_settings,
    paired_mean,
    point,
    trial,
)
from core.experiment import Experiment, Result, Variant
from core.wording import listed, number, percent, whole_span

ACTIVATIONS_TRIED = ("sigmoid", "tanh", "relu")
DEPTHS = (1, 3)
HARMLESS = 0.03  # of test accuracy: eleven of the 360 test digits, about what one seed differs from the next


# C01


def _zeros(seed: int) -> dict[str, Experiment]:
    zero = Variant("zeros", learning_rate=0.5)
    return {
        f"{g} {depth}": trial(seed, zero, hidden=(32,) * depth, activation=g, steps=150, seeds=5)
        for g in ACTIVATIONS_TRIED
        for depth in DEPTHS
    }


def _zero_and_linear(seed: int) -> dict[str, Experiment]:
    linear = trial(seed, Variant("zeros"), hidden=(), activation="relu", steps=150, seeds=5)
    return {**_zeros(seed), "linear": linear}


@judging
def _judge_linear(results: dict[str, Result]) -> Finding:
    linear = measures.final_accuracy(results["linear"])[0]
    nets = {key: result for key, result in results.items() if key != "linear"}
    gaps = {key: paired_mean(measures.final_accuracy(r)[0] - linear) for key, r in nets.items()}
    best = max(gaps, key=lambda key: gaps[key][0])
    accuracy = {key: float(measures.final_accuracy(r).mean()) for key, r in nets.items()}
    still = [name(r.experiment.activation) for key, r in nets.items() if key.endswith(" 1") and _unmoved(r)]
    worst = min(accuracy.values())
    verdict = all_some_none([high < 0 for _, _, high in gaps.values()])
    stuck = f"; with {listed(still)} no weight ever moves" if still else ""
    worse = ", so that they are worse than linear, not equal to it" if verdict == HOLDS else ""
    sentence = (
        f"After 150 steps the best of {len(nets)} networks, with {_described(nets[best])}, reads "
        f"{percent(accuracy[best])} of new digits and the worst {percent(worst)}, a linear model "
        f"{percent(float(linear.mean()))}{worse}{stuck}."
    )
    points = [
        point(name(r.experiment.activation), f"{len(r.experiment.hidden)} hidden", over_seeds(_ends(r)))
        for r in nets.values()
    ]
    points.append(point("linear model", "none hidden", over_seeds(linear)))
    return Finding(verdict, sentence, *gaps[best], tuple(points), "test accuracy", "hidden layers", False)


def _ends(result: Result) -> np.ndarray:
    return measures.final_accuracy(result)[0]


def _unmoved(result: Result) -> bool:
    return bool((result.weight_norm[0] == 0).all())


def _described(result: Result) -> str:
    layers = len(result.experiment.hidden)
    return f"{name(result.experiment.activation)} and {layers} hidden layer{'s' if layers > 1 else ''}"


# C02


@judging
def _judge_equal(results: dict[str, Result]) -> Finding:
    groups = {key: r.distinct_units[0, :, :, :-1].max(axis=(1, 2)) for key, r in results.items()}
    spread = max(float(np.nanmax(r.unit_spread[0, :, :, :-1])) for r in results.values())
    moving = [r for r in results.values() if not _unmoved(r)]
    row = max((float(np.ptp(r.first_weights[0, -1, 0, :-1])) for r in moving), default=0.0)
    equal = [bool((found == 1).all()) for found in groups.values()]
    most = max(groups.values(), key=lambda found: float(found.mean()))
    steps = next(iter(results.values())).experiment.steps
    sentence = (
        f"In {sum(equal)} of {len(equal)} networks, over {steps} steps, the 32 units of every hidden layer stay 1 unit "
        f"(largest difference between two rows of [W b]: {number(spread)}); it is rows that are equal, the entries of "
        f"a row come to differ by up to {number(row)}."
    )
    points = [
        point(name(r.experiment.activation), f"{len(r.experiment.hidden)} hidden", over_seeds(groups[key]))
        for key, r in results.items()
    ]
    verdict = all_some_none(equal) if moving else FAILS
    return Finding(verdict, sentence, *over_seeds(most), tuple(points), "distinct units of 32", "hidden layers", False)


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
    gains = {g: paired_mean(measures.final_accuracy(r)[1] - measures.final_accuracy(r)[0]) for g, r in results.items()}
    units = np.array([r.distinct_units[0, :, :, :-1].min() for r in results.values()])
    worst = max(gains, key=lambda g: gains[g][0])
    harmless = [gains[g][0] < HARMLESS and units[i] == 32 for i, g in enumerate(results)]
    alone = [f"{percent(float(_end(r, 2)))} with {name(g)}" for g, r in results.items()]
    apart = np.array([r.distinct_units[2, :, -1, :-1].min() for r in results.values()])
    sentence = (
        f"With He weights and zero biases {whole_span(units)} of 32 units differ from the start on, and random biases "
        f"add at most {number(100 * gains[worst][0])} points of accuracy ({name(worst)}; 95 % of means: "
        f"{number(100 * gains[worst][1])} to {number(100 * gains[worst][2])}); random biases on zero weights make "
        f"{whole_span(apart)} units differ too, but after 150 steps read only {listed(alone)} of new digits."
    )
    labels = ("zero biases", "random biases", "zero weights, random biases")
    points = [
        point(label, name(g), over_seeds(measures.final_accuracy(r)[v]))
        for g, r in results.items()
        for v, label in enumerate(labels)
    ]
    return Finding(all_some_none(harmless), sentence, *gains[worst], tuple(points), "test accuracy", "", False)


def _end(result: Result, variant: int) -> float:
    return float(measures.final_accuracy(result)[variant].mean())


CLAIMS = (
    Claim(
        "C01",
        "A network that starts with all weights at zero is no better than a linear model.",
        "Test accuracy minus that of a linear model on the same batches, for three activations and two depths. It "
        "holds where the 95 % interval of every mean difference lies below 0, and only if … where some do.",
        "test accuracy minus a linear model's, of the best network (mean over seeds, 95 % interval)",
        "zero_init",
        _zero_and_linear,
        _judge_linear,
        "sigmoid 1",
        page_settings(_zero_and_linear(0)["sigmoid 1"], start="zeros"),
    ),
    Claim(
        "C02",
        "With zero weights the units of a layer receive the same gradient and stay equal at every iteration.",
        "The largest number of distinct units in a hidden layer over all recorded steps, units being one where they "
        "differ by rounding at most. It holds where that is 1 in every network and seed, and weights do move in some: "
        "equality of weights that never change would be no test.",
        "distinct units in a hidden layer, the most over training (mean and range over seeds)",
        "zero_init",
        _zeros,
        _judge_equal,
        "sigmoid 3",
        page_settings(_zeros(0)["sigmoid 3"], start="zeros"),
    ),
    Claim(
        "C03",
        "Zero biases do no harm: random weights break the symmetry by themselves.",
        "Test accuracy with random biases (std 0.1) minus that with zero biases, same weights and batches. It holds "
        f"where random biases gain less than {HARMLESS * 100:g} points with every activation, which is what seeds "
        "differ by, and all units differ from the start on.",
        "test accuracy gained by random biases, in the activation that gains most (mean over seeds, 95 % interval)",
        "zero_init",
        _biases,
        _judge_biases,
        "sigmoid",
        page_settings(_biases(0)["sigmoid"], biases=0.1),
    ),
)
