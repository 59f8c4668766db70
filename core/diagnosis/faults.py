"""What can be wrong with weights: one rule a fault, each a sentence that says where and what follows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.diagnosis.diagnosis import Diagnosis, Examined
from core.diagnosis.fits import suited
from core.diagnosis.signal import EXAMPLES
from core.initializers import INITIALIZERS
from core.wording import listed, number, percent, span

FAR = 3.0  # times larger or smaller than the law that suits the activation: worth a sentence
LOST, FAINT = 0.01, 0.1  # what is left of a signal or a gradient; the same the other way round
SILENT = 0.5  # the share of a layer's units that pass nothing on
PRUNED = 0.05  # the share of weights that are exactly 0


@dataclass(frozen=True)
class Finding:
    """One sentence in Markdown, its status as in a Verdict, and the layers it is about."""

    status: str
    sentence: str
    layers: tuple[int, ...] = ()


def hidden(diagnosis: Diagnosis) -> list[Examined]:
    return [each for each in diagnosis.layers[:-1] if each.finite]


def finite(diagnosis: Diagnosis) -> list[Examined]:
    return [each for each in diagnosis.layers if each.finite]


def numbers(examined: Sequence[Examined]) -> tuple[int, ...]:
    return tuple(each.outline.number for each in examined)


def called(layers: Sequence[int], word: str = "Layer") -> str:
    """Layer 3; Layers 1 and 4; Layers 1, 2 and 5 to 9."""
    if len(layers) == 1:
        return f"{word} {layers[0]}"
    breaks = [i for i in range(1, len(layers)) if layers[i] != layers[i - 1] + 1]
    runs = [layers[i:j] for i, j in pairwise([0, *breaks, len(layers)])]
    parts = [[f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(n) for n in run] for run in runs]
    return f"{word}s {listed([part for run in parts for part in run])}"


def broken(diagnosis: Diagnosis) -> list[Finding]:
    broken = numbers([each for each in diagnosis.layers if not each.finite])
    if not broken:
        return []
    hold = "holds" if len(broken) == 1 else "hold"
    sentence = (
        f"{called(broken)} {hold} numbers that are not finite in float32: training has diverged, or the file is broken."
    )
    return [Finding("bad", sentence, broken)]


def alike(diagnosis: Diagnosis) -> list[Finding]:
    """Of hidden layers only: an output's units are told apart by what they are asked for."""
    same = [each for each in hidden(diagnosis) if each.distinct == 1 < each.outline.units]
    found = []
    for zero in (True, False):
        layers = numbers([each for each in same if (each.fit.kind == "zeros") is zero])
        if layers:
            who = f"The weights of {called(layers, 'layer')} are all 0: their" if zero else f"{called(layers)}: the"
            alike = f"{who} units are all identical, receive the same gradient and stay the same."
            found.append(Finding("bad", alike, layers))
    for each in hidden(diagnosis):
        # Units without incoming weights are alike as well: of these the next rule speaks.
        units = each.outline.units - max(0, each.cut_off - 1)
        if 1 < each.distinct < units:
            n = each.outline.number
            some = f"Layer {n}: only {each.distinct} of its {units} units differ, the others are copies of them."
            found.append(Finding("mixed", some, (n,)))
    return found


def cut_off(diagnosis: Diagnosis) -> list[Finding]:
    return [
        Finding(
            "mixed",
            f"Layer {each.outline.number}: {each.cut_off} of its {each.outline.units} units have no incoming weight "
            "but 0: they are dead, whatever the input.",
            (each.outline.number,),
        )
        for each in hidden(diagnosis)
        if 0 < each.cut_off < each.outline.units
    ]


def zero_output(diagnosis: Diagnosis) -> list[Finding]:
    last = diagnosis.layers[-1]
    if last.fit.kind != "zeros":
        return []
    sentence = f"Layer {last.outline.number}, the output, is all 0: the layers before it start to learn a step later."
    return [Finding("neutral", sentence, (last.outline.number,))]


def deficient(diagnosis: Diagnosis) -> list[Finding]:
    """Where it is not said already that units are alike, or that all is constant."""
    found = []
    for each in finite(diagnosis):
        rank, full = each.spectrum.rank, min(each.outline.units, each.outline.fan_in)
        known = each.distinct < each.outline.units or each.cut_off or each.fit.kind in ("zeros", "constant")
        if rank is not None and rank < full and not known:
            n = each.outline.number
            sentence = f"Layer {n} has rank {rank} of {full}: some directions of its input are lost on it."
            found.append(Finding("mixed", sentence, (n,)))
    return found


def scale(diagnosis: Diagnosis) -> list[Finding]:
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
            sentence = f"{whose} are {span([times[n] for n in layers])} times {word} than {law.label}'s"
            found.append(Finding("mixed", f"{sentence.format(*layers)}: the signal {does} there.", layers))
    return found


def signal(diagnosis: Diagnosis) -> list[Finding]:
    sizes = diagnosis.signal.expected_forward if diagnosis.signal.forward is None else diagnosis.signal.forward
    if len(sizes) < 2 or len(finite(diagnosis)) < len(sizes):
        return []
    whole = float(sizes[-2])  # of the last hidden layer, the input's being 1
    return _change("The signal", "of the input arrives at the last hidden layer", whole, len(sizes) - 1)


def gradient(diagnosis: Diagnosis) -> list[Finding]:
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
    if FAINT <= whole <= 1 / FAINT:
        return []
    far = whole < LOST or whole > 1 / LOST
    verb = ("vanishes" if far else "shrinks") if whole < 1 else ("explodes" if far else "grows")
    times = number(whole) + (" times that" if whole > 1 else "")
    each = f", a factor {number(whole ** (1 / layers))} a layer" if layers > 1 and math.isfinite(whole) else ""
    return [Finding("bad" if far else "mixed", f"{what} {verb}: {times} {arrives}{each}.")]


def silent(diagnosis: Diagnosis) -> list[Finding]:
    """Where weights are finite and not all 0."""
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


def pruned(diagnosis: Diagnosis) -> list[Finding]:
    pruned = [each for each in finite(diagnosis) if PRUNED < each.zeros < 1 and not each.cut_off]
    if not pruned:
        return []
    shares = f"{percent(min(e.zeros for e in pruned))} or more" if len(pruned) > 1 else percent(pruned[0].zeros)
    return [
        Finding(
            "neutral",
            f"{called(numbers(pruned))}: {shares} of the weights are exactly 0, as after pruning.",
            numbers(pruned),
        )
    ]


RULES = (broken, alike, cut_off, deficient, scale, signal, gradient, silent, pruned, zero_output)
