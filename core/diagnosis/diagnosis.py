"""Named arrays → what was found in each of them, and in the stack that they make where they are a plain chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from core.activations import ACTIVATIONS
from core.diagnosis import laws
from core.diagnosis.laws import Fit
from core.diagnosis.layers import LAYOUTS, Layer, find_layers, find_roles, to_single
from core.diagnosis.roles import LAYERS
from core.diagnosis.stack import Signal, chain_obstacle, count_copies, propagate, unflatten
from core.initializers import INITIALIZERS, suited_to
from core.wording import number

Array = np.ndarray

RARE = 1e-4  # the chance at which biases count as no draw
MOVED = 0.03  # std of a normalization's numbers, from where on no start draws them: DCGAN's are N(1, 0.02)


@dataclass(frozen=True)
class Part:
    """One stored array; what follows `fit` is of layers only, `number` and `ratio` of those of the stack."""

    name: str
    role: str
    stored: tuple[int, ...]
    fit: Fit
    biases: str = ""
    biases_moved: bool = False  # whether no start draws such biases
    axis: str = ""  # the output's, and on what grounds
    units: int = 0
    fans: tuple[int, int] = (0, 0)
    zeros: float = 0.0  # share of the weights
    empty: tuple[int, int] = (0, 0)  # units and inputs all of whose weights are 0
    copies: tuple[int, int] = (0, 0)  # units that are another's copy: by incoming weights, in a chain by outgoing too
    number: int = 0  # from 1, in the network's order
    ratio: float = np.nan  # of the weights' rms to that of the law that suits the activation

    @property
    def broken(self) -> bool:
        """Whether a weight or a bias is NaN or infinite."""
        return self.fit.kind == "not finite" or self.biases == "not all finite"


@dataclass(frozen=True)
class Diagnosis:
    """What was found, read for the hidden layers' `activation`; it holds none of the weights.

    `obstacle` says why the stack is no plain chain ("" where it is); only of a chain there is a `signal`. `sizes` are
    the layers' n_0 … n_L where all are dense and connect, else empty.
    """

    activation: str
    parts: tuple[Part, ...]
    obstacle: str
    signal: Signal | None
    sizes: tuple[int, ...]

    @cached_property
    def stack(self) -> list[Part]:
        """The dense layers and convolutions, in the network's order."""
        return sorted((part for part in self.parts if part.number), key=lambda part: part.number)

    @cached_property
    def trained(self) -> bool:
        """Whether some array is certainly no start's: weights of no draw, biases or normalizations that have moved."""
        moved = any(p.biases_moved or ("normalization" in p.role and p.fit.std > MOVED) for p in self.parts)
        return moved or any(p.fit.kind == "none" and not any(p.copies) for p in self.parts)

    @cached_property
    def starting(self) -> bool:
        """Whether the stack holds draws of a start, and nothing says that it was trained since."""
        return not self.trained and any(part.fit.is_draw for part in self.stack)


def diagnose(arrays: Mapping[str, Array], activation: str = "relu", layout: str | None = None) -> Diagnosis:
    """Examine named arrays, as `np.load` of an .npz file gives them.

    `activation`: the hidden layers' (a name in ACTIVATIONS); the last layer counts as linear. `layout`: a key
    of LAYOUTS, or None to read it off the arrays. Raises ValueError, with a sentence, where there is no layer, or for
    an activation or a layout that is not known.
    """
    for what, value, allowed in (("activation", activation, ACTIVATIONS), ("layout", layout or "first", LAYOUTS)):
        if value not in allowed:
            raise ValueError(f"{what}: {value!r} is not one of {', '.join(allowed)}")
    role_by_name = find_roles(arrays)
    layers = find_layers(arrays, role_by_name, layout)
    if not layers:
        raise ValueError("The arrays hold no layer: no matrix of floating-point numbers that is a layer's weight.")
    layer_by_name = {layer.name: layer for layer in layers}
    parts = {name: _examine(name, role_by_name[name], arrays[name], layer_by_name.get(name)) for name in arrays}
    stack = [layer for layer in layers if layer.role in LAYERS]
    obstacle = chain_obstacle(stack, set(role_by_name.values()))
    finite = not any(parts[layer.name].broken for layer in stack)
    chain = unflatten(stack) if finite and not obstacle else []
    law = INITIALIZERS[suited_to(activation)[0]]
    for i, layer in enumerate(stack):
        part = parts[layer.name]
        ratio = float(np.hypot(part.fit.std, part.fit.mean) / law.std(*layer.fans, activation))
        outgoing = count_copies(chain[i], chain[i + 1]) if chain[i + 1 :] else 0
        parts[layer.name] = replace(part, number=i + 1, ratio=ratio, copies=(part.copies[0], outgoing))
    signal = propagate(chain, ACTIVATIONS[activation]) if chain else None
    dense = {layer.role for layer in stack} == {"dense"} and all(a.connects(b) for a, b in pairwise(stack))
    sizes = (stack[0].fans[0], *(len(layer.kernel) for layer in stack)) if dense else ()
    return Diagnosis(activation, tuple(parts.values()), obstacle, signal, sizes)


def _examine(name: str, role: str, array: Array, layer: Layer | None) -> Part:
    """What can be said of one array by itself, and more of one that is a `layer`."""
    if layer is None:
        return Part(name, role, array.shape, _fit_vector(role, array))
    W, (biases, moved) = layer.W, _describe_biases(layer)
    return Part(
        name,
        role,
        array.shape,
        _fit_layer(layer),
        biases,
        moved,
        axis=f"{layer.layout}, {layer.grounds}".removesuffix(", "),
        units=len(W),
        fans=layer.fans,
        zeros=float((W == 0).mean()),
        empty=(int((~W.any(axis=1)).sum()), int((~W.any(axis=0)).sum())),
        copies=(count_copies(layer), 0),
    )


def _fit_vector(role: str, array: Array) -> Fit:
    """Of what is no layer: moments, and a law of embeddings only."""
    if not np.issubdtype(array.dtype, np.floating) or not array.size or role.startswith("mask"):
        return Fit("few")
    W = to_single(array.reshape(-1, array.shape[-1] if array.ndim else 1))
    fit = laws.fit(W, W.shape[1], len(W))
    is_certain = role == "embedding" or fit.kind in ("zeros", "constant", "not finite")
    return fit if is_certain else Fit("few", std=fit.std, mean=fit.mean)


def _fit_layer(layer: Layer) -> Fit:
    W = layer.W
    fit = laws.fit(W, *layer.fans)
    if layer.role != "recurrent gates" or fit.kind not in ("draw", "law"):
        return fit
    # PyTorch counts the units of one gate as the fan.
    gates = (laws.fit(W, len(W) // gates, len(W)) for gates in (4, 3, 1) if len(W) >= gates)
    return next((other for other in gates if "PyTorch default" in other.laws), fit)


def _describe_biases(layer: Layer) -> tuple[str, bool]:
    """What the biases look like, in words, and whether no start draws such ones."""
    b = layer.b
    if b is None:
        return "none", False
    if not np.isfinite(b).all():
        return "not all finite", False
    low, high, n = float(b.min()), float(b.max()), len(b)
    if low == high and (n > 1 or not low):
        return f"all {number(low)}", False
    if set(np.unique(b)) == {0.0, 1.0}:  # Keras starts a forget gate at 1
        return "0 and 1", False
    span = f"{number(low)} to {number(high)}" if low < high else number(low)
    recurrent = layer.role == "recurrent gates"
    bounds = [("PyTorch", (k / n) ** 0.5) for k in (1, 3, 4)] if recurrent else [("PyTorch", layer.fans[0] ** -0.5)]
    for library, bound in [*bounds, ("scikit-learn", (6 / (layer.fans[0] + n)) ** 0.5)]:
        reach = max(-low, high) / bound
        # The largest of n uniform numbers falls short of RARE^(1/n) of the bound with that chance.
        if RARE ** (1 / n) < reach <= 1 + 2**-8 and abs(float(b.mean())) < 2.5 * bound / n**0.5:
            return f"{span}, within {library}'s bounds", False
    return f"{span}, moved", True
