"""Claims about zero weights: that units stay equal, and what such a network can learn."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from core import statistics
from core.claims.claim import FAILS, HOLDS, ONLY_IF, Bound, Claim, Finding, judging
from core.claims.conditions import all_some_none, condition_prefix
from core.claims.readings import activation_of
from core.claims.spreads import Spread, over_seeds, paired_mean, point
from core.claims.trials import page_settings, trial
from core.experiment import Experiment, Result, Variant
from core.wording import join_words, number, percent

ACTIVATIONS_TRIED = ("sigmoid", "tanh", "relu")
DEPTHS = (1, 3)
STEPS = 150
RATE = 0.5  # of the networks and of the linear model
DATA = {"digits": 5, "xor": 10, "circles": 10}  # seeds: where a line does no better than chance, they differ more
DATA_NAMES = {"digits": "digits", "xor": "XOR", "circles": "circles"}
FORMATS = ("float32", "float64")
ROUNDED = 1e-6  # of the weights' rms, in float64: what starts apart differs by more, what rounding tells apart by less


# C01


def _zeros(seed: int, data: str = "digits", seeds: int = 5) -> dict[str, Experiment]:
    zero = Variant("zeros", learning_rate=RATE)
    return {
        f"{g} {depth}": trial(seed, zero, hidden=(32,) * depth, activation=g, data=data, steps=STEPS, seeds=seeds)
        for g in ACTIVATIONS_TRIED
        for depth in DEPTHS
    }


def _zero_and_linear(seed: int) -> dict[str, Experiment]:
    found: dict[str, Experiment] = {}
    for data, seeds in DATA.items():
        linear = Variant("zeros", learning_rate=RATE)
        found |= {f"{data} {key}": e for key, e in _zeros(seed, data, seeds).items()}
        found[f"{data} linear"] = trial(seed, linear, hidden=(), activation="relu", data=data, steps=STEPS, seeds=seeds)
    return found


@judging
def _judge_linear(results: dict[str, Result]) -> Finding:
    nets = {key: result for key, result in results.items() if not key.endswith("linear")}
    gaps = {
        key: paired_mean(_ends(r) - _ends(results[f"{r.experiment.dataset} linear"]), len(nets))
        for key, r in nets.items()
    }
    better, worse = ({key for key, gap in gaps.items() if beyond(gap)} for beyond in (_is_better, _is_worse))
    if not better:
        verdict = ONLY_IF if worse else HOLDS
        where = ["as “no better than”"]
    else:
        verdict = FAILS if len(better) == len(nets) else ONLY_IF
        where = [
            f"as “no better than”, with {_described(r)} on {_data(r)}" for key, r in nets.items() if key not in better
        ]
    still = dict.fromkeys(activation_of(r) for key, r in nets.items() if key.endswith(" 1") and _unmoved(r))
    clauses = [_compared(results, data, gaps, worse) for data in DATA]
    stuck = f"; with {join_words([*still])} no weight ever moves" if still else ""
    first = next(iter(nets.values())).experiment
    rate = first.variants[0].learning_rate
    sentence = (
        f"{condition_prefix(verdict, where)}after {first.steps} steps, both at learning rate {rate:g}, "
        f"{'; '.join(clauses)}{stuck}."
    )
    points = [
        point("linear model" if key.endswith("linear") else activation_of(r), _place(r), over_seeds(_ends(r)))
        for key, r in results.items()
    ]
    value = max(gaps.values())
    return Finding(verdict, sentence, *value, tuple(points), "test accuracy", "data, hidden layers", False)


def _is_better(gap: Spread) -> bool:
    return gap[1] > 0


def _is_worse(gap: Spread) -> bool:
    return gap[2] < 0


def _compared(results: dict[str, Result], data: str, gaps: dict[str, Spread], worse: set[str]) -> str:
    """How the networks end on some data beside the linear model, and how much of that the seeds could make."""
    nets = [key for key in gaps if key.startswith(f"{data} ")]
    accuracy = {key: float(statistics.average(_ends(results[key]))) for key in nets}
    linear = percent(float(statistics.average(_ends(results[f"{data} linear"]))))
    found = [key for key in nets if key in worse]
    name = _data(results[nets[0]])
    if not found:
        low, high = (number(100 * x) for x in (min(gaps[k][1] for k in nets), max(gaps[k][2] for k in nets)))
        return f"on {name} none can be told from it (95 % of mean gaps: {low} to {high} points)"
    best = max(nets, key=lambda key: accuracy[key])
    return (
        f"on {name} {len(found)} of {len(nets)} networks are worse than a linear model: the best, with "
        f"{_described(results[best])}, has {percent(accuracy[best])} test accuracy, the worst "
        f"{percent(min(accuracy.values()))}, the linear model {linear}"
    )


def _ends(result: Result) -> np.ndarray:
    return statistics.final_accuracy(result)[0]


def _data(result: Result) -> str:
    return DATA_NAMES[str(result.experiment.dataset)]


def _place(result: Result) -> str:
    return f"{_data(result)}, {_layers(result)}"


def _unmoved(result: Result) -> bool:
    return bool((result.weight_norm[0] == 0).all())


def _described(result: Result) -> str:
    return f"{activation_of(result)} and {_layers(result)}"


def _layers(result: Result) -> str:
    layers = len(result.experiment.hidden)
    return f"{layers or 'no'} hidden layer{'' if layers == 1 else 's'}"


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
    most = max(fine.values(), key=lambda found: float(statistics.average(found)))
    verdict = all_some_none(equal) if moving else FAILS
    where = [f"with {_network(results[key])}" for key, is_equal in zip(fine, equal, strict=True) if is_equal]
    sentence = (
        f"{condition_prefix(verdict, where)}in {sum(equal)} of {len(equal)} networks, over {first.steps} steps, the "
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
        "A network that starts with all weights at zero is equivalent to a linear model.",
        f"Test accuracy minus that of a linear model on the same batches at the same learning rate, {RATE:g}, for "
        "three activations and two depths, on digits, which a linear model reads well, and on XOR and circles, where "
        "it can do little. The sentence has two readings. It holds as “equivalent” where no network can be told from "
        "the linear model; it holds only as “no better than” where none is better and some are worse. Better or worse "
        "is a mean difference whose 95 % interval, corrected for all comparisons (Bonferroni), leaves out 0.",
        "test accuracy minus a linear model's, of the network that gains most (mean over seeds, corrected 95 % "
        "interval)",
        "zero_init",
        _zero_and_linear,
        _judge_linear,
        "digits sigmoid 1",
        page_settings(_zero_and_linear(0)["digits sigmoid 1"], start="zeros"),
    ),
    Claim(
        "C02",
        "With zero weights the units of a layer receive the same gradient and stay equal at every iteration.",
        "The largest difference between two rows of [W b] of a hidden layer over all recorded steps, over the rms of "
        "its weights, in float32 and in float64. A difference that training made would be the same in both; one that "
        "the order of additions makes falls with their precision. It holds where float64 leaves less than "
        f"{number(ROUNDED)} in every network and seed, and weights do move in some: equality of weights that never "
        "change would be no test.",
        "largest difference between two rows over the weights' rms, in float64 (median and range over seeds)",
        "zero_init",
        _zeros_in_both_formats,
        _judge_equal,
        "sigmoid 3 float32",
        page_settings(_zeros(0)["sigmoid 3"], start="zeros"),
    ),
)
