"""The signal through a stack of weights: what theory expects of their mean squares, and what passes indeed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.activations import Activation
from core.diagnosis.layers import Layer
from core.theory.expectations import mean_squares

Array = np.ndarray

EXAMPLES = 128  # of unit Gaussian noise


@dataclass(frozen=True)
class Signal:
    """By layer 1 … L: the rms of A for inputs of rms 1 (of Z for the last layer, whose output stays linear), and the
    rms of dZ for a gradient of rms 1 at the output.

    `expected_…` follow from each layer's mean squares alone; the others are of Gaussian noise sent through the weights
    themselves, None where the layers are not all dense or do not connect. `silent` counts the units whose slope is 0 on
    every example; the last layer has none.
    """

    expected_forward: Array
    expected_backward: Array
    forward: Array | None = None
    backward: Array | None = None
    silent: Array | None = None


def propagate(layers: Sequence[Layer], activation: Activation, connected: bool) -> Signal:
    """Send a signal through the layers and a gradient back. `connected`: each layer takes what the one before makes."""
    with np.errstate(all="ignore"):
        expected = _expected(layers, activation)
        if not connected or any(layer.outline.kind != "dense" for layer in layers):
            return Signal(*expected)
        return Signal(*expected, *_sent(layers, activation))


def _expected(layers: Sequence[Layer], activation: Activation) -> tuple[Array, Array]:
    """Mean-field theory, every example alike: n_in E[w²] E[a²] + E[b²] forward, n_out E[w²] E[g′(z)²] back."""
    sizes, slopes, signal = [], [], 1.0
    for layer in layers:
        q = layer.outline.fan_in * _mean_square(layer.W) * signal
        q += 0.0 if layer.b is None else _mean_square(layer.b)
        signal, slope = mean_squares(activation, q)
        sizes.append(signal)
        slopes.append(slope)
    sizes[-1] = q
    gradients = [1.0]
    for layer, slope in zip(layers[:0:-1], slopes[-2::-1], strict=True):
        gradients.insert(0, layer.outline.fan_out * _mean_square(layer.W) * slope * gradients[0])
    return np.sqrt(sizes), np.sqrt(gradients)


def _mean_square(values: Array) -> float:
    return float(np.square(values, dtype=np.float64).mean())


def _sent(layers: Sequence[Layer], activation: Activation) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(0)
    A: Array = rng.standard_normal((layers[0].W.shape[1], EXAMPLES), dtype=np.float32)
    forward, silent, slopes = [], [], []
    for layer in layers:
        Z = layer.W @ A
        if layer.b is not None:
            Z += layer.b[:, None]
        A = activation.function(Z)
        slope = activation.derivative(Z, A)
        forward.append(_rms(A))
        silent.append(int((slope.max(axis=1) == 0).sum()))
        slopes.append(slope)
    forward[-1], silent[-1] = _rms(Z), 0
    dZ = rng.standard_normal(Z.shape, dtype=np.float32)
    backward = [_rms(dZ)]
    for layer, slope in zip(layers[:0:-1], slopes[-2::-1], strict=True):
        dZ = (layer.W.T @ dZ) * slope
        backward.insert(0, _rms(dZ))
    return np.array(forward), np.array(backward), np.array(silent)


def _rms(values: Array) -> float:
    return float(np.sqrt(_mean_square(values)))
