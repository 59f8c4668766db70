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


@dataclass(frozen=True)
class Layer:
    """One weight: `kernel` (units, channels, places) with a unit a row however it was stored, and `b` (units,) or None.

    A dense layer has one place; fan_in and fan_out count channels times places, as frameworks do.
    """

    name: str
    role: str
    layout: str  # a key of LAYOUTS
    grounds: str  # for the layout; "" where nothing in the file tells
    kernel: Array
    b: Array | None

    @property
    def W(self) -> Array:  # noqa: N802
        """The weights (units, fan_in)."""
        return self.kernel.reshape(len(self.kernel), -1)

    @property
    def fans(self) -> tuple[int, int]:
        """fan_in and fan_out."""
        units, channels, places = self.kernel.shape
        return channels * places, units * places

    def connects(self, following: Layer) -> bool:
        """Whether the following layer can take this one's outputs: as they are, or flattened after a convolution."""
        units, channels = len(self.kernel), following.kernel.shape[1]
        flattened = self.role == "convolution" and following.role == "dense" and channels % units == 0
        return flattened or units == channels


def find_roles(arrays: Mapping[str, Array]) -> dict[str, str]:
    """What each array is for; a weight that equals an embedding is one as well (tied)."""
    role_by_name = {name: roles.role(name, array) for name, array in arrays.items()}
    tables = [arrays[name] for name, role in role_by_name.items() if role == "embedding"]
    tied = [
        n for n, r in role_by_name.items() if r == "dense" and any(np.array_equal(arrays[n], table) for table in tables)
    ]
    return role_by_name | dict.fromkeys(tied, "output weights tied to the embedding")


def find_layers(arrays: Mapping[str, Array], role_by_name: Mapping[str, str], layout: str | None = None) -> list[Layer]:
    """The weights among the arrays as layers, in the network's order; `layout` overrules what the file tells."""
    names = [name for name, role in role_by_name.items() if role in roles.MATRICES]
    if names == sorted(names):  # the order of letters, not the network's
        names = sorted(names, key=roles.natural_key)
    biases = [_find_bias(name, arrays, role_by_name) for name in names]
    own_layouts = [_own_layout(arrays[name], b) for name, b in zip(names, biases, strict=True)]

    def build(common: tuple[str, str]) -> list[Layer]:
        ways = [(layout, "as you chose") if layout else way or common for way in own_layouts]
        inputs = zip(names, biases, ways, strict=True)
        return [_build_layer(name, role_by_name[name], arrays[name], b, *way) for name, b, way in inputs]

    # A file follows one convention: most arrays', else that in which all neighbors connect, else the names'.
    most_common = Counter(way[0] for way in own_layouts if way).most_common(1)
    if most_common:
        return _order(build((most_common[0][0], "as the file's other arrays")))
    connected = [layers for way in LAYOUTS if _is_chain(layers := build((way, "by its neighbors' sizes")))]
    if len(names) > 1 and len(connected) == 1:
        return connected[0]
    matches = {roles.named_layout(name) for name in names} - {""}
    return _order(build((matches.pop(), "by its name") if len(matches) == 1 else ("first", "")))


def _build_layer(name: str, role: str, array: Array, b: Array | None, layout: str, grounds: str) -> Layer:
    kernel = np.moveaxis(array, -1, 0) if layout == "last" else array
    if role != "convolution":
        kernel = kernel.reshape(len(kernel), -1)
    elif layout == "last":
        kernel = np.moveaxis(kernel, -1, 1)
    kernel = to_single(kernel.reshape(*kernel.shape[:2], -1))
    return Layer(name, role, layout, grounds, kernel, to_single(b) if b is not None and len(b) == len(kernel) else None)


def to_single(array: Array) -> Array:
    """In float32, the format of nearly all networks: what does not fit is infinite or 0 in it."""
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(array, dtype=np.float32)


def _find_bias(name: str, arrays: Mapping[str, Array], role_by_name: Mapping[str, str]) -> Array | None:
    """The bias (units,) by its name, or, where names say nothing, the vector that follows; as long as one end is."""
    order, ends = list(arrays), (arrays[name].shape[0], arrays[name].shape[-1])
    matches = [n for n in order if role_by_name[n] == "bias" and roles.stem(n) == roles.stem(name)]
    following = [n for n in order[order.index(name) + 1 :][:1] if role_by_name[n] == "vector"]
    return next((arrays[n].ravel() for n in matches + following if arrays[n].size in ends), None)


def _own_layout(array: Array, bias: Array | None) -> tuple[str, str] | None:
    """What an array's own shape and bias say of its output axis, and on what grounds."""
    if bias is not None and array.shape[0] != array.shape[-1]:
        return ("first" if len(bias) == array.shape[0] else "last"), "by its bias's length"
    inner, outer = prod(array.shape[2:]), prod(array.shape[:-2])
    if array.ndim > 2 and inner != outer:
        return ("first" if inner < outer else "last"), "by its kernel's small axes"
    return None


def _is_chain(layers: Sequence[Layer]) -> bool:
    return all(a.connects(b) for a, b in pairwise(layers))


def _order(layers: list[Layer]) -> list[Layer]:
    """The layers in the single order in which each takes the one before, where theirs does not connect and one does."""
    if _is_chain(layers):
        return layers
    follows = {a.name: [b for b in layers if b is not a and a.connects(b)] for a in layers}
    path = [a for a in layers if not any(a in after for after in follows.values())]
    while len(path) < len(layers) and path and len(follows[path[-1].name]) == 1:
        path += follows[path[-1].name]
    return path if _is_chain(path) and len({layer.name for layer in path}) == len(layers) else layers
