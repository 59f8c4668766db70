"""A diagnosis in plain words: what is wrong, layer and cause, and what the weights are; the worst first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import prod

import numpy as np

from core import statistics
from core.activations import ACTIVATIONS
from core.diagnosis.diagnosis import Diagnosis, Part
from core.diagnosis.laws import FAN_OUT, FEWEST, NOT_WIDENED
from core.diagnosis.report import likely_law, name_layers
from core.initializers import INITIALIZERS, suited_to
from core.verdicts import Verdict
from core.verdicts.verdict import Status
from core.wording import format_range, number, percent

FAR = 3.0  # times larger or smaller than the law that suits the activation, or than the other layers are to theirs
CHANGED, RUINED = 100.0, 1e4  # times more or less of a signal or a gradient, from where on it is amber, and red
FRESH = 500  # numbers that fit a law, all layers together, from where on training would show
PRUNED = 0.05  # the share of weights that are exactly 0
_ORDER = ("bad", "mixed", "neutral", "good")

Remark = tuple[Status, Sequence[Part] | None, str]  # about some layers, if any; None: about the whole file


@dataclass(frozen=True)
class Finding:
    """One sentence in Markdown, its status as in a Verdict, and the layers (from 1) it is about."""

    status: Status
    sentence: str
    layers: tuple[int, ...] = ()


def findings(diagnosis: Diagnosis) -> tuple[Finding, ...]:
    """What there is to say, the worst first."""
    rules = (_find_faults, _find_odd_draws, _find_odd_scales, _name_start, _find_peculiarities)
    found = [
        Finding(status, f"{name_layers(parts)}: {text}" if parts else text, tuple(p.number for p in parts or ()))
        for status, parts, text in chain.from_iterable(rule(diagnosis) for rule in rules)
        if parts is None or parts
    ]
    return tuple(sorted(found, key=lambda finding: _ORDER.index(finding.status)))


def verdict(diagnosis: Diagnosis) -> Verdict:
    """The worst finding, or that no fault was found and what the weights are, for a banner."""
    found = findings(diagnosis)
    wrong = [finding for finding in found if finding.status in ("bad", "mixed")]
    if wrong:
        return Verdict(wrong[0].status, wrong[0].sentence + (f" {len(wrong) - 1} more below." if wrong[1:] else ""))
    named = next((f for f in found if f.status == "good"), found[0])
    return Verdict(named.status, f"**No fault found.** {named.sentence}")


def _find_faults(diagnosis: Diagnosis) -> Iterator[Remark]:
    """What no start and no training should leave: NaN, zeros that stop learning, copies, biases that switch off."""
    signal, stack = diagnosis.signal, diagnosis.stack
    broken = [p for p in diagnosis.parts if p.fit.kind == "not finite" or p.biases == "not all finite"]
    yield "bad", broken, "NaN or infinity. Training diverged, or the file is damaged."
    zero = [part for part in stack if part.fit.kind == "zeros"]
    if signal is None:
        yield "neutral", zero, "all weights are 0, which is how the last layer of a branch may start on purpose."
        for part in stack:
            alike = part.copies[0] if part not in zero else 0
            yield "neutral", [part] * (alike > 0), f"{alike} of {part.units} units are copies of others."
        return
    stuck = [part for part in zero if not signal.learns[part.number - 1]]
    label = ACTIVATIONS[diagnosis.activation].label
    yield "bad", stuck, f"all weights are 0. With {label} no gradient passes, and these weights never learn."
    for part in stack[:-1]:
        i, (alike, tied) = part.number - 1, part.copies
        if tied and part not in stuck:
            text = f"{tied} of {part.units} units are copies of others, outgoing weights included: they stay alike."
            yield "bad", [part], text
        elif part in zero and part not in stuck:
            yield "neutral", [part], "all weights are 0. The units start alike; the next layer's weights separate them."
        elif alike and part not in zero:
            text = f"{alike} of {part.units} units start alike, as copies of others. Their outgoing weights differ."
            yield "mixed", [part], text
        shift, off = abs(float(signal.shift[i])), float(signal.off[i])
        constant = part.biases.startswith("all") and shift > 1.5 and off > 0.95
        if (constant or (shift > 3 and off > 0.99)) and part not in zero:
            yield "bad", [part], f"the biases ({part.biases}) leave {percent(off)} of its slopes at 0."
    output = [part for part in zero if part is stack[-1] and part not in stuck]
    yield "neutral", output, "all weights of the output are 0, so the layers before it learn from the second step on."


def _find_odd_draws(diagnosis: Diagnosis) -> Iterator[Remark]:
    """Draws that are not what a start should be: around a mean, by the wrong fan, cut, or new in a trained network."""
    stack, plain = diagnosis.stack, diagnosis.signal is not None
    for part in stack:
        fit = part.fit
        matters = plain and abs(fit.mean) > max(fit.std / part.fans[0] ** 0.5, fit.std / 2)
        if fit.kind == "off center" and (matters or not diagnosis.trained):
            yield "mixed" if matters else "neutral", [part], f"the mean is not 0: {fit.family}."
    drawn = [part for part in stack if part.fit.kind == "law"]
    for mark, text in ((FAN_OUT, ". Transposed?"), (NOT_WIDENED, ".")) if diagnosis.starting else ():
        odd = [part for part in drawn if mark in likely_law(part, stack)]
        law = likely_law(odd[0], stack) if odd else ""
        yield "mixed" if plain and any(part.role == "dense" for part in odd) else "neutral", odd, law + text
    others = [part.ratio for part in stack if part.fit.kind == "none"]
    for part in drawn if diagnosis.trained else []:
        law, usual = part.fit.laws[0], float(np.median(others)) if others else part.ratio
        alone = plain and not 1 / FAR < part.ratio / usual < FAR and law.startswith(("N(", "U("))
        if " × " not in law:  # of so many gains one fits by chance
            text = f"{law}, in a trained network. Drawn anew, frozen, or hardly trained?"
            yield "mixed" if alone else "neutral", [part], text


def _find_odd_scales(diagnosis: Diagnosis) -> Iterator[Remark]:
    """Of a start: layers far off the scale that suits the activation, and what this does from end to end.

    A trained network's inputs are not the noise that is sent here.
    """
    signal, stack = diagnosis.signal, diagnosis.stack
    if signal is None or not diagnosis.starting:
        return
    law = INITIALIZERS[suited_to(diagnosis.activation)[0]].label
    scaled = [part for part in stack if part.fit.kind not in ("off center", "zeros", "constant")]
    usual = float(np.median([part.ratio for part in scaled] or [1.0]))
    for odd, text in (
        ([part for part in scaled if part.ratio > FAR], "times {}'s scale, so its outputs are too large."),
        ([p for p in scaled if p is not stack[-1] and p.ratio < min(1.0, usual) / FAR], "of {}'s scale: too small."),
    ):
        yield "mixed", odd, f"{format_range([part.ratio for part in odd])} {text.format(law)}"
    if len(stack) < 3 or any(part.fit.kind == "zeros" for part in stack):
        return
    back = float(signal.backward[0] / max(signal.backward[-2], 1e-38))
    for what, whole, where in (("signal", float(signal.forward[-2]), "last hidden"), ("gradient", back, "first")):
        change, far = statistics.classify_change(np.array([whole])), max(whole, 1 / max(whole, 1e-30))
        if change in ("vanishes", "explodes"):
            status: Status = "bad" if far > RUINED else "mixed" if far > CHANGED else "neutral"
            start = next((f" from {law}" for part in stack for law in part.fit.laws[:1]), "")
            yield status, None, f"The {what} {change}{start}: {number(whole)} of it arrives at the {where} layer."


def _name_start(diagnosis: Diagnosis) -> Iterator[Remark]:
    """Which start it is, or that it is none any more, and of which layers there are too few numbers to tell."""
    adapters = [part.fit.kind for part in diagnosis.parts if part.role == "LoRA B"]
    if set(adapters) == {"zeros"}:
        yield "good", None, f"A fresh LoRA adapter: its {len(adapters)} B matrices are 0 on purpose."
    layers = [part for part in diagnosis.parts if part.units]
    known, few = [part for part in layers if part.fit.laws], [part for part in layers if part.fit.kind == "few"]
    odd = [part for part in layers if part.fit.kind in ("draw", "off center")]
    tested = sum(prod(part.stored) for part in known)
    if diagnosis.trained:
        why = "weights fit no draw" if any(p.fit.kind == "none" for p in layers) else "biases or normalizations moved"
        yield "neutral", None, f"Trained, or changed since the draw: {why}."
    elif known and not odd:
        law = " and ".join(list(dict.fromkeys(likely_law(part, known) for part in known))[:2])
        fresh = tested >= FRESH
        end = "a fresh draw" if fresh else f"but {tested} numbers are too few to tell whether they were trained"
        yield "good" if fresh else "neutral", known, f"**{law}**, {end}."
    else:
        yield "neutral", odd, f"a draw at no known law's scale: {odd[0].fit.family if odd else ''}."
    most = max((prod(part.stored) for part in few), default=0)
    yield "neutral", few, f"too small to tell a law, with {most} numbers at most where {FEWEST} are needed."
    if not known and not few and not odd:
        yield "neutral", None, "No layer looks like a start's draw."


def _find_peculiarities(diagnosis: Diagnosis) -> Iterator[Remark]:
    """Why no signal was sent, and weights that are 0: all of a unit's or an input's, or many as after pruning."""
    if diagnosis.obstacle:
        text = f"No signal is sent through these layers, which are no plain chain: {diagnosis.obstacle}."
        yield "neutral", None, text
    stack = [part for part in diagnosis.stack if part.fit.kind != "zeros"]
    for part in stack:
        units, inputs = part.empty
        yield "neutral", [part] * (units > 0), f"{units} of {part.units} units have no incoming weights."
        yield "neutral", [part] * (inputs > 0), f"{inputs} of {part.fans[0]} inputs have only weights of 0."
    pruned = [part for part in stack if part.zeros > PRUNED and not any(part.empty)]
    share = percent(min((part.zeros for part in pruned), default=0.0))
    yield "neutral", pruned, f"{share} or more of the weights are exactly 0, as after pruning."
