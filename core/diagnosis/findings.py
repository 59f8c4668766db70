"""A diagnosis in plain words: what is wrong, layer and cause, and what the weights are; the worst first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod

import numpy as np

from core import statistics
from core.activations import ACTIVATIONS
from core.diagnosis.diagnosis import Diagnosis, Part
from core.diagnosis.laws import FAN_OUT, FEWEST, NOT_WIDENED
from core.initializers import INITIALIZERS, suited_to
from core.verdicts import Verdict
from core.verdicts.verdict import Status
from core.wording import format_range, join_words, number, percent

FAR = 3.0  # times larger or smaller than the law that suits the activation, or than the other layers are to theirs
CHANGED, RUINED = 100.0, 1e4  # times more or less of a signal or a gradient, from where on it is amber, and red
FRESH = 500  # numbers that fit a law, all layers together, from where on training would show
PRUNED = 0.05  # the share of weights that are exactly 0
_ORDER = ("bad", "mixed", "neutral", "good")
_PLURALS = {"{is}": "are", "{has}": "have", "{fits}": "fit", "{holds}": "hold"}


@dataclass(frozen=True)
class Finding:
    """One sentence in Markdown, its status as in a Verdict, and the layers (from 1) it is about."""

    status: Status
    sentence: str
    layers: tuple[int, ...] = ()


def findings(diagnosis: Diagnosis) -> tuple[Finding, ...]:
    """What there is to say, the worst first."""
    rules = (_broken, _zeros, _copies, _switched_off, _draws, _scale, _signal, _adapter, _start, _no_chain, _sparse)
    found = [finding for rule in rules for finding in rule(diagnosis)]
    return tuple(sorted(found, key=lambda finding: _ORDER.index(finding.status)))


def verdict(diagnosis: Diagnosis) -> Verdict:
    """The worst finding, or that no fault was found and what the weights are, for a banner."""
    found = findings(diagnosis)
    wrong = [finding for finding in found if finding.status in ("bad", "mixed")]
    if wrong:
        return Verdict(wrong[0].status, wrong[0].sentence + (f" {len(wrong) - 1} more below." if wrong[1:] else ""))
    start = (*(finding for finding in found if finding.status == "good"), *_start(diagnosis))[0]
    return Verdict(start.status, f"**No fault found.** {start.sentence}")


def name_layers(parts: Sequence[Part]) -> str:
    """Layer 3 (`fc.weight`); Layers 1, 2 and 5 to 9; of arrays that are not in the stack their names."""
    numbers = [part.number for part in parts]
    if len(parts) == 1 or not all(numbers):
        names = [f"`{clean(part.name)}`" for part in parts[:2]] + [f"{len(parts) - 2} more"] * (len(parts) > 2)
        return f"Layer {numbers[0]} ({names[0]})" if all(numbers) else join_words(names)
    breaks = [i for i, (a, b) in enumerate(pairwise(numbers), 1) if b != a + 1]
    runs = [numbers[i:j] for i, j in pairwise([0, *breaks, len(numbers)])]
    spans = [[f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(n) for n in run] for run in runs]
    return f"Layers {join_words([span for run in spans for span in run])}"


def clean(name: str) -> str:
    """An array's name, shortened and safe within backquotes."""
    text = "".join(c for c in name if c.isprintable() and c != "`")
    return text if len(text) <= 40 else f"…{text[-39:]}"


def likely_law(part: Part, stack: Sequence[Part]) -> str:
    """Of the laws that an array fits, the one that most of the stack fits; the plainest of several; "" without any."""
    return max(part.fit.laws, key=lambda law: sum(law in other.fit.laws for other in stack), default="")


def _find(status: Status, parts: Sequence[Part], text: str) -> Iterator[Finding]:
    """A finding about these parts, if any; the text has its verb in braces: {is}, {has}, {fits}, {holds}."""
    if parts:
        for verb, plural in _PLURALS.items():
            text = text.replace(verb, verb[1:-1] if len(parts) == 1 else plural)
        yield Finding(status, f"{name_layers(parts)} {text}", tuple(part.number for part in parts if part.number))


def _broken(diagnosis: Diagnosis) -> Iterator[Finding]:
    broken = [p for p in diagnosis.parts if p.fit.kind == "not finite" or p.biases == "not all finite"]
    yield from _find("bad", broken, "{holds} NaN or infinity: training has diverged, or the file is broken.")


def _zeros(diagnosis: Diagnosis) -> Iterator[Finding]:
    """Zero layers: a fault where they stop a plain chain, else the way that the last layer of a branch starts."""
    signal, zero = diagnosis.signal, [part for part in diagnosis.stack if part.fit.kind == "zeros"]
    if signal is None:
        yield from _find("neutral", zero, "{is} all 0: on purpose, it seems, as the last layer of a branch may start.")
        return
    stuck = [part for part in zero if signal.off[part.number - 1] == 1 or len(zero) > 1]
    label = ACTIVATIONS[diagnosis.activation].label
    yield from _find("bad", stuck, f"{{is}} all 0: under {label} neither signal nor gradient passes; nothing learns.")
    for part in [] if stuck else zero:
        last = part.number == len(signal.forward)
        how = "the layers before it learn a step later" if last else "its units start alike; the next layer parts them"
        yield from _find("neutral", [part], f"{{is}} all 0{', the output' * last}: {how}.")


def _copies(diagnosis: Diagnosis) -> Iterator[Finding]:
    for part in diagnosis.stack[:-1]:
        alike, tied = part.copies
        known = "incoming and outgoing weights alike: they stay alike" if tied else "which their outgoing weights part"
        if alike:
            text = f"has {tied or alike} copies among {part.units} units that start alike, {known}."
            yield from _find("bad" if tied else "mixed", [part], text)


def _switched_off(diagnosis: Diagnosis) -> Iterator[Finding]:
    """Hidden layers whose biases leave their units without slope."""
    signal = diagnosis.signal
    for part in diagnosis.stack[:-1] if signal else []:
        assert signal is not None
        off, shift = float(signal.off[part.number - 1]), abs(float(signal.shift[part.number - 1]))
        constant = part.biases.startswith("all") and shift > 1.5 and off > 0.95
        if (constant or (shift > 3 and off > 0.99)) and part.fit.kind != "zeros":
            text = f"is switched off by its biases ({part.biases}): {percent(off)} of its slopes are 0."
            yield from _find("bad", [part], text)


def _draws(diagnosis: Diagnosis) -> Iterator[Finding]:
    """Draws that are not what a start should be: around a mean, by the wrong fan, cut, or new in a trained network."""
    stack, plain = diagnosis.stack, diagnosis.signal is not None
    off = [part for part in stack if part.fit.off_center]
    bad = [p for p in off if plain and abs(p.fit.mean) > max(p.fit.std / p.fans[0] ** 0.5, p.fit.std / 2)]
    yield from _find("mixed", bad, f"{{has}} a mean that is not 0: {bad[0].fit.family if bad else ''}.")
    for part in off if not diagnosis.trained else []:
        yield from _find("neutral", [part] * (part not in bad), f"has a mean that is not 0: {part.fit.family}.")
    drawn = [part for part in stack if part.fit.kind == "law"]
    likely = {part.name: likely_law(part, stack) for part in drawn if diagnosis.starting}
    for mark, cause in ((FAN_OUT, "transposed?"), (NOT_WIDENED, "too small by that.")):
        odd = [part for part in drawn if mark in likely.get(part.name, "")]
        matters = plain and any(part.role == "dense" for part in odd)
        law = likely[odd[0].name] if odd else ""
        yield from _find("mixed" if matters else "neutral", odd, f"{{fits}} {law}: {cause}")
    others = [part.ratio for part in stack if part.fit.kind == "none"]
    for part in drawn if diagnosis.trained else []:
        law = part.fit.laws[0]
        odd_scale = bool(others) and not 1 / FAR < part.ratio / float(np.median(others)) < FAR
        status: Status = "mixed" if plain and odd_scale and law.startswith(("N(", "U(")) else "neutral"
        if " × " not in law:  # of so many gains one fits by chance
            text = f"fits {law}, in a trained network: drawn anew, frozen, or hardly trained."
            yield from _find(status, [part], text)


def _scale(diagnosis: Diagnosis) -> Iterator[Finding]:
    """Layers of a start that are far off the scale which suits the activation."""
    law = INITIALIZERS[suited_to(diagnosis.activation)[0]].label
    plain = diagnosis.signal is not None and diagnosis.starting
    scaled = [p for p in diagnosis.stack if plain and not p.fit.off_center and p.fit.kind not in ("zeros", "constant")]
    usual = float(np.median([part.ratio for part in scaled])) if scaled else 1.0
    large = [part for part in scaled if part.ratio > FAR]
    small = [part for part in scaled[:-1] if part.ratio < min(1.0, usual) / FAR]
    for parts, text in (
        (large, "times {}'s scale: outputs are too large"),
        (small, "of {}'s scale: the signal shrinks"),
    ):
        size = format_range([part.ratio for part in parts]) if parts else ""
        yield from _find("mixed", parts, f"{{is}} {size} {text.format(law)} there.")


def _signal(diagnosis: Diagnosis) -> Iterator[Finding]:
    """Signal and gradient from end to end: of a start, for a trained network's inputs are not the noise sent here."""
    signal, hidden = diagnosis.signal, len(diagnosis.stack) - 1
    zero = any(part.fit.kind == "zeros" for part in diagnosis.stack)
    if signal is None or not diagnosis.starting or zero or hidden < 2:
        return
    back = float(signal.backward[0] / max(signal.backward[-2], 1e-38))
    for what, whole, where in (("signal", float(signal.forward[-2]), "last hidden"), ("gradient", back, "first")):
        change, far = statistics.classify_change(np.array([whole])), max(whole, 1 / max(whole, 1e-30))
        if change in ("vanishes", "explodes"):
            status: Status = "bad" if far > RUINED else "mixed" if far > CHANGED else "neutral"
            start = next((f" from {law}" for part in diagnosis.stack for law in part.fit.laws[:1]), "")
            yield Finding(status, f"The {what} {change}{start}: {number(whole)} of it arrives at the {where} layer.")


def _adapter(diagnosis: Diagnosis) -> Iterator[Finding]:
    pairs = [part for part in diagnosis.parts if part.role == "LoRA B"]
    if pairs and all(part.fit.kind == "zeros" for part in pairs):
        yield Finding("good", f"A fresh LoRA adapter: its B, {len(pairs)} in number, are 0 on purpose.")


def _start(diagnosis: Diagnosis) -> Iterator[Finding]:
    """Which start it is, or that it is none any more, and of which layers there are too few numbers to tell."""
    layers = [part for part in diagnosis.parts if part.fans[0]]
    known, few = [part for part in layers if part.fit.laws], [part for part in layers if part.fit.kind == "few"]
    odd = [part for part in layers if part.fit.kind == "draw"]
    tested = sum(prod(part.stored) for part in known)
    every = "All layers" if len(known) == len(layers) > 1 else name_layers(known) if known else ""
    verb = "fit" if len(known) > 1 else "fits"
    if diagnosis.trained:
        why = "weights fit no draw" if any(p.fit.kind == "none" for p in layers) else "biases or normalizations moved"
        yield Finding("neutral", f"Trained, or changed since the draw: {why}.")
    elif known and not odd:
        law = " and ".join(list(dict.fromkeys(likely_law(part, known).split(":")[0] for part in known))[:2])
        fresh = tested >= FRESH
        end = ": a fresh draw." if fresh else f"; {tested} numbers are too few to tell whether they were trained."
        numbers = tuple(part.number for part in known if part.number)
        yield Finding("good" if fresh else "neutral", f"{every} {verb} **{law}**{end}", numbers)
    else:
        yield from _find("neutral", odd, f"{{has}} no known law's scale: {odd[0].fit.family if odd else ''}.")
    if few:
        most = max(prod(part.stored) for part in few)
        yield from _find("neutral", few, f"{{is}} too small to tell a law: {most} numbers at most, under {FEWEST}.")
    if not known and not few and not odd:
        yield Finding("neutral", "No layer looks like a start's draw.")


def _no_chain(diagnosis: Diagnosis) -> Iterator[Finding]:
    if diagnosis.obstacle:
        text = f"No signal is sent through these layers, which are no plain chain: {diagnosis.obstacle}."
        yield Finding("neutral", text)


def _sparse(diagnosis: Diagnosis) -> Iterator[Finding]:
    """Weights that are 0, all of a unit's or an input's, or many as after pruning."""
    stack = [part for part in diagnosis.stack if part.fit.kind != "zeros"]
    for part in stack:
        for count, what in ((part.empty[0], "units without incoming weights"), (part.empty[1], "unused inputs")):
            yield from _find("neutral", [part] * (count > 0), f"has {count} {what}.")
    pruned = [part for part in stack if part.zeros > PRUNED and not any(part.empty)]
    share = percent(min((part.zeros for part in pruned), default=0.0))
    yield from _find("neutral", pruned, f"{{has}} {share} or more weights of exactly 0, as after pruning.")
