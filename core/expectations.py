"""What a non-linearity makes of Gaussian numbers: the expectations that mean-field theory is made of."""

from __future__ import annotations

import numpy as np

from core.activations import Activation

Array = np.ndarray

_TERMS = 16  # of the Hermite series; what is left over is given to the next power
HOMOGENEOUS = ("linear", "relu", "leaky_relu")  # g(c z) = c g(z) for c > 0: pairs and spread have closed forms


def _nodes() -> tuple[Array, Array, Array]:
    """Nodes u and weights of ∫ f(u) N(u; 0, 1) du, and normalized Hermite polynomials h_k(u) (node, k).

    The trapezoidal rule in t with u = sinh(t)/1000: nodes crowd around 0, where a saturating g turns however large its
    argument's scale, and where ReLU has its kink. Gauss–Hermite nodes of the same number miss both.
    """
    step = 0.05
    t = (np.arange(-196, 196) + 0.5) * step  # none at 0
    u = np.sinh(t) / 1000
    weights = np.cosh(t) / 1000 * step * np.exp(-u * u / 2) / np.sqrt(2 * np.pi)
    h = np.ones((_TERMS, len(u)))
    h[1] = u
    for k in range(2, _TERMS):
        h[k] = (u * h[k - 1] - np.sqrt(k - 1) * h[k - 2]) / np.sqrt(k)
    return u, weights, h.T


_U, _WEIGHTS, _HERMITE = _nodes()


def mean_squares(activation: Activation, variance: float) -> tuple[float, float]:
    """E[g(z)²] and E[g′(z)²] over z ~ N(0, variance): what a layer of this activation passes on, and back."""
    z = np.sqrt(variance) * _U
    g = activation.function(z)
    return float((g * g) @ _WEIGHTS), float(activation.derivative(z, g) ** 2 @ _WEIGHTS)


def relative_variance(activation: Activation) -> float:
    """That of g(z)², E[g(z)⁴]/E[g(z)²]² − 1, over z ~ N(0, 1)."""
    g = activation.function(_U)
    return float((g**4) @ _WEIGHTS / ((g**2) @ _WEIGHTS) ** 2 - 1)


def pairs(activation: Activation, scale: Array, correlation: Array) -> tuple[Array, Array]:
    """E[g(z) g(z′)] and E[g′(z) g′(z′)] for pairs of examples (m, m), of z's scales (m,) and correlations (m, m)."""
    through = _pairs_through_rays if activation.name in HOMOGENEOUS else _pairs_through_any
    return through(activation, scale, correlation)


def _pairs_through_rays(activation: Activation, scale: Array, correlation: Array) -> tuple[Array, Array]:
    """Where g is z above 0 and a z below, in closed form.

    By the arc-cosine kernels (Cho & Saul 2009): with E[H(z) H(z′)] = (π − arccos ρ)/2π of the step H,
    g′ = a + (1 − a) H, and E[max(0, z) max(0, z′)] = (√(1 − ρ²) + ρ (π − arccos ρ))/2π at scale 1.
    """
    a = float(activation.derivative(np.array([-1.0]))[0])
    steps = (np.pi - np.arccos(correlation)) / (2 * np.pi)
    rays = np.sqrt(1 - correlation**2) / (2 * np.pi) + correlation * steps
    # At z = 0, of an example whose scale is 0, the slope is a, where others have (1 + a)/2 on average.
    weight = np.where(scale > 0, 1, 2 * a / (1 + a))
    kernel = np.outer(scale, scale) * (a * correlation + (1 - a) ** 2 * rays)
    return kernel, np.outer(weight, weight) * (a + (1 - a) ** 2 * steps)


def _pairs_through_any(activation: Activation, scale: Array, correlation: Array) -> tuple[Array, Array]:
    """By quadrature and a series."""
    z = scale[:, None] * _U
    g = activation.function(z)
    return _pair(g, correlation), _pair(activation.derivative(z, g), correlation)


def _pair(f: Array, correlation: Array) -> Array:
    """E[f(z) f(z′)] for pairs of examples (m, m), from f at each example's nodes (m, node).

    Mehler's formula: with f = Σ c_k h_k, the expectation is Σ c_k c′_k ρᵏ (Daniely et al. 2016). The series is cut off;
    the rest of f's mean square goes to the next power, so that the diagonal is exact.
    """
    coefficients = (f * _WEIGHTS) @ _HERMITE
    square = (f * f) @ _WEIGHTS
    rest = np.sqrt(np.clip(square - (coefficients**2).sum(axis=1), 0, None))
    total, product = np.outer(rest, rest), np.empty_like(correlation)
    for c in coefficients.T[::-1]:  # Horner's rule
        total *= correlation
        total += np.multiply.outer(c, c, out=product)
    return total
