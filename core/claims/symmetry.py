"""Claims about zero weights: that units stay equal, and what such a network can learn."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from core import statistics
from core.claims.claim import FAILS, Bound, Claim, Finding, judging
from core.claims.conditions import all_some_none, only
from core.claims.readings import activation_of
from core.claims.spreads import over_seeds, paired_mean, point
from core.claims.trials import page_settings, trial
from core.experiment import Experiment, Result, Variant
from core.wording import listed, number, percent

ACTIVATIONS_TRIED = ("sigmoid", "tanh", "relu")
DEPTHS = (1, 3)
FORMATS = ("float32", "float64")
ROUNDED = 1e-6  # of the weights' rms, in float64: what starts apart differs by more, what rounding tells apart by less


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
    linear = statistics.final_accuracy(results["linear"])[0]
    nets = {key: result for key, result in results.items() if key != "linear"}
    gaps = {key: paired_mean(statistics.final_accuracy(r)[0] - linear) for key, r in nets.items()}
    best = max(gaps, key=lambda key: gaps[key][0])
    accuracy = {key: float(statistics.final_accuracy(r).mean()) for key, r in nets.items()}
    still = [activation_of(r) for key, r in nets.items() if key.endswith(" 1") and _unmoved(r)]
    worst = min(accuracy.values())
    below = {key: high < 0 for key, (_, _, high) in gaps.items()}
    verdict = all_some_none([*below.values()])
    steps = results["linear"].experiment.steps
    stuck = f"; with {listed(still)} no weight ever moves" if still else ""
    sentence = (
        f"{only(verdict, [f'with {_described(nets[key])}' for key, is_below in below.items() if is_below])}after "
        f"{steps} steps the best of {len(nets)} networks, with {_described(nets[best])}, reads "
        f"{percent(accuracy[best])} of new digits and the worst {percent(worst)}, a linear model "
        f"{percent(float(linear.mean()))}{stuck}."
    )
    points = [point(activation_of(r), _layers(r), over_seeds(_ends(r))) for r in nets.values()]
    points.append(point("linear model", "no hidden layer", over_seeds(linear)))
    return Finding(verdict, sentence, *gaps[best], tuple(points), "test accuracy", "hidden layers", False)


def _ends(result: Result) -> np.ndarray:
    return statistics.final_accuracy(result)[0]


def _unmoved(result: Result) -> bool:
    return bool((result.weight_norm[0] == 0).all())


def _described(result: Result) -> str:
    return f"{activation_of(result)} and {_layers(result)}"


def _layers(result: Result) -> str:
    layers = len(result.experiment.hidden)
    return f"{layers} hidden layer{'s' if layers > 1 else ''}"


# C02


def _zeros_in_both_formats(seed: int) -> dict[str, Experiment]:
    return {f"{key} {f}": replace(e, dtype=f) for key, e in _zeros(seed).items() for f in FORMATS}


@judging
def _judge_equal(results: dict[str, Result]) -> Finding:
    apart = {key: _rows_apart(r) for key, r in results.items()}
    coarse, fine = ({k: v for k, v in apart.items() if k.endswith(f)} for f in FORMATS)
    equal = [bool((found < ROUNDED).all()) for found in fine.values()]
    moving = [r for key, r in results.items() if key in fine and not _unmoved(r)]
    entries = max((float(np.ptp(r.first_weights[0, -1, 0, :-1])) for r in moving), default=0.0)
    first = next(iter(results.values())).experiment
    most = max(fine.values(), key=lambda found: float(found.mean()))
    verdict = all_some_none(equal) if moving else FAILS
    where = [f"with {_network(results[key])}" for key, is_equal in zip(fine, equal, strict=True) if is_equal]
    sentence = (
        f"{only(verdict, where)}in {sum(equal)} of {len(equal)} networks, over {first.steps} steps, the "
        f"{first.hidden[0]} units of every hidden layer stay 1 unit: {_by_format(coarse, fine)}; the entries of one "
        f"row come to differ by up to {number(entries)}."
    )
    points = [point(r.experiment.dtype, _network(r), over_seeds(apart[key])) for key, r in results.items()]
    axis = "largest difference between two rows of [W b], over rms(W)"
    rounding = (Bound(ROUNDED, "equal below, in float64"),)
    return Finding(verdict, sentence, *over_seeds(most), tuple(points), axis, "", True, rounding)


def _rows_apart(result: Result) -> np.ndarray:
    """The largest difference between two rows of a hidden layer, over its weights' rms, at any record (seed,)."""
    sizes = result.experiment.sizes
    entries = np.array([n * k for k, n in pairwise(sizes[:-1])])
    spread = result.unit_spread[0, :, :, :-1]
    rms = result.weight_norm[0, :, :, :-1] / np.sqrt(entries)
    return np.divide(spread, rms, out=np.zeros_like(spread), where=spread > 0).max(axis=(1, 2))


def _by_format(coarse: dict[str, np.ndarray], fine: dict[str, np.ndarray]) -> str:
    """How far apart rows come in either format, and what makes the difference."""
    widest, finest = (max(float(x.max()) for x in found.values()) for found in (coarse, fine))
    falls = widest > 0 and finest < ROUNDED
    why = "; it falls with the precision, and so is rounding, which training amplifies" if falls else ""
    return (
        f"the largest difference between two rows of [W b] is {number(widest)} of the weights' rms in {FORMATS[0]} and "
        f"{number(finest)} in {FORMATS[1]}{why}"
    )


def _network(result: Result) -> str:
    return f"{activation_of(result)}, {_layers(result)}"


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
        "The largest difference between two rows of [W b] of a hidden layer over all recorded steps, over the rms of "
        "its weights, in float32 and in float64. A difference that training made would be the same in both; one that "
        "the order of additions makes falls with their precision. It holds where float64 leaves less than "
        f"{number(ROUNDED)} in every network and seed, and weights do move in some: equality of weights that never "
        "change would be no test.",
        "largest difference between two rows over the weights' rms, in float64 (mean and range over seeds)",
        "zero_init",
        _zeros_in_both_formats,
        _judge_equal,
        "sigmoid 3 float32",
        page_settings(_zeros(0)["sigmoid 3"], start="zeros"),
    ),
)
