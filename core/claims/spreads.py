"""The small sums that turn the values of seeds into one with its range, and into a mark of a finding's chart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core import statistics
from core.claims.claim import Point

Array = np.ndarray
Spread = tuple[float, float, float]  # value, low, high


def over_seeds(values: Array) -> Spread:
    """The median of finite values, which is the average of all pages, and their lowest and highest; NaN for none."""
    return _spread(values, lambda finite: float(statistics.average(finite)))


def share_over_seeds(shares: Array) -> Spread:
    """The mean of shares, of runs or of cases, and their lowest and highest; NaN for none."""
    return _spread(shares, lambda finite: float(finite.mean()))


def paired_mean(differences: Array, comparisons: int) -> Spread:
    """The mean of paired differences over seeds, and their interval, 95 % for so many comparisons together."""
    n = len(differences)
    mean = float(differences.mean())
    half = statistics.student_quantile(n, comparisons) * float(differences.std(ddof=1)) / n**0.5
    return mean, mean - half, mean + half


def _spread(values: Array, middle: Callable[[Array], float]) -> Spread:
    finite = np.asarray(values, dtype=float).ravel()
    finite = finite[np.isfinite(finite)]
    if not finite.size:
        return float("nan"), float("nan"), float("nan")
    low, high = float(finite.min()), float(finite.max())
    return float(np.clip(middle(finite), low, high)), low, high


def point(series: str, x: float | str, spread: Spread) -> Point:
    """A mark of the chart: of which series, over or beside what, and the value with its range."""
    return Point(series, x, *spread)


def by_layer(series: str, values: Array) -> list[Point]:
    """A point a layer, from values (seed, layer) that are positive."""
    return [point(series, layer + 1, over_seeds(values[:, layer])) for layer in range(values.shape[1])]
