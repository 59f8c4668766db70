"""The losses: from the output layer's Z to ŷ, the batch's mean loss, and dZ^[L]."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Loss:
    """A loss with the output function that belongs to it."""

    name: str
    output: str  # what ŷ is of Z
    # Of Z, Y (runs, n_L, m) and where ŷ goes, the batch's mean loss (runs,) in float64.
    forward: Callable[[Array, Array, Array], Array]
    scale: Callable[[int], float]  # of n_L: the k of dZ^[L] = k (ŷ − Y) / m

    def gradient(self, prediction: Array, Y: Array, out: Array) -> Array:
        """dZ^[L] (runs, n_L, m) of the batch's mean loss, written into `out`."""
        np.subtract(prediction, Y, out=out)
        out *= self.scale(Y.shape[1]) / Y.shape[2]
        return out


def _softmax_cross_entropy(Z: Array, Y: Array, out: Array) -> Array:
    """−log softmax(Z)[class], by log-sum-exp, with differences of large Z in float64."""
    top = np.maximum.reduce(Z, axis=1, keepdims=True)
    np.subtract(Z, top, out=out)
    np.exp(out, out=out)
    total = np.add.reduce(out, axis=1, keepdims=True)
    out /= total
    # Processors take a hundred times as long over products that underflow; beside 1 they are nothing.
    np.multiply(out, out > _least(out.dtype), out=out)
    chosen = np.add.reduce(Z * Y, axis=1, dtype=np.float64)
    return np.add.reduce(np.log(total[:, 0]) + (top[:, 0] - chosen), axis=1) / Z.shape[2]


@functools.cache
def _least(dtype: np.dtype) -> float:
    precision = np.finfo(dtype)
    return float(precision.smallest_normal) / float(precision.eps)  # of which ε is still normal


def _sigmoid_cross_entropy(Z: Array, Y: Array, out: Array) -> Array:
    """log(1 + e^z) − y z, in the form that does not overflow."""
    wide = Z.astype(np.float64)
    losses = np.maximum(wide, 0) - wide * Y + np.log1p(np.exp(-np.abs(wide)))
    np.negative(Z, out=out)
    np.exp(out, out=out)
    out += 1
    np.reciprocal(out, out=out)
    return losses[:, 0].mean(axis=1)


def _mean_squared_error(Z: Array, Y: Array, out: Array) -> Array:
    np.copyto(out, Z)
    difference = Z.astype(np.float64) - Y
    return (difference * difference).mean(axis=(1, 2))


_CATALOGUE = (
    Loss("softmax", "softmax", _softmax_cross_entropy, lambda outputs: 1.0),
    Loss("sigmoid", "sigmoid", _sigmoid_cross_entropy, lambda outputs: 1.0),
    Loss("squared", "linear", _mean_squared_error, lambda outputs: 2.0 / outputs),
)


def constant_loss(name: str, Y: Array) -> float:
    """The lowest mean loss on Y (examples, n_L) without the input, with 0 · log 0 = 0."""
    if name == "squared":
        return float(Y.var(axis=0).mean())
    shares = Y.mean(axis=0)
    if len(shares) == 1:
        shares = np.array([shares[0], 1 - shares[0]])
    shares = shares[shares > 0]
    return float(-(shares * np.log(shares)).sum())


def constant_output(name: str, Y: Array) -> Array:
    """Z^[L] (n_L,) that predicts Y (examples, n_L) best without the input (Karpathy 2019)."""
    if name == "squared":
        return Y.mean(axis=0)
    # A class without examples counts as half an example.
    counts = np.clip(Y.sum(axis=0), 0.5, len(Y) - 0.5)
    return np.log(counts / (len(Y) - counts if name == "sigmoid" else len(Y)))


LOSSES: dict[str, Loss] = {loss.name: loss for loss in _CATALOGUE}
