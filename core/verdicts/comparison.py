"""Heuristics: which start ends with the lowest loss, and which cannot be told from it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core import statistics
from core.activations import ACTIVATIONS
from core.experiment import Result, Variant
from core.initializers import INITIALIZERS, suited_to
from core.verdicts.verdict import Status, Verdict, count_diverged, describe_end, when_diverged
from core.wording import format_range, join_words, number, percent

MOST_NAMED = 3  # starts of one fate; more are counted


def comparison(result: Result) -> Verdict:
    """Heuristics: which start ends with the lowest loss, and which cannot be told from it over paired seeds.

    Only a start that has learned is called the best, and only where the seeds can tell it from the others. A start of
    which a seed diverged is left out of the comparison, and told by its count.
    """
    labels, n = result.experiment.labels, result.experiment.seeds
    losses = statistics.final_loss(result)
    lost = [bool(row.any()) for row in statistics.diverged(result)]
    found = statistics.compare_losses(losses, statistics.chance_loss(result.experiment))
    if found is None and len(labels) == 1:
        return Verdict("bad", f"**{labels[0]} overflows** {when_diverged(result, 0)}.")
    if found is None:
        return Verdict("bad", f"**Every start overflows** in some seed: {_describe_fallen(result)}.")
    average, best = statistics.average(losses), found.best
    order = sorted((v for v in range(len(labels)) if not lost[v] and v != best), key=average.__getitem__)
    tied = [v for v in order if found.tied[v]] if n > 1 else []
    behind = [v for v in order if v not in tied]
    rest = "; ".join(part for part in (_describe_behind(result, behind), _describe_fallen(result)) if part)
    after = f" {rest}." if rest else ""
    if statistics.outcome(result, best) != "learned":
        return _without_winner(result, best, tied, after)
    ends = f"final loss {number(float(average[best]))}" + (f" (seeds {format_range(losses[best])})" if n > 1 else "")
    if len(labels) == 1:
        return Verdict("good", f"**{labels[best]}:** {ends}.")
    if n == 1:
        head = f"**{labels[best]} ends lowest, with a single seed** and no error estimate"
        return Verdict("mixed", f"{head}: {ends}.{after}")
    if tied:
        names = _name([labels[v] for v in (best, *tied)])
        apart = (
            f"; the others {format_range(average[tied])}"
            if len(tied) > 1
            else f", {labels[tied[0]]} {format_range(average[tied])}"
        )
        learned = all(statistics.outcome(result, v) == "learned" for v in tied)
        status: Status = "good" if rest and learned else "mixed"
        return Verdict(status, f"**{n} seeds cannot tell {names} apart:** {labels[best]} {ends}{apart}.{after}")
    if any(lost[v] and average[v] < average[best] for v in range(len(labels))):
        head = "is the only start that never overflows" if not order else "ends lowest of those that never overflow"
        return Verdict("mixed", f"**{labels[best]} {head}:** {ends}.{after}")
    return Verdict("good", f"**{labels[best]} trains best:** {ends}.{after}")


def _name(labels: list[str]) -> str:
    """The starts by name, or how many there are."""
    return join_words(labels) if len(labels) <= MOST_NAMED + 1 else f"{len(labels)} starts"


def _describe_behind(result: Result, variants: list[int]) -> str:
    """How the starts end that are behind, the lowest first: those that hardly learn, or not at all, in one clause."""
    labels, average = result.experiment.labels, statistics.average(statistics.final_loss(result))
    learned = [bool(row.any()) for row in statistics.learned(result)]
    stalled = [v for v in variants if statistics.outcome(result, v) == "stalled" and not learned[v]]
    others = [v for v in variants if v not in stalled]
    parts = [f"{labels[v]} {describe_end(result, v)}" for v in others[:MOST_NAMED]]
    if more := others[MOST_NAMED:]:
        parts.append(f"{len(more)} more end at loss {format_range(average[more])}")
    if len(stalled) == 1:
        parts.append(f"{labels[stalled[0]]} {describe_end(result, stalled[0])}")
    elif stalled:
        chance = number(statistics.chance_loss(result.experiment))
        losses = format_range(average[stalled])
        names = _name([labels[v] for v in stalled])
        parts.append(f"{names} hardly learn, or not at all (loss {losses}, chance {chance})")
    return "; ".join(parts)


def _describe_fallen(result: Result) -> str:
    """Which starts overflow, in how many seeds, and how the other seeds end; or how many starts do."""
    average = statistics.average(statistics.final_loss(result))
    fates: dict[str, list[str]] = {}
    for v, label in enumerate(result.experiment.labels):
        if lost := count_diverged(result, v):
            left = f" (median loss of the others {number(float(average[v]))})" if np.isfinite(average[v]) else ""
            fates.setdefault(lost.removeprefix("overflows ") + left, []).append(label)
    if len(fates) > MOST_NAMED:
        return f"{sum(map(len, fates.values()))} starts overflow in some seeds"
    clauses = [f"{_name(names)} overflow{'s' * (len(names) == 1)} {seeds}" for seeds, names in fates.items()]
    return "; ".join(clauses)


def _without_winner(result: Result, best: int, tied: list[int], after: str) -> Verdict:
    """No start that every seed survives has learned."""
    label, outcome = result.experiment.labels[best], statistics.outcome(result, best)
    if outcome == "slow":
        loss = number(float(statistics.average(statistics.final_loss(result)[best])))
        chance = number(statistics.chance_loss(result.experiment))
        beside = f" ({_name([result.experiment.labels[v] for v in tied])} cannot be told from it)" if tied else ""
        head = f"**No start reaches half the chance loss** in {result.experiment.steps} steps"
        return Verdict("mixed", f"{head}: the lowest is {label}'s, {loss}{beside}; chance is {chance}.{after}")
    head = "**No start learns:**" if outcome == "stalled" else "**No start brings the loss far under that of chance:**"
    return Verdict("bad", f"{head} {label} {describe_end(result, best)}.{after}")


def compare_with_rule(result: Result) -> str:
    """The rule of thumb for the experiment's activation beside what this run measured, and when the two part."""
    activation = result.experiment.activation
    names = suited_to(activation)
    rule = f"Rule of thumb for {ACTIVATIONS[activation].label}: {' or '.join(INITIALIZERS[n].label for n in names)}."
    places = {variant.initializer: v for v, variant in enumerate(result.experiment.variants) if variant.gain == 1}
    losses = statistics.final_loss(result)
    whole = np.isfinite(losses).all(axis=1)
    found = statistics.compare_losses(losses, statistics.chance_loss(result.experiment))
    suited = [places[name] for name in names if name in places and whole[places[name]]]
    others = [v for v in np.flatnonzero(whole) if _departs(result.experiment.variants[v], names, activation)]
    if not (suited and others and found) or statistics.outcome(result, found.best) != "learned":
        return f"{rule} This run cannot test it."
    if any(found.tied[v] for v in suited):
        agrees = "agrees with it" if not any(found.tied[v] for v in others) else "cannot tell it from the other starts"
        return f"{rule} This run {agrees}."
    nearest = min(suited, key=statistics.average(losses).__getitem__)
    return (
        f"{rule} After {result.experiment.steps} steps this run disagrees: {_training_and_test(result, found.best)}, "
        f"{_training_and_test(result, nearest)}. The rule is about the signal's size at the start alone: try more "
        "steps, more layers and other learning rates before you depart from it."
    )


def _departs(variant: Variant, names: Sequence[str], activation: str) -> bool:
    """Whether a start draws weights of another size than the rule of thumb does."""
    stds = [INITIALIZERS[name].std(64, 64, activation) for name in names]
    own = variant.gain * INITIALIZERS[variant.initializer].std(64, 64, activation)
    return not any(np.isclose(own, std, rtol=0.05) for std in stds)


def _training_and_test(result: Result, variant: int) -> str:
    loss = number(float(statistics.average(statistics.final_loss(result)[variant])))
    accuracy = float(statistics.average(statistics.final_accuracy(result)[variant]))
    right = f" (test accuracy {percent(accuracy)})" if result.has_classes else ""
    return f"{result.experiment.labels[variant]} ends at training loss {loss}{right}"
