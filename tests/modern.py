"""The laws of normalization and skips, each beside what the engine measures: `python -m tests.modern`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from core.activations import ACTIVATIONS
from core.datasets import dataset
from core.engine.draws import draw_parameters
from core.engine.hidden_layers import HiddenLayers
from core.engine.network import Network, parameter_slices, parameter_views
from core.experiment import Experiment, Variant, run
from core.losses import LOSSES
from core.theory.expectations import mean_squares
from core.theory.gains import batch_growth

WIDTH, LAYERS, SEEDS = 400, 16, 4  # of what is measured here
STEM = 3  # layers at each end that are not measured: the input is not yet what a layer makes of it
BLOCKS = 8  # residual ones, of two layers each


@dataclass(frozen=True)
class Law:
    """A number of theory and how it is measured: geometric means over seeds, layers of WIDTH units."""

    name: str
    theory: float
    measure: Callable[[], float]


def laws() -> Iterator[Law]:
    """All of them, in the order in which they are printed; a limit is that of large batches."""
    many = "gradient a layer, batch normalization,"
    for name, m in (("relu", 16), ("relu", 64), ("relu", 256), ("tanh", 256)):
        title = f"{many} {ACTIVATIONS[name].label}, {m} examples (limit)"
        yield Law(title, batch_growth(name), partial(gradient_growth, "batch", name, m))
    for m in (8, 16):
        yield Law(
            f"{many} linear, {m} examples", batch_growth("linear", m), partial(gradient_growth, "batch", "linear", m)
        )
    for name in ("relu", "tanh"):
        title = f"gradient a layer, layer normalization, {ACTIVATIONS[name].label}"
        yield Law(title, layer_growth(name), partial(gradient_growth, "layer", name, 32))
    for what, branch in (("", 1.0), (", branches × 1/√B", BLOCKS**-0.5), (", last weights 0 (Fixup)", 0.0)):
        title = f"signal a residual block, {BLOCKS} blocks, ReLU, He{what}"
        yield Law(title, block_growth(branch), partial(residual_growth, branch))
    yield Law("signal a layer, skips over one layer, ReLU, He", single_skip_growth(), single_skip)
    title = f"gradient by {BLOCKS} residual blocks with batch normalization (limit)"
    yield Law(title, residual_batch_growth(BLOCKS, stem=2.0), residual_gradient)


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


def gradient_growth(normalization: str, activation: str, m: int) -> float:
    """The factor a layer of the gradient's mean square, with standard normal weights."""
    result = run(_experiment(activation, m, "normal", LAYERS, normalization=normalization))
    logs = 2 * np.log(result.dz_rms[0, :, 0, STEM : -1 - STEM])
    return float(np.exp((logs[:, 0] - logs[:, -1]).mean() / (logs.shape[1] - 1)))


def residual_growth(branch: float) -> float:
    """The factor a block of the mean square of Z, in BLOCKS blocks, the last weights of each multiplied by `branch`."""
    sizes, m, g = (WIDTH,) * (2 * BLOCKS + 2) + (1,), 16, ACTIVATIONS["relu"]
    flat = np.empty((4 * SEEDS, parameter_slices(sizes)[-1].stop))
    for seed, parameters in enumerate(flat):
        draw_parameters(Variant("he"), sizes, g, (0, seed), parameters)
    theta = parameter_views(flat, sizes)
    for layer in theta[2:-1:2]:
        layer *= branch
    X = np.random.default_rng(0).standard_normal((len(flat), WIDTH + 1, m))
    X[:, -1] = 1
    network = Network(HiddenLayers(sizes, g, len(flat), flat.dtype, skip=2), LOSSES["squared"], m)
    Z = network.forward(theta, X, np.zeros((len(flat), 1, m))).Z
    squares = [np.square(each).mean(axis=(1, 2)) for each in (Z[0], Z[2 * BLOCKS])]
    return float(np.mean(squares[1] / squares[0])) ** (1 / BLOCKS)


def single_skip() -> float:
    """The factor a layer of the mean square of A under skips over one layer."""
    result = run(_experiment("relu", 32, "he", LAYERS, skip=1))
    logs = 2 * np.log(result.activation_rms[0, :, 0, STEM : -1 - STEM])
    return float(np.exp((logs[:, -1] - logs[:, 0]).mean() / (logs.shape[1] - 1)))


def residual_gradient() -> float:
    """The factor of the gradient's mean square by BLOCKS blocks with batch normalization."""
    result = run(_experiment("relu", 256, "he", 2 * BLOCKS + 1, normalization="batch", skip=2))
    logs = 2 * np.log(result.dz_rms[0, :, 0, [0, 2 * BLOCKS]])
    return float(np.exp((logs[0] - logs[1]).mean()))


def _experiment(activation: str, m: int, start: str, layers: int, **design: Any) -> Experiment:
    """The first step of such a network, on inputs that are independent of each other."""
    data = dataset("noise")
    one = replace(data, X_test=data.X_test[:1], Y_test=data.Y_test[:1])  # nobody looks at its tests
    starts = (Variant(start),)
    return Experiment(one, (WIDTH,) * layers, activation, starts, SEEDS, 1, m, record="ends", **design)


if __name__ == "__main__":
    print(f"{'Factors of mean squares at the start':72}{'theory':>9}{'measured':>10}")
    for law in laws():
        print(f"{law.name:72}{law.theory:9.3f}{law.measure():10.3f}")
