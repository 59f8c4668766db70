"""Zero init: how many units a network that starts with equal weights really has."""

from __future__ import annotations

import numpy as np

from core import statistics
from core.experiment import Result
from core.verdicts.verdict import Status, Verdict, count_diverged, when_diverged
from core.wording import count_seeds, join_words, number, percent, whole_span

LINEAR = "a linear model trained alike"


def symmetry(result: Result, baseline: Result | None = None) -> Verdict:
    """Zero init: how many units the first variant's hidden layers really have. `baseline`: a linear model's run."""
    groups = result.distinct_units[0, :, :, :-1]
    finite = np.where(groups > 0, groups, np.nan)
    lost = f" Training overflows {when_diverged(result, 0)}." if statistics.diverged(result)[0].any() else ""
    while_finite = " with finite numbers" if lost else ""
    widths = result.experiment.hidden
    name, layers = result.experiment.labels[0], len(widths)
    most = np.nanmax(finite, axis=(0, 1))
    outcome = _compare_ends(result, baseline)
    if widths == (1,) * layers:
        return Verdict("neutral", f"**{name}:** a layer of one unit has no symmetry to break. {outcome}")
    if (most == 1).all():
        what = f"{widths[0]} hidden units behave as 1" if len(set(widths)) == 1 else "Every layer behaves as one unit"
        return Verdict(
            "bad",
            f"**{what}**, in {_each(layers)}, at every recorded step{while_finite} of {_every_seed(result)}; "
            f"the hidden weights {_movement(result)}.{lost} {outcome}",
        )
    end = finite[:, -1]
    if np.isnan(end).all():
        return Verdict("bad", f"**{name} overflows** {when_diverged(result, 0)}. {outcome}")
    share = np.nanmean(end / np.array(widths))
    if (finite[:, 0] == 1).all():
        step = int(result.recorded_steps[np.argmax((finite > 1).any(axis=(0, 2)))])
        deepest = int(np.argmax(most > 1)) + 1
        return Verdict(
            "mixed",
            f"**The tie breaks:** units that start identical differ by step {step}, first seen in layer {deepest}; "
            f"at the end a layer has {whole_span(end)} distinct units of {widths[0]}, whose weights differ by up to "
            f"{number(float(np.nanmax(result.unit_spread[0, :, -1, :-1])))}. Rounding told them apart, and training "
            f"amplifies it.{lost} {outcome}",
        )
    status: Status = "good" if share > 0.99 else "mixed"
    return Verdict(
        status,
        f"**The symmetry is {'' if status == 'good' else 'partly '}broken:** {name} ends with "
        f"{whole_span(end)} distinct units of {widths[0]} a hidden layer.{lost} {outcome}",
    )


def _each(layers: int) -> str:
    return "the one hidden layer" if layers == 1 else f"each of the {layers} hidden layers"


def _every_seed(result: Result) -> str:
    n = result.experiment.seeds
    return count_seeds(n, n)


def _movement(result: Result) -> str:
    norms = result.weight_norm[0, :, :, :-1]
    moved = np.nanmax(np.abs(norms - norms[:, :1]), initial=0)
    spreads = np.nanmax(result.update_ratio[0, :, :, :-1], initial=0)
    if moved == 0 and spreads == 0:
        return "never move"
    still = (np.nan_to_num(norms[:, -1]) == 0).any()
    return f"{'that move do so' if still else 'change'} identically from unit to unit"


def _compare_ends(result: Result, baseline: Result | None) -> str:
    """How every variant ended: its test accuracy, its loss where there are no classes, and its seeds that overflow."""
    ends = [_describe_variant(result, v, label) for v, label in enumerate(result.experiment.labels)]
    ends += [_describe_variant(baseline, 0, LINEAR)] if baseline else []
    return f"{'Test accuracy' if result.has_classes else 'Final loss'}: {join_words(ends)}."


def _describe_variant(result: Result, variant: int, name: str) -> str:
    if result.has_classes:
        end = percent(float(statistics.average(statistics.final_accuracy(result)[variant])))
    else:
        end = number(float(statistics.average(statistics.final_loss(result)[variant])))
    lost = count_diverged(result, variant)
    parts = [end] if not statistics.diverged(result)[variant].all() else []
    return f"{name} ({', '.join([*parts, *([lost] if lost else [])])})"
