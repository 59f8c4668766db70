"""Claims about the remedies by scale: He, Xavier and the Glorot average, and what it is that they keep."""

from __future__ import annotations

import numpy as np

from core import measures
from core.claims.claim import FAILS, HOLDS, ONLY_IF, Claim, Finding, judging
from core.claims.readings import (
    Array,
    all_some_none,
    name,
    only,
    over_seeds,
    over_seeds_log,
    page_settings,
    point,
    steps_to_learn,
    trial,
)
from core.experiment import Experiment, Result, Variant, starting_parameters
from core.network import parameter_views
from core.wording import listed, number, percent, seeds_of, span, whole_span

RATE = 0.05
KEPT = (0.9, 1.1)  # a factor a layer within it changes a signal less than threefold over ten layers
HALF = 0.5
NEAR_ONE = (1 / 3, 3.0)  # neither much less nor much bigger than 1
OVERSHOOT = 1.5  # times the first loss
TEN = (64,) * 10


def _starts(*names: str, gain: float = 1.0, rate: float = RATE) -> list[Variant]:
    return [Variant(start, gain, learning_rate=rate) for start in names]


def _losses(result: Result) -> list:
    """A point a start: the final loss of the seeds that did not overflow."""
    labels, losses = result.experiment.labels, measures.final_loss(result)
    activation = name(result.experiment.activation)
    return [point(labels[v], activation, over_seeds_log(x)) for v, x in enumerate(losses) if np.isfinite(x).any()]


# C11


def _he(seed: int) -> dict[str, Experiment]:
    trained = trial(
        seed, *_starts("he", "xavier", "glorot", "normal"), hidden=TEN, activation="relu", steps=100, seeds=5
    )
    return {"trained": trained, "deep": trial(seed, *_starts("he"), hidden=(128,) * 30, activation="relu", seeds=5)}


@judging
def _judge_he(results: dict[str, Result]) -> Finding:
    r, deep = results["trained"], results["deep"]
    factors = np.concatenate([measures.backward_factor(x, 0).per_layer for x in (r, deep)])
    forward = np.concatenate([measures.forward_factor(x, 0).per_layer for x in (r, deep)])
    means = [over_seeds_log(x)[0] for x in (factors, forward)]
    kept = all(KEPT[0] <= mean <= KEPT[1] for mean in means)
    good, n = measures.learnt(r).sum(axis=1), r.experiment.seeds
    losses = [over_seeds_log(x)[0] for x in measures.final_loss(r)]
    others = [
        f"{label} {'overflows' if measures.diverged(r)[v].all() else number(losses[v])}"
        for v, label in enumerate(r.experiment.labels)
        if v
    ]
    beaten = any(measures.paired_ratio(r, v, 0).high < 1 for v in range(1, len(losses)))
    sentence = (
        f"With He and ReLU a layer changes the gradient by {number(means[0], 3)} going back and the signal by "
        f"{number(means[1], 3)} going forward (10 layers of 64 and 30 of 128); after 100 steps 10 layers reach loss "
        f"{number(losses[0])} and {seeds_of(int(good[0]), n)} learn, where {listed(others)} "
        f"(chance is {number(measures.chance_loss(r.experiment))})."
    )
    most = 2 * good[0] > n
    verdict = HOLDS if kept and most and not beaten else ONLY_IF if most else FAILS
    value = over_seeds_log(factors)
    return Finding(verdict, sentence, *value, tuple(_losses(r)), "final loss", "", True)


# C12


def _xavier(seed: int) -> dict[str, Experiment]:
    return {
        "shown": trial(seed, *_starts("xavier", "he", "glorot"), hidden=TEN, activation="tanh", steps=80, seeds=5),
        "deep": trial(seed, *_starts("xavier"), hidden=(64,) * 40, activation="tanh", steps=80),
    }


@judging
def _judge_xavier(results: dict[str, Result]) -> Finding:
    r, deep = results["shown"], results["deep"]
    signal = deep.activation_rms[0, :, 0, :-1]
    fades = signal < HALF * signal[:, :1]
    layers = np.where(fades.any(axis=1), fades.argmax(axis=1) + 1.0, np.nan)
    depths = np.arange(1, signal.shape[1] + 1)
    slope = float(np.polyfit(np.log(depths), np.log(signal).mean(axis=0), 1)[0])
    good, deep_good = (int(measures.learnt(x)[0].sum()) for x in (r, deep))
    quick, late, he = (steps_to_learn(x)[v] for x, v in ((r, 0), (deep, 0), (r, 1)))
    n, m = r.experiment.seeds, deep.experiment.seeds
    fading = np.isfinite(layers).any()
    where = f"to half of layer 1's by layer {whole_span(layers)}" if fading else "never to half of layer 1's"
    learns = 2 * good > n
    verdict = FAILS if not learns or (fading and np.nanmean(layers) < 3) else ONLY_IF if fading else HOLDS
    sentence = (
        f"{only(verdict, 'while the network is not too deep')}in tanh layers of 64 the signal falls about as l to "
        f"the power {number(slope)}, {where}, and to {percent(float((signal[:, -1] / signal[:, 0]).mean()))} by "
        f"layer 40; the loss is halved from chance after {_when(quick)} steps with 10 layers ({seeds_of(good, n)} "
        f"end below) and after {_when(late)} with 40 ({seeds_of(deep_good, m)}), and with He, at twice the variance, "
        f"after {_when(he)} with 10."
    )
    points = [point("Xavier, tanh", layer, over_seeds_log(signal[:, layer - 1])) for layer in depths.tolist()]
    return Finding(verdict, sentence, *over_seeds(layers), tuple(points), "signal rms(A⁽ˡ⁾)", "layer l", True)


def _when(steps: Array) -> str:
    return whole_span(steps) if np.isfinite(steps).all() else f"{span(steps)} (not in every seed)"


# C13


def _glorot(seed: int) -> dict[str, Experiment]:
    shapes = {"equal": (64,) * 15, "unequal": (128, 16) * 3}
    return {
        f"{g} {shape}": trial(
            seed, *_starts("glorot", "xavier", rate=0.1), hidden=sizes, activation=g, steps=120, seeds=5
        )
        for g in ("tanh", "relu")
        for shape, sizes in shapes.items()
    }


@judging
def _judge_glorot(results: dict[str, Result]) -> Finding:
    good = {key: measures.learnt(r)[0] for key, r in results.items()}
    said = {"equal": "15 equal layers of 64", "unequal": "6 layers of 128 and 16 in turn"}
    clauses = []
    for key, r in results.items():
        ratio = measures.paired_ratio(r, 0, 1)
        clauses.append(
            f"{seeds_of(int(good[key].sum()), len(good[key]))} learn with {name(r.experiment.activation)} and "
            f"{said[key.split()[1]]} (loss {number(ratio.ratio)} times "
            f"Xavier's, {number(ratio.low)} to {number(ratio.high)})"
        )
    most = {key: bool(found.mean() > 0.5) for key, found in good.items()}
    verdict = all_some_none(list(most.values()))
    well = [
        f"with {name(r.experiment.activation)} and {len(r.experiment.hidden)} layers"
        for key, r in results.items()
        if most[key]
    ]
    sentence = f"{only(verdict, listed(well) if well else '')}from the Glorot average {'; '.join(clauses)}."
    points = [
        point(label, f"{name(r.experiment.activation)}, {key.split()[1]}", over_seeds_log(measures.final_loss(r)[v]))
        for key, r in results.items()
        for v, label in enumerate(r.experiment.labels)
    ]
    share = np.mean(list(good.values()), axis=0)
    return Finding(verdict, sentence, *over_seeds(share), tuple(points), "final loss", "", True)


# C14


def _gains(seed: int) -> dict[str, Experiment]:
    return {
        f"{g} {width}": trial(seed, *_starts(start), hidden=(width,) * 5, activation=g, steps=10, seeds=5)
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
        f"{g} {depth}": trial(seed, *_starts(*starts, "normal"), hidden=(64,) * depth, activation=g, steps=100, seeds=5)
        for g, starts in (("relu", ("he",)), ("tanh", ("xavier", "glorot")))
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
    starts = [Variant("he", 0.1, learning_rate=RATE), *_starts("pytorch_default", "xavier", "he", "normal")]
    return {g: trial(seed, *starts, hidden=TEN, activation=g, steps=100, seeds=5) for g in ("relu", "tanh")}


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
        "C11",
        "He's variance 2/n suits ReLU.",
        "The factor a layer by which rms(dZ) changes going back, and rms(A) going forward, with He: between "
        f"{KEPT[0]} and {KEPT[1]} a signal changes less than threefold over ten layers. It holds where both lie "
        "there, most seeds get under half of the loss of chance, and no other start ends clearly lower on the same "
        "draws (95 % interval of the paired ratio).",
        "factor of rms(dZ) a layer, going back, with He and ReLU (geometric mean and range over seeds)",
        "heuristics",
        _he,
        _judge_he,
        "trained",
        page_settings(_he(0)["trained"], initializers=("he", "xavier", "glorot", "normal")),
    ),
    Claim(
        "C12",
        "Xavier's variance 1/n suits tanh.",
        "The layer at which the signal has fallen to half of the first hidden layer's before training: past it the "
        "start no longer keeps the signal, which is what it is for. It holds where that happens in none of 40 "
        "layers; only if … the network is no deeper where it does; and does not where ten layers fail to train.",
        "layer at which rms(A) has fallen to half of layer 1's (mean and range over seeds)",
        "heuristics",
        _xavier,
        _judge_xavier,
        "shown",
        page_settings(_xavier(0)["shown"], initializers=("xavier", "he", "glorot")),
    ),
    Claim(
        "C13",
        "The Glorot average 2/(n_in + n_out) is a good start as well.",
        "The share of seeds that get under half of the loss of chance in 120 steps, with tanh and ReLU, in layers of "
        "equal and of unequal sizes. It holds where most seeds do in all four networks, and only if … where in some.",
        "share of runs that learn (mean over networks, range over seeds)",
        "heuristics",
        _glorot,
        _judge_glorot,
        "tanh equal",
        page_settings(_glorot(0)["tanh equal"], initializers=("glorot", "xavier")),
    ),
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
