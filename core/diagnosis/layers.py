"""Named arrays → what each is for, and the weights among them as layers: output axis, fans, bias, order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod

import numpy as np

from core.diagnosis import roles

Array = np.ndarray

# How a weight is stored: PyTorch has its outputs on the first axis, Keras, Flax and scikit-learn on the last.
LAYOUTS = {"first": "(out, in), as PyTorch stores them", "last": "(in, out), as Keras, Flax and scikit-learn do"}
MATRICES = (*roles.LAYERS, "attention projection", "recurrent gates", "LoRA A", "LoRA B")


@dataclass(frozen=True)
class Layer:
    """One weight: `kernel` (units, channels, places) with a unit a row however it was stored, and `b` (units,) or None.

    A dense layer has one place; fan_in and fan_out count channels times places, as frameworks do.
    """

    name: str
    role: str
    stored: tuple[int, ...]
    layout: str  # a key of LAYOUTS
    grounds: str  # for the layout; "" where nothing in the file tells
    kernel: Array
    b: Array | None

    @property
    def W(self) -> Array:  # noqa: N802
        """The weights (units, fan_in)."""
        return self.kernel.reshape(len(self.kernel), -1)

    @property
    def fan_in(self) -> int:
        return int(self.kernel[0].size)

    @property
    def fan_out(self) -> int:
        return int(self.kernel.shape[0] * self.kernel.shape[2])

    def connects(self, following: Layer) -> bool:
        """Whether the following layer can take this one's outputs: as they are, or flattened after a convolution."""
        units, channels = len(self.kernel), following.kernel.shape[1]
        flattened = self.role == "convolution" and following.role == "dense" and channels % units == 0
        return flattened or units == channels


def find_roles(arrays: Mapping[str, Array]) -> dict[str, str]:
    """What each array is for; a weight that equals an embedding is one as well (tied)."""
    found = {name: roles.role(name, array) for name, array in arrays.items()}
    tables = [arrays[name] for name, role in found.items() if role == "embedding"]
    for name, role in found.items():
        if role == "dense" and any(np.array_equal(arrays[name], table) for table in tables):
            found[name] = "output weights tied to the embedding"
    return found


def find_layers(arrays: Mapping[str, Array], found: Mapping[str, str], layout: str | None = None) -> list[Layer]:
    """The weights among the arrays as layers, in the network's order; `layout` overrules what the file tells."""
    names = [name for name, role in found.items() if role in MATRICES]
    if names == sorted(names):  # the order of letters, not the network's
        names = sorted(names, key=roles.natural_key)
    biases = {name: _bias(name, arrays, found) for name in names}
    own = {name: _own_layout(arrays[name], biases[name]) for name in names}
    common = (layout, "as you chose") if layout else _common_layout(names, arrays, found, list(own.values()))
    ways = {name: common if layout else own[name] or common for name in names}
    return _connected([_layer(name, found[name], arrays[name], biases[name], *ways[name]) for name in names])


def _layer(name: str, role: str, stored: Array, b: Array | None, layout: str, grounds: str) -> Layer:
    kernel = stored
    if layout == "last":
        kernel = np.moveaxis(stored, -1, 0)
        kernel = np.moveaxis(kernel, -1, 1) if role == "convolution" else kernel.reshape(len(kernel), -1)
    elif role != "convolution":
        kernel = kernel.reshape(len(kernel), -1)
    kernel = kernel.reshape(*kernel.shape[:2], -1)
    bias = to_single(b) if b is not None and len(b) == len(kernel) else None
    return Layer(name, role, stored.shape, layout, grounds, to_single(kernel), bias)


def to_single(array: Array) -> Array:
    """In float32, the format of nearly all networks: what does not fit is infinite or 0 in it."""
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(array, dtype=np.float32)


def _bias(name: str, arrays: Mapping[str, Array], found: Mapping[str, str]) -> Array | None:
    """The bias (units,) by its name, or, where names say nothing, the vector that follows; as long as one end is."""
    order, ends = list(arrays), (arrays[name].shape[0], arrays[name].shape[-1])
    stem = roles.stem(name)
    named = [n for n in order if found[n] == "bias" and roles.stem(n) == stem]
    following = [n for n in order[order.index(name) + 1 :][:1] if found[n] == "vector"]
    return next((arrays[n].ravel() for n in named + following if arrays[n].size in ends), None)


def _own_layout(array: Array, bias: Array | None) -> tuple[str, str] | None:
    """What an array's own shape and bias say of its output axis."""
    if bias is not None and array.shape[0] != array.shape[-1]:
        return ("first" if len(bias) == array.shape[0] else "last"), "by its bias's length"
    inner, outer = prod(array.shape[2:]), prod(array.shape[:-2])
    if array.ndim > 2 and inner != outer:
        return ("first" if inner < outer else "last"), "by its kernel's small axes"
    return None


def _common_layout(
    names: Sequence[str], arrays: Mapping[str, Array], found: Mapping[str, str], own: Sequence[tuple[str, str] | None]
) -> tuple[str, str]:
    """One file follows one convention: most arrays', else that in which all neighbors connect, else the names'."""
    votes = Counter(vote[0] for vote in own if vote)
    if votes:
        return votes.most_common(1)[0][0], "as the file's other arrays"
    connect = [
        way
        for way in LAYOUTS
        if all(a.connects(b) for a, b in pairwise(_layer(n, found[n], arrays[n], None, way, "") for n in names))
    ]
    if len(names) > 1 and len(connect) == 1:
        return connect[0], "by its neighbors' sizes"
    named = {roles.NAMED_LAYOUT[word] for n in names for word in roles.words(n) if word in roles.NAMED_LAYOUT}
    return (named.pop(), "by its name") if len(named) == 1 else ("first", "")


def _connected(layers: list[Layer]) -> list[Layer]:
    """The layers in the single order in which each takes the one before, where theirs does not connect and one does."""
    if len(layers) < 2 or all(a.connects(b) for a, b in pairwise(layers)):
        return layers
    follows = {a.name: [b for b in layers if b is not a and a.connects(b)] for a in layers}
    starts = [a for a in layers if not any(a in after for after in follows.values())]
    path = starts[:1] if len(starts) == 1 else []
    while path and len(follows[path[-1].name]) == 1 and len(path) < len(layers):
        path.append(follows[path[-1].name][0])
    return path if len({layer.name for layer in path}) == len(layers) else layers
