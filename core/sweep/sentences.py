"""A map in one sentence: how many of its networks train, and how deep, beside what theory expects."""

from __future__ import annotations

import math

import numpy as np

from core import wording
from core.sweep.axes import Axis
from core.sweep.border import STARTS
from core.sweep.results import SweepResult
from core.theory.gains import deepest_trainable
from core.verdicts import Verdict

HALF = 0.5  # of a cell's seeds: so many have to train for the cell to count


def verdict(result: SweepResult) -> Verdict:
    """The banner of a map, of the cells that are trained."""
    finished = result.finished
    networks = int(finished.sum()) * result.sweep.base.seeds
    trained = wording.percent(float(result.learned[finished].mean()))
    sentence = f"{trained} of {networks:,} networks train{_depth_reached(result)}."
    return Verdict("neutral", sentence, _details(result, networks))


def _details(result: SweepResult, networks: int) -> str:
    counts = {
        "train: their loss ends under half of guessing's": result.learned,
        "overflow": result.diverged,
        "stall: they end no better than guessing": result.stalled,
    }
    parts = [f"{int(which.sum()):,} {words}" for words, which in counts.items()]
    return f"Of {networks:,} networks, {wording.join_words(parts)}; the others are between."


def _depth_reached(result: SweepResult) -> str:
    """How deep networks train at the usual value of the other axis, and theory's limit; else how the others end."""
    sweep = result.sweep
    trains = np.where(result.finished, result.learned.mean(axis=2), 0) >= HALF
    if sweep.y.name == "depth":
        depths, other = sweep.y, sweep.x
    elif sweep.x.name == "depth":
        depths, other, trains = sweep.x, sweep.y, trains.T
    else:
        shares = [wording.percent(float(which[result.finished].mean())) for which in (result.diverged, result.stalled)]
        return f", {shares[0]} overflow, {shares[1]} stall"
    place = _usual_place(other)
    reached = int(np.argmin([*trains[:, place], False]))  # how many trained before the first that did not
    where = f"at {other.kind.label} {wording.format_setting(other.values[place])}"
    down = f"down to {wording.count_things(int(depths.values[reached - 1]), 'layer')}" if reached else "none does"
    return f"; {where} {down}{_limit(result, other, place)}"


def _usual_place(axis: Axis) -> int:
    """Where the gain is nearest to 1, and in the middle of any other axis."""
    if axis.name != "gain":
        return len(axis.values) // 2
    return min(range(len(axis.values)), key=lambda k: abs(math.log(max(axis.values[k], 1e-9))))


def _limit(result: SweepResult, other: Axis, place: int) -> str:
    sweep = result.sweep
    cell = (0, place) if other == sweep.x else (place, 0)
    limit = deepest_trainable(sweep.experiment(cell))
    if other.name not in STARTS or not math.isfinite(limit):
        return ""
    return f", theory's limit 6 ξ is {wording.number(limit) if limit < 1000 else 'over 1000'}"
