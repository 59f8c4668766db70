"""What layers do to signal and gradient by theory: at which gain, how deep, and with normalization."""

import math
from dataclasses import dataclass

import numpy as np

from core.activations import ACTIVATIONS
from core.initializers import INITIALIZERS
from core.settings import Experiment
from core.theory.expectations import HOMOGENEOUS, mean_squares, pair_kernels
from core.theory.mean_field import parameter_variances

STEPS = 2000  # of the iteration to a fixed point, which is slow where a gain is critical
FAR = 1e12  # a q beyond it, or below its inverse, goes on to ∞ or to 0
TRAINABLE = 6  # in so many depth scales networks train (Schoenholz et al. 2017)


@dataclass(frozen=True)
class Gain:
    """Weights of variance gain²/n_in, in layers so wide and many that the signal's size no longer changes."""

    gain: float
    rms: float  # of A
    chi: float  # χ = gain² E[g′(z)²], by which the mean square of dZ grows a layer (Schoenholz et al. 2017)

    @property
    def depth_scale(self) -> float:
        """ξ = 1/|ln χ|, the layers in which the mean square of dZ changes e-fold: ∞ where χ is 1, 0 where it is 0."""
        if self.chi == 1:
            return math.inf
        return 1 / abs(math.log(self.chi)) if 0 < self.chi < math.inf else 0.0


def preserving_gain(activation: str) -> Gain:
    """The gain 1/√E[g(z)²] over z ~ N(0, 1), with which Z keeps an rms of 1 (LeCun 1998; He 2015 for ReLU: √2)."""
    square, slope = mean_squares(ACTIVATIONS[activation], 1.0)
    return Gain(1 / math.sqrt(square), math.sqrt(square), slope / square)


def find_fixed_point(activation: str, gain: float, bias_std: float = 0.0) -> Gain:
    """The gain once settled, at the fixed point of q ← gain² E[g(z)²] + Var(b) over z ~ N(0, q), from q = 1."""
    q, (square, slope) = 1.0, mean_squares(ACTIVATIONS[activation], 1.0)
    chi = gain * gain * slope
    if activation in HOMOGENEOUS and (chi != 1 or bias_std):  # there E[g(z)²] = q E[g′(z)²] at any q
        q = bias_std * bias_std / (1 - chi) if chi < 1 else math.inf
        return Gain(gain, math.sqrt(q * slope), chi)
    for _ in range(STEPS):
        square, slope = mean_squares(ACTIVATIONS[activation], q)
        q, before = gain * gain * square + bias_std * bias_std, q
        if math.isclose(q, before, rel_tol=1e-9) or not 1 / FAR < q < FAR:
            break
    return Gain(gain, math.sqrt(square), gain * gain * slope)


def deepest_trainable(experiment: Experiment) -> float:
    """6 ξ of the first variant's hidden layers, in layers; NaN where no theory is known."""
    gain = hidden_gain(experiment)
    return TRAINABLE * gain.depth_scale if gain else math.nan


def hidden_gain(experiment: Experiment) -> Gain | None:
    """What the first variant's hidden layers, of one width, do once settled; None without a theory."""
    variant, width, activation = experiment.variants[0], experiment.hidden[0], ACTIVATIONS[experiment.activation]
    variances = parameter_variances(variant, (width, width), activation)
    if variances is None or INITIALIZERS[variant.initializer].fits_data or not experiment.is_plain:
        return None
    weights, biases = variances
    return find_fixed_point(activation.name, math.sqrt(width * weights[0]), math.sqrt(biases[0]))


def batch_growth(activation: str, m: float = math.inf) -> float:
    """The factor a layer of the gradient under batch normalization: E[g′(z)²]/Var g(z) over z ~ N(0, 1), large batches.

    Of the mean square, going back, of the gradient by Z = W A + b, before it is normalized. Examples are uncorrelated
    after some layers, so that Var Z is that of g(z) alone (Yang et al. 2019): π/(π − 1) for ReLU. Of batches of m > 3
    examples it is known of linear layers: (m − 2)/(m − 3).
    """
    if activation == "linear" and m < math.inf:
        return (m - 2) / (m - 3)
    square, slope = mean_squares(ACTIVATIONS[activation], 1.0)
    kernel, _ = pair_kernels(ACTIVATIONS[activation], np.ones(2), np.eye(2))
    return slope / (square - float(kernel[0, 1]))  # less E[g(z)]²
