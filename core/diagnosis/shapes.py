"""The distributions that initializers draw from: each at standard deviation 1, with what tests of it need to know."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Array = np.ndarray

_CUT = 2.0  # truncated normals stop at two standard deviations of the normal they are cut from
_INSIDE = math.erf(_CUT / math.sqrt(2))
_EDGE = 2 * _CUT * math.exp(-_CUT * _CUT / 2) / math.sqrt(2 * math.pi) / _INSIDE
_VARIANCE = 1 - _EDGE  # of the cut normal: the frameworks divide by its root, 0.87962566
_NARROWED = math.sqrt(_VARIANCE)

_erf = np.frompyfunc(math.erf, 1, 1)


def normal_cdf(x: Array) -> Array:
    """Φ(x), of x's shape."""
    return 0.5 + 0.5 * np.asarray(_erf(x / math.sqrt(2)), dtype=float)


@dataclass(frozen=True)
class Shape:
    """A symmetric distribution of mean 0 and standard deviation 1.

    `kurtosis` is its fourth moment, `bound` the end of its support, `log_density` that of the whole sample per entry:
    `log_peak` − `curvature` · (mean square)/2 within the bound.
    """

    name: str
    said: str  # as in "a fresh … draw"
    kurtosis: float
    bound: float
    log_peak: float
    curvature: float
    cdf: Callable[[Array], Array]


def _truncated_cdf(x: Array) -> Array:
    return np.clip((normal_cdf(x * _NARROWED) - (1 - _INSIDE) / 2) / _INSIDE, 0, 1)


def _uniform_cdf(x: Array) -> Array:
    return np.clip(0.5 + x / (2 * math.sqrt(3)), 0, 1)


NORMAL = Shape("normal", "normal", 3.0, math.inf, -0.5 * math.log(2 * math.pi), 1.0, normal_cdf)
TRUNCATED = Shape(
    "truncated",
    "truncated normal",
    (3 * _VARIANCE - _CUT**2 * _EDGE) / _VARIANCE**2,
    _CUT / _NARROWED,
    math.log(_NARROWED / _INSIDE) - 0.5 * math.log(2 * math.pi),
    _VARIANCE,
    _truncated_cdf,
)
UNIFORM = Shape("uniform", "uniform", 1.8, math.sqrt(3), -math.log(2 * math.sqrt(3)), 0.0, _uniform_cdf)

SHAPES = {shape.name: shape for shape in (NORMAL, TRUNCATED, UNIFORM)}
