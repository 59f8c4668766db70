"""A plain chain of layers: whether the weights are one, what a signal does on its way through, and units alike."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from core.activations import Activation
from core.diagnosis import roles
from core.diagnosis.layers import Layer

Array = np.ndarray

EXAMPLES = 128  # of unit Gaussian noise
_NO_SLOPE = 1e-3  # under this slope a unit is off or saturated


@dataclass(frozen=True)
class Signal:
    """By layer 1 … L: rms of A for noise of rms 1 (of Z for the last), rms of dZ for a gradient of rms 1 at the output.

    `off`: the share of units and examples without slope, 0 for the last layer. `shift`: the mean bias over the rms of
    W A, 0 without biases.
    """

    forward: Array
    backward: Array
    off: Array
    shift: Array

    @property
    def learns(self) -> Array:
        """By layer, whether its weights receive a gradient: neither its inputs nor its dZ are all 0."""
        return np.append(1.0, self.forward[:-1]) * self.backward > 0


def chain_obstacle(layers: Sequence[Layer], roles_present: Collection[str]) -> str:
    """Why the layers are no plain chain, which alone a signal can be sent through; "" where they are."""
    other = [
        role for role in roles_present if re.search("normalization|embedding|position|attention|recur|LoRA|norm$", role)
    ]
    if other:
        return f"there are arrays of another kind ({sorted(other)[0]})"
    if any(roles.has_branches(layer.name) for layer in layers):
        return "names speak of blocks or branches"
    if any(layer.role == "convolution" and not roles.names_weights(layer.name) for layer in layers):
        return "names do not say whether these are weights"
    if len(layers) < 2:
        return "it takes two layers"
    gap = next((f"layers {i} and {i + 1}" for i, (a, b) in enumerate(pairwise(layers), 1) if not a.connects(b)), "")
    return f"{gap} do not connect" if gap else ""


def unflatten(layers: Sequence[Layer]) -> list[Layer]:
    """The layers with channels that are the units before them: flattened positions of a convolution become places."""
    chain = list(layers[:1])
    for layer in layers[1:]:
        n, units, kernel = len(layer.kernel), len(chain[-1].kernel), layer.kernel
        if kernel.shape[1] != units and layer.layout == "last":
            kernel = kernel.reshape(n, -1, units).swapaxes(1, 2)
        chain.append(replace(layer, kernel=kernel.reshape(n, units, -1)))
    return chain


def propagate(chain: Sequence[Layer], activation: Activation) -> Signal:
    """Send noise through a plain chain, unflattened, and a gradient back; the last layer is linear.

    A convolution is taken at one position, its places fed with independent examples: no edges, no pooling.
    """
    rng = np.random.default_rng(0)
    A: Array = rng.standard_normal((chain[0].kernel.shape[1], EXAMPLES), dtype=np.float32)
    forward, off, shift, slopes = [], [], [], []
    with np.errstate(all="ignore"):
        for layer in chain:
            places = layer.kernel.shape[2]
            Z = layer.W @ (rng.permuted(np.repeat(A, places, axis=0), axis=1) if places > 1 else A)
            b = np.zeros(len(Z), np.float32) if layer.b is None else layer.b
            shift.append(float(b.mean()) / max(_rms(Z), 1e-30))
            Z += b[:, None]
            A = activation.function(Z)
            slopes.append(activation.derivative(Z, A))
            forward.append(_rms(A))
            off.append(float((np.abs(slopes[-1]) < _NO_SLOPE).mean()))
        forward[-1], off[-1] = _rms(Z), 0.0
        dZ: Array = rng.standard_normal(Z.shape, dtype=np.float32)
        backward = [_rms(dZ)]
        for layer, slope in zip(chain[:0:-1], slopes[-2::-1], strict=True):
            dA = (layer.W.T @ dZ).reshape(*layer.kernel.shape[1:], EXAMPLES)
            # An input of a convolution is taken at every place of the kernel, one that was flattened at a single one.
            dZ = (dA.sum(axis=1) if layer.role == "convolution" else dA[:, 0]) * slope
            backward.insert(0, _rms(dZ))
    return Signal(np.array(forward), np.array(backward), np.array(off), np.array(shift))


def _rms(values: Array) -> float:
    return float(np.sqrt(np.square(values, dtype=np.float64).mean()))


def count_copies(layer: Layer, following: Layer | None = None) -> int:
    """Units, beyond the first of each kind, whose weights and bias are another's; with `following`, outgoing ones too.

    Alike to 5 digits of a unit's largest weight. Units without any incoming weight count only where the whole layer is
    0; a few units with fewer than 4 inputs can be alike by chance and do not count.
    """
    parts = [layer.W if layer.b is None else np.column_stack([layer.W, layer.b])]
    if following is not None:
        parts.append(np.moveaxis(following.kernel, 1, 0).reshape(len(layer.W), -1))
    with np.errstate(invalid="ignore"):  # NaN and infinity are a finding of their own
        sizes = [np.abs(part).max(axis=1, keepdims=True) + 1e-30 for part in parts]
        columns = [column for part, s in zip(parts, sizes, strict=True) for column in (part / s, np.log(s))]
    theta = np.round(np.hstack(columns), 5)[layer.W.any(axis=1) | (not layer.W.any())] + 0.0  # without −0
    copies = len(theta) - len({row.tobytes() for row in theta})
    return copies if layer.W.shape[1] > 3 or copies == len(theta) - 1 else 0
