"""A diagnosis in plain words: what is wrong with the weights, or that nothing is; and which start they are."""

from __future__ import annotations

from collections.abc import Sequence

from core.activations import ACTIVATIONS
from core.diagnosis.diagnosis import Diagnosis, Examined, Finding, called, finite, numbers
from core.diagnosis.faults import alike, broken, cut_off, deficient, pruned, zero_output
from core.diagnosis.goodness import SAID
from core.diagnosis.propagation_rules import gradient, scale, signal, silent
from core.initializers import INITIALIZERS
from core.verdicts import Verdict
from core.wording import join_words

NO_GAIN = 0.01  # how near to 1 the length of orthogonal rows is where nothing has scaled them
RULES = (broken, alike, cut_off, deficient, scale, signal, gradient, silent, pruned, zero_output)
_ORDER = ("bad", "mixed", "neutral", "good")


def findings(diagnosis: Diagnosis) -> tuple[Finding, ...]:
    """What there is to say, the worst first; the start is recognized in the last of them."""
    found = [finding for rule in (*RULES, _start) for finding in rule(diagnosis)]
    return tuple(sorted(found, key=lambda finding: _ORDER.index(finding.status)))


def verdict(diagnosis: Diagnosis) -> Verdict:
    """The diagnosis in a sentence or two, for a banner."""
    found = findings(diagnosis)
    wrong = [finding for finding in found if finding.status in ("bad", "mixed")]
    start = next((" " + finding.sentence for finding in found if finding.status in ("good", "neutral")), "")
    if not wrong:
        label = ACTIVATIONS[diagnosis.activation].label
        return Verdict(
            found[-1].status if found else "neutral", f"**Nothing is wrong with these weights** under {label}.{start}"
        )
    more = f" {len(wrong) - 2} further findings are below." if len(wrong) > 3 else ""
    return Verdict(wrong[0].status, " ".join(finding.sentence for finding in wrong[:2]) + more)


def _start(diagnosis: Diagnosis) -> list[Finding]:
    """Which start it is: one initializer for all layers if there is one; then layers that none has drawn."""
    known = [each for each in finite(diagnosis) if each.fit.kind in ("law", "orthogonal")]
    rest = [each for each in finite(diagnosis) if each.fit.kind == "none" and each.distinct > 1]
    scaled = [each for each in finite(diagnosis) if each.fit.kind == "scaled"]
    found = []
    if known:
        found.append(_recognized(known, len(known) == len(diagnosis.layers)))
    if scaled:
        shapes = join_words(sorted({each.fit.shape for each in scaled}))
        sentence = (
            f"{called(numbers(scaled))} look{'s' if len(scaled) == 1 else ''} freshly drawn ({shapes}), but at a scale "
            "that is no initializer's here."
        )
        found.append(Finding("neutral", sentence, numbers(scaled)))
    if rest:
        why = join_words(sorted({SAID[each.fit.against] for each in rest})[:3])
        fit = "fits" if len(rest) == 1 else "fit"
        sentence = f"{called(numbers(rest))} {fit} no initializer: trained, or changed since it was drawn ({why})."
        found.append(Finding("neutral", sentence, numbers(rest)))
    return found


def _recognized(known: Sequence[Examined], all_layers: bool) -> Finding:
    names = [_names(each) for each in known]
    common = [INITIALIZERS[name].label for name in names[0] if all(name in others for others in names)]
    where = "All layers look" if all_layers and len(known) > 1 else f"{called(numbers(known))} look"
    looks = where + ("s" if len(known) == 1 else "")
    if not common:
        return Finding("good", f"{looks} freshly drawn, by different laws.", numbers(known))
    cut = all(each.fit.shape == "truncated" for each in known)
    cut_as = ", truncated as Keras and JAX draw it" if cut else ""
    return Finding("good", f"{looks} freshly drawn: **{' or '.join(common[:3])}**{cut_as}.", numbers(known))


def _names(each: Examined) -> list[str]:
    """The initializers that a layer may have been drawn by, the likeliest first; biases may tell equal laws apart."""
    if each.fit.kind == "orthogonal":
        return ["orthogonal"] if abs(each.fit.ratio - 1) < NO_GAIN else ["lsuv"]
    assert each.fit.law is not None
    names = [name for law in (each.fit.law, *each.fit.rivals) for name in law.names]
    if each.biases == "none":
        return names
    drawn = each.biases != "all 0"
    return [name for name in names if (INITIALIZERS[name].bias_variance is not None) is drawn] or names
