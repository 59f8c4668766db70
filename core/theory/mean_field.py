"""What mean-field theory predicts for a network at its start: the size of signals and gradients, layer by layer.

In wide layers each z of an example is a Gaussian over draws of the weights, of one variance q for all units (Neal 1996;
Poole et al. 2016; Schoenholz et al. 2017).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.activations import Activation, Array
from core.initializers import INITIALIZERS
from core.settings import Variant
from core.theory.expectations import pair_kernels
from core.theory.fluctuations import EXAMPLES, fluctuations


@dataclass(frozen=True)
class Prediction:
    """The prediction for layers 1 … L (layer,), as in a Result at record 0; NaN for the output's activations."""

    activation_rms: Array  # root mean squares over draws, of layers of any width
    dz_rms: Array
    weight_gradient_norm: Array
    bias_gradient_norm: Array
    forward_shift: Array  # the fluctuations, of these widths
    forward_spread: Array
    backward_shift: Array
    backward_spread: Array

    def median(self, quantity: str) -> Array:
        """The median of a size over draws (…, layer): half of the seeds are expected to lie above it."""
        shift = np.add(*self._choose(quantity, self.forward_shift, self.backward_shift))
        return getattr(self, quantity) * np.exp(np.where(np.isfinite(shift), shift, 0.0))

    def spread(self, quantity: str) -> Array:
        """The standard deviation of a size's logarithm over draws (…, layer); NaN where it is not known."""
        return np.hypot(*self._choose(quantity, self.forward_spread, self.backward_spread))

    @staticmethod
    def _choose(quantity: str, forward: Array, backward: Array) -> tuple[Array, Array]:
        """The fluctuations of the signals and the errors that a size is made of; A^[0] does not stray."""
        none = np.zeros_like(forward)
        if quantity == "activation_rms":
            return forward, none
        before = np.concatenate([none[..., :1], forward[..., :-1]], axis=-1)
        return before if quantity == "weight_gradient_norm" else none, backward


def parameter_variances(variant: Variant, sizes: Sequence[int], activation: Activation) -> tuple[Array, Array] | None:
    """Var(W^[l]) and Var(b^[l]), (layer,) each; None of weights with a common value or mean."""
    initializer = INITIALIZERS[variant.initializer]
    if variant.mean or (initializer.name == "constant" and variant.gain):
        return None
    fans, law = list(pairwise(sizes)), initializer.bias_variance
    weights = [variant.gain**2 * initializer.variance(*fan, activation.name) + variant.noise**2 for fan in fans]
    biases = [(law(*fan, activation.name) if law else 0.0) + variant.bias_std**2 for fan in fans]
    return np.array(weights), np.array(biases)


def predict(
    sizes: Sequence[int],
    activation: Activation,
    weights: Array,
    biases: Array,
    X: Array,
    dZ: Array,
    *,
    unit_variance: float | None = None,
    orthogonal: bool = False,
) -> Prediction:
    """Predict a network's start from its laws.

    weights and biases are Var(W^[l]) and Var(b^[l]) (layer,); X (n_0, m) is a batch and dZ (n_L, m) the gradient of its
    mean loss at the output. `unit_variance` is the variance that LSUV gives every W A instead. With K^[l] the mean over
    units of a(x) a(x′), and G^[l] that of dz(x) dz(x′), over pairs of examples:

        q^[l] = n_{l−1} Var(W) K^[l−1] + Var(b),        K^[l] = E[g(z) g(z′)],      z, z′ ~ N(0, q^[l])
        G^[l] = n_{l+1} Var(W^[l+1]) G^[l+1] E[g′(z) g′(z′)]
        ‖dW^[l]‖² = n_l n_{l−1} Σ G^[l] K^[l−1],        ‖db^[l]‖² = n_l Σ G^[l]
    """
    with np.errstate(all="ignore"):
        signals, kernels, slopes, weights, freedom = _forward(sizes, activation, weights, biases, X, unit_variance)
        gradients = [dZ.T @ dZ / sizes[-1]]  # G^[1] … G^[L], each (m, m)
        for layer in range(len(sizes) - 2, 0, -1):
            gradients.insert(0, sizes[layer + 1] * weights[layer] * gradients[0] * slopes[layer - 1])
        some = [G[:EXAMPLES, :EXAMPLES] for G in gradients]
        strays = fluctuations(sizes, activation, signals, biases, some, X.shape[1], orthogonal, freedom)
        layers = list(zip(sizes[1:], sizes[:-1], gradients, kernels, strict=True))
        return Prediction(
            np.sqrt([*(np.diag(K).mean() for K in kernels[1:]), np.nan]),
            np.sqrt([np.diag(G).mean() for G in gradients]),
            np.sqrt([n * fan_in * (G * K).sum().clip(0) for n, fan_in, G, K in layers]),
            np.sqrt([n * G.sum().clip(0) for n, _, G, _ in layers]),
            *strays,
        )


def _fit(variance: float, kernel: Array, fan_in: int, units: int, fitted: float) -> tuple[float, float]:
    """Var(W) where the draw is rescaled so that W A, without biases, has this variance on the batch (LSUV); and ν.

    Taken over units and examples, its mean over draws is n Var(W) (mean K_ii − mean K_ij/n_l). A draw's is about χ²_ν/ν
    times that (Satterthwaite 1946), of which the median counts: of one unit it is far below the mean.
    """
    rows = kernel.mean(axis=0)
    centered = kernel - rows - rows[:, None] + rows.mean()
    total = (units - 1) * np.trace(kernel) + np.trace(centered)
    if not total > 0:
        return variance, np.inf  # what does not vary keeps its draw
    freedom = total**2 / ((units - 1) * (kernel**2).sum() + (centered**2).sum())
    median = fan_in * variance * total / (units * len(kernel)) * (1 - 2 / (9 * freedom)) ** 3
    return variance * fitted / median, freedom


def _forward(
    sizes: Sequence[int], activation: Activation, weights: Array, biases: Array, X: Array, fitted: float | None
) -> tuple[list[Array], list[Array], list[Array], Array, Array | None]:
    """q^[l] of some examples, K^[0] … K^[L−1] and E[g′(z) g′(z′)] (m, m); Var(W), and the fit's ν (layer,)."""
    signals, kernels, slopes, weights = [], [X.T @ X / sizes[0]], [], weights.copy()
    freedom = None if fitted is None else np.full(len(weights), np.inf)
    for layer, (fan_in, units) in enumerate(pairwise(sizes)):
        if fitted is not None and freedom is not None:
            weights[layer], freedom[layer] = _fit(weights[layer], kernels[-1], fan_in, units, fitted)
        if layer == len(weights) - 1:
            break
        q = fan_in * weights[layer] * kernels[-1] + biases[layer]
        scale = np.sqrt(np.diag(q))
        correlation = np.clip(q / np.outer(scale, scale), -1, 1)
        correlation[~np.isfinite(correlation)] = 0.0
        kernel, slope = pair_kernels(activation, scale, correlation)
        signals.append(q[:EXAMPLES, :EXAMPLES].copy())
        kernels.append(kernel)
        slopes.append(slope)
    return signals, kernels, slopes, weights, freedom
