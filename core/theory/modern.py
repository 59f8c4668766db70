"""What normalization and skip connections do to signal and gradient at the start: laws of wide layers.

`python -m tests.modern` prints each law beside what the engine measures. Factors are of mean squares; those of the
gradient are by Z = W A + b, before it is normalized, going back. Normalization makes them independent of the scale
of random weights: initializers that differ in scale alone then differ in the output layer and in how fast they learn.
"""

from __future__ import annotations

import math

import numpy as np

from core.activations import ACTIVATIONS
from core.theory.expectations import mean_squares, pair_kernels


def batch_growth(activation: str) -> float:
    """The factor a layer of the gradient under batch normalization: E[g′(z)²]/Var g(z) over z ~ N(0, 1), large batches.

    Examples are uncorrelated after some layers, so that Var Z is that of g(z) alone (Yang et al. 2019): π/(π − 1) for
    ReLU. A gradient of L layers grows by its power, whatever the weights' scale.
    """
    square, slope = mean_squares(ACTIVATIONS[activation], 1.0)
    kernel, _ = pair_kernels(ACTIVATIONS[activation], np.ones(2), np.eye(2))
    return slope / (square - float(kernel[0, 1]))  # less E[g(z)]²


def linear_batch_growth(m: int) -> float:
    """The same of linear layers and batches of m > 3 examples: (m − 2)/(m − 3) (Yang et al. 2019)."""
    return (m - 2) / (m - 3)


def layer_growth(activation: str) -> float:
    """The factor a layer of the gradient under layer normalization: E[g′(z)²]/E[g(z)²] over z ~ N(0, 1).

    That of weights at the gain that keeps the signal: 1 for ReLU, as He's weights have it without normalization.
    """
    square, slope = mean_squares(ACTIVATIONS[activation], 1.0)
    return slope / square


def block_growth(branch: float) -> float:
    """The factor of signal and gradient by a ReLU block Z^[l] = W^[l] A^[l−1] + Z^[l−2] of He's weights: 1 + branch².

    `branch` multiplies the last weights of a block; of Xavier's, both smaller by √½, it is 1/2. A branch has mean 0
    and, at 1, the mean square of its input, hence 2 (Hanin & Rolnick 2018). With 1/√B in B blocks all of them together
    stay below e; with 0 (Fixup, Zhang et al. 2019) a block starts as the identity.
    """
    return 1 + branch * branch


def single_skip_growth() -> float:
    """The factor of the signal by A^[l] = g(Z^[l]) + A^[l−1] with ReLU and He's weights, after some layers: 2.90.

    More than 2, because g(Z) is not negative: with q = E[A²] and mean μ, q grows to 2 q + 2 μ √(q/π), μ to μ + √(q/π).
    """
    mean, growth = 0.0, 1.0  # of A, in units of its rms
    for _ in range(100):
        growth = 2 + 2 * mean / math.sqrt(math.pi)
        mean = (mean + 1 / math.sqrt(math.pi)) / math.sqrt(growth)
    return growth


def residual_batch_growth(blocks: int, stem: float) -> float:
    """The factor of the gradient by all ReLU blocks of He's weights, each with batch normalization before both ReLUs.

    Each adds (π − 1)/π to the variance v of the stream, which begins at `stem`, and π/((π − 1) v) to the gradient's
    factor: a power of the depth, with exponent (π/(π − 1))² = 2.15, where plain layers have an exponential (De & Smith
    2020).
    """
    share = (math.pi - 1) / math.pi
    return math.prod(1 + 1 / (share * (stem + block * share)) for block in range(blocks))
