"""The small sums that turn the values of seeds into one with its range, and into a mark of a finding's chart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core import statistics
from core.claims.claim import Point

Array = np.ndarray
Spread = tuple[float, float, float]  # value, low, high


def over_seeds(values: Array, mean: Callable[[Array], float] = np.mean) -> Spread:
    """The mean of finite values, and their lowest and highest; NaN where there is none."""
    finite = np.asarray(values, dtype=float).ravel()
    finite = finite[np.isfinite(finite)]
    if not finite.size:
        return float("nan"), float("nan"), float("nan")
    low, high = float(finite.min()), float(finite.max())
    return float(np.clip(mean(finite), low, high)), low, high


def over_seeds_log(values: Array) -> Spread:
    """The geometric mean of finite values, and their lowest and highest."""
    return over_seeds(values, _geometric_mean)


def paired_mean(differences: Array) -> Spread:
    """The mean of paired differences over seeds, with Student's 95 % interval."""
    n = len(differences)
    mean = float(differences.mean())
    half = statistics.student_quantile(n) * float(differences.std(ddof=1)) / n**0.5
    return mean, mean - half, mean + half


def _geometric_mean(values: Array) -> float:
    with np.errstate(divide="ignore"):
        return float(np.exp(np.log(values).mean()))


def point(series: str, x: float | str, spread: Spread) -> Point:
    """A mark of the chart: of which series, over or beside what, and the value with its range."""
    return Point(series, x, *spread)


def by_layer(series: str, values: Array) -> list[Point]:
    """A point a layer, from values (seed, layer) that are positive."""
    return [point(series, layer + 1, over_seeds_log(values[:, layer])) for layer in range(values.shape[1])]
