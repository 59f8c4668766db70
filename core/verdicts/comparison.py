"""Heuristics: which initializer ends with the lowest loss, and which cannot be told from it."""

from collections.abc import Sequence

import numpy as np

from core import statistics
from core.activations import ACTIVATIONS
from core.experiment import Result, Variant
from core.initializers import INITIALIZERS, suited_to
from core.verdicts.verdict import (
    Status,
    Verdict,
    choose_short,
    count_diverged,
    describe_chance,
    describe_end,
    first_divergence,
)
from core.wording import conjugate, count_things, format_range, join_words, number

MOST_NAMED = 3  # initializers of one fate; more are counted


def comparison(result: Result) -> Verdict:
    """Heuristics: which initializer ends with the lowest loss, and which cannot be told from it over paired seeds.

    Only one that has learned is called the best, and only where the seeds can tell it from the others. One of which a
    seed diverged is left out of the comparison, and described by its count.
    """
    labels, n = result.experiment.labels, result.experiment.seeds
    losses = statistics.final_loss(result)
    lost = [bool(row.any()) for row in statistics.diverged(result)]
    found = statistics.compare_losses(losses, statistics.chance_loss(result.experiment))
    if found is None and len(labels) == 1:
        where = f"{labels[0]} overflows {first_divergence(result, 0)}."
        return Verdict("bad", f"**{labels[0]} overflows**{count_diverged(result, 0).removeprefix('overflows')}.", where)
    if found is None:
        head = "**Every initializer overflows** in at least one seed."
        return Verdict("bad", head, " ".join(_describe_fallen(result)))
    average, best = statistics.average(losses), found.best
    order = sorted((v for v in range(len(labels)) if not lost[v] and v != best), key=average.__getitem__)
    tied = [v for v in order if found.tied[v]] if n > 1 else []
    behind = [v for v in order if v not in tied]
    rest = [*_describe_behind(result, behind), *_describe_fallen(result)]
    end, ends = number(float(average[best])), format_range(losses[best])
    facts = [f"Final loss of {labels[best]}: {end}{f', over {n} seeds {ends}' if ends != end else ''}."]
    if tied:
        facts += [f"{labels[v]} is tied with it at loss {number(float(average[v]))}." for v in tied[:MOST_NAMED]]
        more = tied[MOST_NAMED:]
        facts += [f"{count_things(len(more), 'more tie')} at loss {format_range(average[more])}."] if more else []
    details = " ".join([*facts, *rest, describe_chance(result)])
    if statistics.outcome(result, best) != "learned":
        return _judge_without_winner(result, best, details)
    return Verdict(*_judge(result, found.average, best, tied, bool(rest)), details)


def _judge(result: Result, average: np.ndarray, best: int, tied: list[int], has_rest: bool) -> tuple[Status, str]:
    """The status and the message where the lowest loss of those that never overflow is of one that has learned."""
    labels, n, loss = result.experiment.labels, result.experiment.seeds, number(float(average[best]))
    others = [v for v in np.argsort(average) if np.isfinite(average[v]) and v != best]
    if len(labels) == 1:
        return "good", f"**{labels[best]} ends at loss {loss}**."
    if n == 1:
        head = f"**{labels[best]} has the lowest loss, {loss}**"
        return "mixed", choose_short(
            f"{head}, but a single seed gives no error estimate.", f"{head}, in a single seed."
        )
    if tied:
        names = [labels[v] for v in (best, *tied)]
        why, ends = f": {n} seeds show no certain difference", format_range(average[[best, *tied]])
        head, counted = f"**{join_words(names)} are tied**", f"**{len(names)} initializers are tied**"
        sentence = choose_short(
            f"{head}{why}; loss {ends}.",
            f"{head}{why}.",
            f"{counted}: the seeds show no certain difference; loss {ends}.",
        )
        learned = all(statistics.outcome(result, v) == "learned" for v in tied)
        return "good" if has_rest and learned else "mixed", sentence
    left = statistics.average(statistics.final_loss(result))
    if any(not np.isfinite(average[v]) and left[v] < average[best] for v in range(len(labels))):
        head = "is the best that never overflows" if others else "is the only one that never overflows"
        return "mixed", choose_short(f"**{labels[best]} {head}**: final loss {loss}.", f"**{labels[best]} {head}**.")
    after = f"; next is {labels[others[0]]} with {number(float(average[others[0]]))}" if others else ""
    head = f"**{labels[best]} trains best**: final loss {loss}"
    return "good", choose_short(f"{head}{after}.", f"{head}.")


def _name(labels: list[str]) -> str:
    return join_words(labels) if len(labels) <= MOST_NAMED + 1 else f"{len(labels)} initializers"


def _describe_behind(result: Result, variants: list[int]) -> list[str]:
    """How those end that are behind, the lowest first: those that hardly learn, or not at all, in one sentence."""
    labels, average = result.experiment.labels, statistics.average(statistics.final_loss(result))
    learned = [bool(row.any()) for row in statistics.learned(result)]
    stalled = [v for v in variants if statistics.outcome(result, v) == "stalled" and not learned[v]]
    others = [v for v in variants if v not in stalled]
    parts = [f"{labels[v]} {describe_end(result, v)}." for v in others[:MOST_NAMED]]
    if more := others[MOST_NAMED:]:
        parts.append(f"{len(more)} more {conjugate('end', len(more))} at loss {format_range(average[more])}.")
    if len(stalled) == 1:
        parts.append(f"{labels[stalled[0]]} {describe_end(result, stalled[0])}.")
    elif stalled:
        names = _name([labels[v] for v in stalled])
        parts.append(f"{names} hardly learn, or not at all, and end at loss {format_range(average[stalled])}.")
    return parts


def _describe_fallen(result: Result) -> list[str]:
    """Which overflow, in how many seeds, and how the other seeds end; or how many do."""
    average = statistics.average(statistics.final_loss(result))
    fates: dict[str, list[str]] = {}
    for v, label in enumerate(result.experiment.labels):
        if lost := count_diverged(result, v):
            left = f", the others end at loss {number(float(average[v]))}" if np.isfinite(average[v]) else ""
            fates.setdefault(lost.removeprefix("overflows ") + left, []).append(label)
    if len(fates) > MOST_NAMED:
        return [f"{sum(map(len, fates.values()))} initializers overflow in some seeds."]
    return [f"{_name(names)} {conjugate('overflow', len(names))} {seeds}." for seeds, names in fates.items()]


def _judge_without_winner(result: Result, best: int, details: str) -> Verdict:
    """The verdict where none that every seed survives has learned."""
    label, outcome = result.experiment.labels[best], statistics.outcome(result, best)
    status: Status = "mixed" if outcome == "slow" else "bad"
    loss = number(float(statistics.average(statistics.final_loss(result)[best])))
    chance, learned = number(statistics.chance_loss(result.experiment)), statistics.learned(result)
    if learned.any():
        count = int(learned.sum())
        some = f"{count} of {learned.size} trainings {conjugate('reach', count)} half the chance loss"
        return Verdict(status, f"**No initializer learns in all seeds**: {some}.", details)
    if outcome == "slow":
        head = f"**No initializer reaches half the chance loss** in {result.experiment.steps} steps"
        closest = f"{head}: {label} comes closest"
        return Verdict(status, choose_short(f"{closest}, at {loss}.", f"{closest}.", f"{head}."), details)
    what = "learns" if outcome == "stalled" else "gets far below the chance loss"
    head = f"**No initializer {what}**"
    lowest, brief = f"{head}: {label} ends at loss {loss}", f"{head}: the lowest loss is {loss}."
    return Verdict(status, choose_short(f"{lowest}, guessing has {chance}.", f"{lowest}.", brief), details)


def compare_with_rule(result: Result) -> str:
    """The rule of thumb for the experiment's activation beside what this run measured, and when the two part."""
    activation = result.experiment.activation
    names = suited_to(activation)
    rule = f"Rule of thumb for {ACTIVATIONS[activation].label}: {' or '.join(INITIALIZERS[n].label for n in names)}."
    places = {variant.initializer: v for v, variant in enumerate(result.experiment.variants) if variant.gain == 1}
    losses = statistics.final_loss(result)
    complete = np.isfinite(losses).all(axis=1)
    found = statistics.compare_losses(losses, statistics.chance_loss(result.experiment))
    suited = [places[name] for name in names if name in places and complete[places[name]]]
    others = [int(v) for v in np.flatnonzero(complete) if _departs(result.experiment.variants[v], names, activation)]
    if not (suited and others and found) or statistics.outcome(result, found.best) != "learned":
        untested = (
            "no initializer reaches half the chance loss"
            if others and found
            else "there is no other scale to compare with"
        )
        untested = untested if suited else "none of these trains here in all seeds"
        return f"{rule} This run does not test it: {untested}."
    if any(found.tied[v] for v in suited):
        agrees = (
            "shows no certain difference to other initializers"
            if any(found.tied[v] for v in others)
            else "agrees with it"
        )
        return f"{rule} This run {agrees}."
    nearest = min(suited, key=statistics.average(losses).__getitem__)
    best, other = (number(float(statistics.average(losses)[v])) for v in (found.best, nearest))
    labels = result.experiment.labels
    return (
        f"{rule} After {result.experiment.steps} steps this run disagrees: {labels[found.best]} ends at training loss "
        f"{best}, {labels[nearest]} at {other}."
    )


def _departs(variant: Variant, names: Sequence[str], activation: str) -> bool:
    """Whether an initializer draws weights of another size than the rule of thumb does."""
    stds = [INITIALIZERS[name].std(64, 64, activation) for name in names]
    own = variant.gain * INITIALIZERS[variant.initializer].std(64, 64, activation)
    return not any(np.isclose(own, std, rtol=0.05) for std in stds)
