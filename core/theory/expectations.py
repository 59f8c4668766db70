"""What a non-linearity makes of Gaussian numbers: the expectations that mean-field theory is made of."""

from itertools import combinations_with_replacement

import numpy as np

from core.activations import Activation, Array

HOMOGENEOUS = ("linear", "relu", "leaky_relu")  # g(c z) = c g(z) for c > 0
_LOGISTIC = {"sigmoid": (1.0, 1.0), "tanh": (2.0, 2.0)}  # b and c of g(z) = c σ(b z) + constant
_TERMS = 16  # of the Hermite series


def _nodes() -> tuple[Array, Array, Array]:
    """Nodes u and weights of ∫ f(u) N(u; 0, 1) du, and normalized Hermite polynomials h_k(u) (node, k).

    The trapezoidal rule in t with u = sinh(t)/1000: nodes crowd around 0, where a saturating g turns at any scale and
    ReLU has its kink. As many Gauss–Hermite nodes miss both.
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
# The logistic density σ′ is a scale mixture of Gaussians N(0, a²), with a/2 of Kolmogorov's distribution (Andrews &
# Mallows 1974; Stefanski 1991): a and shares of Gauss's quadrature in its logarithm, whose four nodes leave an error of
# 10⁻⁵ in E[σ′(z) σ′(z′)] at any scale. tests/core/theory/test_expectations.py derives them.
_WIDTHS = np.array([0.925063772455697, 1.3752716166592782, 2.086869482258344, 3.1729601216380225])
_SHARES = np.array([0.07060860267667171, 0.45984836551277963, 0.41443399579863754, 0.05510903601191165])
_STEP = ((_U > 0) * _WEIGHTS) @ _HERMITE  # the coefficients of a step; even ones but the first are 0


def mean_squares(activation: Activation, variance: float) -> tuple[float, float]:
    """E[g(z)²] and E[g′(z)²] over z ~ N(0, variance): what a layer passes on, and back."""
    g, slope = function_and_slope(activation, np.sqrt(variance))
    return float(g**2 @ _WEIGHTS), float(slope**2 @ _WEIGHTS)


def function_and_slope(activation: Activation, scale: Array) -> tuple[Array, Array]:
    """g(z) and g′(z) at the nodes of z (…, node), for its scales (…)."""
    z = scale[..., None] * _U
    g = activation.function(z)
    return g, activation.derivative(z, g)


def pair_kernels(activation: Activation, scale: Array, correlation: Array) -> tuple[Array, Array]:
    """E[g(z) g(z′)] and E[g′(z) g′(z′)] for pairs of examples (m, m), of z's scales (m,) and correlations (m, m)."""
    if activation.name in HOMOGENEOUS:
        return _homogeneous_kernels(activation, scale, correlation)
    if activation.name in _LOGISTIC:
        return _logistic_kernels(activation, scale, correlation)
    # By quadrature and a series that is cut off, for a g whose slope turns but once.
    left_out = _series_remainder(correlation)
    g, slope = function_and_slope(activation, scale)
    return _hermite_kernel(g, correlation, left_out), _hermite_kernel(slope, correlation, left_out)


def _homogeneous_kernels(activation: Activation, scale: Array, correlation: Array) -> tuple[Array, Array]:
    """The kernels of a g that is z above 0 and a z below, in closed form.

    Both follow from the arc-cosine kernels (Cho & Saul 2009): with E[H(z) H(z′)] = (π − arccos ρ)/2π of the step H,
    g′ = a + (1 − a) H, and E[max(0, z) max(0, z′)] = (√(1 − ρ²) + ρ (π − arccos ρ))/2π at scale 1.
    """
    a = float(activation.derivative(np.array([-1.0]))[0])
    steps = (np.pi - np.arccos(correlation)) / (2 * np.pi)
    rays = np.sqrt(1 - correlation**2) / (2 * np.pi) + correlation * steps
    # At z = 0, of an example whose scale is 0, the slope is a, where others have (1 + a)/2 on average.
    weight = np.where(scale > 0, 1, 2 * a / (1 + a))
    kernel = np.outer(scale, scale) * (a * correlation + (1 - a) ** 2 * rays)
    return kernel, np.outer(weight, weight) * (a + (1 - a) ** 2 * steps)


def _logistic_kernels(activation: Activation, scale: Array, correlation: Array) -> tuple[Array, Array]:
    """The kernels of a logistic g, in closed form, as a mixture of Gaussian steps Φ(z/a).

    With r² = a² + s² for z of scale s, and x = ρ (s/r) (s′/r′): E[Φ(z/a) Φ(z′/a′)] = 1/4 + arcsin(x)/2π, and the
    same of their slopes is 1/(2π r r′ √(1 − x²)).
    """
    b, c = _LOGISTIC[activation.name]
    ratio = b * scale / _WIDTHS[:, None]  # s/a (node, m)
    sine, cosine = 1 / np.hypot(1, 1 / ratio), 1 / np.hypot(1, ratio)  # s/r and a/r
    kernel, slope = np.zeros_like(correlation), np.zeros_like(correlation)
    x, y = np.empty_like(correlation), np.empty_like(correlation)
    for i, j in combinations_with_replacement(range(len(_WIDTHS)), 2):
        share = _SHARES[i] * _SHARES[j] * (1 if i == j else 2)
        np.multiply.outer(sine[i], sine[j], out=x)
        x *= correlation
        kernel += np.multiply(share, np.arcsin(x, out=y), out=y)
        x *= x
        np.sqrt(np.subtract(1, x, out=x), out=x)
        np.multiply.outer(share / (_WIDTHS[i] * _WIDTHS[j]) * cosine[i], cosine[j], out=y)
        slope += np.divide(y, x, out=y)
    offset = float(activation.function(np.zeros(1))[0]) ** 2
    squares = [f**2 @ _WEIGHTS for f in function_and_slope(activation, scale)]
    return (
        _with_diagonal(offset + c**2 / (4 * np.pi) * (kernel + kernel.T), squares[0]),
        _with_diagonal((b * c) ** 2 / (4 * np.pi) * (slope + slope.T), squares[1]),
    )


def _with_diagonal(kernel: Array, diagonal: Array) -> Array:
    """The kernel with this diagonal, and its other entries scaled with it."""
    factor = np.sqrt(diagonal / np.diag(kernel))
    factor[~np.isfinite(factor)] = 1.0
    kernel = kernel * np.outer(factor, factor)
    np.fill_diagonal(kernel, diagonal)
    return kernel


def _series_remainder(correlation: Array) -> Array:
    """What the series leaves out of a step's E[H(z) H(z′)] = 1/4 + arcsin(ρ)/2π, over that at ρ = 1."""
    series = np.polynomial.polynomial.polyval(correlation, _STEP**2)
    rest = 1 / 4 + np.arcsin(correlation) / (2 * np.pi) - series
    return rest / (1 / 2 - (_STEP**2).sum())


def _hermite_kernel(f: Array, correlation: Array, left_out: Array) -> Array:
    """E[f(z) f(z′)] for pairs of examples (m, m), from f at each example's nodes (m, node).

    Mehler's formula: with f = Σ c_k h_k, the expectation is Σ c_k c′_k ρᵏ (Daniely et al. 2016). What the series leaves
    out of f's mean square is mostly that of a step: it goes to the higher powers of ρ as in a step's.
    """
    coefficients = (f * _WEIGHTS) @ _HERMITE
    rest = np.sqrt(np.clip((f * f) @ _WEIGHTS - (coefficients**2).sum(axis=1), 0, None))
    total, product = np.zeros_like(correlation), np.empty_like(correlation)
    for c in coefficients.T[::-1]:  # Horner's rule
        total *= correlation
        total += np.multiply.outer(c, c, out=product)
    return total + np.outer(rest, rest) * left_out


def square_response(f: Array, correlation: Array) -> tuple[Array, Array, Array, Array]:
    """How f(z)² of z ~ N(0, q) varies between examples, and its mean with q, of f at each example's nodes (m, node).

    Of z's correlations (m, m): E[f²] (m,); E[f(z)² f(z′)²] over the product of means (m, m); d log E[f²]/d log q and
    q² d²E[f²]/dq² over E[f²] (m,). The last three are 0 where they are not a number.
    """
    second, fourth = _U**2 - 1, _U**4 - 6 * _U**2 + 3  # Hermite: derivatives by q of a Gaussian expectation
    square = f * f
    mean = square @ _WEIGHTS
    pairs = _hermite_kernel(square, correlation, _series_remainder(correlation)) / np.outer(mean, mean)
    growth, curvature = square @ (second * _WEIGHTS) / (2 * mean), square @ (fourth * _WEIGHTS) / (4 * mean)
    pairs, growth, curvature = (np.where(np.isfinite(x), x, 0.0) for x in (pairs, growth, curvature))
    return mean, pairs, growth, curvature
