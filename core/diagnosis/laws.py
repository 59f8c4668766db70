"""Finds the law from which an array's numbers may be drawn: a family (such as normal) × a std."""

import math
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from core.initializers import INITIALIZERS

Array = np.ndarray

FEWEST = 200  # numbers of an array, from where on its family can be told
_DRAWS = 150  # of each family, that an array's statistics are compared with
_SIDE = 160  # rows and columns that enter these statistics, at most
_BEYOND = 1.25  # times further out than the furthest of those draws: no draw of the family
_ERRORS = 3.5  # standard errors that a std may lie off a law's
_SKEWNESS = 5 * 6**0.5  # times 1/√n: five standard errors of the skewness of n normal draws
CUT_STD = 0.87962566  # of a standard normal cut at two standard deviations
_ORTHOGONAL = 1e-4  # relative difference of singular values up to which they count as one, in float32
GAINS = {1.0: "", 2**0.5: " × √2", 5 / 3: " × 5/3", 0.75: " × 3/4", 0.5: " × 1/2", 2.0: " × 2", 0.1: " × 0.1"}
_FIXED = {0.02: ", as in BERT and GPT-2", **dict.fromkeys((1.0, 0.5, 0.2, 0.1, 0.05, 0.01, 0.001), "")}
ODD = ("fan_out in place of fan_in", "cut at 2σ and not widened")  # in names of laws, most often mistakes


class Family(NamedTuple):
    """A symmetric distribution of standard deviation 1, and the initializers that use it."""

    name: str
    starts: tuple[str, ...]
    quantile: Callable[[Any], Any]
    kurtosis: float
    shortfall: float  # n times the share by which the largest of n numbers may fall short of the end


_NORMAL = ("he", "xavier", "glorot")
_UNIFORM = ("he_uniform", "xavier_uniform", "glorot_uniform", "pytorch_default", "sklearn_default")
FAMILIES = (
    Family("normal", _NORMAL, ndtri, 3.0, math.inf),
    Family("normal cut at 2σ", _NORMAL, lambda u: ndtri(ndtr(-2) + u * (1 - 2 * ndtr(-2))) / CUT_STD, 2.37, 90.0),
    Family("uniform", _UNIFORM, lambda u: (2 * u - 1) * 3**0.5, 1.8, 12.0),
)
DRAWS = ("law", "draw", "off center")


class Fit(NamedTuple):
    """What the numbers of an array look like.

    kind: "law" (each of `laws` fits, the plainest first), "draw" (of a family that `laws` names, at no known law's
    std), "off center" (around a mean that is not 0), "none" (no draw: trained or changed), "few" (fewer than FEWEST
    numbers), "" (not looked at), "constant", "zeros", "not finite".
    """

    kind: str
    std: float = math.nan  # about the mean
    mean: float = math.nan
    laws: tuple[str, ...] = ()


def fit(W: Array, fans: tuple[int, int] | None) -> Fit:
    """What the numbers of W (units, inputs), in float32, look like; with fan_in and fan_out a law is looked for."""
    if not W.size or not np.isfinite(W).all():
        return Fit("not finite" if W.size else "")
    mean, std = float(W.mean(dtype=float)), float(W.std(dtype=float))
    low, high = float(W.min()), float(W.max())
    if low == high:
        return Fit("constant" if low else "zeros", 0.0, low)
    if fans is None:
        return Fit("", std, mean)
    used = int(np.bitwise_or.reduce(W.view(np.uint32), axis=None))  # bits; the last ones are 0 of shorter formats
    precision = float(np.clip(2.0 ** ((used & -used).bit_length() - 25), 2.0**-20, 2.0**-8))
    # Where rows or columns, whichever are fewer, are orthogonal and of one length, so are the first of them.
    lengths = np.linalg.svd((W if len(W) <= W.shape[1] else W.T)[:_SIDE].astype(float), compute_uv=False)
    if len(lengths) > 1 and lengths[0] - lengths[-1] < max(_ORTHOGONAL, 2 * precision) * lengths[0]:
        text = next((text for gain, text in GAINS.items() if abs(lengths[0] / gain - 1) < 2e-3), f" × {lengths[0]:.3g}")
        name = "Identity" if np.count_nonzero(W) == min(W.shape) else "Orthogonal"
        return Fit("law", std, mean, (f"{name}{text}",))
    zeros = len(W) - np.count_nonzero(W, axis=0)
    if 0 < zeros[0] < len(W) and (zeros == zeros[0]).all():  # of every input, as by PyTorch's sparse_
        drawn = fit(np.ascontiguousarray(W.T[W.T != 0].reshape(len(zeros), -1).T), fans)
        return drawn._replace(std=std, mean=mean, laws=tuple(f"{law}, with zeros" for law in drawn.laws))
    if W.size < FEWEST:
        return Fit("few", std, mean)
    center = 0.0 if abs(mean) < 4.5 * std / W.size**0.5 else mean
    families = [family for family in FAMILIES if _fits_family(W, center, family)]
    names = " or ".join(family.name for family in families)
    if not families or abs((((W.astype(float) - mean) / std) ** 3).mean()) > _SKEWNESS / W.size**0.5:
        return Fit("none", std, mean)
    if center:
        ends = f"U({low if abs(low) > 0.02 * abs(high) else 0:.2g}, {high:.2g})"
        around = ends if names == "uniform" else f"{names} around {mean:.2g}"
        return Fit("off center", std, mean, (f"{around}, whose mean is not 0",))
    laws = []
    for family in families:
        error = _ERRORS * ((family.kurtosis - 1) / (4 * W.size)) ** 0.5 + precision
        least, edge = 1 - family.shortfall / W.size - precision, float(family.quantile(1.0))
        for rank, name, law in known_laws(family, *fans):
            if abs(math.log(std / law)) < error and least < max(-low, high) / law / edge <= 1 + precision:
                laws.append((rank, name))
    laws.sort(key=lambda law: law[0])
    known = tuple(name for rank, name in laws if rank == laws[0][0] or ODD[0] in name)
    return Fit("law", std, mean, known) if known else Fit("draw", std, mean, (f"{names}, at no known law's std",))


def known_laws(family: Family, fan_in: int, fan_out: int) -> Iterator[tuple[int, str, float]]:
    """(rank, name, std) of every law of this family; the plainer a law, the lower its rank."""
    cut, narrow = (", normal cut at 2σ", CUT_STD) if "cut" in family.name else ("", 1.0)
    for size, who in _FIXED.items():
        if family.name == "uniform":
            yield 2, f"U(−{size:g}, {size:g})", size / 3**0.5
        else:
            yield 2 * (not who), f"N(0, {size:g}){cut[8:]}{who}", size * narrow
    for start in (INITIALIZERS[name] for name in family.starts):
        # scikit-learn's law for the logistic function; for others it is Glorot's.
        label, std = start.label + cut, start.std(fan_in, fan_out, "sigmoid")
        yield from ((2 * (gain != 1), label + text, gain * std) for gain, text in GAINS.items())
        if cut:
            yield 1, f"{start.label}, normal {ODD[1]}, std 0.88 of {start.label}'s", narrow * std
        if start.std(1, 2) != start.std(2, 1):
            yield 1, f"{label} with {ODD[0]}", start.std(fan_out, fan_in)


def _fits_family(W: Array, center: float, family: Family) -> bool:
    """Whether the statistics of W about its center could be those of a draw of its shape."""
    block = W[np.ix_(*(np.linspace(0, n - 1, min(n, _SIDE)).astype(int) for n in W.shape))].astype(float) - center
    statistics = _measure_spread(block)
    if abs(statistics[0] - math.log(family.kurtosis)) > 8 / block.size**0.5:  # clear without a draw
        return False
    middle, spread, furthest = _simulate(family, block.shape)
    return float(np.max(np.abs(statistics - middle) / spread)) < _BEYOND * furthest


@lru_cache(maxsize=256)
def _simulate(family: Family, shape: tuple[int, int]) -> tuple[Array, Array, float]:
    """Mean and std of the statistics over draws of a family, and how far out the furthest lies."""
    draws = _measure_spread(family.quantile(np.random.default_rng(0).random((_DRAWS, *shape))).astype(np.float32))
    center, spread = draws.mean(axis=0), draws.std(axis=0) + 1e-9
    return center, spread, float(np.abs((draws - center) / spread).max())


def _measure_spread(W: Array) -> Array:
    """What tells draws from trained numbers at any scale, of matrices (…, rows, columns): logs (…, 5)."""
    W = W / np.sqrt(np.square(W).mean(axis=(-2, -1), keepdims=True))
    squares, gram = np.square(W), W @ np.swapaxes(W, -1, -2) / W.shape[-1]
    statistics = [
        np.square(squares).mean(axis=(-2, -1)),  # tails
        squares.max(axis=(-2, -1)),  # ends
        1 + squares.mean(axis=-1).var(axis=-1) * W.shape[-1],  # rows of unlike size
        1 + squares.mean(axis=-2).var(axis=-1) * W.shape[-2],  # columns
        np.square(gram @ gram).mean(axis=(-2, -1)),  # large singular values, as a trained direction has them
    ]
    return np.log(np.stack(statistics, axis=-1))
