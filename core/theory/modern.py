"""What batch normalization does to the gradient at the start of wide layers, going back, whatever the weights' scale.

Factors are of the mean square of the gradient by Z = W A + b, before it is normalized. `python -m tests.modern` prints
them, and laws of layer normalization and of skip connections, beside what the engine measures.
"""

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
