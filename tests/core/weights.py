"""Networks' weights for the tests of the diagnosis, named and laid out as PyTorch does."""

from itertools import pairwise

import numpy as np

from core import INITIALIZERS


def network(sizes, name="he", seed=0, activation="relu"):
    """Weights and biases by name, as the named initializer draws them."""
    rng, arrays = np.random.default_rng(seed), {}
    for i, fans in enumerate(pairwise(sizes)):
        arrays[f"{i}.weight"] = INITIALIZERS[name].draw(rng, *fans, activation).astype(np.float32)
        arrays[f"{i}.bias"] = INITIALIZERS[name].draw_bias(rng, *fans, activation).astype(np.float32)
    return arrays


def truncated(rng, std, shape):
    """Normal draws within two standard deviations of what they are cut from, scaled to `std` as Keras and JAX do."""
    x = rng.standard_normal(shape)
    while (outside := np.abs(x) > 2).any():
        x[outside] = rng.standard_normal(int(outside.sum()))
    return x * std / 0.87962566
