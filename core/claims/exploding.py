"""Claims about exploding gradients: what they do to the loss, and whether numbers overflow."""

from __future__ import annotations

import numpy as np

from core import statistics
from core.activations import ACTIVATIONS
from core.claims.claim import FAILS, HOLDS, ONLY_IF, Bound, Claim, Finding, judging
from core.claims.conditions import all_some_none, at, grouped, only
from core.claims.readings import Array, activation_of, changed, dead_units, whole
from core.claims.spreads import over_seeds, over_seeds_log, point
from core.claims.trials import TEN, page_settings, trial
from core.experiment import Experiment, Result, Variant
from core.wording import number, percent, seeds_of, span, whole_span

RATES = (0.1, 0.01, 0.001)
FORMATS = ("float32", "float64")

# C08


def _exploding(seed: int) -> dict[str, Experiment]:
    return {
        _named(g, initializer, gain): trial(
            seed,
            *(Variant(initializer, gain, learning_rate=rate, label=f"rate {rate:g}") for rate in RATES),
            hidden=TEN,
            activation=g,
            steps=600,  # in a fifth of it no run learns, which says little
        )
        for g, initializer, gain in (
            ("relu", "normal", 1),
            ("relu", "he", 2),
            ("relu", "he", 1.75),
            ("tanh", "normal", 1),
        )
    }


def _named(activation: str, initializer: str, gain: float) -> str:
    return f"{ACTIVATIONS[activation].label} from {Variant(initializer, gain).label}"


@judging
def _judge_never_learns(results: dict[str, Result]) -> Finding:
    exploded = {key: changed(whole(r)) & (whole(r) > 1) for key, r in results.items()}
    learnt = {key: statistics.learned(r)[:, exploded[key]] for key, r in results.items()}
    runs, good = sum(found.size for found in learnt.values()), sum(int(found.sum()) for found in learnt.values())
    lost = sum(int(statistics.diverged(r)[:, exploded[key]].sum()) for key, r in results.items())
    verdict = FAILS if not runs or good == runs else HOLDS if not good else ONLY_IF
    unlearnt = {key: at(RATES, np.asarray(~found.any(axis=1)), "rate") for key, found in learnt.items() if found.size}
    steps = next(iter(results.values())).experiment.steps
    sentence = (
        f"{only(verdict, grouped(unlearnt, 'with'))}of {runs} runs whose gradient grows over a hundredfold going back, "
        f"at learning rates from {RATES[-1]:g} to {RATES[0]:g}, {lost or 'none'} overflowed, and {good or 'none'} got "
        f"under half the loss of chance in {steps} steps; {_course(results['tanh from Standard normal'])}."
    )
    points = [
        point(key, f"learning rate {rate:g}", over_seeds(_ends_over_chance(r, v)))
        for v, rate in enumerate(RATES)
        for key, r in results.items()
        if np.isfinite(_ends_over_chance(r, v)).any()
    ]
    share = np.array([found.mean() for found in learnt.values() if found.size])
    axis = "final loss over that of chance (runs that did not overflow)"
    bounds = (Bound(statistics.LEARNED, "learnt below"),)
    return Finding(verdict, sentence, *over_seeds(share), tuple(points), axis, "learning rate", True, bounds)


def _course(result: Result) -> str:
    """How the loss of runs goes that do not overflow."""
    chance = statistics.chance_loss(result.experiment)
    peak = over_seeds(np.nanmax(result.loss, axis=-1) / result.loss[..., 0])[2]
    ends = (statistics.final_loss(result) / chance).ravel()
    rises = float((np.diff(result.loss, axis=-1) > 0).mean())
    return (
        f"with {activation_of(result)} the loss went up at {percent(rises)} of the steps, reached up to {number(peak)} "
        f"times its first value, and ended at {span(ends)} times the loss of "
        "chance"
    )


def _ends_over_chance(result: Result, variant: int) -> Array:
    return statistics.final_loss(result)[variant] / statistics.chance_loss(result.experiment)


# C09


def _overflowing(seed: int) -> dict[str, Experiment]:
    return {
        f"{g} {dtype}": trial(seed, Variant("normal"), hidden=TEN, activation=g, steps=30, seeds=5, dtype=dtype)
        for g in ("relu", "tanh")
        for dtype in FORMATS
    }


@judging
def _judge_overflow(results: dict[str, Result]) -> Finding:
    lost = {key: statistics.diverged(r)[0] for key, r in results.items()}
    verdict = all_some_none(list(lost.values()))
    first = next(iter(results.values())).experiment
    clauses = [_fate(*(results[f"{g} {dtype}"] for dtype in FORMATS)) for g in ("relu", "tanh")]
    sentence = (
        f"{only(verdict, _overflowing_kinds(results))}in {first.steps} steps from standard normal weights, with "
        f"{len(first.hidden)} layers of {first.hidden[0]} and learning rate {first.variants[0].learning_rate:g}, "
        f"{'; '.join(clauses)}."
    )
    points = [
        point(activation_of(r), r.experiment.dtype, over_seeds(lost[key].astype(float))) for key, r in results.items()
    ]
    share = np.mean(list(lost.values()), axis=0)
    return Finding(verdict, sentence, *over_seeds(share), tuple(points), "share of runs that overflow", "", False)


def _overflowing_kinds(results: dict[str, Result]) -> list[str]:
    """The activations with which most runs overflow, and in which format where it is not in both."""
    kinds = []
    for g in ("relu", "tanh"):
        formats = [dtype for dtype in FORMATS if statistics.diverged(results[f"{g} {dtype}"]).mean() > 0.5]
        if formats:
            bounded = "is" if ACTIVATIONS[g].bounded else "is not"
            alone = f", in {formats[0]} alone" if len(formats) == 1 else ""
            kinds.append(f"with {ACTIVATIONS[g].label}, which {bounded} bounded{alone}")
    return kinds


def _fate(single: Result, double: Result) -> str:
    grown = number(over_seeds_log(whole(single))[0])
    ends = {r.experiment.dtype: _overflows(r) for r in (single, double)}
    words = [f"{what} in {dtype}" for dtype, what in ends.items()]
    if len(set(ends.values())) == 1:
        words = [f"{ends[FORMATS[0]]} in {' and '.join(ends)}"]
    return f"{activation_of(single)} (gradient × {grown} going back) overflows {' and '.join(words)}"


def _overflows(result: Result) -> str:
    at_step = result.diverged_at[0]
    lost = at_step >= 0
    if not lost.any():
        return f"in {seeds_of(0, len(lost))}"
    layers = whole_span(result.diverged_layer[0][lost])
    rest = (
        ""
        if lost.all()
        else f", the rest ending with {percent(float(dead_units(result)[~lost, -1].mean()))} dead units,"
    )
    return f"in {seeds_of(int(lost.sum()), len(lost))} (step {whole_span(at_step[lost])}, layer {layers}){rest}"


CLAIMS = (
    Claim(
        "C08",
        "Exploding gradients make the loss oscillate or overshoot, so that the network never learns.",
        "The share of runs that end below half of the loss of chance, of those whose gradient grows over a hundredfold "
        "going back, from four starts at three learning rates. It holds where none does, only if … where some do, and "
        "does not where all do. Longer training may still show others to learn.",
        "share of exploding runs that learn (mean and range over networks)",
        "random_init",
        _exploding,
        _judge_never_learns,
        "tanh from Standard normal",
        page_settings(_exploding(0)["tanh from Standard normal"], initializer="normal", std=1),
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
