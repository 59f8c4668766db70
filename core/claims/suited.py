"""Claims about which scale suits which activation: He for ReLU, and Xavier for tanh."""

from __future__ import annotations

import numpy as np

from core import statistics
from core.claims.claim import FAILS, HOLDS, ONLY_IF, Bound, Claim, Finding, judging
from core.claims.conditions import only
from core.claims.readings import Array, activation_of, learnt_below, steps_to_learn, variant_of
from core.claims.spreads import over_seeds, over_seeds_log, point
from core.claims.trials import SIDE_BY_SIDE, page_settings, side_by_side, starts, trial
from core.experiment import Experiment, Result
from core.wording import listed, number, percent, seeds_of, span, whole_span

KEPT = (0.9, 1.1)  # a factor a layer within it changes a signal less than threefold over ten layers
HALF = 0.5
LAYERS = 40

# C11


def _he(seed: int) -> dict[str, Experiment]:
    deep = trial(seed, *starts("he"), hidden=(128,) * 30, activation="relu", seeds=5)
    return {"trained": side_by_side(seed, "relu"), "deep": deep}


@judging
def _judge_he(results: dict[str, Result]) -> Finding:
    r, deep = results["trained"], results["deep"]
    he, labels = variant_of(r, "he"), r.experiment.labels
    networks = ((r, he), (deep, 0))
    back, forth = (
        np.concatenate([measure(*network).per_layer for network in networks])
        for measure in (statistics.backward_factor, statistics.forward_factor)
    )
    means = [over_seeds_log(x)[0] for x in (back, forth)]
    kept = all(KEPT[0] <= mean <= KEPT[1] for mean in means)
    good, n = statistics.learned(r).sum(axis=1), r.experiment.seeds
    losses = [over_seeds_log(x)[0] for x in statistics.final_loss(r)]
    others = [v for v in range(len(labels)) if v != he]
    found = statistics.compare_losses(statistics.final_loss(r), statistics.chance_loss(r.experiment))
    ahead = [labels[found.best]] if found and not found.tied[he] else []
    verdict = (HOLDS if kept and not ahead else ONLY_IF) if 2 * good[he] > n else FAILS
    ends = [f"{'∞' if statistics.diverged(r)[v].all() else number(losses[v])} from {labels[v]}" for v in others]
    where = [
        "in training, not by its factors" if not kept else "",
        f"beside others than {listed(ahead)}" if ahead else "",
    ]
    sentence = (
        f"{only(verdict, where)}with He and ReLU a layer changes the gradient by {number(means[0], 3)} going back and "
        f"the signal by {number(means[1], 3)} going forward (10 layers of 64 and 30 of 128); after "
        f"{r.experiment.steps} steps the loss of 10 layers is {number(losses[he])} and {seeds_of(int(good[he]), n)} "
        f"learn, where it is {listed(ends)} (chance is {number(statistics.chance_loss(r.experiment))})."
    )
    points = [
        point(labels[v], activation_of(r), over_seeds_log(x))
        for v, x in enumerate(statistics.final_loss(r))
        if np.isfinite(x).any()
    ]
    return Finding(verdict, sentence, *over_seeds_log(back), tuple(points), "final loss", "", True, (learnt_below(r),))


# C12


def _xavier(seed: int) -> dict[str, Experiment]:
    deep = trial(seed, *starts("xavier"), hidden=(64,) * LAYERS, activation="tanh", steps=SIDE_BY_SIDE)
    return {"shown": side_by_side(seed, "tanh"), "deep": deep}


@judging
def _judge_xavier(results: dict[str, Result]) -> Finding:
    r, deep = results["shown"], results["deep"]
    xavier, he = variant_of(r, "xavier"), variant_of(r, "he")
    signal = deep.activation_rms[0, :, 0, :-1]
    fades = signal < HALF * signal[:, :1]
    layers = np.where(fades.any(axis=1), fades.argmax(axis=1) + 1.0, np.nan)
    fading = bool(np.isfinite(layers).any())
    good, n = int(statistics.learned(r)[xavier].sum()), r.experiment.seeds
    deep_good, m = int(statistics.learned(deep)[0].sum()), deep.experiment.seeds
    early = fading and np.nanmean(layers) < 3
    verdict = FAILS if 2 * good <= n or early else ONLY_IF if fading else HOLDS
    quick, late, with_he = (steps_to_learn(x)[v] for x, v in ((r, xavier), (deep, 0), (r, he)))
    until = whole_span(layers) if fading else str(LAYERS)
    sentence = (
        f"{only(verdict, [f'down to layer {until}'])}in tanh layers of 64 more than half of layer 1's signal is left "
        f"until layer {until}, {percent(float((signal[:, -1] / signal[:, 0]).mean()))} in layer {LAYERS} "
        f"({_decay(signal)}); the loss is halved from chance after {_when(quick)} steps with 10 layers "
        f"({seeds_of(good, n)} end below) and after {_when(late)} with {LAYERS} ({seeds_of(deep_good, m)}), and with "
        f"He, at twice the variance, after {_when(with_he)} with 10."
    )
    points = [point("Xavier, tanh", i + 1, over_seeds_log(signal[:, i])) for i in range(LAYERS)]
    half = (Bound(HALF * points[0].value, "half of layer 1's"),)
    return Finding(verdict, sentence, *over_seeds(layers), tuple(points), "signal rms(A⁽ˡ⁾)", "layer l", True, half)


def _decay(signal: Array) -> str:
    """How the signal (seed, layer) goes with depth: by a power of it or by a factor a layer, whichever is nearer."""
    logs = np.log(signal).mean(axis=0)
    depths = np.arange(1, len(logs) + 1)
    fits = [np.polyfit(x, logs, 1, full=True)[:2] for x in (np.log(depths), depths)]
    (power, off_power), (rate, off_rate) = ((float(line[0]), float(off.sum())) for line, off in fits)
    return (
        f"about l to the power {number(power)}" if off_power < off_rate else f"a factor {number(np.exp(rate))} a layer"
    )


def _when(steps: Array) -> str:
    return whole_span(steps) if np.isfinite(steps).all() else f"{span(steps)} (not in every seed)"


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
        f"start no longer keeps the signal, which is what it is for. It holds where that happens in none of {LAYERS} "
        "layers; only if … the network is no deeper where it does; and does not where ten layers fail to train.",
        "layer at which rms(A) has fallen to half of layer 1's (mean and range over seeds)",
        "heuristics",
        _xavier,
        _judge_xavier,
        "shown",
        page_settings(_xavier(0)["shown"], initializers=("xavier", "he", "glorot")),
    ),
)
