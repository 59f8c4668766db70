"""Claims about what the heuristics aim at: weights near 1, or weights of little variance."""

from __future__ import annotations

import numpy as np

from core import statistics
from core.claims.claim import Bound, Claim, Finding, judging
from core.claims.conditions import all_some_none, at, only
from core.claims.readings import Array, activation_of, learnt_below, network
from core.claims.spreads import over_seeds_log, point
from core.claims.trials import TEN, page_settings, side_by_side, starts, trial
from core.experiment import Experiment, Result, starting_parameters
from core.network import parameter_views
from core.wording import number, seeds_of, span

NEAR_ONE = (1 / 3, 3.0)  # neither much less nor much bigger than 1
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
    near = {key: bool(_near_one(found).all()) for key, found in stds.items()}
    verdict = all_some_none([*near.values()])
    spread, passed = (over_seeds_log(np.concatenate(list(found.values()))) for found in (stds, gains))
    where = [at(WIDTHS, [near[f"{g} {width}"] for width in WIDTHS], "width") for g, _ in SUITED]
    which = [f"with {network(results[f'{g} {WIDTHS[0]}'])}" for g, _ in SUITED]
    singular = _singular_values(results["relu 128"])
    sentence = (
        f"{only(verdict, [f'{who} {widths}' for who, widths in zip(which, where, strict=True) if widths])}at widths "
        f"{WIDTHS[0]} to {WIDTHS[-1]}, {' and '.join(which)}, the weights have a std of {number(spread[1])} to "
        f"{number(spread[2])}; the layer's gain, rms out over rms in, lies between {number(passed[1])} and "
        f"{number(passed[2])} (singular values of a He layer of 128: {span(singular)}, root mean square "
        f"{number(float(np.sqrt((singular**2).mean())))})."
    )
    points = []
    for key, r in results.items():
        label, width = r.experiment.labels[0], r.experiment.hidden[0]
        points.append(point(f"std of W, {label}", width, over_seeds_log(stds[key])))
        points.append(point(f"gain of a layer, {label}", width, over_seeds_log(gains[key])))
    axis = "std of W⁽ˡ⁾; rms(A⁽ˡ⁾)/rms(A⁽ˡ⁻¹⁾)"
    bounds = (Bound(NEAR_ONE[0], "a third of 1"), Bound(NEAR_ONE[1], "three times 1"))
    return Finding(verdict, sentence, *spread, tuple(points), axis, "width", True, bounds)


def _stds(result: Result, variant: int = 0) -> Array:
    """Of the weights between hidden layers of one size, before training (seed,)."""
    return result.weight_norm[variant, :, 0, 1:-1].mean(axis=1) / result.experiment.hidden[0]


def _near_one(sizes: Array) -> Array:
    return (sizes >= NEAR_ONE[0]) & (sizes <= NEAR_ONE[1])


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
    ends = {
        g: [over_seeds_log(x)[0] if np.isfinite(x).all() else np.inf for x in statistics.final_loss(r)]
        for g, r in results.items()
    }
    stds = {g: [float(_stds(r, v).mean()) for v in range(len(r.experiment.labels))] for g, r in results.items()}
    ratios = {}
    for g, r in results.items():
        found = statistics.compare_losses(statistics.final_loss(r), statistics.chance_loss(r.experiment))
        small = int(np.argmin(stds[g]))
        ratios[g] = (np.nan,) * 3 if found is None else tuple(x[small] for x in (found.ratio, found.low, found.high))
    least = {g: not low > 1 for g, (_, low, _) in ratios.items()}
    verdict = all_some_none([*least.values()])
    where = [f"with {activation_of(r)}" for g, r in results.items() if least[g]]
    first = results["relu"].experiment
    clauses = [_told(r, stds[g], ends[g]) for g, r in results.items()]
    sentence = (
        f"{only(verdict, where)}of {len(first.labels)} starts with random weights, after {first.steps} steps of "
        f"{len(TEN)} layers, {'; '.join(clauses)}."
    )
    points = [
        point(activation_of(r), f"{label}, std {number(stds[g][v])}", over_seeds_log(statistics.final_loss(r)[v]))
        for g, r in results.items()
        for v, label in enumerate(r.experiment.labels)
        if np.isfinite(ends[g][v])
    ]
    value = ratios["relu"]
    return Finding(
        verdict, sentence, *value, tuple(points), "final loss", "start", True, (learnt_below(results["relu"]),)
    )


def _told(result: Result, stds: list[float], ends: list[float]) -> str:
    """How the smallest weights end, the best and the largest."""
    labels, good = result.experiment.labels, statistics.learned(result).sum(axis=1)
    small, best, large = int(np.argmin(stds)), int(np.argmin(ends)), int(np.argmax(stds))
    end = f"at {number(ends[large])}" if np.isfinite(ends[large]) else "in an overflow"
    return (
        f"with {activation_of(result)} the smallest, {labels[small]} (std {number(stds[small])}), learns in "
        f"{seeds_of(int(good[small]), result.experiment.seeds)} and ends at loss {number(ends[small])}, the best, "
        f"{labels[best]} (std {number(stds[best])}), at {number(ends[best])}, and the largest, {labels[large]} (std "
        f"{number(stds[large])}), {end}"
    )


CLAIMS = (
    Claim(
        "C14",
        "The heuristics keep weights neither much bigger than 1 nor much less than 1.",
        "The std of the weights at three widths, beside the layer's gain. Within a factor 3 of 1 would not be much: it "
        "holds where all lie there, and does not where none does.",
        "std of the weights of a hidden layer (geometric mean and range over widths and seeds)",
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
        "variance were the aim, the smallest would not end clearly higher (95 % interval above 1): it does not hold "
        "where it does with both activations.",
        "final loss from the smallest weights over the lowest, ReLU (geometric mean, 95 % interval)",
        "heuristics",
        _variances,
        _judge_variances,
        "relu",
        page_settings(_variances(0)["relu"], initializers=("he", "pytorch_default", "xavier", "normal")),
    ),
)
