"""What can be wrong with the weights themselves: one rule a fault, each a sentence that says where."""

from __future__ import annotations

from core.diagnosis.diagnosis import Diagnosis, Finding, called, finite, hidden, numbers
from core.wording import percent

PRUNED = 0.05  # the share of weights that are exactly 0


def broken(diagnosis: Diagnosis) -> list[Finding]:
    """Layers that hold NaN or ∞."""
    broken = numbers([each for each in diagnosis.layers if not each.finite])
    if not broken:
        return []
    hold = "holds" if len(broken) == 1 else "hold"
    sentence = (
        f"{called(broken)} {hold} numbers that are not finite in float32: training has diverged, or the file is broken."
    )
    return [Finding("bad", sentence, broken)]


def alike(diagnosis: Diagnosis) -> list[Finding]:
    """Units that are copies of others, in hidden layers: an output's are told apart by what they are asked for."""
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
    """Hidden layers some of whose units have no incoming weight but 0."""
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
    """An output that starts at 0, as some do on purpose."""
    last = diagnosis.layers[-1]
    if last.fit.kind != "zeros":
        return []
    sentence = f"Layer {last.outline.number}, the output, is all 0: the layers before it start to learn a step later."
    return [Finding("neutral", sentence, (last.outline.number,))]


def deficient(diagnosis: Diagnosis) -> list[Finding]:
    """Layers of less than full rank, where it is not said already that units are alike, or that all is constant."""
    found = []
    for each in finite(diagnosis):
        rank, full = each.spectrum.rank, min(each.outline.units, each.outline.fan_in)
        known = each.distinct < each.outline.units or each.cut_off or each.fit.kind in ("zeros", "constant")
        if rank is not None and rank < full and not known:
            n = each.outline.number
            sentence = f"Layer {n} has rank {rank} of {full}: some directions of its input are lost on it."
            found.append(Finding("mixed", sentence, (n,)))
    return found


def pruned(diagnosis: Diagnosis) -> list[Finding]:
    """Layers with a share of weights that are exactly 0 which no draw gives."""
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
