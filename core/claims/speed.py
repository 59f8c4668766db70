"""The claim about convergence: how soon the heuristics bring the loss down, and whether it oscillates."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.claims.claim import Bound, Claim, Finding, judging
from core.claims.conditions import all_some_none, only
from core.claims.readings import Array, activation_of, steps_to_learn, variant_of
from core.claims.spreads import over_seeds, point
from core.claims.trials import SIDE_BY_SIDE, page_settings, side_by_side, starts, trial
from core.experiment import Experiment, Result
from core.wording import listed, number, span

OVERSHOOT = 1.5  # times the first loss
SUITED = {"relu": ("he",), "tanh": ("xavier", "glorot")}

# C15


def _speed(seed: int) -> dict[str, Experiment]:
    five: dict[str, Any] = {"hidden": (64,) * 5, "steps": SIDE_BY_SIDE, "seeds": 5}
    shallow = {f"{g} 5": trial(seed, *starts(*suited, "normal"), activation=g, **five) for g, suited in SUITED.items()}
    return {**shallow, **{f"{g} 10": side_by_side(seed, g) for g in SUITED}}


@judging
def _judge_speed(results: dict[str, Result]) -> Finding:
    pairs = [(r, v) for r in results.values() for v in _matched(r)]
    reached = [steps_to_learn(r)[v] for r, v in pairs]
    normal = [steps_to_learn(r)[variant_of(r, "normal")] for r in results.values()]
    peaks = [_peak(r, v) for r, v in pairs]
    ahead = [(steps_to_learn(r)[v] < steps_to_learn(r)[variant_of(r, "normal")]).all() for r, v in pairs]
    good = [bool(first and (peak <= OVERSHOOT).all()) for first, peak in zip(ahead, peaks, strict=True)]
    verdict = all_some_none(good)
    where = [f"with {_case(r, v)}" for (r, v), well in zip(pairs, good, strict=True) if well]
    fast, slow = np.concatenate(reached), np.concatenate(normal)
    arrived, late = int(np.isfinite(fast).sum()), int(np.isfinite(slow).sum())
    starts_tried = dict.fromkeys(f"{r.experiment.labels[v]} with {activation_of(r)}" for r, v in pairs)
    sentence = (
        f"{only(verdict, where)}in 5 and 10 layers of 64, from {listed([*starts_tried])}, the loss is halved from "
        f"chance in {arrived} of {len(fast)} runs, after {span(fast)} steps, and never exceeds "
        f"{number(max(float(peak.max()) for peak in peaks))} times its start; from standard normal weights "
        f"{late or 'none'} of {len(slow)} runs get there in {SIDE_BY_SIDE} steps."
    )
    points = [
        point(r.experiment.labels[v], _layers(r), over_seeds(np.minimum(steps_to_learn(r)[v], SIDE_BY_SIDE)))
        for r in results.values()
        for v in (*_matched(r), variant_of(r, "normal"))
    ]
    value = over_seeds(np.minimum(fast, SIDE_BY_SIDE))
    axis = "steps to half the loss of chance"
    return Finding(verdict, sentence, *value, tuple(points), axis, "", False, (Bound(SIDE_BY_SIDE, "not reached"),))


def _matched(result: Result) -> list[int]:
    """The variants of the heuristics that are made for the activation."""
    return [variant_of(result, start) for start in SUITED[result.experiment.activation]]


def _peak(result: Result, variant: int) -> Array:
    """The largest loss over the first (seed,); ∞ where it was no number."""
    loss = result.loss[variant]
    return np.nan_to_num(loss.max(axis=-1) / loss[:, 0], nan=np.inf)


def _layers(result: Result) -> str:
    return f"{activation_of(result)}, {len(result.experiment.hidden)} layers"


def _case(result: Result, variant: int) -> str:
    return f"{result.experiment.labels[variant]} and {_layers(result)}"


CLAIMS = (
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
)
