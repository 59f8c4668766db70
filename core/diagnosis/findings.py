"""A diagnosis in plain words: what is wrong, layer and cause, and what the weights are; the worst first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
CERTAIN = 1000  # numbers of a layer, from where on a law is named in a trained network
FRESH = 500  # numbers that fit a law, all layers together, from where on training would show
FEW_BIASES = 30  # of one layer, up to which they can look like draws by chance
PRUNED = 0.05  # the share of weights that are exactly 0
_ORDER = ("bad", "mixed", "neutral", "good")

Remark = tuple[Status, Sequence[Part], str]  # about some parts, or about the whole file


@dataclass(frozen=True)
class Finding:
    """One sentence in Markdown, its status as in a Verdict, and the layers (from 1) it is about."""

    status: Status
    sentence: str
    layers: tuple[int, ...] = ()


def findings(diagnosis: Diagnosis) -> tuple[Finding, ...]:
    """What there is to say, the worst first; what is said of several layers alike is said once."""
    remarks: dict[tuple[Status, str], list[Part]] = {}
    for rule in (_name_start, _find_faults, _find_odd_draws, _find_odd_scales, _find_peculiarities):
        for status, parts, text in rule(diagnosis):
            remarks.setdefault((status, text), []).extend(parts)
    all_findings = [
        Finding(status, f"{name_layers(parts)}: {text}" if parts else text, tuple(part.number for part in parts))
        for (status, text), parts in remarks.items()
    ]
    return tuple(sorted(all_findings, key=lambda finding: _ORDER.index(finding.status)))


def verdict(diagnosis: Diagnosis) -> Verdict:
    """The worst finding, or that no fault was found and what the weights are, for a banner."""
    all_findings = findings(diagnosis)
    wrong = [finding for finding in all_findings if finding.status in ("bad", "mixed")]
    if wrong:
        return Verdict(wrong[0].status, wrong[0].sentence + (f" {len(wrong) - 1} more below." if wrong[1:] else ""))
    best = next((f for f in all_findings if f.status == "good"), all_findings[0])
    return Verdict(best.status, f"**No fault found.** {best.sentence}")


def _name_start(diagnosis: Diagnosis) -> Iterator[Remark]:
    """Which start it is, or that it is none any more, and of which layers there are too few numbers to tell."""
    adapters = [part.fit.kind for part in diagnosis.parts if part.role == "LoRA B"]
    if set(adapters) == {"zeros"}:
        yield "good", (), f"A fresh LoRA adapter: its {len(adapters)} B matrices are 0 on purpose."
    layers = [part for part in diagnosis.parts if part.units]
    fitted, few = [part for part in layers if part.fit.laws], [part for part in layers if part.fit.kind == "few"]
    odd = [part for part in layers if part.fit.kind in ("draw", "off center")]
    if diagnosis.trained:
        why = "weights fit no draw" if any(p.fit.kind == "none" for p in layers) else "biases or normalizations moved"
        yield "neutral", (), f"Trained, or changed since the draw: {why}."
    elif odd:
        yield "neutral", odd, f"a draw ({odd[0].fit.family}) at no known law's scale."
    elif fitted:
        law = " and ".join(list(dict.fromkeys(likely_law(part, fitted) for part in fitted))[:2])
        count = sum(prod(part.stored) for part in fitted)
        # Only PyTorch and scikit-learn draw biases; of a few that are not 0 it cannot be told whether they have moved.
        library = any(law in part.fit.laws for part in fitted for law in ("PyTorch default", "Glorot uniform"))
        few_biases = [p.units for p in layers if p.biases.endswith("bounds") and p.units < FEW_BIASES and not library]
        fresh = count >= FRESH and not few_biases
        numbers = f"{count} numbers" if count < FRESH else f"{max(few_biases, default=0)} biases"
        end = "a fresh draw" if fresh else f"but {numbers} are too few to tell whether they were trained"
        every = len(fitted) == len(layers) > 1
        yield "good" if fresh else "neutral", () if every else fitted, f"{'All layers: ' * every}**{law}**, {end}."
    elif not few:
        yield "neutral", (), "No layer looks like a start's draw."
    if few:
        most = max(prod(part.stored) for part in few)
        yield "neutral", few, f"too small to tell a law, with {most} numbers at most where {FEWEST} are needed."


def _find_faults(diagnosis: Diagnosis) -> Iterator[Remark]:
    """What no start and no training should leave: NaN, zeros that stop learning, copies, biases that switch off."""
    signal, label = diagnosis.signal, ACTIVATIONS[diagnosis.activation].label
    for part in diagnosis.parts:
        if part.broken:
            yield "bad", [part], "NaN or infinity. Training diverged, or the file is damaged."
    for part in diagnosis.stack:
        i, zero, (alike, tied) = part.number - 1, part.fit.kind == "zeros", part.copies
        copies = f"{tied or alike} of {part.units} units"
        if signal is None:
            if zero:
                yield "neutral", [part], "all weights are 0, as on purpose in the last layer of a branch."
            elif alike:
                yield "neutral", [part], f"{copies} are copies of others."
            continue
        if zero and not signal.learns[i]:
            yield "bad", [part], f"all weights are 0. With {label} no gradient passes, and these weights never learn."
        elif zero and i == len(signal.off) - 1:
            text = "all weights of the output are 0, so the layers before it learn from the second step on."
            yield "neutral", [part], text
        elif tied:
            yield "bad", [part], f"{copies} are copies of others, outgoing weights included: they stay alike."
        elif zero:
            yield "neutral", [part], "all weights are 0. The units start alike; the next layer's weights separate them."
        elif alike and i < len(signal.off) - 1:
            text = f"{copies} start as copies of others; training separates them, as their outgoing weights differ."
            yield "mixed", [part], text
        shift, off = abs(float(signal.shift[i])), float(signal.off[i])
        constant = part.biases.startswith("all") and shift > 1.5 and off > 0.95
        if not zero and (constant or (shift > 3 and off > 0.99)):
            yield "bad", [part], f"the biases ({part.biases}) leave {percent(off)} of its slopes at 0."


def _find_odd_draws(diagnosis: Diagnosis) -> Iterator[Remark]:
    """Draws that are not what a start should be: around a mean, by the wrong fan, cut, or new in a trained network."""
    stack, plain = diagnosis.stack, diagnosis.signal is not None
    usual = float(np.median([part.ratio for part in stack if part.fit.kind == "none"] or [np.nan]))
    for part in stack:
        fit, law, size = part.fit, likely_law(part, stack), prod(part.stored)
        matters = plain and abs(fit.mean) > max(fit.std / part.fans[0] ** 0.5, fit.std / 2)
        if fit.kind == "off center" and (matters or not diagnosis.trained):
            yield "mixed" if matters else "neutral", [part], f"the mean is not 0: {fit.family}."
        status: Status = "mixed" if plain and part.role == "dense" else "neutral"
        if diagnosis.starting and FAN_OUT in law:
            yield status, [part], f"{law}. Transposed?"
        elif diagnosis.starting and NOT_WIDENED in law:
            yield status, [part], f"{law}."
        elif diagnosis.trained and fit.kind == "law" and size >= CERTAIN and " × " not in law and FAN_OUT not in law:
            alone = plain and law.startswith(("N(", "U(")) and not 1 / FAR < part.ratio / usual < FAR
            text = f"{law}, in a trained network. Drawn anew, frozen, or hardly trained?"
            yield "mixed" if alone and np.isfinite(usual) else "neutral", [part], text


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
    large = [part for part in scaled if part.ratio > FAR]
    # Glorot's law is far below He's where a layer widens: what a law gives these fans is no fault.
    free = [p for p in scaled if p.fit.kind != "few" and not any(map(_follows_fans, p.fit.laws))]
    small = [part for part in free if part is not stack[-1] and part.ratio < min(1.0, usual) / FAR]
    for parts, text in (large, "times {}'s scale, so its outputs are too large"), (small, "of {}'s scale: too small"):
        if parts:
            yield "mixed", parts, f"{format_range([part.ratio for part in parts])} {text.format(law)}."
    if len(stack) < 3 or any(part.fit.kind == "zeros" for part in stack):
        return
    start = next((f"With {law}, the" for part in stack for law in part.fit.laws[:1]), "The")
    back = float(signal.backward[0] / max(signal.backward[-2], 1e-38))
    for what, whole, where in (("signal", float(signal.forward[-2]), "last hidden"), ("gradient", back, "first")):
        change, far = statistics.classify_change(np.array([whole])), max(whole, 1 / max(whole, 1e-30))
        if change in ("vanishes", "explodes"):
            level: Status = "bad" if far > RUINED else "mixed" if far > CHANGED else "neutral"
            yield level, (), f"{start} {what} {change}: {number(whole)} of it arrives at the {where} layer."


def _follows_fans(law: str) -> bool:
    """Whether a law is an initializer's own, without a gain."""
    return not law.startswith(("N(", "U(")) and " × " not in law


def _find_peculiarities(diagnosis: Diagnosis) -> Iterator[Remark]:
    """Why no signal was sent, and weights that are 0: all of a unit's or an input's, or many as after pruning."""
    if diagnosis.obstacle:
        yield "neutral", (), f"No signal is sent through these layers, which are no plain chain: {diagnosis.obstacle}."
    for part in diagnosis.stack:
        units, inputs = part.empty
        if part.fit.kind == "zeros":
            continue
        if units:
            yield "neutral", [part], f"{units} of {part.units} units have no incoming weights."
        if inputs:
            yield "neutral", [part], f"{inputs} of {part.fans[0]} inputs have only weights of 0."
        elif part.zeros > PRUNED and part.fit.kind != "orthogonal":
            yield "neutral", [part], f"over {percent(PRUNED)} of the weights are exactly 0, as after pruning."
