"""Unit Gaussian noise of any size, with targets that a network can learn: a small random network makes them."""

import functools

import numpy as np

from core.datasets import Dataset, assemble

_SEED = 20170813
EXAMPLES, TESTS = 2816, 256
HIDDEN = 16  # tanh units of the network that makes the targets


@functools.lru_cache(maxsize=4)
def gaussian(inputs: int, outputs: int, loss: str, scaling: str = "standardized") -> Dataset:
    """X from N(0, 1), a row an example; Y from a random network of one hidden layer.

    Y is the largest of its outputs for `softmax`, the sign of the one for `sigmoid`, the standardized outputs for
    `squared`: random labels could only be learned by heart, which takes longer than a short training.
    """
    rng = np.random.default_rng([_SEED, inputs, outputs])
    X = rng.standard_normal((EXAMPLES, inputs))
    hidden = np.tanh(X @ rng.standard_normal((inputs, HIDDEN)) / np.sqrt(inputs))
    scores = hidden @ rng.standard_normal((HIDDEN, outputs))
    if loss == "softmax":
        Y = np.eye(outputs)[(scores / scores.std(axis=0)).argmax(axis=1)]
    elif loss == "sigmoid":
        Y = (scores > np.median(scores)).astype(float)
    else:
        Y = (scores - scores.mean(axis=0)) / scores.std(axis=0)
    return assemble("gaussian", "unit Gaussian noise", loss, X, Y, TESTS, scaling)
