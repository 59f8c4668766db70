"""Which initializer may have drawn the weights of a layer: the nearest law, how well it fits, and its rivals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.diagnosis.goodness import FEWEST, Sample, probabilities
from core.diagnosis.layers import Layer
from core.diagnosis.shapes import NORMAL, SHAPES, TRUNCATED, UNIFORM, Shape
from core.initializers import INITIALIZERS

Array = np.ndarray

RECTIFIERS = ("relu", "leaky_relu", "elu", "gelu", "gelu_exact", "silu", "softplus")
LEVEL = 0.01  # how often a file of freshly drawn layers may have any of them called trained
# A law stays in question until the likeliest is so many times likelier. The true one is then passed over in at most one
# draw of so many for every rival: that is Markov's inequality for a likelihood ratio.
ODDS = 1000.0
NEAR = 0.05  # relative difference up to which a scale that is no law's is told by the law it is near
_ORTHOGONAL = 1e-4  # relative error of W Wᵀ v = c v up to which rows count as orthogonal, in float32
_PROBES = 8
_LEAST_ROUNDING, _MOST_ROUNDING = 2.0**-20, 2.0**-8  # of what generators of uniform numbers leave out; of bfloat16
_SEEN = 6.0  # standard errors of the std by which it has to change to be seen nearly always


@dataclass(frozen=True)
class Law:
    """A distribution that some initializers of the catalogue draw from: several where they cannot differ."""

    shape: Shape
    std: float
    names: tuple[str, ...]  # in INITIALIZERS

    @property
    def label(self) -> str:
        """Glorot uniform; He, truncated."""
        label = INITIALIZERS[self.names[0]].label
        return f"{label}, truncated" if self.shape is TRUNCATED else label


@dataclass(frozen=True)
class Fit:
    """What a layer's weights look like.

    `kind` says how to read the rest: "law": drawn by `law`, which fits with probability p; "scaled": drawn fresh with
    this shape, at `ratio` times the std of `law`, one that is near or the one that suits the activation; "orthogonal":
    W Wᵀ or WᵀW is ratio² times the identity; "constant": every weight is `ratio`; "zeros"; "none": no draw fits, and
    `against` (a key of goodness.SAID) speaks most against it, `law` being nearest in std; "few": too few weights.
    `rivals` are laws that these weights cannot be told from; `seen` is the relative change of the std that would be.
    """

    kind: str
    shape: str = ""
    law: Law | None = None
    ratio: float = math.nan
    p: float = math.nan
    against: str = ""
    rivals: tuple[Law, ...] = ()
    seen: float = math.nan


def suited(activation: str) -> tuple[str, str]:
    """The law that suits an activation, normal and uniform: He's for those like ReLU, Xavier's for those like tanh."""
    return ("he", "he_uniform") if activation in RECTIFIERS else ("xavier", "xavier_uniform")


def laws(fan_in: int, fan_out: int, activation: str = "relu") -> tuple[Law, ...]:
    """The distributions of the catalogue for these fans; normal ones also truncated, as Keras and JAX draw them."""
    found: dict[tuple[str, float], tuple[str, ...]] = {}
    for name, initializer in INITIALIZERS.items():
        if initializer.sampler in SHAPES:
            std = initializer.std(fan_in, fan_out, activation)
            for shape in (NORMAL, TRUNCATED) if initializer.sampler == "normal" else (UNIFORM,):
                # Rounded, because equal laws are computed in different ways.
                key = shape.name, float(f"{std:.12g}")
                found[key] = (*found.get(key, ()), name)
    return tuple(Law(SHAPES[shape], std, names) for (shape, std), names in found.items())


def rounding(W: Array) -> float:
    """The relative precision of the format that W (float32) came from, read off the last bits that no entry uses."""
    used = int(np.bitwise_or.reduce(W.view(np.uint32), axis=None))
    spare = (used & -used).bit_length() - 1 if used else 23
    return float(min(max(2.0 ** (spare - 24), _LEAST_ROUNDING), _MOST_ROUNDING))


def fit(layer: Layer, top: float, level: float = LEVEL, activation: str = "relu") -> Fit:
    """What the weights of a layer look like.

    `top` is their largest singular value (NaN: unknown), `level` how often a true law may be called none. Weights have
    to be finite.
    """
    W = layer.W
    low, high = float(W.min()), float(W.max())
    if low == high:
        return Fit("constant" if low else "zeros", "constant", ratio=low)
    precision = rounding(W)
    gain = orthogonal_gain(W, precision)
    if gain:
        return Fit("orthogonal", "orthogonal", ratio=gain)
    sample = Sample(W, precision, top)
    candidates = laws(layer.outline.fan_in, layer.outline.fan_out, activation)
    nearest = min(candidates, key=lambda law: abs(math.log(sample.rms / law.std)))
    if W.size < FEWEST:
        return Fit("few", law=nearest, ratio=sample.rms / nearest.std)
    tried = {law: probabilities(sample, law.shape, law.std) for law in candidates}
    likely = {law: _likelihood(sample, law.shape, law.std) for law, p in tried.items() if _joint(p) >= level}
    if likely:
        best = max(likely, key=lambda law: likely[law])
        rivals = [law for law in likely if law is not best and likely[law] > likely[best] - math.log(ODDS)]
        return Fit(
            "law",
            best.shape.name,
            best,
            sample.rms / best.std,
            _joint(tried[best]),
            rivals=tuple(sorted(rivals, key=lambda law: -likely[law])),
            seen=_detectable_change(sample, best.shape),
        )
    return _scaled(sample, candidates, nearest, level, suited(activation))


def _scaled(sample: Sample, candidates: tuple[Law, ...], nearest: Law, level: float, suits: tuple[str, str]) -> Fit:
    """A fresh draw at a scale of its own, held against the law that suits, or none."""
    stds = {shape: _fitted_std(sample, shape) for shape in SHAPES.values()}
    tried = {shape: probabilities(sample, shape, std, fitted=True) for shape, std in stds.items()}
    best = max(stds, key=lambda shape: _likelihood(sample, shape, stds[shape]))
    passing = [shape for shape in tried if _joint(tried[shape]) >= level]
    if passing:
        best = max(passing, key=lambda shape: _likelihood(sample, shape, stds[shape]))
        alike = [law for law in candidates if law.shape is best]
        held = min(alike, key=lambda law: abs(math.log(sample.rms / law.std)))
        if abs(math.log(sample.rms / held.std)) > NEAR:
            held = next(law for law in alike if set(law.names) & set(suits))
        return Fit(
            "scaled",
            best.name,
            held,
            sample.rms / held.std,
            _joint(tried[best]),
            seen=_detectable_change(sample, best),
        )
    against = min(tried[best], key=lambda test: tried[best][test])
    return Fit("none", "", nearest, sample.rms / nearest.std, _joint(tried[best]), against)


def _fitted_std(sample: Sample, shape: Shape) -> float:
    """From the mean square; where there is a bound, from how far the largest entry reaches, which tells far more."""
    if math.isinf(shape.bound):
        return sample.rms
    return sample.largest / shape.bound * (1 + 1 / sample.W.size)


def fits(sample: Sample, shape: Shape, std: float, level: float) -> bool:
    """Whether the sample may be drawn from this shape at this std; of few entries, whether none is out of bounds."""
    found = probabilities(sample, shape, std)
    return _joint(found) >= level if found else sample.largest <= shape.bound * std * (1 + sample.rounding)


def _joint(found: dict[str, float]) -> float:
    """Bonferroni's bound on the probability of the least likely of the tests."""
    return min(1.0, len(found) * min(found.values()))


def _likelihood(sample: Sample, shape: Shape, std: float) -> float:
    """The logarithm of the density of the whole sample."""
    if sample.largest * (1 - sample.rounding) > shape.bound * std:
        return -math.inf
    squares = sample.rms**2 / std**2
    return sample.W.size * (shape.log_peak - math.log(std) - shape.curvature * squares / 2)


def _detectable_change(sample: Sample, shape: Shape) -> float:
    return _SEEN * math.sqrt((shape.kurtosis - 1) / (4 * sample.W.size))


def orthogonal_gain(W: Array, precision: float) -> float:
    """c where the rows or the columns of W, whichever are fewer, are orthogonal and all of length c; 0 elsewhere.

    Compares W Wᵀ v with c² v for random v, which costs a few products with a vector and misses nothing of any size.
    A single row has the length of 1 or is of no kind.
    """
    scale = np.abs(W).max()
    A = (W if W.shape[0] <= W.shape[1] else W.T) / scale  # so that no product overflows or underflows
    tolerance = max(_ORTHOGONAL, 2 * precision)
    squared = float(np.square(A, dtype=np.float64).sum()) / len(A)
    if len(A) == 1:
        return 1.0 if precision < _ORTHOGONAL and abs(squared * float(scale) ** 2 - 1) < _ORTHOGONAL / 10 else 0.0
    v = np.random.default_rng(0).standard_normal((len(A), _PROBES)).astype(W.dtype)
    v /= np.linalg.norm(v)
    error = np.linalg.norm(A @ (A.T @ (v / squared)) - v)
    return math.sqrt(squared) * float(scale) if error < tolerance else 0.0
