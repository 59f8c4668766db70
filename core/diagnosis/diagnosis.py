"""Named arrays → what each is, what a signal does in them, and how two files differ."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import NamedTuple

import numpy as np

from core.activations import ACTIVATIONS, Activation, Array
from core.diagnosis import laws
from core.diagnosis.parts import BRANCHES, LAYERS, Part, find_parts, fits_pattern, is_chain, named_layout, to_single
from core.wording import join_words, number

EXAMPLES = 128  # of unit Gaussian noise
MOVED = 0.03  # std of a normalization's numbers that no start draws: DCGAN's are N(1, 0.02)
_NO_SLOPE = 1e-3  # under this slope a unit is off or saturated
_LOOKS = {"none": "no draw: trained or changed", "few": "too few numbers to tell", "zeros": "all 0"}  # by kind of Fit
_UNRELATED = 4.0  # standard errors of the correlation of two independent draws
_NO_CHAIN = "normalization|embedding|position|attention|recur|LoRA|norm$"  # roles


class Signal(NamedTuple):
    """What noise and a gradient become in layers 1 … L, (L,) each."""

    forward: Array  # rms of A for noise of rms 1, of Z for the last
    backward: Array  # rms of dZ for a gradient of rms 1 at the output
    off: Array  # the share of units and examples without slope, 0 for the last
    shift: Array  # the mean bias over the rms of W A


@dataclass(frozen=True)
class Diagnosis:
    """Stored arrays, read for the hidden layers' `activation`; the last layer counts as linear."""

    activation: str
    parts: list[Part]
    stack: list[Part]  # the dense layers and convolutions, in the network's order
    sizes: tuple[int, ...]  # n_0 … n_L where all layers are dense and connect
    state: str  # "trained" if some array is certainly no start's, "start" if some look drawn, else "unknown"
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
    start = any(part.fit.kind in laws.DRAWS for part in stack)
    obstacle = _find_obstacle(parts, stack)
    possible = not obstacle and not any(part.fit.kind == "not finite" for part in parts)
    signal = propagate(stack, ACTIVATIONS[activation]) if possible else None
    state = "trained" if trained else "start" if start else "unknown"
    return Diagnosis(activation, parts, stack, sizes, state, obstacle, signal)


def _find_obstacle(parts: Sequence[Part], stack: Sequence[Part]) -> str:
    """Why no signal can be sent through the layers, which are no plain chain; "" where they are."""
    unnamed = [part for part in stack if part.role == "convolution" and not named_layout(part.name)]
    reasons = {
        "there are normalizations, embeddings, attention or recurrent gates": any(
            re.search(_NO_CHAIN, p.role) for p in parts
        ),
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
    """Units whose weights and bias are an earlier unit's; with `following`, outgoing weights too.

    Those without incoming weights count only where the whole layer is 0, a few with under 4 inputs never.
    """
    W, units = part.W, len(part.W)
    theta = [W] if part.b is None else [W, part.b[:, None]]
    if following is not None:
        theta.append(following.W.reshape(-1, units, following.places).swapaxes(0, 1).reshape(units, -1))
    rows = np.hstack(theta)[W.any(axis=1) | (not W.any())] + 0.0  # without −0
    copies = len(rows) - len({row.tobytes() for row in rows})
    return copies if W.shape[1] > 3 or copies == len(rows) - 1 else 0


def quote_names(names: Sequence[str]) -> str:
    """At most three names of arrays, shortened and safe within backquotes: `a`, `b` and 4 more."""
    plain = ["".join(c for c in name if c.isprintable() and c != "`") for name in names]
    quoted = [f"`{name if len(name) <= 40 else f'…{name[-39:]}'}`" for name in plain]
    return join_words(quoted if len(quoted) < 4 else [*quoted[:2], f"{len(quoted) - 2} more"])


def likely_law(part: Part, parts: Sequence[Part]) -> str:
    """The law, of those that an array fits, that most parts fit, the plainest of several."""
    return max(part.fit.laws, key=lambda law: sum(law in other.fit.laws for other in parts), default="")


def rows(diagnosis: Diagnosis) -> list[dict[str, str]]:
    """What was found, a row an array, the weights first; columns and cells as they are read."""
    stack = diagnosis.stack
    return [
        {
            "layer": str(stack.index(part) + 1) if part in stack else "",
            "array": part.name,
            "what it is": part.role,
            "law": likely_law(part, stack) or _LOOKS.get(part.fit.kind, part.fit.kind),
            "stored as": " × ".join(map(str, part.stored)),
            "output axis": part.axis,
            "fan in → out": "{} → {}".format(*part.fans) if part.axis else "",
            "mean": number(part.fit.mean) if isfinite(part.fit.mean) else "",
            "std": number(part.fit.std, 3) if isfinite(part.fit.std) else "",
            "biases": part.biases,
        }
        for part in diagnosis.parts
    ]


def compare(before: Mapping[str, Array], after: Mapping[str, Array]) -> list[str]:
    """What became of arrays from one file to the other, a sentence each, with their names."""
    changes = {name: _classify_change(before.get(name), after.get(name)) for name in {**before, **after}}
    kinds = sorted(set(changes.values()))
    return [f"{kind}: {quote_names([name for name in changes if changes[name] == kind])}." for kind in kinds]


def _classify_change(old: Array | None, new: Array | None) -> str:
    if old is None or new is None or old.shape != new.shape:
        return "In one file only, or of another shape"
    if not (np.issubdtype(old.dtype, np.floating) and np.issubdtype(new.dtype, np.floating)):
        return "Unchanged" if old.tobytes() == new.tobytes() else "Changed"
    a, b = to_single(old).ravel(), to_single(new).ravel()
    if np.array_equal(a, b, equal_nan=True):
        return "Unchanged"
    with np.errstate(all="ignore"):
        related = abs(np.corrcoef(a, b)[0, 1]) if a.size >= laws.FEWEST else 1.0
    is_draw = related < _UNRELATED / a.size**0.5 and laws.fit(b.reshape(len(new), -1), (1, 1)).kind in laws.DRAWS
    return "Drawn anew, it seems" if is_draw else "Changed"
