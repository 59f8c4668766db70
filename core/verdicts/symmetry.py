"""Zero init: how many units a network that starts with equal weights really has."""

import numpy as np

from core import statistics
from core.experiment import Result
from core.verdicts.verdict import Verdict, choose_short, count_diverged, describe_outcome, first_divergence
from core.wording import count_seeds, join_words, number, whole_span

LINEAR = "a linear model"


def symmetry(result: Result, baseline: Result | None = None) -> Verdict:
    """Zero init: how many units the first variant's hidden layers really have. `baseline`: a linear model's run."""
    groups = result.distinct_units[0, :, :, :-1]
    groups = np.where(groups > 0, groups, np.nan)
    name, lost = result.experiment.labels[0], count_diverged(result, 0)
    outcome = [*([f"{name} {lost}, {first_divergence(result, 0)}."] if lost else []), *_compare_ends(result, baseline)]
    if max(result.experiment.hidden, default=1) == 1:
        head = "**No symmetry to break**: each hidden layer has a single unit."
        return Verdict("neutral", head, " ".join(outcome))
    if (np.nanmax(groups, axis=(0, 1)) == 1).all():
        return _judge_equal_units(result, lost, outcome)
    if np.isnan(groups[:, -1]).all():
        return Verdict("bad", f"**{name} overflows**{lost.removeprefix('overflows')}.", " ".join(outcome))
    count = f"{whole_span(groups[:, -1])} of {result.experiment.hidden[0]} units per layer are distinct"
    if (groups[:, 0] == 1).all():
        return _judge_rounding(result, groups, lost, [f"After training {count}.", *outcome])
    is_broken = np.nanmean(groups[:, -1] / np.array(result.experiment.hidden)) > 0.99
    head, but = f"**The symmetry is {'' if is_broken else 'partly '}broken**", f", but training {lost}" if lost else ""
    details = " ".join([f"{name}: after training {count}.", *outcome])
    return Verdict("good" if is_broken else "mixed", f"{head}{but or f': {count}'}.", details)


def _judge_equal_units(result: Result, lost: str, outcome: list[str]) -> Verdict:
    """Where all units of every hidden layer stay equal as long as there are numbers."""
    widths, n = result.experiment.hidden, result.experiment.seeds
    whose = f"{widths[0]} hidden units behave" if len(set(widths)) == 1 else "Every layer behaves"
    where = "the one hidden layer" if len(widths) == 1 else f"each of the {len(widths)} hidden layers"
    steps = f"recorded step{' before an overflow' if lost else ''}"
    facts = [
        f"{result.experiment.labels[0]}: this holds in {where} at every {steps}, in {count_seeds(n, n)}.",
        *outcome,
    ]
    norms = result.weight_norm[0, :, :, :-1]
    changes = np.abs(norms - norms[:, :1]), result.update_ratio[0, :, :, :-1]
    moves = any(np.nanmax(change, initial=0) > 0 for change in changes)
    is_known = np.isfinite(norms[:, 1:]).any()  # else the first update is the last thing that was measured
    change = ": they get the same updates" if moves else ": their weights never change" if is_known else ""
    return Verdict("bad", _say_until_overflow(f"**{whose} as one unit**{change}", result, lost), " ".join(facts))


def _judge_rounding(result: Result, groups: np.ndarray, lost: str, facts: list[str]) -> Verdict:
    """Where units that start equal differ later; groups (seed, record, layer) are how many are distinct."""
    first = int(np.argmax((groups > 1).any(axis=(0, 2))))
    layers = [str(layer + 1) for layer in np.flatnonzero((groups[:, first] > 1).any(axis=0))]
    where = f"layer{'s' * (len(layers) > 1)} {join_words(layers)}"
    spread = number(float(np.nanmax(result.unit_spread[0, :, -1, :-1])))
    found = [
        f"The first difference on record is in {where}, and training amplifies it.",
        f"After training weights of two units differ by up to {spread}.",
    ]
    step = result.recorded_steps[first]
    head = f"**Rounding errors make the units differ**: by step {step} they are no longer identical"
    return Verdict("mixed", _say_until_overflow(head, result, lost), " ".join([*found, *facts]))


def _say_until_overflow(head: str, result: Result, lost: str) -> str:
    until = f", until {'training overflows' if statistics.diverged(result)[0].all() else 'some seeds overflow'}"
    return choose_short(*(f"{head}{end}." for end in dict.fromkeys((until if lost else "", ""))))


def _compare_ends(result: Result, baseline: Result | None) -> list[str]:
    """How every variant ended: its test accuracy, its loss where there are no classes, and its seeds that overflow."""
    runs = [(result, v, label) for v, label in enumerate(result.experiment.labels)]
    runs += [(baseline, 0, LINEAR)] if baseline else []
    ends = [
        f"{name} {describe_outcome(trained, v)}"
        for trained, v, name in runs
        if not statistics.diverged(trained)[v].all()
    ]
    lost = [f"{name} {count}." for trained, v, name in runs[1:] if (count := count_diverged(trained, v))]
    what = "Test accuracy" if result.has_classes else "Final loss"
    return [*([f"{what}: {join_words(ends)}."] if ends else []), *(each[0].upper() + each[1:] for each in lost)]
