"""What sentences lean on, defined once: how runs end, how sizes change, what differs for certain."""

import functools
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import stdtrit

from core.datasets import dataset
from core.experiment import Array, Result
from core.losses import constant_loss
from core.settings import Experiment

# Uncalibrated: right far more often than chance, at a loss that is none the better for it.
Outcome = Literal["diverged", "learned", "slow", "uncalibrated", "stalled"]
Change = Literal["vanishes", "shrinks", "keeps its size", "grows", "explodes", "varies"]

# At most one sentence in twenty that compares may be wrong by chance. Two fifths of that are held
# back: final losses are not exactly normal, as Student's t takes them to be (tests/null).
ERROR_RATE = 0.03
TAIL = 0.1  # the share of the last steps over which a final loss is averaged
LEARNED = 0.5  # of the chance loss: a run that ends below it has learned
STALLED = 0.95  # of the chance loss: a run that ends above it has learned nothing
INFORMED = 0.2  # of the way from chance accuracy to 100 %: more is no guess
VANISHED, EXPLODED = 0.1, 10.0  # then a layer needs ten times another's learning rate
HALVED, DOUBLED = 0.5, 2.0  # within these a size counts as kept
EVEN = 1.05  # times another loss: what reads as "1.0 times" is a tie, however certain it is
FEWEST_SEEDS = 3  # to call anything better: of two, a plateau that both reach looks like certainty
LEAST = 1e-3  # of the chance loss: to compare, a smaller loss is taken for it; 0 would outweigh all
_FAR = 700.0  # a logarithm beyond all that a float holds: it stands for 0 and for ∞


def final_loss(result: Result) -> Array:
    """The mean loss of the last tenth of the steps (variant, seed); NaN where the run diverged."""
    last = max(1, round(TAIL * result.loss.shape[-1]))
    with np.errstate(over="ignore"):
        means = result.loss[..., -last:].mean(axis=-1)
    return np.where(diverged(result) | ~np.isfinite(means), np.nan, means)


def final_accuracy(result: Result) -> Array:
    """The last test accuracy (variant, seed); NaN where the run diverged or without classes."""
    return np.where(diverged(result), np.nan, result.test_accuracy[..., -1])


def average(values: Array) -> Array:
    """The one average of all pages: the median of the seeds (…, seed) that have a number, else NaN."""
    ordered = np.sort(np.where(np.isfinite(values), values, np.nan), axis=-1)  # NaN last
    count = np.isfinite(values).sum(axis=-1)
    low, high = (
        np.take_along_axis(ordered, np.maximum(place, 0)[..., None], axis=-1)[..., 0]
        for place in ((count - 1) // 2, count // 2)
    )
    return np.where(low == high, low, low / 2 + high / 2)


def diverged(result: Result) -> Array:
    """Whether a run (variant, seed) met a number that is not finite."""
    return result.diverged_at >= 0


def learned(result: Result) -> Array:
    """Whether a run (variant, seed) ended below half of the chance loss."""
    return np.nan_to_num(final_loss(result), nan=np.inf) < LEARNED * chance_loss(result.experiment)


def outcome(result: Result, variant: int) -> Outcome:
    """How a variant ends, by the averages of its seeds; "diverged" where none is left."""
    return classify_end(
        float(average(final_loss(result)[variant])), float(average(final_accuracy(result)[variant])), result.experiment
    )


def classify_end(loss: float, accuracy: float, experiment: Experiment) -> Outcome:
    """The Outcome of a final loss and a test accuracy, which is NaN without classes."""
    chance = chance_loss(experiment)
    if not np.isfinite(loss):
        return "diverged"
    if loss < LEARNED * chance:
        return "learned"
    if loss <= STALLED * chance:
        return "slow"
    guessed = chance_accuracy(experiment)
    return "uncalibrated" if accuracy - guessed > INFORMED * (1 - guessed) else "stalled"


def chance_loss(experiment: Experiment) -> float:
    """The training loss of the best prediction that ignores the input."""
    data = dataset(experiment.dataset)
    return constant_loss(data.loss, data.Y_train)


def chance_accuracy(experiment: Experiment) -> float:
    """The test accuracy of always naming the class most frequent in training; NaN without classes."""
    data = dataset(experiment.dataset)
    if data.loss == "squared":
        return float("nan")
    if data.outputs == 1:
        positive = float(data.Y_test.mean())
        return positive if data.Y_train.mean() > 0.5 else 1 - positive
    return float(data.Y_test[:, data.Y_train.mean(axis=0).argmax()].mean())


@dataclass(frozen=True)
class Factor:
    """How a size changes from one end of the hidden layers to the other, a seed each (seed,)."""

    end_to_end: Array  # the ratio of the two ends: 0, ∞ and NaN are possible
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
        ratio = sizes[:, -1] / sizes[:, 0] if layers else np.full(len(sizes), np.nan)
        return Factor(ratio, ratio ** (1 / (layers - 1)) if layers > 1 else np.full(len(sizes), np.nan))


def classify_change(ratios: Array) -> Change:
    """What a size does from end to end of the layers, of its ratios (seed,); NaN counts as 0.

    The median decides: "keeps its size" within a factor 2, "vanishes" and "explodes" beyond a factor
    10, where the seeds agree: all change in that direction, or the interval of the mean logarithm
    leaves out no change. Otherwise, or with a seed a factor 10 away from a median of about 1, it varies.
    """
    with np.errstate(divide="ignore"):
        logs = np.clip(np.log(np.nan_to_num(ratios, nan=0.0, posinf=np.inf)), -_FAR, _FAR)
    middle = float(np.median(logs))
    if np.log(HALVED) <= middle <= np.log(DOUBLED):
        alike = ((logs >= np.log(VANISHED)) & (logs <= np.log(EXPLODED))).all()
        return "keeps its size" if alike else "varies"
    one_way = (np.sign(logs) == np.sign(middle)).all()
    if not one_way and abs(logs.mean()) <= student_quantile(len(logs)) * float(_standard_error(logs[None])[0]):
        return "varies"
    if middle < 0:
        return "vanishes" if middle < np.log(VANISHED) else "shrinks"
    return "explodes" if middle > np.log(EXPLODED) else "grows"


def student_quantile(seeds: int, comparisons: int = 1) -> float:
    """Two-sided quantile of Student's t at 1 − ERROR_RATE, by Bonferroni; infinity for one seed."""
    return float(stdtrit(seeds - 1, 1 - ERROR_RATE / 2 / max(1, comparisons))) if seeds > 1 else float("inf")


@dataclass(frozen=True)
class Comparison:
    """Final losses beside the lowest one's, by variant; NaN where a seed diverged."""

    average: Array  # (variant,): of its final losses
    best: int  # the variant with the lowest average
    ratio: Array  # (variant,): to the best's loss, the geometric mean over paired seeds
    low: Array  # the interval leaves out 1 where the difference is certain
    high: Array

    @property
    def tied(self) -> Array:
        """Which variants (variant,) cannot be told from the best, itself among them."""
        alike = (np.nan_to_num(self.low, nan=np.inf) <= 1) | (np.nan_to_num(self.ratio, nan=np.inf) < EVEN)
        # One with no higher average than a tied one is tied too: its seeds only spread less.
        return alike | (self.average <= self.average[alike].max())


def compare_losses(losses: Array, chance: float) -> Comparison | None:
    """Compare final losses (variant, seed), NaN where a run diverged; None where all variants have one.

    By Student's t of the paired log ratios to the best; under three seeds no interval is finite.
    """
    complete = np.isfinite(losses).all(axis=1)
    if not complete.any():
        return None
    averages = np.where(complete, average(losses), np.nan)
    best = int(np.nanargmin(averages))
    logs = np.log(np.maximum(losses, LEAST * chance))
    differences = logs - logs[best]
    middle, error = differences.mean(axis=1), _standard_error(differences)
    quantile = selection_quantile(int(complete.sum()), losses.shape[1])
    # Seeds that differ by the very same factor leave no doubt, if there are enough of them.
    half = np.where(error > 0, quantile * np.where(error > 0, error, 1.0), 0.0 if quantile < np.inf else np.inf)
    with np.errstate(over="ignore", invalid="ignore"):
        ratio, low, high = (np.where(complete, np.exp(x), np.nan) for x in (middle, middle - half, middle + half))
    low[best] = high[best] = 1.0
    return Comparison(averages, best, ratio, low, high)


@functools.cache
def selection_quantile(variants: int, seeds: int) -> float:
    """The t that paired differences to the best of so many variants stay under where all are alike.

    In 1 − ERROR_RATE of simulated cases with normal logarithms of one variance: a max-t correction
    (Hothorn et al. 2008) that knows how the best was picked; other variances and skew only lower the
    error rate (tests/null). Infinity for fewer than FEWEST_SEEDS, and 0 for one variant.
    """
    if seeds < FEWEST_SEEDS or variants < 2:
        return float("inf") if seeds < FEWEST_SEEDS else 0.0
    trials = max(1000, min(20_000, 4_000_000 // (variants * seeds)))
    logs = np.random.default_rng(0).standard_normal((trials, variants, seeds))
    best = average(logs).argmin(axis=1)
    differences = logs - np.take_along_axis(logs, best[:, None, None], axis=1)
    error = _standard_error(differences)
    t = differences.mean(axis=2) / np.where(error > 0, error, np.inf)  # the best's own is 0
    return float(np.quantile(t.max(axis=1), 1 - ERROR_RATE))


def _standard_error(values: Array) -> Array:
    """The standard error of the means over seeds of values (…, seed); infinity for one seed."""
    n = values.shape[-1]
    return values.std(axis=-1, ddof=1) / np.sqrt(n) if n > 1 else np.full(values.shape[:-1], np.inf)
