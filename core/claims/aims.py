"""Claims about what the heuristics are for: the size of weights, the speed of learning, and their variance."""

from __future__ import annotations

import numpy as np

from core import measures
from core.claims.claim import Claim, Finding, judging
from core.claims.readings import (
    RATE,
    TEN,
    Array,
    all_some_none,
    name,
    over_seeds,
    over_seeds_log,
    page_settings,
    point,
    starts,
    steps_to_learn,
    trial,
)
from core.experiment import Experiment, Result, Variant, starting_parameters
from core.network import parameter_views
from core.wording import number, seeds_of, span

NEAR_ONE = (1 / 3, 3.0)  # neither much less nor much bigger than 1
OVERSHOOT = 1.5  # times the first loss

# C14


def _gains(seed: int) -> dict[str, Experiment]:
    return {
        f"{g} {width}": trial(seed, *starts(start), hidden=(width,) * 5, activation=g, steps=10, seeds=5)
        for g, start in (("relu", "he"), ("tanh", "xavier"))
        for width in (32, 128, 256)
    }


@judging
def _judge_near_one(results: dict[str, Result]) -> Finding:
    stds, gains = {}, {}
    for key, r in results.items():
        width = r.experiment.hidden[0]
        stds[key] = r.weight_norm[0, :, 0, 1:-1].mean(axis=1) / width
        gains[key] = measures.forward_factor(r, 0).per_layer
    singular = _singular_values(results["relu 128"])
    near = [bool(((found >= NEAR_ONE[0]) & (found <= NEAR_ONE[1])).all()) for found in stds.values()]
    spread = over_seeds_log(np.concatenate(list(stds.values())))
    passed = over_seeds_log(np.concatenate(list(gains.values())))
    sentence = (
        f"At widths 32 to 256 the weights of He with ReLU and of Xavier with tanh have a std of {number(spread[1])} to "
        f"{number(spread[2])}; it is the layer's gain, rms out over rms in, that lies near 1: {number(passed[1])} to "
        f"{number(passed[2])} (singular values of a He layer of 128: {span(singular)}, root mean square "
        f"{number(float(np.sqrt((singular**2).mean())))})."
    )
    points = []
    for key, r in results.items():
        label = r.experiment.labels[0]
        points.append(point(f"std of W, {label}", r.experiment.hidden[0], over_seeds_log(stds[key])))
        points.append(point(f"gain of a layer, {label}", r.experiment.hidden[0], over_seeds_log(gains[key])))
    axis = "std of W⁽ˡ⁾; rms(A⁽ˡ⁾)/rms(A⁽ˡ⁻¹⁾)"
    return Finding(all_some_none(near), sentence, *spread, tuple(points), axis, "width", True)


def _singular_values(result: Result) -> Array:
    """Of W^[2] of the first seed, before training."""
    experiment = result.experiment
    theta = starting_parameters(experiment, experiment.variants[0], 0)
    return np.linalg.svd(parameter_views(theta[None], experiment.sizes)[1][0, :, :-1], compute_uv=False)


# C15


def _speed(seed: int) -> dict[str, Experiment]:
    return {
        f"{g} {depth}": trial(seed, *starts(*suited, "normal"), hidden=(64,) * depth, activation=g, steps=100, seeds=5)
        for g, suited in (("relu", ("he",)), ("tanh", ("xavier", "glorot")))
        for depth in (5, 10)
    }


@judging
def _judge_speed(results: dict[str, Result]) -> Finding:
    quick, slow, peaks, points, steps = [], [], [], [], 100
    for r in results.values():
        reached = steps_to_learn(r)
        quick.append(reached[:-1])
        slow.append(reached[-1])
        peaks.append(np.nan_to_num(r.loss[:-1].max(axis=-1) / r.loss[:-1, :, 0], nan=np.inf))
        where = f"{name(r.experiment.activation)}, {len(r.experiment.hidden)} layers"
        points += [
            point(label, where, over_seeds(np.minimum(found, steps)))
            for label, found in zip(r.experiment.labels, reached, strict=True)
        ]
    ahead = [bool((q < s).all()) for found, s in zip(quick, slow, strict=True) for q in found]
    calm = [bool((p <= OVERSHOOT).all()) for found in peaks for p in found]
    fast, last = np.concatenate([q.ravel() for q in quick]), np.concatenate(slow)
    arrived = int(np.isfinite(last).sum())
    sentence = (
        f"With 5 and 10 layers of 64, He with ReLU and Xavier and Glorot average with tanh halve the loss of chance "
        f"after {span(fast)} steps over all seeds, and the loss never exceeds "
        f"{number(max(float(p.max()) for p in peaks))} times its start; from standard normal weights "
        f"{arrived or 'none'} of {len(last)} runs get there in {steps} steps."
    )
    both = [a and c for a, c in zip(ahead, calm, strict=True)]
    value = over_seeds(np.minimum(fast, steps))
    axis = f"steps to half the loss of chance ({steps}: not reached)"
    return Finding(all_some_none(both), sentence, *value, tuple(points), axis, "", False)


# C18


def _variances(seed: int) -> dict[str, Experiment]:
    scales = [Variant("he", 0.1, learning_rate=RATE), *starts("pytorch_default", "xavier", "he", "normal")]
    return {g: trial(seed, *scales, hidden=TEN, activation=g, steps=100, seeds=5) for g in ("relu", "tanh")}


@judging
def _judge_variances(results: dict[str, Result]) -> Finding:
    least, clauses, ratios, points = [], [], [], []
    for g, r in results.items():
        stds = r.weight_norm[:, :, 0, 1:-1].mean(axis=(1, 2)) / 64
        ends = [over_seeds_log(x)[0] if np.isfinite(x).all() else np.inf for x in measures.final_loss(r)]
        small, best = int(np.argmin(stds)), int(np.argmin(ends))
        ratio = measures.paired_ratio(r, small, best)
        ratios.append(ratio)
        least.append(small == best or not ratio.low > 1)
        labels, good = r.experiment.labels, measures.learnt(r).sum(axis=1)
        large = int(np.argmax(stds))
        end = f"at {number(ends[large])}" if np.isfinite(ends[large]) else "in an overflow"
        clauses.append(
            f"with {name(g)} the smallest, {labels[small]} (std {number(float(stds[small]))}), learns in "
            f"{seeds_of(int(good[small]), r.experiment.seeds)} and ends at loss {number(ends[small])}, the best, "
            f"{labels[best]} (std {number(float(stds[best]))}), at {number(ends[best])}, and the largest, "
            f"{labels[large]} (std {number(float(stds[large]))}), {end}"
        )
        points += [
            point(f"{name(g)}, {label}", float(f"{stds[v]:.3g}"), over_seeds_log(measures.final_loss(r)[v]))
            for v, label in enumerate(labels)
            if np.isfinite(ends[v])
        ]
    sentence = f"Of five scales of random weights, {'; '.join(clauses)}."
    first = ratios[0]
    value = (first.ratio, first.low, first.high)
    return Finding(all_some_none(least), sentence, *value, tuple(points), "final loss", "std of W", True)


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
        "C15",
        "With the heuristics, matched to the activation, convergence is not slow and the loss does not oscillate.",
        "Steps until the batch's loss is under half of that of chance, beside those from standard normal weights, "
        "and the largest loss over the first. It holds where every seed is ahead and the loss stays under "
        f"{OVERSHOOT:g} times its start, which the batches' own scatter does not reach.",
        "steps to half the loss of chance, heuristics (mean and range over networks and seeds)",
        "heuristics",
        _speed,
        _judge_speed,
        "relu 10",
        page_settings(_speed(0)["relu 10"], initializers=("he", "normal")),
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
