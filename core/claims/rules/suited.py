"""Claims about which scale suits which activation: He for ReLU, and Xavier for tanh."""

from __future__ import annotations

import numpy as np

from core import statistics
from core.claims.claim import FAILS, HOLDS, ONLY_IF, Bound, Claim, Finding, judging
from core.claims.conditions import all_some_none, condition_prefix, other_readings, region
from core.claims.readings import (
    Array,
    activation_of,
    backward_ratio,
    end_points,
    learned_below,
    steps_to_learn,
    variant_of,
)
from core.claims.spreads import over_seeds, point
from core.claims.trials import SIDE_BY_SIDE, TEN, page_settings, side_by_side, starts, trial
from core.experiment import Experiment, Result
from core.wording import count_seeds, join_words, number, percent, whole_span

DEPTHS_TRIED = (2, 4, 8, 16, 32)
LAYERS = DEPTHS_TRIED[-1]

# C11


def _he(seed: int) -> dict[str, Experiment]:
    shapes = {"10": TEN, "30": (128,) * 30}
    sized = {
        key: trial(seed, *starts("he"), hidden=hidden, activation="relu", seeds=10) for key, hidden in shapes.items()
    }
    return {"trained": side_by_side(seed, "relu"), **sized}


@judging
def _judge_he(results: dict[str, Result]) -> Finding:
    r, sized = results["trained"], (results["10"], results["30"])
    he, labels = variant_of(r, "he"), r.experiment.labels
    back, forth = [backward_ratio(x) for x in sized], [statistics.forward_factor(x, 0).end_to_end for x in sized]
    kept = all(statistics.classify_change(found) == "keeps its size" for found in (*back, *forth))
    good, n = statistics.learned(r).sum(axis=1), r.experiment.seeds
    losses = statistics.average(statistics.final_loss(r))
    others = [v for v in range(len(labels)) if v != he]
    found = statistics.compare_losses(statistics.final_loss(r), statistics.chance_loss(r.experiment))
    ahead = [labels[found.best]] if found and not found.tied[he] else []
    verdict = (HOLDS if kept and not ahead else ONLY_IF) if 2 * good[he] > n else FAILS
    where = [
        "in training, not by its sizes" if not kept else "",
        f"beside others than {join_words(ahead)}" if ahead else "",
    ]
    signal, gradient = (join_words([number(over_seeds(x)[0]) for x in sizes]) for sizes in (forth, back))
    sentence = (
        f"{condition_prefix(verdict, where)}with He and ReLU the last hidden layer's signal is {signal} times the "
        "first's and the "
        f"first one's gradient {gradient} times the last's (10 layers of 64 and 30 of 128); after {r.experiment.steps} "
        f"steps of 10 layers the loss is {number(losses[he])} and {count_seeds(int(good[he]), n)} learn, where it is "
        f"{join_words([_end(r, v) for v in others])} (chance is {number(statistics.chance_loss(r.experiment))})."
    )
    points = end_points(r, labels, [activation_of(r)] * len(labels))
    value = over_seeds(back[1])
    return Finding(verdict, sentence, *value, tuple(points), "final loss", "", True, (learned_below(r),))


def _end(result: Result, variant: int) -> str:
    """The average final loss from a start, and how many seeds overflow."""
    label, lost = result.experiment.labels[variant], int(statistics.diverged(result)[variant].sum())
    loss = float(statistics.average(statistics.final_loss(result)[variant]))
    overflow = f"{count_seeds(lost, result.experiment.seeds)} overflow from {label}"
    if np.isfinite(loss):
        return f"{number(loss)} from {label}" + (f" ({overflow})" if lost else "")
    return overflow


# C12


def _xavier(seed: int) -> dict[str, Experiment]:
    deep = trial(seed, *starts("xavier"), hidden=(64,) * LAYERS, activation="tanh", steps=SIDE_BY_SIDE, seeds=5)
    return {"shown": side_by_side(seed, "tanh"), "deep": deep}


@judging
def _judge_xavier(results: dict[str, Result]) -> Finding:
    r, deep = results["shown"], results["deep"]
    xavier, he = variant_of(r, "xavier"), variant_of(r, "he")
    signal = deep.activation_rms[0, :, 0, :-1]
    ratios = signal / signal[:, :1]
    kept = [statistics.classify_change(ratios[:, depth - 1]) == "keeps its size" for depth in DEPTHS_TRIED]
    good, n = int(statistics.learned(r)[xavier].sum()), r.experiment.seeds
    trains = 2 * good > n
    verdict = all_some_none(kept) if trains else FAILS
    quick, late, with_he = (steps_to_learn(x)[v] for x, v in ((r, xavier), (deep, 0), (r, he)))
    sentence = (
        f"{condition_prefix(verdict, [region(DEPTHS_TRIED, kept, 'depth')])}of layer 1's signal, in tanh layers of 64, "
        f"{percent(over_seeds(ratios[:, 3])[0])} is left in layer 4 and {percent(over_seeds(ratios[:, -1])[0])} in "
        f"layer {LAYERS} ({_decay(signal)}); the loss gets to half of chance {_when(quick)} with 10 layers, "
        f"{_when(late)} with {LAYERS}, and with He, at twice the variance, {_when(with_he)} with 10"
        f"{other_readings(verdict, {'judged by training alone': HOLDS if trains else FAILS})}."
    )
    points = [point("Xavier, tanh", i + 1, over_seeds(signal[:, i])) for i in range(LAYERS)]
    half = (Bound(statistics.HALVED * points[0].value, "half of layer 1's"),)
    fades = ratios < statistics.HALVED
    layers = np.where(fades.any(axis=1), fades.argmax(axis=1) + 1.0, np.nan)
    return Finding(verdict, sentence, *over_seeds(layers), tuple(points), "signal rms(A⁽ˡ⁾)", "layer l", True, half)


def _decay(signal: Array) -> str:
    """How the signal (seed, layer) goes with depth: by a power of it or by a factor a layer, whichever is nearer."""
    logs = np.log(np.median(signal, axis=0))
    depths = np.arange(1, len(logs) + 1)
    fits = [np.polyfit(x, logs, 1, full=True)[:2] for x in (np.log(depths), depths)]
    (power, off_power), (rate, off_rate) = ((float(line[0]), float(off.sum())) for line, off in fits)
    return (
        f"about l to the power {number(power)}" if off_power < off_rate else f"a factor {number(np.exp(rate))} a layer"
    )


def _when(steps: Array) -> str:
    """After how many steps the loss is there, and in how many seeds."""
    arrived = np.isfinite(steps)
    after = f"after {whole_span(steps[arrived])} steps " if arrived.any() else ""
    return f"{after}in {count_seeds(int(arrived.sum()), len(steps))}"


CLAIMS = (
    Claim(
        "C11",
        "He's variance 2/n suits ReLU.",
        "How rms(dZ) changes from the last hidden layer to the first, and rms(A) from the first to the last, with He, "
        "in 10 and in 30 layers. It holds where both keep their size in both, within a factor 2 by the median over "
        "seeds, most seeds get under half of the loss of chance, and no other start ends clearly lower on the same "
        "draws (paired, 95 % intervals corrected for all starts compared).",
        "rms(dZ) of the first hidden layer over the last's, He and ReLU, 30 layers (median and range over seeds)",
        "heuristics",
        _he,
        _judge_he,
        "trained",
        page_settings(_he(0)["trained"], initializers=("he", "xavier", "glorot", "normal")),
    ),
    Claim(
        "C12",
        "Xavier's variance 1/n suits tanh.",
        "The signal rms(A) before training, of layers 2, 4, 8, 16 and 32 over the first hidden layer's. Suited is read "
        "as keeping the signal, which is what the start is for, and the sentence says where training would judge "
        "otherwise. It holds where the signal keeps its size, within a factor 2 by the median over seeds, down to all "
        "of them; only if … the network is no deeper where it does; and does not where ten layers fail to train.",
        "layer at which rms(A) has fallen to half of layer 1's (median and range over seeds)",
        "heuristics",
        _xavier,
        _judge_xavier,
        "shown",
        page_settings(_xavier(0)["shown"], initializers=("xavier", "he", "glorot")),
    ),
)
