"""Claims about what the heuristics aim at: weights near 1, or weights of little variance."""

from __future__ import annotations

import numpy as np

from core import statistics
from core.claims.claim import Bound, Claim, Finding, judging
from core.claims.conditions import all_some_none, condition_prefix, format_values_where, other_readings
from core.claims.readings import Array, activation_of, end_points, learned_below, network
from core.claims.spreads import Spread, over_seeds, point
from core.claims.trials import TEN, page_settings, side_by_side, starts, trial
from core.engine.network import parameter_views
from core.experiment import Experiment, Result, starting_parameters
from core.statistics import DOUBLED, EXPLODED, HALVED, VANISHED
from core.wording import count_seeds, format_range, number

WIDTHS = (32, 128, 256)
SUITED = (("relu", "he"), ("tanh", "xavier"))

# C14


def _gains(seed: int) -> dict[str, Experiment]:
    return {
        f"{g} {width}": trial(seed, *starts(start), hidden=(width,) * 5, activation=g, steps=10, seeds=5)
        for g, start in SUITED
        for width in WIDTHS
    }


@judging
def _judge_near_one(results: dict[str, Result]) -> Finding:
    stds = {key: _stds(r) for key, r in results.items()}
    gains = {key: statistics.forward_factor(r, 0).per_layer for key, r in results.items()}
    near, near_by_gain = ({key: _is_near(x, HALVED, DOUBLED) for key, x in sizes.items()} for sizes in (stds, gains))
    verdict = all_some_none([*near.values()])
    others = {
        "read of a layer's gain": all_some_none([*near_by_gain.values()]),
        "with a factor 10 for “much”": all_some_none([_is_near(x, VANISHED, EXPLODED) for x in stds.values()]),
    }
    spread, passed = (over_seeds(np.concatenate(list(found.values()))) for found in (stds, gains))
    where = [format_values_where(WIDTHS, [near[f"{g} {width}"] for width in WIDTHS], "width") for g, _ in SUITED]
    which = [f"with {network(results[f'{g} {WIDTHS[0]}'])}" for g, _ in SUITED]
    singular = _singular_values(results["relu 128"])
    held = [f"{who} {widths}" for who, widths in zip(which, where, strict=True) if widths]
    sentence = (
        f"{condition_prefix(verdict, held)}at widths "
        f"{WIDTHS[0]} to {WIDTHS[-1]}, {' and '.join(which)}, the weights have a std of {number(spread[1])} to "
        f"{number(spread[2])}; the layer's gain, rms out over rms in, lies between {number(passed[1])} and "
        f"{number(passed[2])} (singular values of a He layer of 128: {format_range(singular)}, root mean square "
        f"{number(float(np.sqrt((singular**2).mean())))}){other_readings(verdict, others)}."
    )
    points = []
    for key, r in results.items():
        label, width = r.experiment.labels[0], r.experiment.hidden[0]
        points.append(point(f"std of W, {label}", width, over_seeds(stds[key])))
        points.append(point(f"gain of a layer, {label}", width, over_seeds(gains[key])))
    axis = "std of W⁽ˡ⁾; rms(A⁽ˡ⁾)/rms(A⁽ˡ⁻¹⁾)"
    bounds = (Bound(HALVED, "half of 1"), Bound(DOUBLED, "twice 1"))
    return Finding(verdict, sentence, *spread, tuple(points), axis, "width", True, bounds)


def _stds(result: Result, variant: int = 0) -> Array:
    """Of the weights between hidden layers of one size, before training (seed,)."""
    return result.weight_norm[variant, :, 0, 1:-1].mean(axis=1) / result.experiment.hidden[0]


def _is_near(sizes: Array, low: float, high: float) -> bool:
    return bool(low <= statistics.average(sizes) <= high)


def _singular_values(result: Result) -> Array:
    """Of W^[2] of the first seed, before training."""
    experiment = result.experiment
    theta = starting_parameters(experiment, experiment.variants[0], 0)
    return np.linalg.svd(parameter_views(theta[None], experiment.sizes)[1][0, :, :-1], compute_uv=False)


# C18


def _variances(seed: int) -> dict[str, Experiment]:
    return {g: side_by_side(seed, g) for g in ("relu", "tanh")}


@judging
def _judge_variances(results: dict[str, Result]) -> Finding:
    ends = {g: statistics.average(statistics.final_loss(r)) for g, r in results.items()}
    stds = {g: [float(_stds(r, v).mean()) for v in range(len(r.experiment.labels))] for g, r in results.items()}
    ratios = {g: _smallest_over_best(r, int(np.argmin(stds[g]))) for g, r in results.items()}
    least = {g: not low > 1 for g, (_, low, _) in ratios.items()}
    verdict = all_some_none([*least.values()])
    where = [f"with {activation_of(r)}" for g, r in results.items() if least[g]]
    first = results["relu"].experiment
    clauses = [_described(r, stds[g], ends[g]) for g, r in results.items()]
    sentence = (
        f"{condition_prefix(verdict, where)}of {len(first.labels)} starts with random weights, after {first.steps} "
        "steps of "
        f"{len(TEN)} layers, {'; '.join(clauses)}."
    )
    points = []
    for g, r in results.items():
        places = [f"{label}, std {number(std)}" for label, std in zip(r.experiment.labels, stds[g], strict=True)]
        points += end_points(r, [activation_of(r)] * len(places), places)
    value = ratios["relu"]
    return Finding(
        verdict, sentence, *value, tuple(points), "final loss", "start", True, (learned_below(results["relu"]),)
    )


def _smallest_over_best(result: Result, small: int) -> Spread:
    """The final loss of a variant over the best's, paired over seeds; NaN where no variant has all its seeds."""
    found = statistics.compare_losses(statistics.final_loss(result), statistics.chance_loss(result.experiment))
    if found is None:
        return np.nan, np.nan, np.nan
    return float(found.ratio[small]), float(found.low[small]), float(found.high[small])


def _described(result: Result, stds: list[float], ends: Array) -> str:
    """How the smallest weights end, the best and the largest, by the average of the seeds that do not overflow."""
    labels, n = result.experiment.labels, result.experiment.seeds
    good, lost = (found.sum(axis=1) for found in (statistics.learned(result), statistics.diverged(result)))
    small, best, large = int(np.argmin(stds)), int(np.argmin(np.where(lost, np.inf, ends))), int(np.argmax(stds))
    end = [] if np.isnan(ends[large]) else [f"ends at {number(ends[large])}"]
    if lost[large]:
        end.append(f"overflows in {count_seeds(int(lost[large]), n)}")
    return (
        f"with {activation_of(result)} the smallest, {labels[small]} (std {number(stds[small])}), learns in "
        f"{count_seeds(int(good[small]), n)} and ends at loss {number(ends[small])}, the best, {labels[best]} (std "
        f"{number(stds[best])}), at {number(ends[best])}, and the largest, {labels[large]} (std "
        f"{number(stds[large])}), {' and '.join(end)}"
    )


CLAIMS = (
    Claim(
        "C14",
        "The heuristics keep weights neither much bigger than 1 nor much less than 1.",
        "The std of the weights at three widths, beside the layer's gain, rms out over rms in. The claim is about "
        "weights, and so is judged of them; the sentence says where the gain would decide otherwise. Within a factor 2 "
        "of 1, where a size counts as kept, is not much: it holds where the median over seeds lies there at all "
        "widths, and does not where it does at none; the sentence says as well what a factor 10 would make of it.",
        "std of the weights of a hidden layer (median and range over widths and seeds)",
        "heuristics",
        _gains,
        _judge_near_one,
        "relu 128",
        page_settings(_gains(0)["relu 128"], initializers=("he", "xavier")),
    ),
    Claim(
        "C18",
        "The aim of the variants is to minimize the variance of the weights.",
        "Final loss of the start with the smallest weights over that of the best, on the same draws. If a small "
        "variance were the aim, the smallest would not end clearly higher: it does not hold where it does with both "
        "activations (the 95 % interval of the paired ratio, corrected for all starts compared, lies above 1).",
        "final loss from the smallest weights over the best start's, ReLU (paired ratio, corrected 95 % interval)",
        "heuristics",
        _variances,
        _judge_variances,
        "relu",
        page_settings(_variances(0)["relu"], initializers=("he", "pytorch_default", "xavier", "normal")),
    ),
)
