"""Claims about exploding gradients: what they do to the loss, and whether numbers overflow."""

from __future__ import annotations

import numpy as np

from core import measures
from core.activations import ACTIVATIONS
from core.claims.claim import FAILS, HOLDS, ONLY_IF, Claim, Finding, judging
from core.claims.readings import (
    TEN,
    Array,
    all_some_none,
    changed,
    dead_units,
    name,
    only,
    over_seeds,
    over_seeds_log,
    page_settings,
    point,
    trial,
    whole,
)
from core.experiment import Experiment, Result, Variant
from core.wording import listed, number, percent, seeds_of, span, whole_span

RATES = (0.1, 0.01, 0.001)

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
    rest = (
        ""
        if lost.all()
        else f", the rest ending with {percent(float(dead_units(result)[~lost, -1].mean()))} dead units,"
    )
    return f"in {seeds_of(int(lost.sum()), len(at))} (step {whole_span(at[lost])}, layer {layers}){rest}"


CLAIMS = (
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
)
