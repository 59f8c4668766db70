"""Overview and Heuristics: how far apart initializers end, and which of them is best."""

from collections.abc import Sequence

import numpy as np

from core import statistics
from core.activations import ACTIVATIONS
from core.experiment import Result
from core.initializers import INITIALIZERS, suited_to
from core.verdicts.verdict import Ending, Status, Verdict, choose_short, describe_chance, list_endings
from core.wording import conjugate, count_things, format_range, join_words, number, percent

MOST_NAMED = 3  # initializers of one fate; more are counted


def contrast(result: Result) -> Verdict:
    """Overview: how far apart in test accuracy networks end that differ by their starting weights alone."""
    endings = list_endings(result)
    fallen = [ending for ending in endings if ending.lost]
    complete = [ending for ending in endings if not ending.lost]
    complete.sort(key=lambda ending: -ending.accuracy)
    ends = [f"{ending.label} {percent(ending.accuracy)}" for ending in complete]
    parts, brief = [], []
    if complete:
        high, low = percent(complete[0].accuracy), percent(complete[-1].accuracy)
        parts = [f"{complete[0].label} reaches {high} test accuracy", *ends[1:][-1:]]
        brief = [f"test accuracy {high if len(complete) == 1 else f'{low} to {high}'}"]
    if fallen:
        alone = len(fallen) == 1
        who = f"{fallen[0].label} overflows" if alone else f"{len(fallen)} networks overflow"
        entirely = all(ending.lost == ending.seeds for ending in fallen)
        parts.append(who if entirely else f"{who} in some seeds")
        brief.append(("one network overflows" if alone else who) if entirely else "some seeds overflow")
    layers = len(result.experiment.hidden)
    facts = [f"Same {'hidden layer' if layers == 1 else f'{layers} hidden layers'}, same digits, same batches."]
    facts += [f"Test accuracy at the end: {join_words(ends)}."] if ends else []
    facts += [f"{ending.label} {ending.overflow}." for ending in fallen]
    head = "**Only the starting weights differ**"
    sentence = choose_short(*(f"{head}: {', '.join(clauses)}." for clauses in (parts, brief)))
    return Verdict("neutral", sentence, " ".join(facts))


def comparison(result: Result) -> Verdict:
    """Heuristics: which initializer ends with the lowest loss, and which cannot be told from it over paired seeds.

    Only one that has learned is called the best. One of which a seed diverged is not compared, but counted.
    """
    endings, n = list_endings(result), result.experiment.seeds
    found = statistics.compare_losses(statistics.final_loss(result), endings[0].chance)
    fallen = _describe_fallen(endings)
    if found is None and len(endings) == 1:
        label, seeds = endings[0].label, endings[0].overflow.removeprefix("overflows")
        details = f"{label} overflows {endings[0].first_overflow}."
        return Verdict("bad", f"**{label} overflows**{seeds}.", details)
    if found is None:
        return Verdict("bad", "**Every initializer overflows** in at least one seed.", " ".join(fallen))
    best = endings[found.best]
    order = sorted((e for e in endings if not e.lost and e is not best), key=lambda ending: ending.loss)
    tied = [ending for ending in order if found.tied[ending.variant]] if n > 1 else []
    rest = [*_describe_behind([ending for ending in order if ending not in tied]), *fallen]
    end, ends = number(best.loss), format_range(best.losses)
    facts = [f"Final loss of {best.label}: {end}{f', over {n} seeds {ends}' if ends != end else ''}."]
    facts += [f"{ending.label} is tied with it at loss {number(ending.loss)}." for ending in tied[:MOST_NAMED]]
    if more := [ending.loss for ending in tied[MOST_NAMED:]]:
        facts.append(f"{count_things(len(more), 'more tie')} at loss {format_range(more)}.")
    details = " ".join([*facts, *rest, describe_chance(result)])
    if best.outcome != "learned":
        return Verdict(*_judge_without_winner(result, best), details)
    return Verdict(*_judge(endings, best, order, tied, bool(rest)), details)


def _judge(
    endings: Sequence[Ending], best: Ending, others: Sequence[Ending], tied: Sequence[Ending], has_rest: bool
) -> tuple[Status, str]:
    loss, n = number(best.loss), best.seeds
    if len(endings) == 1:
        return "good", f"**{best.label} ends at loss {loss}**."
    if n == 1:
        head = f"**{best.label} has the lowest loss, {loss}**"
        why = f"{head}, but a single seed gives no error estimate."
        return "mixed", choose_short(why, f"{head}, in a single seed.")
    if tied:
        names, ends = [e.label for e in (best, *tied)], format_range([e.loss for e in (best, *tied)])
        why = f"**{join_words(names)} are tied**: {n} seeds show no certain difference"
        counted = f"**{len(names)} initializers are tied**: the seeds show no certain difference; loss {ends}."
        good = has_rest and all(ending.outcome == "learned" for ending in tied)
        return "good" if good else "mixed", choose_short(f"{why}; loss {ends}.", f"{why}.", counted)
    if any(ending.lost and ending.loss < best.loss for ending in endings):
        record = "is the best that never overflows" if others else "is the only one that never overflows"
        head = f"**{best.label} {record}**"
        return "mixed", choose_short(f"{head}: final loss {loss}.", f"{head}.")
    after = f"; next is {others[0].label} with {number(others[0].loss)}" if others else ""
    head = f"**{best.label} trains best**: final loss {loss}"
    return "good", choose_short(f"{head}{after}.", f"{head}.")


def _judge_without_winner(result: Result, best: Ending) -> tuple[Status, str]:
    """The verdict where no initializer learns of those that overflow in no seed."""
    learned, loss = statistics.learned(result), number(best.loss)
    status: Status = "mixed" if best.outcome == "slow" else "bad"
    if count := int(learned.sum()):
        some = f"{count} of {learned.size} trainings {conjugate('reach', count)} half the chance loss"
        return status, f"**No initializer learns in all seeds**: {some}."
    if best.outcome == "slow":
        head = f"**No initializer reaches half the chance loss** in {result.experiment.steps} steps"
        closest = f"{head}: {best.label} comes closest"
        return status, choose_short(f"{closest}, at {loss}.", f"{closest}.", f"{head}.")
    head = f"**No initializer {'learns' if best.outcome == 'stalled' else 'gets far below the chance loss'}**"
    lowest, brief = f"{head}: {best.label} ends at loss {loss}", f"{head}: the lowest loss is {loss}."
    return status, choose_short(f"{lowest}, guessing has {number(best.chance)}.", f"{lowest}.", brief)


def _describe_behind(behind: Sequence[Ending]) -> list[str]:
    stalled = [ending for ending in behind if ending.outcome == "stalled" and not ending.learned]
    others = [ending for ending in behind if ending not in stalled]
    parts = [f"{ending.label} {ending.describe()}." for ending in others[:MOST_NAMED]]
    if more := [ending.loss for ending in others[MOST_NAMED:]]:
        parts.append(f"{len(more)} more {conjugate('end', len(more))} at loss {format_range(more)}.")
    if stalled:
        losses = format_range([ending.loss for ending in stalled])
        together = f"hardly learn, or not at all, and end at loss {losses}"
        fate = together if stalled[1:] else stalled[0].describe()
        parts.append(f"{_name([ending.label for ending in stalled])} {fate}.")
    return parts


def _describe_fallen(endings: Sequence[Ending]) -> list[str]:
    fates: dict[str, list[str]] = {}
    for ending in endings:
        if ending.lost:
            left = f", the others end at loss {number(ending.loss)}" if ending.lost < ending.seeds else ""
            fates.setdefault(ending.overflow.removeprefix("overflows ") + left, []).append(ending.label)
    if len(fates) > MOST_NAMED:
        return [f"{sum(map(len, fates.values()))} initializers overflow in some seeds."]
    return [f"{_name(names)} {conjugate('overflow', len(names))} {seeds}." for seeds, names in fates.items()]


def _name(labels: list[str]) -> str:
    return join_words(labels) if len(labels) <= MOST_NAMED + 1 else f"{len(labels)} initializers"


def compare_with_rule(result: Result) -> str:
    """The rule of thumb for the experiment's activation, beside what this run measured."""
    activation, variants = result.experiment.activation, result.experiment.variants
    names = suited_to(activation)
    rule = f"Rule of thumb for {ACTIVATIONS[activation].label}: {' or '.join(INITIALIZERS[n].label for n in names)}."
    endings = list_endings(result)
    found = statistics.compare_losses(statistics.final_loss(result), endings[0].chance)
    complete = [ending for ending in endings if not ending.lost]
    places = {variant.initializer: v for v, variant in enumerate(variants) if variant.gain == 1}
    suited = [places[name] for name in names if name in places and endings[places[name]] in complete]
    stds = [INITIALIZERS[name].std(64, 64, activation) for name in names]
    sizes = [variant.gain * INITIALIZERS[variant.initializer].std(64, 64, activation) for variant in variants]
    others = [e.variant for e in complete if not np.isclose(sizes[e.variant], stds, rtol=0.05).any()]
    if found is None or not suited:
        return f"{rule} This run does not test it: none of these trains here in all seeds."
    if not others:
        return f"{rule} This run does not test it: there is no other scale to compare with."
    best = endings[found.best]
    if best.outcome != "learned":
        return f"{rule} This run does not test it: no initializer reaches half the chance loss."
    if found.tied[suited].any():
        alike = "shows no certain difference to other initializers"
        return f"{rule} This run {alike if found.tied[others].any() else 'agrees with it'}."
    nearest = min((endings[v] for v in suited), key=lambda ending: ending.loss)
    return (
        f"{rule} After {result.experiment.steps} steps this run disagrees: {best.label} ends at training loss "
        f"{number(best.loss)}, {nearest.label} at {number(nearest.loss)}."
    )
