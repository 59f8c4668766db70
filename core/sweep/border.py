"""Theory on a map: deeper than 6 ξ the gradient has vanished, or exploded; where χ = 1 it does neither at any depth."""

import math
from dataclasses import dataclass

import numpy as np

from core import wording
from core.initializers import INITIALIZERS
from core.settings import Experiment
from core.sweep.axes import Axis
from core.sweep.sweep import Sweep
from core.theory.expectations import HOMOGENEOUS, Array
from core.theory.gains import TRAINABLE, deepest_trainable, hidden_gain

POINTS = 65  # along an axis
FAR = 1e6
COARSE, FINE = 17, 5  # along each of two axes that change the start, and between two values where χ passes 1
# The settings on which ξ depends, the one first on which it does most; width only where the law of the weights does not
# make up for it.
STARTS = ("gain", "noise", "width", "bias_std")


@dataclass(frozen=True)
class Border:
    """Points on theory's border, or why there are none."""

    x: Array  # (point,), of one curve in its order; of straight lines the values they cross the axis at
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
        return _placed(sweep, depths[0], np.full(2, limit), np.array([-np.inf, np.inf]), nothing)
    values = _between(starts[0])
    log_chi = _log_chi(sweep.experiment((0, 0)), starts[0], values)
    limits = TRAINABLE / np.maximum(np.abs(log_chi), 1 / FAR)
    critical = _crossings(values, log_chi)
    if depths:
        values = np.concatenate([values, critical])
        places = np.argsort(values, kind="stable")
        limits = np.concatenate([limits, np.full(len(critical), np.inf)])
        return _placed(sweep, depths[0], limits[places], values[places], critical)
    crossed = _crossings(values, np.log(limits / len(sweep.base.hidden)))
    lines = (crossed, nothing) if starts[0] == sweep.x else (nothing, crossed)
    depth = wording.count_things(len(sweep.base.hidden), "hidden layer")
    if len(crossed):
        return Border(*lines, critical, f"Dashed: there theory's depth limit is {depth}.")
    beyond = "over" if limits.min() > len(sweep.base.hidden) else "under"
    return Border(*lines, critical, f"Theory's depth limit is {beyond} {depth} everywhere on this map.")


def _critical_line(sweep: Sweep, steep: Axis, other: Axis) -> Border:
    """The curve χ = 1 over both axes: for values of the other one, where χ passes 1 along the steep one."""
    across: list[float] = []
    up: list[float] = []
    for place in _between(other, COARSE):
        network = other.change(sweep.experiment((0, 0)), place)
        values = _between(steep, COARSE)
        for _ in range(1 if steep.kind.is_whole else 2):  # the second time between the two that it passes 1 between
            height = _log_chi(network, steep, values)
            found = _crossings(values, height)[:1]
            if len(found):
                place_above = int(np.searchsorted(values, found[0]))
                values = np.linspace(values[place_above - 1], values[place_above], FINE)
        across.extend(found)
        up.extend([place] * len(found))
    points = (np.array(across), np.array(up)) if steep == sweep.x else (np.array(up), np.array(across))
    somewhere = "Dashed: there, says theory, the gradient keeps its size at any depth."
    nowhere = "Where the gradient keeps its size at any depth, by theory, is not on this map."
    return Border(*points, np.array([]), somewhere if up else nowhere, "the gradient keeps its size")


def _placed(sweep: Sweep, depth: Axis, limits: Array, values: Array, critical: Array) -> Border:
    points = (values, limits) if depth == sweep.y else (limits, values)
    times = wording.number(math.exp(TRAINABLE / 2))  # ξ layers change the mean square by a factor e
    sentence = f"Dashed: at theory's depth limit the gradient has changed {times}-fold (Schoenholz et al. 2017)."
    network = sweep.base
    if len(critical) and network.variants[0].bias_std and network.activation not in HOMOGENEOUS:
        sentence += " Random biases shift the place where it keeps its size."
    return Border(*points, critical, sentence)


def _between(axis: Axis, count: int = POINTS) -> Array:
    """So many values from end to end of the axis, as it is divided."""
    values = (np.geomspace if axis.is_log else np.linspace)(axis.values[0], axis.values[-1], count)
    return np.unique(values.round().astype(int)) if axis.kind.is_whole else values


def _log_chi(network: Experiment, axis: Axis, values: Array) -> Array:
    """ln χ of a network at values of an axis, within what a depth can tell from 0 and from ∞."""
    gains = [hidden_gain(axis.change(network, value)) for value in values]
    with np.errstate(divide="ignore"):
        return np.clip(np.log([gain.chi if gain else np.nan for gain in gains]), -FAR, FAR)


def _crossings(values: Array, height: Array) -> Array:
    """Where a height passes 0, on straight lines between the values."""
    passed = np.flatnonzero((height[:-1] < 0) != (height[1:] < 0))
    share = height[passed] / (height[passed] - height[passed + 1])
    return values[passed] + share * (values[passed + 1] - values[passed])
