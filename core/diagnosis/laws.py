"""From the numbers of one array to the law they may be drawn from: a family (normal, cut normal, uniform) × a std."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from core.initializers import INITIALIZERS

Array = np.ndarray

FEWEST = 200  # numbers of an array, from where on its family can be told
_DRAWS = 150  # of each family, that an array's statistics are compared with
_SIDE = 160  # rows and columns that enter these statistics, at most
_BEYOND = 1.25  # times further out than the furthest of those draws: no draw of the family
_ERRORS = 3.5  # standard errors that a std may lie off a law's
CUT_STD = 0.87962566  # of a standard normal cut at two standard deviations
_ORTHOGONAL = 1e-4  # relative error of W Wᵀ v = c² v up to which rows count as orthogonal, in float32
FAN_OUT, NOT_WIDENED = "with fan_out in place of fan_in", "and not widened"
GAINS = {1.0: "", 2**0.5: " × √2", 5 / 3: " × 5/3", 0.75: " × 3/4", 0.5: " × 1/2", 2.0: " × 2", 0.1: " × 0.1"}
_NORMAL_STARTS = ("he", "xavier", "glorot")
_UNIFORM_STARTS = ("he_uniform", "xavier_uniform", "glorot_uniform", "pytorch_default")
_FIXED = {0.02: ", as BERT and GPT-2 start", 1.0: "", 0.5: "", 0.2: "", 0.1: "", 0.05: "", 0.01: "", 0.001: ""}


class Family(NamedTuple):
    """A symmetric distribution at standard deviation 1, which ends at `edge`, and the initializers that use it."""

    name: str
    starts: tuple[str, ...]
    draw: Callable[[np.random.Generator, tuple[int, ...]], Array]
    kurtosis: float
    edge: float


def _draw_cut(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return ndtri(rng.uniform(ndtr(-2), ndtr(2), shape)) / CUT_STD


NORMAL = Family("normal", _NORMAL_STARTS, lambda rng, shape: rng.standard_normal(shape), 3.0, math.inf)
CUT = Family("normal cut at 2σ", _NORMAL_STARTS, _draw_cut, 2.37, 2 / CUT_STD)
UNIFORM = Family("uniform", _UNIFORM_STARTS, lambda rng, shape: rng.uniform(-(3**0.5), 3**0.5, shape), 1.8, 3**0.5)
FAMILIES = (NORMAL, CUT, UNIFORM)


@dataclass(frozen=True)
class Fit:
    """What the numbers of an array look like.

    kind: "law" (each of `laws`, the plainest first), "orthogonal", "draw" (of a family, at no known law's std), "off
    center" (the same, around a mean that is not 0), "none" (no draw fits: trained or changed), "few" (fewer than FEWEST
    numbers), "constant", "zeros", "not finite".
    """

    kind: str
    laws: tuple[str, ...] = ()
    family: str = ""
    std: float = math.nan  # about the mean
    mean: float = math.nan

    @property
    def is_draw(self) -> bool:
        """Whether the numbers look like a draw of some law or family."""
        return self.kind in ("law", "draw", "off center", "orthogonal")


def fit(W: Array, fan_in: int, fan_out: int) -> Fit:
    """What the numbers of W (units, fan_in), in float32, look like, for a layer of these fans."""
    if not np.isfinite(W).all():
        return Fit("not finite")
    mean, std = float(W.mean(dtype=np.float64)), float(W.std(dtype=np.float64))
    low, high = float(W.min()), float(W.max())
    if low == high:
        return Fit("constant" if low else "zeros", std=0.0, mean=low)
    largest, precision = max(abs(low), abs(high)), rounding(W)
    gain = _orthogonal_gain(W / np.float32(largest), precision) * largest
    if gain:
        text = next((text for g, text in GAINS.items() if abs(gain / g - 1) < 2e-3), f" × {gain:.3g}")
        return Fit("orthogonal", (f"Orthogonal{text}",), std=std, mean=mean)
    if W.size < FEWEST:
        return Fit("few", std=std, mean=mean)
    centered = abs(mean) < 4.5 * std / W.size**0.5
    sample = (W / largest - (0.0 if centered else mean / largest)).astype(np.float32)
    families = [family for family in FAMILIES if _fits_family(sample, family)]
    if not families:
        return Fit("none", std=std, mean=mean)
    if not centered:
        low = 0.0 if abs(low) < 0.02 * abs(high) else low
        ends, around = f"U({low:.2g}, {high:.2g})", f"{families[0].name} around {mean:.2g}"
        return Fit("off center", (), ends if families == [UNIFORM] else around, std, mean)
    fits = []
    for family in families:
        error = _ERRORS * ((family.kurtosis - 1) / (4 * W.size)) ** 0.5 + precision
        # The largest of n uniform numbers falls short of the end by 1/n of it; of a cut normal's, whose density is low
        # there, by several times that. None lies beyond.
        shortfall = {UNIFORM: 12.0, CUT: 90.0}.get(family, math.inf) / W.size + precision
        for rank, name, law in known_laws(family, fan_in, fan_out):
            off, reach = abs(math.log(std / law)), largest / (law * family.edge)
            if off < error and (family is NORMAL or 1 - shortfall < reach <= 1 + precision):
                fits.append((rank, round(off, 9), name))
    fits.sort(key=lambda law: law[:2])
    names = dict.fromkeys(name for rank, _, name in fits if rank == fits[0][0] or FAN_OUT in name)
    return Fit("law" if names else "draw", tuple(names), " or ".join(family.name for family in families), std, mean)


def known_laws(family: Family, fan_in: int, fan_out: int) -> list[tuple[int, str, float]]:
    """(rank, name, std) of every law of this family; the plainer a law, the lower its rank."""
    mark, shrink = (", normal cut at 2σ", CUT_STD) if family is CUT else ("", 1.0)
    laws = []
    for start in (INITIALIZERS[name] for name in family.starts):
        std = start.std(fan_in, fan_out)
        laws += [(2 * (gain != 1), start.label + mark + text, gain * std) for gain, text in GAINS.items()]
        if family is CUT:
            laws.append((1, f"{start.label}{mark} {NOT_WIDENED}, std 0.88 of {start.label}'s", CUT_STD * std))
        if not start.name.startswith("glorot"):
            laws.append((1, f"{start.label}{mark} {FAN_OUT}", start.std(fan_out, fan_in)))
    if family is UNIFORM:
        return laws + [(2, f"U(−{bound:g}, {bound:g})", bound / 3**0.5) for bound in _FIXED]
    return laws + [(2 * (s != 0.02), f"N(0, {s:g}){mark[8:]}{who}", s * shrink) for s, who in _FIXED.items()]


def rounding(W: Array) -> float:
    """The relative precision of the format that W (float32) came from, read off the last bits that no entry uses."""
    used = int(np.bitwise_or.reduce(W.view(np.uint32), axis=None))
    spare = (used & -used).bit_length() - 1 if used else 23
    return float(min(max(2.0 ** (spare - 24), 2.0**-20), 2.0**-8))


def _orthogonal_gain(W: Array, precision: float) -> float:
    """c where the rows or the columns of W, whichever are fewer, are orthogonal and all of length c; 0 elsewhere.

    Compares W Wᵀ v with c² v for random v, which costs a few products with a vector.
    """
    A = W if W.shape[0] <= W.shape[1] else W.T
    squared = float(np.square(A, dtype=np.float64).sum()) / len(A)
    v = np.random.default_rng(0).standard_normal((len(A), 8)).astype(W.dtype)
    error = np.linalg.norm(A @ (A.T @ (v / squared)) - v) / np.linalg.norm(v)
    return math.sqrt(squared) if len(A) > 1 and error < max(_ORTHOGONAL, 2 * precision) else 0.0


def _fits_family(W: Array, family: Family) -> bool:
    """Whether the statistics of W lie no further out than those of draws of its shape."""
    block = W[np.ix_(*(np.linspace(0, n - 1, min(n, _SIDE)).astype(int) for n in W.shape))]
    statistics = _measure_spread(block)
    if abs(statistics[0] - math.log(family.kurtosis)) > 8 / block.size**0.5:  # clear without a draw: it saves most
        return False
    center, spread, furthest = _simulate(family, block.shape)
    return float(np.max(np.abs(statistics - center) / spread)) < _BEYOND * furthest


@lru_cache(maxsize=256)
def _simulate(family: Family, shape: tuple[int, int]) -> tuple[Array, Array, float]:
    """Mean and std of the statistics over draws of a family, and how far out the furthest of these draws lies."""
    draws = _measure_spread(family.draw(np.random.default_rng(0), (_DRAWS, *shape)).astype(np.float32))
    center, spread = draws.mean(axis=0), draws.std(axis=0) + 1e-9
    return center, spread, float(np.abs((draws - center) / spread).max())


def _measure_spread(W: Array) -> Array:
    """What tells draws from trained numbers at any scale, of matrices (…, rows, columns): logs (…, 5).

    Tails, ends, rows and columns of unlike size, and the largest singular values, as a trained direction has them.
    """
    squares = np.square(W)
    size = squares.mean(axis=(-2, -1), keepdims=True)
    squares, W = squares / size, W / np.sqrt(size)
    gram = W @ np.swapaxes(W, -1, -2) / W.shape[-1]
    statistics = [
        np.square(squares).mean(axis=(-2, -1)),
        squares.max(axis=(-2, -1)),
        1 + squares.mean(axis=-1).var(axis=-1) * W.shape[-1],
        1 + squares.mean(axis=-2).var(axis=-1) * W.shape[-2],
        np.square(gram @ gram).mean(axis=(-2, -1)),
    ]
    return np.log(np.stack(statistics, axis=-1))
