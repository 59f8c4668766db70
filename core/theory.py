"""What mean-field theory predicts for a network at its start: the size of signals and gradients, layer by layer.

In the limit of wide layers each z of an example is a Gaussian over the draws of the weights, of the same variance q for
all units of a layer (Neal 1996; Poole et al. 2016; Schoenholz et al. 2017). All of it follows from the data's own mean
squares and the gradient at the output; the weights themselves are not looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.activations import Activation
from core.expectations import HOMOGENEOUS, pairs, relative_variance
from core.initializers import Initializer

Array = np.ndarray


@dataclass(frozen=True)
class Prediction:
    """By layer 1 … L, as in a Result at record 0. The output's activations are not predicted (NaN).

    The spreads are standard deviations of the logarithm of the rms over draws, for finite widths; NaN where unknown.
    """

    activation_rms: Array  # (layer,)
    dz_rms: Array
    weight_gradient_norm: Array
    bias_gradient_norm: Array
    forward_spread: Array
    backward_spread: Array


def weight_variances(
    initializer: Initializer, sizes: Sequence[int], activation: Activation, gain: float = 1.0, noise: float = 0.0
) -> Array | None:
    """Var(W^[l]) of each layer (layer,); None where weights have a common value, to which no theory here applies."""
    if initializer.name == "constant" and gain:
        return None
    fans = pairwise(sizes)
    return np.array([gain**2 * initializer.variance(*fan, activation.name) + noise**2 for fan in fans])


def bias_variances(
    initializer: Initializer, sizes: Sequence[int], activation: Activation, bias_std: float = 0.0
) -> Array:
    """Var(b^[l]) of each layer (layer,)."""
    law = initializer.bias_variance
    fans = pairwise(sizes)
    return np.array([(law(*fan, activation.name) if law else 0.0) + bias_std**2 for fan in fans])


def predict(
    sizes: Sequence[int],
    activation: Activation,
    weights: Array,
    biases: Array,
    X: Array,
    dZ: Array,
    *,
    unit_variance: float | None = None,
) -> Prediction:
    """Predict a network's start from its laws.

    weights and biases are Var(W^[l]) and Var(b^[l]) (layer,); X (n_0, m) is a batch and dZ (n_L, m) the gradient of its
    mean loss at the output. `unit_variance` is the variance LSUV gives every Z instead. With K^[l] the mean over units
    of a(x) a(x′), and G^[l] that of dz(x) dz(x′), over pairs of examples:

        q^[l] = n_{l−1} Var(W) K^[l−1] + Var(b),        K^[l] = E[g(z) g(z′)],      z, z′ ~ N(0, q^[l])
        G^[l] = n_{l+1} Var(W^[l+1]) G^[l+1] E[g′(z) g′(z′)]
        ‖dW^[l]‖² = n_l n_{l−1} Σ G^[l] K^[l−1],        ‖db^[l]‖² = n_l Σ G^[l]
    """
    with np.errstate(all="ignore"):
        kernels, slopes = _forward(sizes, activation, weights, biases, X, unit_variance)
        gradients = _backward(sizes, weights, slopes, dZ, unit_variance, kernels)
        sides = range(1, len(sizes))
        diagonal = [np.diag(kernel).mean() for kernel in kernels[1:]]
        forward, backward = _spreads(sizes, activation)
        return Prediction(
            activation_rms=np.sqrt([*diagonal, np.nan]),
            dz_rms=np.sqrt([np.diag(G).mean() for G in gradients]),
            weight_gradient_norm=np.sqrt(
                [sizes[n] * sizes[n - 1] * (gradients[n - 1] * kernels[n - 1]).sum().clip(0) for n in sides]
            ),
            bias_gradient_norm=np.sqrt([sizes[n] * gradients[n - 1].sum().clip(0) for n in sides]),
            forward_spread=forward,
            backward_spread=backward,
        )


def _forward(
    sizes: Sequence[int],
    activation: Activation,
    weights: Array,
    biases: Array,
    X: Array,
    unit_variance: float | None,
) -> tuple[list[Array], list[Array]]:
    """K^[0] … K^[L−1] and, for the hidden layers, E[g′(z) g′(z′)], each (m, m)."""
    kernels, slopes = [X.T @ X / sizes[0]], []
    for n, variance, bias in zip(sizes[:-2], weights[:-1], biases[:-1], strict=True):
        q = n * variance * kernels[-1] + bias
        if unit_variance is not None:
            q *= unit_variance / np.diag(q).mean()
        scale = np.sqrt(np.diag(q))
        correlation = np.clip(q / np.outer(scale, scale), -1, 1)
        correlation[~np.isfinite(correlation)] = 0.0
        kernel, slope = pairs(activation, scale, correlation)
        kernels.append(kernel)
        slopes.append(slope)
    return kernels, slopes


def _backward(
    sizes: Sequence[int],
    weights: Array,
    slopes: list[Array],
    dZ: Array,
    unit_variance: float | None,
    kernels: list[Array],
) -> list[Array]:
    """G^[1] … G^[L], each (m, m)."""
    gradients = [dZ.T @ dZ / sizes[-1]]
    for layer in range(len(sizes) - 2, 0, -1):
        variance = weights[layer]
        if unit_variance is not None:
            variance = unit_variance / (sizes[layer] * np.diag(kernels[layer]).mean())
        gradients.insert(0, sizes[layer + 1] * variance * gradients[0] * slopes[layer - 1])
    return gradients


def _spreads(sizes: Sequence[int], activation: Activation) -> tuple[Array, Array]:
    """Standard deviations over draws of log rms(A^[l]) and log rms(dZ^[l]), each (layer,).

    A layer of n units multiplies the mean square by a factor of relative variance κ/n, κ = E[g(z)⁴]/E[g(z)²]² − 1 (5
    for ReLU), so that its logarithm is about normal with variance Σ κ/n_l (Hanin 2018; Hanin & Nica 2018). That needs g
    to be homogeneous; other activations pull the signal back to a size of their own.
    """
    if activation.name not in HOMOGENEOUS:
        unknown = np.full(len(sizes) - 1, np.nan)
        return unknown, unknown
    kappa = relative_variance(activation)
    shares = kappa / np.array(sizes[1:], dtype=float)
    forward = np.sqrt(np.cumsum(shares)) / 2
    # Going back, layer l has passed the widths of the layers l … L − 1.
    backward = np.sqrt(np.append(np.cumsum(shares[:-1][::-1])[::-1], 0.0)) / 2
    return forward, backward
