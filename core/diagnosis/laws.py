"""From the numbers of one array to the law they may be drawn from: a family (normal, cut normal, uniform) × a scale."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

Array = np.ndarray

FEWEST = 200  # numbers of an array, from where on its family can be told
_DRAWS = 60  # of each family, that an array's statistics are compared with
_SIDE = 160  # rows and columns that enter these statistics, at most
_BEYOND = 1.25  # times further out than the furthest of those draws: no draw of the family
_ERRORS = 3.5  # standard errors that a std may lie off a law's
CUT_STD = 0.87962566  # of a standard normal cut at two standard deviations
_CUT_EDGE = 2 / CUT_STD
_ORTHOGONAL = 1e-4  # relative error of W Wᵀ v = c v up to which rows count as orthogonal, in float32
GAINS = {1.0: "", math.sqrt(2): " × √2", 5 / 3: " × 5/3", 0.75: " × 3/4", 0.5: " × 1/2", 2.0: " × 2", 0.1: " × 0.1"}
_STDS = {0.02: ", as BERT and GPT-2 start", 1.0: "", 0.5: "", 0.2: "", 0.1: "", 0.05: "", 0.01: "", 0.001: ""}
FAN_OUT, NOT_WIDENED = "with fan_out in place of fan_in", "cut at 2σ and not widened"


def _cut_normal(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    x = rng.standard_normal(shape)
    while (outside := np.abs(x) > 2).any():
        x[outside] = rng.standard_normal(int(outside.sum()))
    return x / CUT_STD


@dataclass(frozen=True)
class Family:
    """A symmetric distribution at standard deviation 1, which ends at `edge`."""

    name: str
    draw: Callable[[np.random.Generator, tuple[int, int]], Array]
    kurtosis: float
    edge: float


NORMAL = Family("normal", lambda rng, shape: rng.standard_normal(shape), 3.0, math.inf)
CUT = Family("normal cut at 2σ", _cut_normal, 2.37, _CUT_EDGE)
UNIFORM = Family("uniform", lambda rng, shape: rng.uniform(-(3**0.5), 3**0.5, shape), 1.8, math.sqrt(3))
FAMILIES = (NORMAL, CUT, UNIFORM)


@dataclass(frozen=True)
class Fit:
    """What the numbers of an array look like.

    kind: "law" (each of `laws`, the plainest first), "draw" (of a family, at a std that is no known law's), "none" (no
    draw fits: trained or changed), "few" (fewer than FEWEST numbers), "orthogonal", "constant", "zeros", "not finite".
    """

    kind: str
    laws: tuple[str, ...] = ()
    family: str = ""
    std: float = math.nan  # about the mean
    mean: float = math.nan

    @property
    def drawn(self) -> bool:
        """Whether the numbers look like a draw of some law or family."""
        return self.kind in ("law", "draw", "orthogonal")

    @property
    def off_center(self) -> bool:
        """Whether it is a draw around a mean that is not 0."""
        return self.kind == "draw" and " around " in self.family


def fit(W: Array, fan_in: int, fan_out: int) -> Fit:
    """What the numbers of W (units, fan_in), in float32, look like, for a layer of these fans."""
    if not np.isfinite(W).all():
        return Fit("not finite")
    mean, low, high = float(W.mean(dtype=np.float64)), float(W.min()), float(W.max())
    if low == high:
        return Fit("constant" if low else "zeros", std=0.0, mean=low)
    scale = max(abs(low), abs(high))
    std = scale * float(np.square(W / scale - mean / scale, dtype=np.float64).mean()) ** 0.5
    precision = rounding(W)
    gain = _orthogonal_gain(W / np.float32(scale), precision) * scale
    if gain:
        return Fit("orthogonal", (f"Orthogonal{gain_name(gain)}",), std=std, mean=mean)
    if W.size < FEWEST:
        return Fit("few", std=std, mean=mean)
    centered = abs(mean) < 4.5 * std / W.size**0.5
    sample = (W / scale - (0.0 if centered else mean / scale)).astype(np.float32)
    families = [family for family in FAMILIES if _fits_family(sample, family)]
    if not families:
        return Fit("none", std=std, mean=mean)
    if not centered and families == [UNIFORM]:
        low = 0.0 if abs(low) < 0.02 * abs(high) else low
        return Fit("draw", family=f"U({low:.2g}, {high:.2g}), uniform around {mean:.2g}", std=std, mean=mean)
    if not centered:
        return Fit("draw", family=f"{families[0].name} around {mean:.2g}", std=std, mean=mean)
    fans = fan_in, fan_out
    laws = [law for family in families for law in _matching(family, W.size, std, scale, precision, fans)]
    laws.sort(key=lambda law: law[:2])
    names = tuple(dict.fromkeys(name for rank, _, name in laws if rank == laws[0][0] or FAN_OUT in name))
    return Fit("law" if names else "draw", names, " or ".join(family.name for family in families), std, mean)


def table(family: Family, fan_in: int, fan_out: int) -> list[tuple[int, str, float]]:
    """(rank, name, std) of every law of this family; the plainer a law, the lower its rank."""
    mark = {"normal": "", "uniform": " uniform"}.get(family.name, ", normal cut at 2σ")
    bases = [("He", 2 / fan_in), ("Xavier", 1 / fan_in), ("Glorot average", 2 / (fan_in + fan_out))]
    if family is UNIFORM:
        bases.append(("PyTorch default", 1 / (3 * fan_in)))
    found = []
    for name, variance in bases:
        called = name if name == "PyTorch default" else name + mark
        found += [(2 * (g != 1), called + text, g * variance**0.5) for g, text in GAINS.items()]
        if family is CUT:
            found.append((1, f"{name}, normal {NOT_WIDENED}: std 0.88 of {name}'s", CUT_STD * variance**0.5))
        if not name.startswith("Glorot"):
            found.append((1, f"{called} {FAN_OUT}", (variance * fan_in / fan_out) ** 0.5))
    if family is UNIFORM:
        return found + [(2, f"U(−{b:g}, {b:g})", b / 3**0.5) for b in _STDS]
    cut, shrink = (" cut at 2σ", CUT_STD) if family is CUT else ("", 1.0)
    return found + [(0 if std == 0.02 else 2, f"N(0, {std:g}){cut}{who}", std * shrink) for std, who in _STDS.items()]


def _matching(family: Family, size: int, std: float, largest: float, precision: float, fans: tuple[int, int]) -> list:
    """(rank, error, name) of laws whose std is the array's to sampling error, and, where they end, whose largest is."""
    error = _ERRORS * ((family.kurtosis - 1) / (4 * size)) ** 0.5 + precision
    # The largest of n uniform numbers falls short of the end by 1/n of it; of a cut normal's, whose density is low
    # there, by several times that. None lies beyond.
    slack = {UNIFORM: 12.0, CUT: 90.0}.get(family, math.inf) / size + precision
    return [
        (rank, round(abs(math.log(std / law)), 9), name)
        for rank, name, law in table(family, *fans)
        if abs(math.log(std / law)) < error
        if family is NORMAL or 1 - slack < largest / (law * family.edge) <= 1 + precision
    ]


def gain_name(gain: float) -> str:
    """× √2, × 5/3, nothing for 1, else × the number."""
    return next((text for g, text in GAINS.items() if abs(gain / g - 1) < 2e-3), f" × {gain:.3g}")


def rounding(W: Array) -> float:
    """The relative precision of the format that W (float32) came from, read off the last bits that no entry uses."""
    used = int(np.bitwise_or.reduce(W.view(np.uint32), axis=None))
    spare = (used & -used).bit_length() - 1 if used else 23
    return float(min(max(2.0 ** (spare - 24), 2.0**-20), 2.0**-8))


def _orthogonal_gain(W: Array, rounding: float) -> float:
    """c where the rows or the columns of W, whichever are fewer, are orthogonal and all of length c; 0 elsewhere.

    Compares W Wᵀ v with c² v for random v, which costs a few products with a vector.
    """
    A = W if W.shape[0] <= W.shape[1] else W.T
    if len(A) < 2:
        return 0.0
    squared = float(np.square(A, dtype=np.float64).sum()) / len(A)
    v = np.random.default_rng(0).standard_normal((len(A), 8)).astype(W.dtype)
    v /= np.linalg.norm(v)
    error = np.linalg.norm(A @ (A.T @ (v / squared)) - v)
    return math.sqrt(squared) if error < max(_ORTHOGONAL, 2 * rounding) else 0.0


def _fits_family(W: Array, family: Family) -> bool:
    """Whether the statistics of W lie no further out than those of draws of its shape."""
    rows, columns = (np.unique(np.linspace(0, n - 1, min(n, _SIDE)).astype(int)) for n in W.shape)
    block = W[np.ix_(rows, columns)]
    middle, spread, furthest = _null(family, block.shape)
    with np.errstate(all="ignore"):
        out = float(np.max(np.abs(_statistics(block) - middle) / spread))
    return out < _BEYOND * furthest


@lru_cache(maxsize=256)
def _null(family: Family, shape: tuple[int, int]) -> tuple[Array, Array, float]:
    """Mean and spread of the statistics over draws of a family, and how far out the furthest of these draws lies."""
    rng = np.random.default_rng(0)
    drawn = np.array([_statistics(family.draw(rng, shape).astype(np.float32)) for _ in range(_DRAWS)])
    middle, spread = drawn.mean(axis=0), drawn.std(axis=0) + 1e-9
    return middle, spread, float(np.abs((drawn - middle) / spread).max())


def _statistics(W: Array) -> Array:
    """What tells a draw from trained numbers at any scale: tails, ends, rows or columns of unlike size, a direction."""
    squares = np.square(W)
    mean_square = float(squares.mean())
    v = np.random.default_rng(1).standard_normal((W.shape[1],)).astype(W.dtype)
    size = 1.0
    for _ in range(10):  # towards the largest singular value, near enough to compare
        u = W @ v
        v = W.T @ (u / (np.linalg.norm(u) or 1.0))
        size = float(np.linalg.norm(v)) or 1.0
        v /= size
    rows, columns = squares.mean(axis=1), squares.mean(axis=0)
    unlike = (
        1 + sizes.var() / mean_square**2 * len(squares.T if sizes is rows else squares) for sizes in (rows, columns)
    )
    tails, ends = float(np.square(squares).mean()) / mean_square**2, float(squares.max()) / mean_square
    return np.log([tails, ends, *unlike, size**2 / mean_square / (W.shape[0] ** 0.5 + W.shape[1] ** 0.5) ** 2])
