"""How far single draws of finite networks fall from mean-field theory, to the first order in 1/width."""

from collections.abc import Sequence

import numpy as np
from scipy.special import polygamma

from core.activations import Activation, Array
from core.theory.expectations import function_and_slope, pair_kernels, square_response

EXAMPLES = 24  # of a batch, that stand for all of it


def fluctuations(
    sizes: Sequence[int],
    activation: Activation,
    signals: Sequence[Array],
    biases: Array,
    gradients: Sequence[Array],
    examples: int,
    orthogonal: bool,
    freedom: Array | None,
) -> tuple[Array, Array, Array, Array]:
    """The median less theory's and the spread over draws, of log rms(A^[l]), then of log rms(dZ^[l]), each (layer,).

    From theory's q of z in the hidden layers, Var(b) and G in all, over pairs of EXAMPLES of a batch of `examples`. A
    layer of n units averages n draws of g(z)²: its mean square strays by a factor of relative variance κ/n, where
    κ = E[g⁴]/E[g²]² − 1 (5 for ReLU), and its logarithm is about normal, with a median half its variance below the
    mean (Hanin 2018; Hanin & Nica 2018). Going back it is g′(z)² dz². Orthogonal weights keep the length of what they
    take. Those fitted to the batch (LSUV) have a factor 1/√(χ²_ν/ν), of which the spread counts; `freedom` has ν.
    """
    n = np.array(sizes, dtype=float)
    preserved = np.minimum(1, [n[1:] / n[:-1], n[:-1] / n[1:]]) * orthogonal
    shift, variance, slopes = _forward(n[1:], activation, signals, biases, examples, preserved[0], freedom is not None)
    going_back = [0.0]  # variance of log mean(dZ²), by E[G_ii G_jj] and E[G_ij²] over theory's
    squares = _split(gradients[-1])[1] ** 2
    products = np.ones_like(squares)
    for layer in reversed(range(len(slopes))):
        units, keep, (fourth, alike) = n[layer + 1], preserved[1][layer + 1], slopes[layer]
        fourth = fourth * (products + 2 * squares)
        products, squares = (
            products + (fourth - products - 2 * keep * squares) / units,
            alike * squares + (fourth - alike * squares - keep * alike * (products + squares)) / units,
        )
        weights = np.diag(gradients[layer]) / np.trace(gradients[layer])
        going_back.insert(0, _mean(np.log(products), weights, examples))
    back = np.array(going_back)
    fits = np.zeros(len(back)) if freedom is None else np.append(polygamma(1, freedom[1:] / 2), 0)
    spread = np.sqrt(back + np.cumsum(fits[::-1])[::-1]) / 2
    return shift, np.sqrt(variance) / 2, -back / 4, spread


def _forward(
    sizes: Array,
    activation: Activation,
    signals: Sequence[Array],
    biases: Array,
    examples: int,
    preserved: Array,
    fitted: bool,
) -> tuple[Array, Array, list[tuple[Array, Array]]]:
    """Shift of log rms(A) and variance of log mean(A²) (layer,); of hidden layers E[g′²g′²] and E[g′g′]² (m, m).

    Both over the product of E[g′²], at the correlations of finite width.
    """
    shifts, variances, slopes = [np.nan], [np.nan], []
    mean: Array | float = 0.0  # of K_ii over theory's, less 1
    covariance: Array = np.zeros_like(signals[0]) if signals else np.empty(0)  # of log K_ii
    excess = covariance  # of ρ² of K over theory's
    for layer, q in enumerate(signals):
        n = sizes[layer]
        scale, rho = _split(q)
        kernel, slope = pair_kernels(activation, scale, rho)
        rho = np.copysign(np.sqrt(np.minimum(1, rho**2 + excess)), rho)
        g, derivative = function_and_slope(activation, scale)
        mean_slope, slope_pairs, _, _ = square_response(derivative, rho)
        slope_kernel = pair_kernels(activation, scale, rho)[1]
        slopes.append((slope_pairs, slope_kernel**2 / np.outer(mean_slope, mean_slope)))
        square, pairs, growth, curvature = square_response(g, rho)
        passed = np.nan_to_num(1 - biases[layer] / scale**2) * (not fitted)  # d log q/d log K
        response = growth * passed
        mean = response * mean + curvature / 2 * passed**2 * np.diag(covariance)
        noise = pairs - 1 - 2 * preserved[layer] * np.outer(growth, growth) * rho**2
        covariance = covariance * np.outer(response, response) + noise / n
        roots = np.sqrt(np.outer(square, square))
        excess = excess * (slope * np.outer(scale * passed, scale * passed) / roots) ** 2
        excess += pairs * (1 - np.minimum(1, (kernel / roots) ** 2 + excess)) * (1 - preserved[layer]) / n
        excess = np.nan_to_num(excess).clip(0)
        weights = square / square.sum()
        variance = _mean(covariance, weights, examples)
        shifts.insert(-1, (weights @ mean - variance / 2) / 2)
        variances.insert(-1, variance)
    return np.array(shifts), np.array(variances), slopes


def _split(q: Array) -> tuple[Array, Array]:
    """Scales (m,) and correlations (m, m)."""
    scale = np.sqrt(np.diag(q))
    return scale, np.nan_to_num(np.clip(q / np.outer(scale, scale), -1, 1))


def _mean(covariance: Array, weights: Array, examples: int) -> float:
    """Variance of the weighted mean over a batch of so many, of which these are some."""
    itself = float(weights**2 @ np.diag(covariance))
    alone, share = float(weights @ weights), len(weights) / examples
    others = (float(weights @ covariance @ weights) - itself) / (1 - alone) if alone < 1 - 1e-9 else 0.0
    return max(itself * share + others * (1 - alone * share), 0.0)  # not below 0 by rounding
