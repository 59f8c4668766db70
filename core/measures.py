"""What is read off a Result: factors a layer, how a run ended, and paired differences between starts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.datasets import dataset
from core.experiment import Result
from core.settings import Experiment

Array = np.ndarray

TAIL = 0.1  # the share of the last steps over which a final loss is averaged
LEARNT = 0.5  # of the chance loss: a run that ends below it has learnt
STALLED = 0.95  # of the chance loss: a run that ends above it has learnt nothing

# Student's t, two-sided 95 %, for 1 … 30 degrees of freedom.
_T95: tuple[float, ...] = (
    12.706,
    4.303,
    3.182,
    2.776,
    2.571,
    2.447,
    2.365,
    2.306,
    2.262,
    2.228,
    2.201,
    2.179,
    2.160,
    2.145,
    2.131,
)
_T95 += (2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042)


def t95(n: int) -> float:
    """Student's t for a two-sided 95 % interval of the mean of n values; ∞ for one."""
    if n < 2:
        return float("inf")
    return _T95[n - 2] if n - 2 < len(_T95) else 1.96 + 2.4 / (n - 1)


@dataclass(frozen=True)
class Factor:
    """How a size changes from one end of the hidden layers to the other, a seed each (seed,)."""

    whole: Array  # the ratio of the two ends: 0, ∞ and NaN are possible
    per_layer: Array  # its root over the layers between


def backward_factor(result: Result, variant: int) -> Factor:
    """How rms(dZ) changes going back from the last hidden layer to the first, at step 0."""
    return _factor(result.dz_rms[variant, :, 0, :-1][:, ::-1])


def forward_factor(result: Result, variant: int) -> Factor:
    """How rms(A) changes going forward from the first hidden layer to the last, at step 0."""
    return _factor(result.activation_rms[variant, :, 0, :-1])


def _factor(sizes: Array) -> Factor:
    layers = sizes.shape[1]
    with np.errstate(all="ignore"):
        whole = sizes[:, -1] / sizes[:, 0] if layers else np.full(len(sizes), np.nan)
        return Factor(whole, whole ** (1 / (layers - 1)) if layers > 1 else np.full(len(sizes), np.nan))


def chance_loss(experiment: Experiment) -> float:
    """The loss of the best prediction that ignores the input."""
    Y = dataset(experiment.dataset).Y_train
    shares = Y.mean(axis=0)
    if dataset(experiment.dataset).loss == "squared":
        return float(Y.var())
    if len(shares) == 1:
        shares = np.array([shares[0], 1 - shares[0]])
    return float(-(shares * np.log(shares)).sum())


def final_loss(result: Result) -> Array:
    """The mean loss over the last tenth of the steps (variant, seed); NaN where the run diverged."""
    last = max(1, round(TAIL * result.loss.shape[-1]))
    means = result.loss[..., -last:].mean(axis=-1)
    return np.where(np.isfinite(means), means, np.nan)


def geometric_mean(values: Array) -> float:
    """Of numbers that are not negative; 0 where one of them is."""
    with np.errstate(divide="ignore"):
        return float(np.exp(np.log(values).mean()))


def final_accuracy(result: Result) -> Array:
    """The test accuracy at the last record (variant, seed); NaN where the run diverged or there are no classes."""
    return result.test_accuracy[..., -1]


def learnt(result: Result) -> Array:
    """Whether a run (variant, seed) ended below half of the loss of chance."""
    return np.nan_to_num(final_loss(result), nan=np.inf) < LEARNT * chance_loss(result.experiment)


def diverged(result: Result) -> Array:
    """Whether a run (variant, seed) met a number that is not finite."""
    return result.diverged_at >= 0


@dataclass(frozen=True)
class Difference:
    """A paired comparison over seeds: the ratio of final losses, its 95 % interval, and whether 1 lies outside it."""

    ratio: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the 95 % interval leaves out 1."""
        return bool(self.low > 1 or self.high < 1)


def paired_ratio(result: Result, variant: int, reference: int) -> Difference:
    """Final loss of a variant over the reference's, seed by seed: geometric mean and Student's t interval.

    NaN where a run of either diverged, and without an interval (0 to ∞) for fewer than two seeds.
    """
    losses = final_loss(result)
    with np.errstate(all="ignore"):
        logs = np.log(losses[variant]) - np.log(losses[reference])
    n = len(logs)
    mean = float(logs.mean())
    if not np.isfinite(mean):
        return Difference(float("nan"), float("nan"), float("nan"))
    if n < 2:
        return Difference(float(np.exp(mean)), 0.0, float("inf"))
    half = t95(n) * float(logs.std(ddof=1)) / n**0.5
    with np.errstate(over="ignore"):
        return Difference(float(np.exp(mean)), float(np.exp(mean - half)), float(np.exp(mean + half)))
