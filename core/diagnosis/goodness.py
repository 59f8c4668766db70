"""Whether a matrix can be independent draws of a shape at a scale: eight tests, each with its own probability.

Marginal tests alone would pass weights that training has moved little: what it adds shows first in the units' means and
sizes, and in singular values that stand out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.diagnosis.shapes import Shape

Array = np.ndarray

FEWEST = 8  # entries: of fewer nothing is said
SAMPLED = 20_000  # entries that the distribution function is compared on
NARROW = 12  # terms from which a sum of squares is near enough to a gamma distribution, whatever the shape

# The Tracy–Widom law of the largest eigenvalue is close to a gamma distribution, shifted (Chiani 2014).
_TW_SHAPE, _TW_SCALE, _TW_SHIFT = 46.446, 0.186054, 9.84801

# What is unlike a fresh draw when a test fails, in words.
SAID = {
    "scale": "the std is not that law's",
    "mean": "their mean is not 0",
    "distribution": "their distribution has another shape",
    "largest": "the largest of them does not fit",
    "unit means": "units differ in their mean weight",
    "input means": "inputs differ in their mean weight",
    "unit sizes": "units differ in size",
    "input sizes": "inputs differ in size",
    "spectrum": "a few directions stand out from the rest",
}


@dataclass(frozen=True)
class Sample:
    """What the tests read of W (n_out, fan_in): everything is computed once, in float64.

    `rounding` is the relative precision its entries were stored in, `top` its largest singular value (NaN: unknown).
    """

    W: Array
    rounding: float
    top: float

    @cached_property
    def squares(self) -> Array:
        """W², of its shape."""
        return np.square(self.W, dtype=np.float64)

    @cached_property
    def rms(self) -> float:
        """The root of the mean square of all entries."""
        return math.sqrt(self.squares.mean())

    @cached_property
    def largest(self) -> float:
        """The largest absolute value of an entry."""
        return float(np.abs(self.W).max())

    @cached_property
    def ordered(self) -> Array:
        """The entries in ascending order: SAMPLED of them, always the same, where there are more."""
        flat = self.W.ravel()
        if flat.size > SAMPLED:
            flat = np.random.default_rng(0).choice(flat, SAMPLED, replace=False)
        return np.sort(flat.astype(np.float64))

    @cached_property
    def means(self) -> tuple[Array, Array]:
        """Of every unit and of every input."""
        return self.W.mean(axis=1, dtype=np.float64), self.W.mean(axis=0, dtype=np.float64)

    @cached_property
    def mean_squares(self) -> tuple[Array, Array]:
        """Of every unit and of every input."""
        return self.squares.mean(axis=1), self.squares.mean(axis=0)


def probabilities(sample: Sample, shape: Shape, std: float, *, fitted: bool = False) -> dict[str, float]:
    """The probability, by test, of what is at least as unlikely as the sample under draws of this shape and std.

    With `fitted` the std was read off the sample itself, and what that decides is not tested: the scale where there is
    no bound, the largest entry where there is one.
    """
    if sample.W.size < FEWEST:
        return {}
    units, inputs = sample.W.shape
    found = {
        "scale": _gamma(sample.rms**2 / std**2, shape.kurtosis, sample.W.size),
        "mean": _two_sided(float(sample.W.mean(dtype=np.float64)) * math.sqrt(sample.W.size) / std),
        "largest": _largest(sample, shape, std),
        "unit means": _spread_of_means(sample.means[0] / std, inputs, shape.kurtosis),
        "input means": _spread_of_means(sample.means[1] / std, units, shape.kurtosis),
        "unit sizes": _spread_of_sizes(sample.mean_squares[0] / std**2, inputs, shape.kurtosis),
        "input sizes": _spread_of_sizes(sample.mean_squares[1] / std**2, units, shape.kurtosis),
        "spectrum": _spectrum(sample.top / std, units, inputs),
    }
    if fitted:
        del found["scale" if math.isinf(shape.bound) else "largest"]
    # The one test that takes long is left out where the others have decided.
    if min(found.values()) > 1e-12:
        found["distribution"] = _kolmogorov(sample.ordered / std, shape)
    return found


def _two_sided(z: float) -> float:
    return math.erfc(abs(z) / math.sqrt(2))


def _gamma_score(mean: float | Array, kurtosis: float, terms: int) -> Array:
    """The mean of so many squares, as a standard normal score: of gamma distributions of the same mean and variance.

    The cube root of Wilson & Hilferty 1931; a sum of n squares of a shape spreads like 2n/(κ − 1) degrees of freedom.
    """
    freedom = 2 * terms / (kurtosis - 1)
    return (np.cbrt(mean) - (1 - 2 / (9 * freedom))) / math.sqrt(2 / (9 * freedom))


def _gamma(mean: float, kurtosis: float, terms: int) -> float:
    return _two_sided(float(_gamma_score(mean, kurtosis, terms)))


def _spread_of_means(means: Array, terms: int, kurtosis: float) -> float:
    """Whether means of so many entries differ no more than chance lets them."""
    return _gamma(float((means * means).mean()) * terms, 3 + (kurtosis - 3) / terms, len(means))


def _spread_of_sizes(mean_squares: Array, terms: int, kurtosis: float) -> float:
    """Whether mean squares of so many entries differ no more than chance lets them."""
    if terms < NARROW:
        return 1.0
    scores = _gamma_score(mean_squares, kurtosis, terms)
    return _gamma(float((scores * scores).mean()), 3.0, len(scores))


def _largest(sample: Sample, shape: Shape, std: float) -> float:
    """Of the largest of n entries, exactly: F(t)ⁿ; what rounding may have added or taken is granted."""
    low, high = sample.largest * (1 - sample.rounding) / std, sample.largest * (1 + sample.rounding) / std
    if low > shape.bound:
        return 0.0
    below = 2 * float(shape.cdf(np.array([min(high, shape.bound)]))[0]) - 1
    at_most = below**sample.W.size if below > 0 else 0.0
    beyond = math.erfc(low / math.sqrt(2)) if math.isinf(shape.bound) else 1.0
    at_least = 1.0 if beyond == 1.0 else -math.expm1(sample.W.size * math.log1p(-beyond))
    return min(1.0, 2 * min(at_most, at_least))


def _kolmogorov(ordered: Array, shape: Shape) -> float:
    """Kolmogorov and Smirnov's test, with Stephens's (1970) correction for few entries."""
    n, F = len(ordered), shape.cdf(ordered)
    steps = np.arange(n + 1) / n
    distance = max(float((steps[1:] - F).max()), float((F - steps[:-1]).max()))
    reach = (math.sqrt(n) + 0.12 + 0.11 / math.sqrt(n)) * distance
    if reach < 0.3:  # the series below converges slowly, to 1
        return 1.0
    return min(1.0, 2 * sum((-1) ** (k - 1) * math.exp(-2 * (k * reach) ** 2) for k in range(1, 30)))


def _spectrum(top: float, units: int, inputs: int) -> float:
    """Whether the largest singular value stands out (Johnstone 2001, of the largest eigenvalue of W Wᵀ)."""
    if not math.isfinite(top) or min(units, inputs) < NARROW:
        return 1.0
    long, short = math.sqrt(max(units, inputs) - 1), math.sqrt(min(units, inputs))
    center, width = (long + short) ** 2, (long + short) * (1 / long + 1 / short) ** (1 / 3)
    shifted = (top * top - center) / width + _TW_SHIFT
    score = _gamma_score(shifted / (_TW_SHAPE * _TW_SCALE), 3.0, 2 * _TW_SHAPE)  # type: ignore[arg-type]
    return 0.5 * math.erfc(float(score) / math.sqrt(2))
