"""Named arrays → parts: what each is for (by roles.toml), and the axis, fans, biases and order of weights."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import isfinite, prod
from pathlib import Path

import numpy as np

from core.diagnosis import laws
from core.wording import format_range, number

Array = np.ndarray

_PATTERNS = tomllib.loads(Path(__file__).with_name("roles.toml").read_text(encoding="utf-8"))
_WORDS = _PATTERNS["words"]
BRANCHES: tuple[str, ...] = tuple(_PATTERNS["branches"].values())  # of layers that are no plain chain
LAYERS = ("dense", "convolution")
MATRICES = (*LAYERS, "attention projection", "recurrent gates", "LoRA A", "LoRA B")
RARE = 1e-4  # the chance at which biases count as no draw
_ENDS = {"first": 0, "last": -1}  # where the output's axis can be: PyTorch has it first, Keras last


@dataclass(frozen=True, eq=False)
class Part:
    """One stored array. Of weights W has a unit a row, however they are stored; fans count as frameworks do."""

    name: str
    role: str
    stored: tuple[int, ...]
    W: Array  # (units, inputs) in float32; without units where there are no numbers to look at
    axis: str = ""  # of weights: the output's, first or last, and on what grounds
    places: int = 1  # of a convolution's kernel
    b: Array | None = None  # (units,)

    @property
    def fans(self) -> tuple[int, int]:
        """fan_in and fan_out."""
        return self.W.shape[1], len(self.W) * self.places

    @cached_property
    def fit(self) -> laws.Fit:
        """What the numbers look like; a law is looked for in weights and embeddings only."""
        if not self.axis and self.role != "embedding":
            return laws.fit(self.W, None)
        fans = [self.fans]
        if self.role == "recurrent gates":  # PyTorch counts the units of one gate as the fan
            fans += [(len(self.W) // n, len(self.W)) for n in (4, 3, 1) if len(self.W) % n == 0]
        fits = [laws.fit(self.W, each) for each in fans]
        return next((fit for fit in fits if "PyTorch default" in fit.laws), fits[0])

    @cached_property
    def biases(self) -> str:
        """The range of a layer's biases, and whether they look drawn as a library does, or moved."""
        if self.b is None or self.role not in LAYERS:
            return ""
        low, high, n, fan_in = float(self.b.min()), float(self.b.max()), len(self.b), self.fans[0]
        if not isfinite(low + high):
            return "not all finite"
        if low == high and (n > 1 or not low):
            return f"all {number(low)}"
        # PyTorch's, of a bilinear layer too, and scikit-learn's. The largest of n uniform numbers falls short of
        # RARE^(1/n) of the bound with that chance.
        bounds = (fan_in**-0.5, (fan_in / self.places) ** -0.5, *((k / (fan_in + n)) ** 0.5 for k in (2, 6)))
        reach, middle = max(-low, high), abs(float(self.b.mean()))
        drawn = (RARE ** (1 / n) < reach / c <= 1 + 2**-8 and middle < 2.5 * c / n**0.5 for c in bounds)
        return f"{format_range([low, high])}, {'drawn' if any(drawn) else 'moved'}"


def find_parts(arrays: Mapping[str, Array]) -> list[Part]:
    """A part for each array: the weights first, in the network's order, then the others in the file's."""
    role_by_name = {name: find_role(name, array) for name, array in arrays.items()}
    names = [name for name, role in role_by_name.items() if role in MATRICES]
    if names == sorted(names):  # the order of letters, not the network's
        names = sorted(names, key=natural_key)
    bias_by_stem = {stem(name): arrays[name].ravel() for name, role in role_by_name.items() if role == "bias"}
    vector_after = {name: arrays[after].ravel() for name, after in pairwise(arrays) if role_by_name[after] == "vector"}
    biases = {n: b for n in names if (b := bias_by_stem.get(stem(n), vector_after.get(n))) is not None}

    def build(axis: str) -> list[Part]:
        return [_build_part(name, role_by_name[name], arrays[name], biases.get(name), axis) for name in names]

    # A file follows one convention: the first of these that is of one mind tells it.
    ends = [(arrays[name].shape, len(b)) for name, b in biases.items() if role_by_name[name] in LAYERS]
    lengths = {axis: sum(shape[i] == n for shape, n in ends) for axis, i in _ENDS.items()}
    grounds = {
        "by the lengths of biases": [axis for axis, n in lengths.items() if n > min(lengths.values())],
        "by its name": list({named_layout(name) for name in names} - {""}),
        "by its neighbors' sizes": [axis for axis in _ENDS if names[1:] and is_chain(build(axis))],
        "assumed": ["first"],
    }
    axis = next(f"{axes[0]}, {ground}" for ground, axes in grounds.items() if len(axes) == 1)
    others = (_build_part(name, role_by_name[name], arrays[name]) for name in arrays if name not in names)
    return [*build(axis), *others]


def _build_part(name: str, role: str, array: Array, b: Array | None = None, axis: str = "") -> Part:
    if not np.issubdtype(array.dtype, np.floating) or not array.size or role.startswith("mask"):
        return Part(name, role, array.shape, np.zeros((0, 1), np.float32))
    W, places = np.atleast_2d(array), 1
    if role == "convolution":
        places = prod(array.shape[2:] if axis.startswith("first") else array.shape[:-2])
    elif array.ndim > 2:  # heads have an axis of their own; the model is wider than a head
        W = array.reshape(len(array), -1) if len(array) > array.shape[-1] else array.reshape(-1, array.shape[-1])
    if axis.startswith("last"):
        W = W.transpose(-1, -2, *range(W.ndim - 2))
    W = to_single(W.reshape(len(W), -1))
    return Part(name, role, array.shape, W, axis, places, to_single(b) if b is not None and len(b) == len(W) else None)


def to_single(array: Array) -> Array:
    """The array in float32, the format of nearly all networks: what does not fit is infinite or 0 in it."""
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(array, dtype=np.float32)


def is_chain(weights: Sequence[Part]) -> bool:
    """Whether each layer can take the outputs of the one before."""
    return all(len(a.W) * b.places == b.W.shape[1] for a, b in pairwise(weights))


def find_role(name: str, array: np.ndarray) -> str:
    """What the array is for, such as dense, bias or embedding; "vector" where neither name nor shape says it."""
    if not np.issubdtype(array.dtype, np.floating):
        return "whole numbers: a counter, or quantized"
    if array.size == 0:
        return "empty"
    is_flat = array.size == max(array.shape, default=1)  # all axes but one have length 1
    is_bias, is_weight = fits_pattern(name, "{bias}"), fits_pattern(name, "{weight}")
    may_be_vector = array.ndim < 2 or ((array.ndim > 2 or is_bias) and not is_weight)
    shaped = _PATTERNS["vectors" if is_flat and may_be_vector else "matrices"]
    for role, pattern in (_PATTERNS["any"] | shaped).items():
        if fits_pattern(name, pattern) and (role != "embedding" or array.ndim == 2):  # else of patches: a convolution
            return role
    return {2: "dense", 3: "convolution", 4: "convolution", 5: "convolution"}.get(array.ndim, "more than 5 axes")


def fits_pattern(name: str, pattern: str) -> bool:
    """Whether a name, spelled out, holds a pattern of roles.toml."""
    for word, meaning in _WORDS.items():
        pattern = pattern.replace(f"{{{word}}}", meaning)
    return re.search(pattern, spell(name)) is not None


def spell(name: str) -> str:
    """The words and numbers of a name, in lower case, parted by single spaces."""
    return " ".join(re.findall(r"[a-z]+|\d+", name.lower()))


def natural_key(name: str) -> str:
    """Sorts names as people number layers: 2.weight before 10.weight, dense before dense_1."""
    return re.sub(r"\d+", lambda digits: f"~{int(digits[0]):020}", spell(name))


def stem(name: str) -> str:
    """What a layer's weight and bias have in common: the name without the word that differs."""
    return re.sub(rf"(.*)({_WORDS['weight']}|{_WORDS['bias']}) ?", r"\1", spell(name)).strip()


def named_layout(name: str) -> str:
    """The output's axis by a name: "last" of Keras and scikit-learn, "first" of PyTorch, else ""."""
    match = re.search(r"\b(?:(kernel|coefs?|vars)|weight)\b", spell(name))
    return ("last" if match[1] else "first") if match else ""
