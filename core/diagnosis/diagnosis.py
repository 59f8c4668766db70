"""Named arrays → what was found in them: layer by layer, through the stack, and in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.activations import ACTIVATIONS
from core.diagnosis import fits, units
from core.diagnosis.arrangement import Arrangement, arrange
from core.diagnosis.fits import Fit
from core.diagnosis.goodness import Sample
from core.diagnosis.layers import LAYOUTS, Layer, Outline, layer, weights_of
from core.diagnosis.shapes import UNIFORM
from core.diagnosis.signal import Signal, propagate
from core.diagnosis.units import Spectrum
from core.initializers import INITIALIZERS
from core.verdicts.verdict import Status
from core.wording import join_words

Array = np.ndarray


@dataclass(frozen=True)
class Examined:
    """A layer and what was found in it; where it is not finite, only `outline`, `laws` and `biases` say something."""

    outline: Outline
    finite: bool
    std: float  # of its weights about 0: the root of their mean square
    laws: dict[str, float]  # by the name of each initializer that has a std: what it would be in this layer
    fit: Fit
    biases: str  # what they look like, in words
    zeros: float  # the share of weights that are exactly 0
    distinct: int  # groups of identical units
    cut_off: int  # units all of whose incoming weights are 0
    spectrum: Spectrum


@dataclass(frozen=True)
class Diagnosis:
    """What was found in a file of weights, read for the hidden layers' `activation`. It holds none of the weights."""

    activation: str
    layers: tuple[Examined, ...]
    arrangement: Arrangement
    left_out: tuple[tuple[str, str], ...]  # (name, why) of arrays that are no layer's
    signal: Signal


def diagnose(arrays: Mapping[str, Array], activation: str = "relu", layout: str | None = None) -> Diagnosis:
    """Examine the layers found among named arrays, as `np.load` of an .npz file gives them.

    `activation`: the hidden layers' (a name in ACTIVATIONS); the last layer counts as linear. `layout`: a key
    of LAYOUTS, or None to read it off the arrays. Raises ValueError, with a sentence, where there is no layer, or for
    an activation or a layout that is not known.
    """
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation: {activation!r} is not one of {', '.join(ACTIVATIONS)}")
    if layout is not None and layout not in LAYOUTS:
        raise ValueError(f"layout: {layout!r} is not one of {', '.join(LAYOUTS)}")
    weights, left_out = weights_of(arrays)
    if not weights:
        raise ValueError("The arrays hold no layer: no matrix of floating-point numbers that is a layer's weight.")
    ordered, arrangement = arrange(weights, layout)
    layers = [layer(i, weight, arrangement.layout) for i, weight in enumerate(ordered, start=1)]
    spent, examined = 0.0, []
    for each in layers:
        spent += units.work(each.W)
        examined.append(_examine(each, activation, spent <= units.SPECTRUM_WORK, fits.LEVEL / len(layers)))
    signal = propagate(layers, ACTIVATIONS[activation], connected=not arrangement.breaks)
    return Diagnosis(activation, tuple(examined), arrangement, tuple(left_out), signal)


def _examine(each: Layer, activation: str, whole: bool, level: float) -> Examined:
    laws = {
        name: initializer.std(each.outline.fan_in, each.outline.fan_out, activation)
        for name, initializer in INITIALIZERS.items()
        if initializer.sampler != "constant"
    }
    biases = _biases(each, activation, level)
    if not np.isfinite(each.W).all() or (each.b is not None and not np.isfinite(each.b).all()):
        nothing = units.Spectrum(np.array([np.nan]), False, None)
        return Examined(each.outline, False, np.nan, laws, Fit("broken"), biases, np.nan, 0, 0, nothing)
    spectrum = units.spectrum(each.W, whole)
    return Examined(
        each.outline,
        True,
        float(np.sqrt(np.square(each.W, dtype=np.float64).mean())),
        laws,
        fits.fit(each, float(spectrum.values[0]), level, activation),
        biases,
        float((each.W == 0).mean()),
        units.distinct(each),
        units.cut_off(each),
        spectrum,
    )


def _biases(each: Layer, activation: str, level: float) -> str:
    """What the biases look like: none, all alike, or drawn as a framework draws them."""
    if each.b is None:
        return "none"
    if not np.isfinite(each.b).all():
        return "not all finite"
    if each.b.min() == each.b.max():
        return f"all {each.b[0]:.3g}"
    for name in ("pytorch_default", "sklearn_default"):
        law = INITIALIZERS[name].bias_variance
        assert law is not None
        std = float(np.sqrt(law(each.outline.fan_in, each.outline.fan_out, activation)))
        sample = Sample(each.b[None], fits.rounding(each.b), np.nan)
        if fits.fits(sample, UNIFORM, std, level):
            return f"as {INITIALIZERS[name].label} draws them"
    return "of no framework's start"


@dataclass(frozen=True)
class Finding:
    """One sentence in Markdown, its status as in a Verdict, and the layers it is about."""

    status: Status
    sentence: str
    layers: tuple[int, ...] = ()


def hidden(diagnosis: Diagnosis) -> list[Examined]:
    """All layers but the output, of those whose numbers are finite."""
    return [each for each in diagnosis.layers[:-1] if each.finite]


def finite(diagnosis: Diagnosis) -> list[Examined]:
    """The layers whose numbers are finite."""
    return [each for each in diagnosis.layers if each.finite]


def numbers(examined: Sequence[Examined]) -> tuple[int, ...]:
    """The layers' numbers, from 1 on."""
    return tuple(each.outline.number for each in examined)


def called(layers: Sequence[int], word: str = "Layer") -> str:
    """Layer 3; Layers 1 and 4; Layers 1, 2 and 5 to 9."""
    if len(layers) == 1:
        return f"{word} {layers[0]}"
    breaks = [i for i in range(1, len(layers)) if layers[i] != layers[i - 1] + 1]
    runs = [layers[i:j] for i, j in pairwise([0, *breaks, len(layers)])]
    parts = [[f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(n) for n in run] for run in runs]
    return f"{word}s {join_words([part for run in parts for part in run])}"
