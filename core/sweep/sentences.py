"""A map in one sentence: how many of its networks learn, and how deep, beside what theory expects."""

import math

import numpy as np

from core import wording
from core.sweep.axes import Axis
from core.sweep.border import Border
from core.sweep.running import SweepResult
from core.verdicts.verdict import Verdict, choose_short

HALF = 0.5  # of a cell's seeds: so many have to learn for the cell to count


def verdict(result: SweepResult, border: Border) -> Verdict:
    """The banner of a map, of the cells that are trained, beside theory's border on it."""
    finished = result.finished
    ends = {"learn": result.learned, "overflow": result.diverged, "stall": result.stalled}
    shares = {verb: float(which[finished].mean()) for verb, which in ends.items()}
    head = f"**{wording.percent(shares.pop('learn'))} of networks learn**"
    if found := _by_depth(result, border):
        reached, theory = _depths_reached(*found[1:])
        agreement = _agreement(*found)
    else:
        most = max(shares, key=lambda verb: shares[verb])
        reached = f"; {wording.percent(shares[most])} {most}" if shares[most] else ""
        theory = agreement = ""
    sentence = choose_short(*(f"{head}{rest}." for rest in (f"{reached}{theory}", reached, "")))

    networks = int(finished.sum()) * result.sweep.base.seeds
    counts = {verb: int(which.sum()) for verb, which in ends.items()}
    learn, overflow, stall = (f"{count:,} {wording.conjugate(verb, count)}" for verb, count in counts.items())
    between = networks - sum(counts.values())
    rest = f" The other {'one ends' if between == 1 else f'{between:,} end'} in between." if between else ""
    details = (
        f"Of {wording.count_things(networks, 'network')}, {learn} (loss under half of guessing's), {overflow} and "
        f"{stall} (no better than guessing).{rest} {agreement}"
    )
    return Verdict("neutral", sentence, details.strip())


def _by_depth(result: SweepResult, border: Border) -> tuple[Axis, Axis, np.ndarray, np.ndarray] | None:
    """The axis of depth, the other one, how deep networks learn at each value of it, and theory's limit there.

    The depth reached is that of the last cell before the first that does not learn, 0 if none; None without such an
    axis. A limit is NaN where theory has none.
    """
    sweep = result.sweep
    trains = np.where(result.finished, result.learned.mean(axis=2), 0) >= HALF
    if sweep.y.name == "depth":
        depths, other, places, limits = sweep.y, sweep.x, border.x, border.y
    elif sweep.x.name == "depth":
        depths, other, places, limits, trains = sweep.x, sweep.y, border.y, border.x, trains.T
    else:
        return None
    counts = np.argmin(np.vstack([trains, np.zeros(trains.shape[1], dtype=bool)]), axis=0)
    reached = np.array([0, *depths.values])[counts]
    if len(places) < 3 or not len(limits):
        return depths, other, reached, np.full(len(reached), np.nan)
    # Of the border's points: 1/limit is |ln χ|/6, which is all but straight between two of them.
    return depths, other, reached, 1 / np.maximum(np.interp(other.values, places, 1 / limits), 1e-9)


def _depths_reached(other: Axis, reached: np.ndarray, limits: np.ndarray) -> tuple[str, str]:
    """How deep networks learn at the usual value of the other axis, and theory's limit there."""
    place = len(other.values) // 2
    if other.name == "gain":  # where it is nearest to 1
        place = min(range(len(other.values)), key=lambda k: abs(math.log(max(other.values[k], 1e-9))))
    value = wording.format_setting(other.values[place])
    units = other.kind.label.split(" per ")[0]
    where = f"with {value} {units}" if other.kind.is_count else f"at {other.kind.label} {value}"
    deepest = f" up to {wording.count_things(int(reached[place]), 'layer')}" if reached[place] else " none does"
    limit = float(limits[place])
    layers = "under 1" if limit < 1 else wording.number(limit) if limit < 1000 else "over 1000"
    return f"; {where}{deepest}", "" if math.isnan(limit) else f" (theory: {layers})"


def _agreement(depths: Axis, other: Axis, reached: np.ndarray, limits: np.ndarray) -> str:
    """How far networks learn in units of theory's limit, where it lies on the map; "" where it lies nowhere on it."""
    on_map = (limits >= depths.values[0]) & (limits < depths.values[-1])
    if not on_map.any():
        return ""
    ratios = reached[on_map] / limits[on_map]
    values = wording.count_things(int(on_map.sum()), "value")
    where = f"At {values} of {other.kind.label} theory's depth limit is on the map"
    if not ratios.any():
        return f"{where}, and no network learns there."
    sooner = " Few steps, or a learning rate that does not suit the depth, can end it sooner." * bool(ratios.min() < 1)
    return f"{where}; the deepest networks that learn have {wording.format_range(ratios)} times that depth.{sooner}"
