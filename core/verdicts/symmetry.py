"""Zero init: how many units a network that starts with equal weights really has."""

from __future__ import annotations

import numpy as np

from core import statistics
from core.experiment import Result
from core.verdicts.verdict import Verdict, choose_short, count_diverged, describe_outcome, first_divergence
from core.wording import count_seeds, join_words, number, whole_span

LINEAR = "a linear model trained alike"


def symmetry(result: Result, baseline: Result | None = None) -> Verdict:
    """Zero init: how many units the first variant's hidden layers really have. `baseline`: a linear model's run."""
    groups = result.distinct_units[0, :, :, :-1]
    finite = np.where(groups > 0, groups, np.nan)
    name, widths = result.experiment.labels[0], result.experiment.hidden
    layers, lost = len(widths), count_diverged(result, 0)
    overflow = [f"{name} {lost}, {first_divergence(result, 0)}."] if lost else []
    outcome = [*overflow, *_compare_ends(result, baseline)]
    most = np.nanmax(finite, axis=(0, 1))
    if widths == (1,) * layers:
        head = "**No symmetry to break**: each hidden layer has a single unit."
        return Verdict("neutral", head, " ".join(outcome))
    until = f", until {'training overflows' if statistics.diverged(result)[0].all() else 'some seeds overflow'}"
    ends = dict.fromkeys((until if lost else "", ""))
    if (most == 1).all():
        alike = f"{widths[0]} hidden units behave as 1" if len(set(widths)) == 1 else "Every layer behaves as one unit"
        n = result.experiment.seeds
        where = f"{name}: this holds in {_each(layers)}, at every recorded step{' with finite numbers' if lost else ''}"
        facts = [f"{where} of {count_seeds(n, n)}.", *outcome]
        head = f"**{alike}**: the hidden weights {_movement(result)}"
        return Verdict("bad", choose_short(*(f"{head}{end}." for end in ends)), " ".join(facts))
    end = finite[:, -1]
    if np.isnan(end).all():
        return Verdict("bad", f"**{name} overflows**{lost.removeprefix('overflows')}.", " ".join(outcome))
    share, but = np.nanmean(end / np.array(widths)), f", but training {lost}" if lost else ""
    count = f"{whole_span(end)} of {widths[0]} units"
    units = f"{count} per hidden layer are distinct"
    if (finite[:, 0] == 1).all():
        first = int(np.argmax((finite > 1).any(axis=(0, 2))))
        step = int(result.recorded_steps[first])
        layers_that_differ = np.flatnonzero((finite[:, first] > 1).any(axis=0)) + 1
        where = f"layer{'s' * (len(layers_that_differ) > 1)} {join_words([str(layer) for layer in layers_that_differ])}"
        facts = [
            f"They are seen to differ first in {where}, and training amplifies the difference.",
            f"In the end {units}.",
            f"Their weights differ by up to {number(float(np.nanmax(result.unit_spread[0, :, -1, :-1])))}.",
            *outcome,
        ]
        head = f"**Rounding breaks the symmetry**: identical units differ by step {step}"
        return Verdict("mixed", choose_short(*(f"{head}{end}." for end in ends)), " ".join(facts))
    is_broken = share > 0.99
    return Verdict(
        "good" if is_broken else "mixed",
        f"**The symmetry is {'' if is_broken else 'partly '}broken**{but or f': {count} end distinct'}.",
        " ".join([f"{name}: in the end {units}.", *outcome]),
    )


def _each(layers: int) -> str:
    return "the one hidden layer" if layers == 1 else f"each of the {layers} hidden layers"


def _movement(result: Result) -> str:
    norms = result.weight_norm[0, :, :, :-1]
    moved = np.nanmax(np.abs(norms - norms[:, :1]), initial=0)
    spreads = np.nanmax(result.update_ratio[0, :, :, :-1], initial=0)
    if moved == 0 and spreads == 0:
        return "never move"
    still = (np.nan_to_num(norms[:, -1]) == 0).any()
    return f"{'that move do so' if still else 'change'} identically"


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
