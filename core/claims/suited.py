"""Claims about which scale suits which activation: He, Xavier and the Glorot average."""

from __future__ import annotations

import numpy as np

from core import measures
from core.claims.claim import FAILS, HOLDS, ONLY_IF, Claim, Finding, judging
from core.claims.readings import (
    TEN,
    Array,
    all_some_none,
    name,
    only,
    over_seeds,
    over_seeds_log,
    page_settings,
    point,
    starts,
    steps_to_learn,
    trial,
)
from core.experiment import Experiment, Result
from core.wording import listed, number, percent, seeds_of, span, whole_span

KEPT = (0.9, 1.1)  # a factor a layer within it changes a signal less than threefold over ten layers
HALF = 0.5

# C11


def _losses(result: Result) -> list:
    """A point a start: the final loss of the seeds that did not overflow."""
    labels, losses = result.experiment.labels, measures.final_loss(result)
    activation = name(result.experiment.activation)
    return [point(labels[v], activation, over_seeds_log(x)) for v, x in enumerate(losses) if np.isfinite(x).any()]


def _he(seed: int) -> dict[str, Experiment]:
    trained = trial(
        seed, *starts("he", "xavier", "glorot", "normal"), hidden=TEN, activation="relu", steps=100, seeds=5
    )
    return {"trained": trained, "deep": trial(seed, *starts("he"), hidden=(128,) * 30, activation="relu", seeds=5)}


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
        "shown": trial(seed, *starts("xavier", "he", "glorot"), hidden=TEN, activation="tanh", steps=80, seeds=5),
        "deep": trial(seed, *starts("xavier"), hidden=(64,) * 40, activation="tanh", steps=80),
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
            seed, *starts("glorot", "xavier", rate=0.1), hidden=sizes, activation=g, steps=120, seeds=5
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
)
