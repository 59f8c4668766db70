"""What can go wrong on the way through the layers: a scale that does not suit, a signal or a gradient that changes."""

from __future__ import annotations

import math

import numpy as np

from core import statistics
from core.diagnosis.diagnosis import Diagnosis, Finding, called, finite, hidden
from core.diagnosis.fits import suited
from core.diagnosis.signal import EXAMPLES
from core.initializers import INITIALIZERS
from core.wording import format_range, number, percent

FAR = 3.0  # times larger or smaller than the law that suits the activation: worth a sentence
LOST = 0.01  # what is left of a signal or a gradient, from where on that is an alarm; the same the other way round
SILENT = 0.5  # the share of a layer's units that pass nothing on


def scale(diagnosis: Diagnosis) -> list[Finding]:
    """Hidden layers whose weights are far larger or smaller than the law that suits the activation has them."""
    law = INITIALIZERS[suited(diagnosis.activation)[0]]
    ratios = {
        each.outline.number: each.std / each.laws[law.name]
        for each in hidden(diagnosis)
        if each.fit.kind not in ("zeros", "constant")
    }
    found = []
    for word, does, times in (
        ("larger", "grows", ratios),
        ("smaller", "shrinks", {n: 1 / ratio for n, ratio in ratios.items()}),
    ):
        layers = tuple(n for n, ratio in times.items() if ratio > FAR)
        if layers:
            whose = "Layer {0}'s weights" if len(layers) == 1 else f"The weights of {called(layers, 'layer')}"
            sentence = f"{whose} are {format_range([times[n] for n in layers])} times {word} than {law.label}'s"
            found.append(Finding("mixed", f"{sentence.format(*layers)}: the signal {does} there.", layers))
    return found


def signal(diagnosis: Diagnosis) -> list[Finding]:
    """How much of the input arrives at the last hidden layer: as sent through, else as expected."""
    sizes = diagnosis.signal.expected_forward if diagnosis.signal.forward is None else diagnosis.signal.forward
    if len(sizes) < 2 or len(finite(diagnosis)) < len(sizes):
        return []
    whole = float(sizes[-2])  # of the last hidden layer, the input's being 1
    return _change("The signal", "of the input arrives at the last hidden layer", whole, len(sizes) - 1)


def gradient(diagnosis: Diagnosis) -> list[Finding]:
    """How much of the last hidden layer's gradient arrives at the first: as sent back, else as expected."""
    sizes = diagnosis.signal.expected_backward if diagnosis.signal.backward is None else diagnosis.signal.backward
    if len(sizes) < 3 or len(finite(diagnosis)) < len(sizes):
        return []
    with np.errstate(all="ignore"):
        whole = float(sizes[0] / sizes[-2])
    return _change("The gradient", f"of layer {len(sizes) - 1}'s arrives at layer 1", whole, len(sizes) - 2)


def _change(what: str, arrives: str, whole: float, layers: int) -> list[Finding]:
    if math.isnan(whole):
        return []
    if whole == 0:
        return [Finding("bad", f"{what} is lost: nothing {arrives}.")]
    change = statistics.classify_change(np.array([whole]))
    if change not in ("vanishes", "explodes"):
        return []
    far = whole < LOST or whole > 1 / LOST
    times = number(whole) + (" times that" if whole > 1 else "")
    each = f", a factor {number(whole ** (1 / layers))} a layer" if layers > 1 and math.isfinite(whole) else ""
    return [Finding("bad" if far else "mixed", f"{what} {change}: {times} {arrives}{each}.")]


def silent(diagnosis: Diagnosis) -> list[Finding]:
    """Layers most of whose units pass nothing on, where weights are finite and not all 0."""
    off = diagnosis.signal.silent
    if off is None or len(finite(diagnosis)) < len(diagnosis.layers):
        return []
    shares = {
        each.outline.number: int(n) / each.outline.units
        for each, n in zip(diagnosis.layers, off, strict=True)
        if each.fit.kind not in ("zeros", "constant")
    }
    layers = tuple(n for n, share in shares.items() if share > SILENT)
    if not layers:
        return []
    most = percent(max(shares.values()))
    whose = f"{most} of its" if len(layers) == 1 else f"up to {most} of their"
    seen = f"{whose} units are off for each of {EXAMPLES} random inputs: dead as far as these show."
    return [Finding("mixed", f"{called(layers)}: {seen}", layers)]
