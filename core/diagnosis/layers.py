"""Named arrays → the layers they are of: weights with their biases, in order, and what was left out and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod

import numpy as np

from core.diagnosis import naming

Array = np.ndarray

# How a weight is stored: PyTorch has its outputs on the first axis, Keras, Flax and scikit-learn on the last.
LAYOUTS = {"first": "(out, in), as PyTorch stores them", "last": "(in, out), as Keras, Flax and scikit-learn do"}
MOST_AXES = 5  # a convolution in three dimensions


@dataclass(frozen=True)
class Weight:
    """A weight as it is stored, and the bias found for it (out,)."""

    name: str
    array: Array
    bias: Array | None = field(default=None)

    def outputs(self, layout: str) -> int:
        """How many units, or channels, it has; where they stand depends on the layout."""
        return int(self.array.shape[0 if layout == "first" else -1])

    def inputs(self, layout: str) -> int:
        """Channels for a convolution: of one group, where it has groups."""
        return int(self.array.shape[1 if layout == "first" else -2])

    @property
    def kind(self) -> str:
        """What its number of axes says it is: dense, or a convolution."""
        return "dense" if self.array.ndim == 2 else "convolution"

    def connects(self, following: Weight, layout: str) -> bool:
        """Whether this layer's outputs can be what the following one takes: as they are, in groups, or flattened."""
        made, taken = self.outputs(layout), following.inputs(layout)
        if following.kind == "convolution":
            return self.kind == "convolution" and made % taken == 0
        return made == taken or (self.kind == "convolution" and taken % made == 0)


@dataclass(frozen=True)
class Outline:
    """One layer without its numbers.

    fan_in and fan_out are what frameworks count: for a convolution the channels times the places of its kernel.
    """

    number: int  # from 1, in the network's order
    name: str
    kind: str  # dense or convolution
    stored: tuple[int, ...]
    units: int
    fan_in: int
    fan_out: int


@dataclass(frozen=True)
class Layer:
    """One layer: W (units, fan_in) with a unit a row, however it was stored, and b (units,) or None."""

    outline: Outline
    W: Array
    b: Array | None


def layer(number: int, weight: Weight, layout: str) -> Layer:
    """A stored weight as a layer; a bias that does not fit this layout is dropped."""
    array = weight.array
    units = array if layout == "first" else np.moveaxis(array, -1, 0)
    W = _single(units.reshape(len(units), -1))
    b = _single(weight.bias) if weight.bias is not None and len(weight.bias) == len(W) else None
    places = prod(array.shape[2:] if layout == "first" else array.shape[:-2])
    fans = weight.inputs(layout) * places, weight.outputs(layout) * places
    return Layer(Outline(number, weight.name, weight.kind, array.shape, len(W), *fans), W, b)


def _single(array: Array) -> Array:
    """In float32, the format of nearly all networks: what does not fit is infinite or 0 in it."""
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(array, dtype=np.float32)


def weights_of(arrays: Mapping[str, Array]) -> tuple[list[Weight], list[tuple[str, str]]]:
    """The weights among the arrays in the arrays' order, each with its bias; and (name, why) of all others."""
    left: list[tuple[str, str]] = []
    usable: dict[str, Array] = {}
    for name, array in arrays.items():
        reason = _unusable(name, array)
        if reason:
            left.append((name, reason))
        else:
            usable[name] = array
    vectors = {name: array.ravel() for name, array in usable.items() if _is_vector(name, array)}
    matrices = {name: array for name, array in usable.items() if name not in vectors}
    weights: list[Weight] = []
    for name, array in matrices.items():
        bias = _bias_of(name, array, vectors, list(usable))
        weights.append(Weight(name, array, vectors.pop(bias) if bias else None))
    left += [(name, "a vector that belongs to no weight here, such as a normalization's") for name in vectors]
    return weights, left


def _unusable(name: str, array: Array) -> str | None:
    if not np.issubdtype(array.dtype, np.floating):
        return "not floating-point numbers: a counter, or quantized"
    if array.size == 0:
        return "empty"
    if array.ndim == 0:
        return "a single number"
    if array.ndim > MOST_AXES:
        return f"{array.ndim} axes, more than a dense layer or a convolution has"
    return naming.exclusion_reason(name)


def _is_vector(name: str, array: Array) -> bool:
    """A vector, or a bias kept as a column or a row, as in the article's notation."""
    return array.ndim == 1 or (naming.role(name) == "bias" and array.size == max(array.shape))


def _bias_of(name: str, array: Array, vectors: Mapping[str, Array], order: list[str]) -> str | None:
    """The bias by its name, or, where names say nothing, the vector that follows; of a length that fits an end."""
    ends = (array.shape[0], array.shape[-1])
    if naming.role(name):
        stem = naming.stem(name)
        named = (v for v in vectors if naming.role(v) == "bias" and naming.stem(v) == stem)
        return next((v for v in named if len(vectors[v]) in ends), None)
    following = order[order.index(name) + 1 :][:1]
    return next((v for v in following if v in vectors and not naming.role(v) and len(vectors[v]) in ends), None)
