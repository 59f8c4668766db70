"""Named arrays → what is known of them, and what a signal does in the plain chain that they make, if any."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.activations import ACTIVATIONS, Activation, Array
from core.diagnosis.laws import DRAWS
from core.diagnosis.parts import BRANCHES, LAYERS, Part, find_parts, fits_pattern, is_chain, named_layout

EXAMPLES = 128  # of unit Gaussian noise
MOVED = 0.03  # std of a normalization's numbers, from where on no start draws them: DCGAN's are N(1, 0.02)
_NO_SLOPE = 1e-3  # under this slope a unit is off or saturated
_NO_CHAIN = "normalization|embedding|position|attention|recur|LoRA|norm$"  # roles


class Signal(NamedTuple):
    """By layer 1 … L, (L,) each."""

    forward: Array  # rms of A for noise of rms 1, of Z for the last
    backward: Array  # rms of dZ for a gradient of rms 1 at the output
    off: Array  # the share of units and examples without slope, 0 for the last
    shift: Array  # the mean bias over the rms of W A


@dataclass(frozen=True)
class Diagnosis:
    """Stored arrays, the weights first, read for the hidden layers' `activation`; the last layer counts as linear."""

    activation: str
    parts: list[Part]
    stack: list[Part]  # the dense layers and convolutions, in the network's order
    sizes: tuple[int, ...]  # n_0 … n_L where all layers are dense and connect
    state: str  # "trained" where some array is certainly no start's, else "start" where some look drawn, or "unknown"
    obstacle: str  # why the stack is no plain chain, "" where it is
    signal: Signal | None  # through a plain chain of finite numbers


def diagnose(arrays: Mapping[str, Array], activation: str = "relu") -> Diagnosis:
    """Examine named arrays, as `np.load` of an .npz file gives them, for a network of this activation.

    Raises ValueError, with a sentence, for an activation that is not in ACTIVATIONS, or where there is no layer.
    """
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation: {activation!r} is not one of {', '.join(ACTIVATIONS)}")
    parts = find_parts(arrays)
    if not any(part.axis for part in parts):
        raise ValueError("The arrays hold no layer: no matrix of floating-point numbers that is a layer's weight.")
    stack = [part for part in parts if part.role in LAYERS]
    dense = {part.role for part in stack} == {"dense"} and is_chain(stack)
    sizes = (stack[0].fans[0], *(len(part.W) for part in stack)) if dense else ()
    trained = any(
        (part.fit.kind == "none" and not count_copies(part))
        or part.biases.endswith("moved")
        or ("normalization" in part.role and part.fit.std > MOVED)
        for part in parts
    )
    start = any(part.fit.kind in DRAWS for part in stack)
    obstacle = _find_obstacle(parts, stack)
    possible = not obstacle and not any(part.fit.kind == "not finite" for part in parts)
    signal = propagate(stack, ACTIVATIONS[activation]) if possible else None
    state = "trained" if trained else "start" if start else "unknown"
    return Diagnosis(activation, parts, stack, sizes, state, obstacle, signal)


def _find_obstacle(parts: Sequence[Part], stack: Sequence[Part]) -> str:
    """Why the layers are no plain chain, which alone a signal can be sent through; "" where they are."""
    unnamed = [part for part in stack if part.role == "convolution" and not named_layout(part.name)]
    reasons = {
        "there are normalizations, embeddings or attention": any(re.search(_NO_CHAIN, p.role) for p in parts),
        "names speak of blocks or branches": any(fits_pattern(p.name, words) for p in stack for words in BRANCHES),
        "names do not say whether these are weights": unnamed,
        "it takes two layers": len(stack) < 2,
        "the layers do not connect": not is_chain(stack),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def propagate(chain: Sequence[Part], activation: Activation) -> Signal:
    """Send noise through a plain chain and a gradient back; the last layer is linear.

    A convolution is taken at one position, its places fed with independent examples: no edges, no pooling.
    """
    rng = np.random.default_rng(0)
    A: Array = rng.standard_normal((chain[0].W.shape[1] // chain[0].places, EXAMPLES), dtype=np.float32)
    forward, shift, slopes = [], [], []
    with np.errstate(all="ignore"):
        for part in chain:
            inputs = rng.permuted(np.repeat(A, part.places, axis=0), axis=1) if part.places > 1 else A
            WA, b = part.W @ inputs, np.zeros(len(part.W), np.float32) if part.b is None else part.b
            Z = WA + b[:, None]
            A = activation.function(Z)
            forward.append(_rms(A))
            shift.append(float(b.mean()) / max(_rms(WA), 1e-30))
            slopes.append(activation.derivative(Z, A))
        dZ: Array = rng.standard_normal(Z.shape, dtype=np.float32)
        backward = [_rms(dZ)]
        for part, slope in zip(chain[:0:-1], slopes[-2::-1], strict=True):
            dA = (part.W.T @ dZ).reshape(-1, part.places, EXAMPLES)  # every input is taken at every place
            dZ = dA.sum(axis=1) * slope
            backward.insert(0, _rms(dZ))
    off = [float((np.abs(slope) < _NO_SLOPE).mean()) for slope in slopes[:-1]]
    return Signal(np.array([*forward[:-1], _rms(Z)]), np.array(backward), np.array([*off, 0.0]), np.array(shift))


def _rms(values: Array) -> float:
    return float(np.sqrt(np.square(values, dtype=np.float64).mean()))


def count_copies(part: Part, following: Part | None = None) -> int:
    """Units, beyond the first of each kind, whose weights and bias are another's; with `following`, outgoing ones too.

    Units without any incoming weight count only where the whole layer is 0; a few units with fewer than 4 inputs can be
    alike by chance and do not count.
    """
    W, units = part.W, len(part.W)
    theta = [W] if part.b is None else [W, part.b[:, None]]
    if following is not None:
        theta.append(following.W.reshape(-1, units, following.places).swapaxes(0, 1).reshape(units, -1))
    rows = np.hstack(theta)[W.any(axis=1) | (not W.any())] + 0.0  # without −0
    copies = len(rows) - len({row.tobytes() for row in rows})
    return copies if W.shape[1] > 3 or copies == len(rows) - 1 else 0
