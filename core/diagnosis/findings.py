"""A diagnosis in plain words: what is wrong, with layer and cause, and what the weights are."""

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from core import statistics
from core.activations import ACTIVATIONS
from core.diagnosis.diagnosis import Diagnosis, count_copies, likely_law, quote_names
from core.diagnosis.laws import FEWEST, ODD
from core.diagnosis.parts import Part
from core.initializers import INITIALIZERS, suited_to
from core.verdicts import Verdict
from core.verdicts.verdict import Status
from core.wording import count_things, format_range, join_words, number, percent

FAR = 3.0  # times larger or smaller than the law that suits the activation, or than other layers
CHANGED, RUINED = 100.0, 1e4  # times more or less of a signal or gradient: amber, and red
CERTAIN = 1000  # numbers of a layer, from where on a law is named in a trained network
FRESH = 500  # numbers that fit a law, all layers together, from where on training would show
FEW_BIASES = 30  # of one layer, up to which they can look like draws by chance

Remark = tuple[Status, Sequence[Part], str]  # about some parts, or about the whole file


def findings(diagnosis: Diagnosis) -> list[Verdict]:
    """A sentence in Markdown each, the worst first; the same of several arrays is said once."""
    remarks: dict[tuple[Status, str], list[Part]] = {}
    rules = (_name_start, _find_faults, _find_odd_draws, _follow_signal)
    for status, parts, text in chain.from_iterable(rule(diagnosis) for rule in rules):
        remarks.setdefault((status, text), []).extend(parts)
    found = []
    for (status, text), parts in remarks.items():
        if parts:
            everywhere = parts[1:] and set(parts) == {part for part in diagnosis.parts if part.axis}
            text = f"{'All layers' if everywhere else quote_names([part.name for part in parts])}: {text}"
        found.append(Verdict(status, text))
    return sorted(found, key=lambda finding: ("bad", "mixed", "neutral", "good").index(finding.status))


def verdict(diagnosis: Diagnosis) -> Verdict:
    """The worst finding, or that there is none and what the weights are, for a banner."""
    found = findings(diagnosis)
    wrong = [finding for finding in found if finding.status in ("bad", "mixed")]
    if wrong:
        return Verdict(wrong[0].status, wrong[0].sentence + (f" {len(wrong) - 1} more below." if wrong[1:] else ""))
    best = next((finding for finding in found if finding.status == "good"), found[0])
    return Verdict(best.status, f"**No fault found in the weights alone.** {best.sentence}")


def _name_start(diagnosis: Diagnosis) -> Iterator[Remark]:
    """Which start it is, if any, and of which layers there are too few numbers to tell."""
    adapters = [part.fit.kind for part in diagnosis.parts if part.role == "LoRA B"]
    if set(adapters) == {"zeros"}:
        yield "good", (), "A fresh LoRA adapter: its B matrices are 0 on purpose."
    weights = [part for part in diagnosis.parts if part.axis]
    fitted, few = [part for part in weights if part.fit.laws], [part for part in weights if part.fit.kind == "few"]
    if diagnosis.state == "trained":
        yield "neutral", (), "Trained, or changed since the draw."
    elif fitted:
        laws = list(dict.fromkeys(f"**{likely_law(part, fitted)}**" for part in fitted))[:2]
        # Only PyTorch and scikit-learn draw biases; of a few others it cannot be told whether they moved.
        library = any({"PyTorch default", "scikit-learn default", "Glorot uniform"} & {*p.fit.laws} for p in fitted)
        few_biases = any(p.biases.endswith("drawn") and len(p.W) < FEW_BIASES and not library for p in fitted)
        certain = all(part.fit.kind == "law" for part in fitted) and not few_biases
        fresh = certain and sum(part.W.size for part in fitted) >= FRESH
        end = "a fresh start" if fresh else "but it cannot be told whether it was trained since"
        yield "good" if fresh else "neutral", fitted, f"{' and '.join(laws)}, {end}."
    elif not few:
        yield "neutral", (), "No layer follows the law of a known initializer."
    if few:
        yield "neutral", few, f"{max(p.W.size for p in few)} numbers at most, too few to tell a law; it takes {FEWEST}."


def _find_faults(diagnosis: Diagnosis) -> Iterator[Remark]:
    """What nothing should leave: NaN, zeros that stop learning, copies, biases that switch units off."""
    signal, stack, label = diagnosis.signal, diagnosis.stack, ACTIVATIONS[diagnosis.activation].label
    for part in diagnosis.parts:
        if part.fit.kind == "not finite":
            yield "bad", [part], "NaN or infinity. Training overflowed, or the file is damaged."
    shut = -1  # the last zero layer with inputs of 0, or off for good: nothing up to it gets a gradient
    for i, part in enumerate(stack):
        if signal and part.fit.kind == "zeros":
            off = not signal.forward[i] and signal.off[i] == 1
            shut = i if off or (i and not signal.forward[i - 1]) else shut
    for i, part in enumerate(stack):
        zero, hidden = part.fit.kind == "zeros", signal and part is not stack[-1]
        tied = count_copies(part, stack[i + 1]) if hidden else 0
        copies = tied or count_copies(part)
        alike = f"{copies} of {len(part.W)} units {'starts as a copy' if copies == 1 else 'start as copies'}"
        if zero and i <= shut:
            yield "bad", [part], f"all weights are 0. With {label} no gradient passes, and these weights never learn."
        elif tied:
            yield "bad", [part], f"{alike}, outgoing weights too: copies stay alike."
        elif zero and signal and not signal.backward[i]:
            yield "mixed", [part], "all weights are 0. They get no gradient before the layers after them have learned."
        elif zero and hidden:
            text = "Units start alike but for their biases; outgoing weights that differ separate them."
            yield "neutral", [part], f"all weights are 0. {text}"
        elif zero:
            yield "neutral", [part], "all weights are 0, as on purpose in the last layer of a network or a branch."
        elif copies:
            text = f"{alike}; only outgoing weights or targets that differ separate them."
            yield "mixed" if hidden else "neutral", [part], text
        if signal and not zero:
            shift, off = abs(float(signal.shift[i])), float(signal.off[i])
            constant = part.biases.startswith("all") and shift > 1.5 and off > 0.95
            if constant or (shift > 3 and off > 0.99):
                text = f"the biases ({part.biases}) leave units without a slope for {percent(off)} of inputs."
                yield "bad", [part], text
        unused = [(int((~part.W.any(axis=axis)).sum()), thing) for axis, thing in ((1, "unit"), (0, "input"))]
        if (counts := [count_things(n, thing) for n, thing in unused if n]) and not zero:
            yield "neutral", [part], f"all weights of {join_words(counts)} are 0."


def _find_odd_draws(diagnosis: Diagnosis) -> Iterator[Remark]:
    stack, activation, start = diagnosis.stack, diagnosis.activation, diagnosis.state == "start"
    if diagnosis.signal is None:
        return
    suited = INITIALIZERS[suited_to(activation)[0]]
    ratio = {p: float(np.hypot(p.fit.std, p.fit.mean)) / suited.std(*p.fans, activation) for p in stack}
    laws = {part: likely_law(part, stack) for part in stack}
    fixed = [part for part in stack if laws[part].startswith(("N(", "U("))]  # of a std that no fan decides
    trained = np.median([ratio[part] for part in stack if part.fit.kind == "none"] or [np.nan])
    for part, law in laws.items():
        if start and part.fit.kind == "off center" and abs(part.fit.mean) > part.fit.std / 2:
            yield "mixed", [part], f"{law}."
        elif start and part.role == "dense" and any(odd in law for odd in ODD):
            yield "mixed", [part], f"{law}.{' Transposed?' * (ODD[0] in law)}"
        elif part in fixed and part.W.size >= CERTAIN and abs(np.log(ratio[part] / trained)) > np.log(FAR):
            yield "mixed", [part], f"{law}, in a trained network. Drawn anew, frozen, or hardly trained?"
    scaled = [part for part in stack if start and part.fit.kind in ("law", "draw", "few")]
    usual = min(1.0, float(np.median([ratio[part] for part in scaled] or [1.0])))
    large = [part for part in scaled if ratio[part] > FAR]
    # Glorot's law is far below He's where a layer widens, which is no fault of the scale.
    free = [part for part in scaled if part is not stack[-1] and (part.fit.kind == "draw" or part in fixed)]
    small = [part for part in free if ratio[part] < usual / FAR]
    for parts, text in (large, "large"), (small, "small"):
        if parts:
            yield "mixed", parts, f"{format_range([ratio[p] for p in parts])} times {suited.label}'s scale: too {text}."


def _follow_signal(diagnosis: Diagnosis) -> Iterator[Remark]:
    """What a start does to signal and gradient; a trained network's inputs are not this noise."""
    signal, stack = diagnosis.signal, diagnosis.stack
    if diagnosis.obstacle:
        yield "neutral", (), f"No signal is sent through these layers, which are no plain chain: {diagnosis.obstacle}."
    if signal is None or diagnosis.state != "start" or len(stack) < 3 or any(p.fit.kind == "zeros" for p in stack):
        return
    forward, back = float(signal.forward[-2]), float(signal.backward[0] / max(signal.backward[-2], 1e-38))
    for what, ratio, where in (("signal", forward, "last hidden"), ("gradient", back, "first")):
        change, far = statistics.classify_change(np.array([ratio])), max(ratio, 1 / max(ratio, 1e-30))
        if change in ("vanishes", "explodes"):
            status: Status = "bad" if far > RUINED else "mixed" if far > CHANGED else "neutral"
            yield status, (), f"The {what} {change}: {number(ratio)} of it arrives at the {where} layer."
