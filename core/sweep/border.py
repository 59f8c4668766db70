"""A map beside theory: which networks learn, and where they should.

Deeper than 6 ξ the gradient has vanished, or exploded; where χ = 1 it does neither at any depth.
"""

import math
from dataclasses import dataclass

import numpy as np

from core import wording
from core.initializers import INITIALIZERS
from core.settings import Experiment
from core.sweep.axes import Axis
from core.sweep.running import SweepResult
from core.sweep.sweep import Sweep
from core.theory.expectations import HOMOGENEOUS, Array
from core.theory.gains import TRAINABLE, deepest_trainable, hidden_gain
from core.verdicts.verdict import Verdict, choose_short

POINTS = 65  # along an axis
FAR = 1e6
COARSE, FINE = 17, 5  # along each of two axes that change the start, and between two values where χ passes 1
# The settings on which ξ depends, the one first on which it does most; width where weights do not make up for it.
STARTS = ("gain", "noise", "width", "bias_std")


@dataclass(frozen=True)
class Border:
    """Points on theory's border, or why there are none."""

    x: Array  # (point,), of one curve in its order; of straight lines where they cross the axis
    y: Array
    critical: Array  # values of the setting that ξ depends on where χ = 1 and the limit is without end
    sentence: str
    name: str = "theory's depth limit"  # of the line


def border(sweep: Sweep) -> Border:
    """Theory's border on a map: depth = 6 ξ, a curve over the one setting that ξ depends on.

    Straight lines where depth, or that setting, is no axis; where both axes are such settings, the curve χ = 1.
    """
    starts = sorted((axis for axis in (sweep.x, sweep.y) if axis.name in STARTS), key=lambda a: STARTS.index(a.name))
    depths = [axis for axis in (sweep.x, sweep.y) if axis.name == "depth"]
    nothing = np.array([])
    if not sweep.base.is_plain:
        return Border(nothing, nothing, nothing, "Theory's limit is for layers without normalization and skips.")
    if np.isnan(deepest_trainable(sweep.base)):
        law = INITIALIZERS[sweep.base.variants[0].initializer].label
        return Border(nothing, nothing, nothing, f"Theory has no limit for {law} weights.")
    if not starts and not depths:
        names = f"{sweep.y.kind.label} and {sweep.x.kind.label}"
        return Border(nothing, nothing, nothing, f"Theory has no limit for {names}: it is about the first step alone.")
    if len(starts) == 2:
        return _critical_line(sweep, *starts)
    if not starts:
        limit = deepest_trainable(sweep.experiment((0, 0)))
        return _make_depth_border(sweep, depths[0], np.full(2, limit), np.array([-np.inf, np.inf]), nothing)
    values = _space_values(starts[0])
    log_chi = _log_chi(sweep.experiment((0, 0)), starts[0], values)
    limits = TRAINABLE / np.maximum(np.abs(log_chi), 1 / FAR)
    critical = _find_crossings(values, log_chi)
    if depths:
        values = np.concatenate([values, critical])
        order = np.argsort(values, kind="stable")
        limits = np.concatenate([limits, np.full(len(critical), np.inf)])
        return _make_depth_border(sweep, depths[0], limits[order], values[order], critical)
    crossed = _find_crossings(values, np.log(limits / len(sweep.base.hidden)))
    lines = (crossed, nothing) if starts[0] == sweep.x else (nothing, crossed)
    depth = wording.count_things(len(sweep.base.hidden), "hidden layer")
    if len(crossed):
        return Border(*lines, critical, f"Dashed: there theory's depth limit is {depth}.")
    beyond = "over" if limits.min() > len(sweep.base.hidden) else "under"
    return Border(*lines, critical, f"Theory's depth limit is {beyond} {depth} everywhere on this map.")


def _critical_line(sweep: Sweep, steep: Axis, other: Axis) -> Border:
    """The curve χ = 1: for values of the other axis, where χ passes 1 along the steep one."""
    steep_values: list[float] = []
    other_values: list[float] = []
    for value in _space_values(other, COARSE):
        network = other.change(sweep.experiment((0, 0)), value)
        values = _space_values(steep, COARSE)
        for _ in range(1 if steep.kind.is_integer else 2):  # then between the two that it passes 1 between
            found = _find_crossings(values, _log_chi(network, steep, values))[:1]
            if len(found):
                above = int(np.searchsorted(values, found[0]))
                values = np.linspace(values[above - 1], values[above], FINE)
        steep_values.extend(found)
        other_values.extend([value] * len(found))
    points = np.array(steep_values), np.array(other_values)
    x, y = points if steep == sweep.x else points[::-1]
    somewhere = "Dashed: there, says theory, the gradient keeps its size at any depth."
    nowhere = "Where the gradient keeps its size at any depth, by theory, is not on this map."
    return Border(x, y, np.array([]), somewhere if other_values else nowhere, "the gradient keeps its size")


def _make_depth_border(sweep: Sweep, depth: Axis, limits: Array, values: Array, critical: Array) -> Border:
    points = (values, limits) if depth == sweep.y else (limits, values)
    times = wording.number(math.exp(TRAINABLE / 2))  # ξ layers change the mean square by a factor e
    sentence = f"Dashed: at theory's depth limit the gradient has changed {times}-fold (Schoenholz et al. 2017)."
    network = sweep.base
    if len(critical) and network.variants[0].bias_std and network.activation not in HOMOGENEOUS:
        sentence += " Random biases shift the place where it keeps its size."
    return Border(*points, critical, sentence)


def _space_values(axis: Axis, count: int = POINTS) -> Array:
    """`count` values from end to end of the axis, as it is divided, or fewer integers."""
    values = (np.geomspace if axis.is_log else np.linspace)(axis.values[0], axis.values[-1], count)
    return np.unique(values.round().astype(int)) if axis.kind.is_integer else values


def _log_chi(network: Experiment, axis: Axis, values: Array) -> Array:
    """ln χ of a network at values of an axis, within what a depth can tell from 0 and from ∞."""
    gains = [hidden_gain(axis.change(network, value)) for value in values]
    with np.errstate(divide="ignore"):
        return np.clip(np.log([gain.chi if gain else np.nan for gain in gains]), -FAR, FAR)


def _find_crossings(values: Array, heights: Array) -> Array:
    """The points at which heights, at these values, pass 0, on straight lines between them."""
    passed = np.flatnonzero((heights[:-1] < 0) != (heights[1:] < 0))
    share = heights[passed] / (heights[passed] - heights[passed + 1])
    return values[passed] + share * (values[passed + 1] - values[passed])


def verdict(result: SweepResult, theory: Border) -> Verdict:
    """The banner of a map, of the cells that are trained, beside theory's border on it."""
    finished = result.finished
    ends = {"learn": result.learned, "overflow": result.diverged, "stall": result.stalled}
    shares = {verb: float(which[finished].mean()) for verb, which in ends.items()}
    head = f"**{wording.percent(shares.pop('learn'))} of networks learn**"
    if found := _by_depth(result, theory):
        reached, expected = _depths_reached(*found[1:])
        agreement = _agreement(*found)
    else:
        most = max(shares, key=lambda verb: shares[verb])
        reached = f"; {wording.percent(shares[most])} {most}" if shares[most] else ""
        expected = agreement = ""
    sentence = choose_short(*(f"{head}{rest}." for rest in (f"{reached}{expected}", reached, "")))

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


def _by_depth(result: SweepResult, theory: Border) -> tuple[Axis, Axis, np.ndarray, np.ndarray] | None:
    """The axis of depth, the other one, how deep networks learn at its values, and theory's limits, or NaN.

    The depth reached is that of the last cell before the first that does not learn, 0 if none.
    """
    sweep = result.sweep
    trains = np.where(result.finished, result.learned.mean(axis=2), 0) >= 0.5  # half of a cell's seeds
    if sweep.y.name == "depth":
        depths, other, points, limits = sweep.y, sweep.x, theory.x, theory.y
    elif sweep.x.name == "depth":
        depths, other, points, limits, trains = sweep.x, sweep.y, theory.y, theory.x, trains.T
    else:
        return None
    counts = np.argmin(np.vstack([trains, np.zeros(trains.shape[1], dtype=bool)]), axis=0)
    reached = np.array([0, *depths.values])[counts]
    if len(points) < 3 or not len(limits):
        return depths, other, reached, np.full(len(reached), np.nan)
    # Of the border's points: 1/limit is |ln χ|/6, which is all but straight between two of them.
    return depths, other, reached, 1 / np.maximum(np.interp(other.values, points, 1 / limits), 1e-9)


def _depths_reached(other: Axis, reached: np.ndarray, limits: np.ndarray) -> tuple[str, str]:
    """How deep networks learn at the usual value of the other axis, and theory's limit there."""
    index = len(other.values) // 2
    if other.name == "gain":  # where it is nearest to 1
        index = min(range(len(other.values)), key=lambda k: abs(math.log(max(other.values[k], 1e-9))))
    value = wording.format_setting(other.values[index])
    units = other.kind.label.split(" per ")[0]
    where = f"with {value} {units}" if other.kind.is_count else f"at {other.kind.label} {value}"
    deepest = f" up to {wording.count_things(int(reached[index]), 'layer')}" if reached[index] else " none does"
    limit = float(limits[index])
    layers = "under 1" if limit < 1 else wording.number(limit) if limit < 1000 else "over 1000"
    return f"; {where}{deepest}", "" if math.isnan(limit) else f" (theory: {layers})"


def _agreement(depths: Axis, other: Axis, reached: np.ndarray, limits: np.ndarray) -> str:
    """How far networks learn in units of theory's limit, where that is on the map."""
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
