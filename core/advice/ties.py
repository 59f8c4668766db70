"""Which starts cannot be told from the best: every pair compared over paired seeds, all comparisons corrected at once.

Choosing the best of many makes chance look like merit. The threshold is therefore one that the largest of all paired
t statistics passes in 5 % of the cases where no start is better than another: those cases are the data's own, with the
signs of seeds' differences flipped in every way (Westfall & Young 1993, Resampling-Based Multiple Testing).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

Array = np.ndarray

CONFIDENCE = 0.95
MOST_FLIPS = 2048  # of signs; all of them up to twelve seeds
SMALLEST = 1e-12  # a loss below it is taken for it


@dataclass(frozen=True)
class Comparison:
    """Final losses beside the lowest one's, by start: all NaN where a start is not comparable."""

    best: int
    ratio: Array  # (start,): of geometric means over seeds
    low: Array  # (start,): of an interval that holds all ratios together in 95 % of cases
    high: Array

    @property
    def tied(self) -> Array:
        """Which starts (start,) cannot be told from the best, itself among them."""
        return np.nan_to_num(self.low, nan=np.inf) <= 1


def compare(losses: Array) -> Comparison:
    """Compare final losses (start, seed): NaN marks a run that diverged, which leaves its start out of comparison.

    ValueError where no start is left.
    """
    usable = np.isfinite(losses).all(axis=1)
    if not usable.any():
        raise ValueError("no start is comparable: each has a run that diverged")
    logs = np.log(np.maximum(losses, SMALLEST), where=np.isfinite(losses), out=np.full(losses.shape, np.nan))
    means = np.where(usable, logs.mean(axis=1), np.inf)
    best = int(means.argmin())
    differences = logs - logs[best]
    middle = np.where(usable, differences.mean(axis=1), np.nan)
    error = _standard_error(differences)
    half = np.where(error > 0, threshold(logs[usable]) * np.where(error > 0, error, 1.0), 0.0)
    with np.errstate(over="ignore"):
        low, high = np.exp(middle - half), np.exp(middle + half)
    low[best] = high[best] = 1.0
    return Comparison(best, np.exp(middle), np.where(usable, low, np.nan), np.where(usable, high, np.nan))


def threshold(logs: Array) -> float:
    """The size that a paired t statistic must pass, of log losses (start, seed); ∞ where so few seeds cannot tell."""
    starts, n = logs.shape
    pairs = np.array([*combinations(range(starts), 2)], dtype=int).reshape(-1, 2)
    differences = logs[pairs[:, 0]] - logs[pairs[:, 1]]
    differences = differences[_standard_error(differences) > 0]
    if n < 2 or not len(differences):
        return np.inf
    means = _signs(n) @ differences.T / n  # (flip, pair)
    variance = ((differences**2).mean(axis=1) - means**2) / (n - 1)
    with np.errstate(divide="ignore"):
        largest = (np.abs(means) / np.sqrt(np.maximum(variance, 0))).max(axis=1)
    return float(np.quantile(largest, CONFIDENCE, method="higher"))


def _signs(n: int) -> Array:
    """Ways to flip the signs of n seeds (flip, seed): all 2ⁿ, the first seed's kept, or a fixed sample of many."""
    if 2 ** (n - 1) <= MOST_FLIPS:
        return 1.0 - 2.0 * ((np.arange(2 ** (n - 1))[:, None] >> np.arange(n)) & 1)
    drawn = np.random.default_rng(0).integers(0, 2, (MOST_FLIPS - 1, n))
    return np.vstack([np.ones(n), 1.0 - 2.0 * drawn])


def _standard_error(differences: Array) -> Array:
    n = differences.shape[1]
    return differences.std(axis=1, ddof=1) / np.sqrt(n) if n > 1 else np.full(len(differences), np.inf)
