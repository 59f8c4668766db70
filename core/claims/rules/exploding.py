"""Claims about exploding gradients: what they do to the loss, and whether numbers overflow."""

from __future__ import annotations

import numpy as np

from core import statistics
from core.activations import ACTIVATIONS
from core.claims.claim import Bound, Claim, Finding, judging
from core.claims.conditions import all_some_none, condition_prefix, format_values_where, grouped, other_readings
from core.claims.readings import (
    ROSE,
    Array,
    activation_of,
    backward_ratio,
    change,
    dead_units,
    first_steps,
    largest_rise,
)
from core.claims.spreads import over_seeds, point, share_over_seeds
from core.claims.trials import TEN, page_settings, trial
from core.experiment import Experiment, Result, Variant
from core.wording import count_seeds, number, percent, whole_span

EARLY = 10  # the part of the steps after which C08 is judged as well
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
            steps=600,  # in a tenth of it hardly a run learns, which says little
        )
        for g, initializer, gain in (
            ("relu", "normal", 1),
            ("relu", "he", 1.75),
            ("relu", "he", 1.5),
            ("tanh", "normal", 1),
        )
    }


def _named(activation: str, initializer: str, gain: float) -> str:
    return f"{ACTIVATIONS[activation].label} from {Variant(initializer, gain).label}"


@judging
def _judge_never_learns(results: dict[str, Result]) -> Finding:
    exploding = {key: r for key, r in results.items() if change(r) == "explodes"}
    steps = next(iter(results.values())).experiment.steps
    early = steps // EARLY
    good = {key: statistics.learned(r) for key, r in exploding.items()}
    verdict = _never_learns(good)
    by_then = {key: statistics.learned(first_steps(r, early)) for key, r in exploding.items()}
    unlearned = {key: format_values_where(RATES, np.asarray(~found.any(axis=1)), "rate") for key, found in good.items()}
    runs = sum(found.size for found in good.values())
    lost = sum(int(statistics.diverged(r).sum()) for r in exploding.values())
    rose = sum(int((largest_rise(r) > ROSE).sum()) for r in exploding.values()) - lost
    learned, soon = (sum(int(found.sum()) for found in counted.values()) or "none" for counted in (good, by_then))
    sentence = (
        f"{condition_prefix(verdict, grouped(unlearned, 'with'))}of {runs} runs whose gradient explodes going back, "
        "at learning "
        f"rates from {RATES[-1]:g} to {RATES[0]:g}, {lost or 'none'} overflow, the loss of {rose or 'none'} comes back "
        f"up by over {percent(ROSE)} of the chance loss, and {learned} learn in {steps} steps, {soon} in the first "
        f"{early}{other_readings(verdict, {f'judged after {early} steps': _never_learns(by_then)})}."
    )
    points = [
        point(key, f"learning rate {rate:g}", over_seeds(_ends_over_chance(r, v)))
        for v, rate in enumerate(RATES)
        for key, r in results.items()
        if np.isfinite(_ends_over_chance(r, v)).any()
    ]
    share = np.array([found.mean() for found in good.values()])
    axis = "final loss over that of chance (runs that did not overflow)"
    bounds = (Bound(statistics.LEARNED, "learned below"),)
    return Finding(verdict, sentence, *share_over_seeds(share), tuple(points), axis, "learning rate", True, bounds)


def _never_learns(good: dict[str, Array]) -> str:
    """The verdict on which runs learn, (variant, seed) by start: none of them would make it hold."""
    found = np.concatenate([runs.ravel() for runs in good.values()] or [np.ones(1, dtype=bool)])
    return all_some_none(~found)


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
        f"{condition_prefix(verdict, _overflowing_kinds(results))}in {first.steps} steps from standard normal "
        "weights, with "
        f"{len(first.hidden)} layers of {first.hidden[0]} and learning rate {first.variants[0].learning_rate:g}, "
        f"{'; '.join(clauses)}."
    )
    points = [
        point(activation_of(r), r.experiment.dtype, share_over_seeds(lost[key].astype(float)))
        for key, r in results.items()
    ]
    share = np.mean(list(lost.values()), axis=0)
    return Finding(verdict, sentence, *share_over_seeds(share), tuple(points), "share of runs that overflow", "", False)


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
    grown = number(over_seeds(backward_ratio(single))[0])
    ends = {r.experiment.dtype: _overflows(r) for r in (single, double)}
    words = [f"{what} in {dtype}" for dtype, what in ends.items()]
    if len(set(ends.values())) == 1:
        words = [f"{ends[FORMATS[0]]} in {' and '.join(ends)}"]
    return f"{activation_of(single)} (gradient × {grown} going back) overflows {' and '.join(words)}"


def _overflows(result: Result) -> str:
    at_step = result.diverged_at[0]
    lost = at_step >= 0
    if not lost.any():
        return f"in {count_seeds(0, len(lost))}"
    layers = whole_span(result.diverged_layer[0][lost])
    rest = (
        ""
        if lost.all()
        else f", the rest ending with {percent(over_seeds(dead_units(result)[~lost, -1])[0])} dead units,"
    )
    return f"in {count_seeds(int(lost.sum()), len(lost))} (step {whole_span(at_step[lost])}, layer {layers}){rest}"


CLAIMS = (
    Claim(
        "C08",
        "Exploding gradients make the loss oscillate or overshoot, so that the network never learns.",
        "The share of runs that end below half of the loss of chance after 600 steps, of starts whose gradient "
        "explodes (its median over seeds grows over tenfold going back), at three learning rates. It holds where none "
        "does, only if … where some do, and does not where all do. Never is read as in 600 steps, in which the "
        "heuristics learn several times over; the sentence says what a tenth of them would show. That the loss "
        f"oscillates or overshoots is counted beside: the run overflows, or its loss, smoothed over ten steps, comes "
        f"back up from its lowest by over {percent(ROSE)} of that of chance.",
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
