"""The claim about convergence: how soon the heuristics bring the loss down, and whether it oscillates."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.claims.claim import Bound, Claim, Finding, judging
from core.claims.conditions import all_some_none, condition_prefix, other_readings
from core.claims.readings import ROSE, activation_of, largest_rise, steps_to_learn, variant_of
from core.claims.spreads import over_seeds, point
from core.claims.trials import SIDE_BY_SIDE, page_settings, side_by_side, starts, trial
from core.experiment import Experiment, Result
from core.wording import format_range, join_words, percent

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
    ahead = [bool((steps_to_learn(r)[v] < steps_to_learn(r)[variant_of(r, "normal")]).all()) for r, v in pairs]
    rises = [float(np.median(largest_rise(r)[v])) for r, v in pairs]
    good = [first and rise <= ROSE for first, rise in zip(ahead, rises, strict=True)]
    verdict = all_some_none(good)
    fast, slow = np.concatenate(reached), np.concatenate(normal)
    arrived, late = int(np.isfinite(fast).sum()), int(np.isfinite(slow).sum())
    starts_tried = dict.fromkeys(f"{r.experiment.labels[v]} with {activation_of(r)}" for r, v in pairs)
    steps = pairs[0][0].experiment.steps
    sentence = (
        f"{condition_prefix(verdict, _where(pairs, good))}in 5 and 10 layers of 64, from "
        f"{join_words([*starts_tried])}, the loss is "
        f"halved from chance in {arrived} of {len(fast)} runs, after {format_range(fast)} steps, from standard "
        "normal weights "
        f"in {late or 'none'} of {len(slow)} in {steps} steps; it comes back up from its lowest by "
        f"{percent(max(rises))} of the chance loss with {_layers(pairs[int(np.argmax(rises))][0])}, the most, and by "
        f"{percent(min(rises))} with {_layers(pairs[int(np.argmin(rises))][0])}, the least"
        f"{other_readings(verdict, {'judged by speed alone': all_some_none(ahead)})}."
    )
    points = [
        point(r.experiment.labels[v], _layers(r), over_seeds(np.minimum(steps_to_learn(r)[v], steps)))
        for r in results.values()
        for v in (*_matched(r), variant_of(r, "normal"))
    ]
    value = over_seeds(np.minimum(fast, steps))
    axis = "steps to half the loss of chance"
    return Finding(verdict, sentence, *value, tuple(points), axis, "", False, (Bound(steps, "not reached"),))


def _where(pairs: list[tuple[Result, int]], good: list[bool]) -> list[str]:
    """The activations and depths in which every start that was tried does well."""
    fates: dict[str, list[bool]] = {}
    for (r, _), well in zip(pairs, good, strict=True):
        fates.setdefault(f"with {_layers(r)}", []).append(well)
    return [case for case, well in fates.items() if all(well)]


def _matched(result: Result) -> list[int]:
    """The variants of the heuristics that are made for the activation."""
    return [variant_of(result, start) for start in SUITED[result.experiment.activation]]


def _layers(result: Result) -> str:
    return f"{activation_of(result)} in {len(result.experiment.hidden)} layers"


CLAIMS = (
    Claim(
        "C15",
        "With the heuristics, matched to the activation, convergence is not slow and the loss does not oscillate.",
        "Steps until the batch's loss is under half of that of chance, beside those from standard normal weights, and "
        "how far the loss, smoothed over ten steps, comes back up from its lowest: single steps go up nearly as often "
        "as down in every training, and smoothed it rises only where the training oscillates. It holds where every "
        f"seed is ahead and the median rise over seeds is at most {percent(ROSE)} of the loss of chance, the least "
        "that shows as a change on all pages, and only if … where that is so with some activations and depths.",
        "steps to half the loss of chance, heuristics (median and range over networks and seeds)",
        "heuristics",
        _speed,
        _judge_speed,
        "relu 10",
        page_settings(_speed(0)["relu 10"], initializers=("he", "normal")),
    ),
)
