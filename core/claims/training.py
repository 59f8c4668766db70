"""Claims about what vanishing and exploding gradients do to training, and about units that die of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from core import measures
from core.activations import ACTIVATIONS
from core.claims.claim import FAILS, HOLDS, ONLY_IF, Claim, Finding, judging
from core.claims.readings import (
    Array,
    all_some_none,
    changed,
    name,
    only,
    over_seeds,
    over_seeds_log,
    page_settings,
    point,
    trial,
    whole,
)
from core.clipping import Clip
from core.experiment import Experiment, Result, Variant
from core.wording import listed, number, percent, seeds_of, span, whole_span

SLOW = 0.5  # of the median hidden layer's relative update
SHRUNK = 0.1  # layer 1 receives less of the last hidden layer's gradient
RATES = (0.1, 0.01, 0.001)
TEN = (64,) * 10


# C05


def _vanishing(seed: int) -> dict[str, Experiment]:
    common: dict[str, Any] = {"hidden": (32,) * 10, "steps": 30, "seeds": 5}
    return {
        "sigmoid": trial(seed, Variant("xavier"), activation="sigmoid", **common),
        "sigmoid He": trial(seed, Variant("he"), activation="sigmoid", **common),
        "tanh": trial(seed, Variant("xavier", 0.5), activation="tanh", **common),
        "relu": trial(seed, Variant("xavier"), activation="relu", **common),
    }


def _relative_updates(result: Result) -> Array:
    """‖ΔW‖/‖W‖ of the hidden layers over the recorded steps, a geometric mean (seed, layer)."""
    return np.exp(np.log(result.update_ratio[0, :, :, :-1]).mean(axis=1))


@judging
def _judge_slowest(results: dict[str, Result]) -> Finding:
    updates = {key: _relative_updates(r) for key, r in results.items()}
    ratios = {key: u[:, 0] / np.median(u, axis=1) for key, u in updates.items()}
    vanished = [key for key, r in results.items() if (whole(r) < SHRUNK).all()]
    slow = {key: bool((ratios[key] < SLOW).all()) for key in vanished}
    clauses = [
        f"{number(over_seeds_log(ratios[key])[0])} with {_start(results[key])} (going back "
        f"{number(over_seeds_log(whole(results[key]))[0])} of the gradient is left, going forward "
        f"{number(_kept(results[key]))} of the signal)"
        for key in vanished
    ]
    verdict = all_some_none(list(slow.values())) if vanished else FAILS
    sentence = (
        f"{only(verdict, _where(results, slow))}layer 1's relative update over the median hidden "
        f"layer's is {'; '.join(clauses)}, as ‖dW‖ is a product of dZ and the layer's input."
        if vanished
        else "None of 4 networks lost its gradient on the way back, so that nothing can be said."
    )
    points = [
        point(_start(results[key]), layer + 1, over_seeds_log(u[:, layer]))
        for key, u in updates.items()
        for layer in range(u.shape[1])
    ]
    return Finding(
        verdict, sentence, *over_seeds_log(ratios["sigmoid"]), tuple(points), "‖ΔW⁽ˡ⁾‖/‖W⁽ˡ⁾‖ a step", "layer l", True
    )


def _where(results: dict[str, Result], slow: dict[str, bool]) -> str:
    """What sets the networks whose first layer is slow apart from those in which it is not."""
    yes, no = ([_kept(results[key]) for key, is_slow in slow.items() if is_slow == wanted] for wanted in (True, False))
    if yes and no and min(yes) > max(no):
        return "where the forward signal keeps its size"
    return f"with {listed([_start(results[key]) for key, is_slow in slow.items() if is_slow])}"


def _kept(result: Result) -> float:
    """The signal of the last hidden layer over that of the first, before training."""
    return over_seeds_log(measures.forward_factor(result, 0).whole)[0]


def _start(result: Result) -> str:
    return f"{name(result.experiment.activation)} and {result.experiment.labels[0]}"


# C08


def _exploding(seed: int) -> dict[str, Experiment]:
    return {
        f"{g} {initializer}": trial(
            seed,
            *(Variant(initializer, gain, learning_rate=rate, label=f"rate {rate:g}") for rate in RATES),
            hidden=TEN,
            activation=g,
            steps=120,
        )
        for g, initializer, gain in (("relu", "normal", 1), ("relu", "he", 2), ("tanh", "normal", 1))
    }


@judging
def _judge_never_learns(results: dict[str, Result]) -> Finding:
    exploded = {key: changed(whole(r)) & (whole(r) > 1) for key, r in results.items()}
    learnt = {key: measures.learnt(r)[:, exploded[key]] for key, r in results.items()}
    runs, good = sum(found.size for found in learnt.values()), sum(int(found.sum()) for found in learnt.values())
    lost = sum(int(measures.diverged(r)[:, exploded[key]].sum()) for key, r in results.items())
    chance = measures.chance_loss(results["tanh normal"].experiment)
    tanh = results["tanh normal"]
    peak = over_seeds(np.nanmax(tanh.loss, axis=-1) / tanh.loss[..., 0])[2]
    rises = float((np.diff(tanh.loss, axis=-1) > 0).mean())
    sentence = (
        f"Of {runs} runs whose gradient grows over a hundredfold going back, at learning rates from {RATES[-1]:g} to "
        f"{RATES[0]:g}, {good or 'none'} got under half the loss of chance in 120 steps: {lost} overflowed; with tanh "
        f"the loss went up at {percent(rises)} of the steps, reached up to {number(peak)} times its first value, "
        f"and ended at {span((measures.final_loss(tanh) / chance).ravel())} times the loss of chance."
    )
    points = [
        point(f"{name(r.experiment.activation)}, {_law(r)}", f"{rate:g}", over_seeds(_ends_over_chance(r, v)))
        for key, r in results.items()
        for v, rate in enumerate(RATES)
        if np.isfinite(_ends_over_chance(r, v)).any()
    ]
    share = np.array([found.mean(axis=0).mean() for found in learnt.values() if found.size])
    verdict = FAILS if not runs or good == runs else HOLDS if not good else ONLY_IF
    axis = "final loss over that of chance (runs that did not overflow)"
    return Finding(verdict, sentence, *over_seeds(share), tuple(points), axis, "learning rate", True)


def _law(result: Result) -> str:
    first = result.experiment.variants[0]
    return "He × 2" if first.initializer == "he" else "standard normal"


def _ends_over_chance(result: Result, variant: int) -> Array:
    return measures.final_loss(result)[variant] / measures.chance_loss(result.experiment)


# C09


def _overflowing(seed: int) -> dict[str, Experiment]:
    return {
        f"{g} {dtype}": trial(seed, Variant("normal"), hidden=TEN, activation=g, steps=30, seeds=5, dtype=dtype)
        for g in ("relu", "tanh")
        for dtype in ("float32", "float64")
    }


@judging
def _judge_overflow(results: dict[str, Result]) -> Finding:
    lost = {key: measures.diverged(r)[0] for key, r in results.items()}
    clauses = [_fate(results[f"{g} float32"], results[f"{g} float64"]) for g in ("relu", "tanh")]
    verdict = all_some_none(list(lost.values()))
    points = [
        point(name(r.experiment.activation), r.experiment.dtype, over_seeds(lost[key].astype(float)))
        for key, r in results.items()
    ]
    sentence = (
        f"{only(verdict, _overflowing_kind(results))}from standard normal weights, with 10 layers of 64 "
        f"and learning rate 0.1, {'; '.join(clauses)}."
    )
    share = np.mean(list(lost.values()), axis=0)
    return Finding(verdict, sentence, *over_seeds(share), tuple(points), "share of runs that overflow", "", False)


def _overflowing_kind(results: dict[str, Result]) -> str:
    lost = {r.experiment.activation for r in results.values() if measures.diverged(r).any()}
    if any(ACTIVATIONS[g].bounded for g in lost):
        return f"with {listed([name(g) for g in sorted(lost)])}"
    return "with an activation that is not bounded"


def _fate(single: Result, double: Result) -> str:
    grown = number(over_seeds_log(whole(single))[0])
    ends = {r.experiment.dtype: _overflows(r) for r in (single, double)}
    words = [f"{what} in {dtype}" for dtype, what in ends.items()]
    if len(set(ends.values())) == 1:
        words = [f"{ends['float32']} in {' and '.join(ends)}"]
    g = name(single.experiment.activation)
    return f"{g} (gradient × {grown} going back) overflows {' and '.join(words)}"


def _overflows(result: Result) -> str:
    at = result.diverged_at[0]
    lost = at >= 0
    if not lost.any():
        return f"in {seeds_of(0, len(at))}"
    layers = whole_span(result.diverged_layer[0][lost])
    rest = "" if lost.all() else f", the rest ending with {percent(float(_dead(result)[~lost, -1].mean()))} dead units,"
    return f"in {seeds_of(int(lost.sum()), len(at))} (step {whole_span(at[lost])}, layer {layers}){rest}"


# C10


def _rectifiers(seed: int) -> dict[str, Experiment]:
    clip = Clip("norm", 100)
    both = ("relu", "leaky_relu")
    he = {g: trial(seed, Variant("he"), hidden=(64,) * 5, activation=g, steps=100, seeds=5) for g in both}
    harsh = {
        f"{g} harsh": trial(seed, Variant("normal", clip=clip), hidden=(64,) * 5, activation=g, steps=100, seeds=5)
        for g in both
    }
    return {**he, **harsh}


def _dead(result: Result) -> Array:
    """The share of hidden units that are dead (seed, record)."""
    return result.dead[0, :, :, :-1].mean(axis=2)


@judging
def _judge_rectifiers(results: dict[str, Result]) -> Finding:
    dead = {key: _dead(r) for key, r in results.items()}
    good = {key: int(measures.learnt(r)[0].sum()) for key, r in results.items()}
    n = results["relu"].experiment.seeds
    immortal = all(bool((dead[key] == 0).all()) for key in ("leaky_relu", "leaky_relu harsh"))
    before, after, harsh = (
        float(x.mean()) for x in (dead["relu"][:, 0], dead["relu"][:, -1], dead["relu harsh"][:, -1])
    )
    never = max(float(dead[key].max()) for key in ("leaky_relu", "leaky_relu harsh"))
    robust = [count == n for count in good.values()]
    verdict = all_some_none(robust) if immortal and robust[0] and robust[1] else FAILS
    counts = {key: seeds_of(count, n) for key, count in good.items()}
    sentence = (
        f"{only(verdict, 'from weights of the right scale')}with He, ReLU learns in {counts['relu']} and leaky ReLU in "
        f"{counts['leaky_relu']}; from standard normal weights, clipped so as not to overflow, in "
        f"{counts['relu harsh']} and {counts['leaky_relu harsh']}; of ReLU units {percent(before)} are dead on a batch "
        f"before and {percent(after)} after training from He, {percent(harsh)} after the other start; of leaky ReLU "
        f"units at most {percent(never)} at any recorded step."
    )
    points = [
        point(f"{name(r.experiment.activation)}, {'standard normal' if 'harsh' in key else 'He'}", int(step), spread)
        for key, r in results.items()
        for step, spread in zip(r.recorded_steps, map(over_seeds, dead[key].T), strict=True)
    ]
    value = over_seeds(dead["leaky_relu harsh"].max(axis=1))
    return Finding(verdict, sentence, *value, tuple(points), "share of units dead on a batch", "training step", False)


CLAIMS = (
    Claim(
        "C05",
        "When gradients vanish, the earliest layers train slowest.",
        "The relative update ‖ΔW‖/‖W‖ of layer 1 over the median of the hidden layers, in networks whose rms(dZ) "
        "falls under a tenth from the last hidden layer to the first. Under a half layer 1 counts as slow: less is "
        "what neighbouring layers differ by. It holds where layer 1 is slow in every such network and seed.",
        "relative update of layer 1 over the median hidden layer's, sigmoid and Xavier (geometric mean and range over "
        "seeds)",
        "random_init",
        _vanishing,
        _judge_slowest,
        "sigmoid",
        page_settings(_vanishing(0)["sigmoid"], initializer="xavier", std=1),
    ),
    Claim(
        "C08",
        "Exploding gradients make the loss oscillate or overshoot, so that the network never learns.",
        "The share of runs that end below half of the loss of chance, of those whose gradient grows over a hundredfold "
        "going back, at three learning rates. It holds where none does, and does not where all do. Only so many steps "
        "are seen.",
        "share of exploding runs that learn (mean and range over networks)",
        "random_init",
        _exploding,
        _judge_never_learns,
        "tanh normal",
        page_settings(_exploding(0)["tanh normal"], initializer="normal", std=1),
    ),
    Claim(
        "C09",
        "Exploding gradients overflow, and the loss becomes NaN.",
        "The share of runs that meet a number that is not finite within 30 steps, in two number formats and with a "
        "bounded and an unbounded activation. It holds where all do, and only if … where some do.",
        "share of runs that overflow (mean and range over seeds)",
        "random_init",
        _overflowing,
        _judge_overflow,
        "relu float32",
        page_settings(_overflowing(0)["relu float32"], initializer="normal", std=1),
    ),
    Claim(
        "C10",
        "The ReLU family is robust, and units of leaky ReLU never die.",
        "The share of hidden units whose slope is 0 on every example of the batch, before and after training, and how "
        "many seeds get under half of the loss of chance, from He weights and from standard normal ones. It does not "
        "hold where a unit of leaky ReLU dies or He weights fail; it holds only if … where the other start fails.",
        "share of leaky ReLU units dead at any recorded step, from the harsher start (mean and range over seeds)",
        "random_init",
        _rectifiers,
        _judge_rectifiers,
        "relu",
        page_settings(_rectifiers(0)["relu"], initializer="he", std=1),
    ),
)
