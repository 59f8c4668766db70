"""Starting parameters, in paired draws: a layer draws by (seed, layer), whatever the initializer."""

from collections.abc import Callable, Sequence

import numpy as np

from core.activations import ACTIVATIONS, Activation, Array
from core.datasets import dataset
from core.engine.hidden_layers import HiddenLayers
from core.engine.network import parameter_slices, parameter_views, scale_views
from core.initializers import INITIALIZERS
from core.losses import constant_output
from core.settings import Experiment, Variant

_WEIGHTS, _BIASES, _NOISE, _RANDOM_BIASES, _BATCHES = range(5)


def _rng(seed: tuple[int, int], layer: int, stream: int) -> np.random.Generator:
    return np.random.default_rng([*seed, layer, stream])


def starting_parameters(
    experiment: Experiment,
    variant: Variant,
    index: int,
    out: Array | None = None,
    checkpoint: Callable[[], None] = lambda: None,
) -> Array:
    """θ of a run, by its seed's index, before the first step: flat, in the experiment's dtype or `out`."""
    activation, fits_data = ACTIVATIONS[experiment.activation], INITIALIZERS[variant.initializer].fits_data
    seed, sizes, normalized = (experiment.seed, index), experiment.sizes, experiment.normalization != "none"
    data = dataset(experiment.dataset)
    if out is None:
        out = np.empty(parameter_slices(sizes, normalized)[-1].stop, experiment.dtype)
    # LSUV is fitted in float64, and rounded at the end like every other draw.
    drawn = np.empty(out.shape) if fits_data else out
    with np.errstate(over="ignore"):
        draw_parameters(variant, sizes, activation, seed, drawn, normalized, checkpoint)
        if fits_data:
            first = batch_indices(seed, len(data.X_train), experiment.batch_size, 1)[0]
            hidden = HiddenLayers(sizes, activation, 1, drawn.dtype, experiment.normalization, experiment.skip)
            fit_to_data(drawn, hidden, data.X_train[first].T, variant.gain, checkpoint)
            out[:] = drawn
    if variant.prior_bias:
        parameter_views(out[None], sizes, normalized)[-1][0, :, -1] = constant_output(data.loss, data.Y_train)
    return out


def draw_parameters(
    variant: Variant,
    sizes: Sequence[int],
    activation: Activation,
    seed: tuple[int, int],
    out: Array,
    normalized: bool = False,
    checkpoint: Callable[[], None] = lambda: None,
) -> None:
    """Write a variant's θ for layer sizes n_0 … n_L into `out`, flat (parameters,).

    W = gain · draw + mean + noise · N(0, 1); b = draw + bias_std · N(0, 1); γ = 1; β = 0.
    """
    initializer = INITIALIZERS[variant.initializer]
    for gamma, beta in scale_views(out[None], sizes) if normalized else ():
        gamma[:], beta[:] = 1, 0
    for layer, theta in enumerate(parameter_views(out[None], sizes, normalized), start=1):
        fans = sizes[layer - 1], sizes[layer]
        W = variant.gain * initializer.draw(_rng(seed, layer, _WEIGHTS), *fans, activation.name) + variant.mean
        b = initializer.draw_bias(_rng(seed, layer, _BIASES), *fans, activation.name)
        if variant.noise:
            W += variant.noise * _rng(seed, layer, _NOISE).standard_normal(W.shape)
        if variant.bias_std:
            b += variant.bias_std * _rng(seed, layer, _RANDOM_BIASES).standard_normal(b.shape)
        theta[0, :, :-1], theta[0, :, -1] = W, b
        checkpoint()


def fit_to_data(
    flat: Array, hidden: HiddenLayers, X: Array, gain: float = 1.0, checkpoint: Callable[[], None] = lambda: None
) -> None:
    """Rescale each W^[l], so that Z^[l] has variance gain² on X (n_0, m): Mishkin & Matas 2015."""
    sizes, A = hidden.sizes, X
    if hidden.normalization:
        hidden.normalization.bind(scale_views(flat[None], sizes), ())
    for layer, theta in enumerate(parameter_views(flat[None], sizes, hidden.normalization is not None)):
        W, b = theta[0, :, :-1], theta[0, :, -1:]
        spread = (W @ A).std()
        if 0 < spread < np.inf:
            W *= gain / spread
        Z = W @ A + b
        if layer < len(sizes) - 2:
            previous, A = A, np.empty_like(Z)
            hidden.forward(layer, Z[None], previous[None], A[None])
        checkpoint()


def batch_indices(seed: tuple[int, int], examples: int, m: int, steps: int) -> Array:
    """Which examples each step trains on (steps, m): each epoch is a permutation, its rest left out."""
    rng = _rng(seed, 0, _BATCHES)
    per_epoch = examples // m
    epochs = -(-steps // per_epoch)
    order = np.stack([rng.permutation(examples)[: per_epoch * m] for _ in range(epochs)])
    return order.reshape(-1, m)[:steps]
