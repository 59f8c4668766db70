"""Zero init: how many units a network that starts with equal weights really has."""

from __future__ import annotations

import numpy as np

from core import measures
from core.experiment import Result
from core.verdicts.verdict import Verdict, when_diverged
from core.wording import listed, number, percent, whole_span


def symmetry(result: Result, baseline: Result | None = None) -> Verdict:
    """Zero init: how many units the first variant's hidden layers really have. `baseline`: a linear model's run."""
    groups = result.distinct_units[0, :, :, :-1]
    finite = np.where(groups > 0, groups, np.nan)
    lost = f" It diverged, {when_diverged(result, 0)}." if measures.diverged(result)[0].any() else ""
    widths = result.experiment.hidden
    name, layers = result.experiment.labels[0], len(widths)
    most = np.nanmax(finite, axis=(0, 1))
    outcome = _accuracies(result, baseline)
    if widths == (1,) * layers:
        return Verdict("neutral", f"**{name}:** a layer of one unit has no symmetry to break. {outcome}")
    if (most == 1).all():
        what = f"{widths[0]} hidden units behave as 1" if len(set(widths)) == 1 else "Every layer behaves as one unit"
        return Verdict(
            "bad",
            f"**{what}**, in {_each(layers)}, at every recorded step of {_every_seed(result)}; "
            f"the hidden weights {_movement(result)}.{lost} {outcome}",
        )
    end = finite[:, -1]
    if np.isnan(end).all():
        return Verdict("bad", f"**{name} diverged**, {when_diverged(result, 0)}. {outcome}")
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
    status = "good" if share > 0.99 else "mixed"
    return Verdict(
        status,
        f"**{'The symmetry is broken' if status == 'good' else 'The symmetry is partly broken'}:** {name} ends with "
        f"{whole_span(end)} distinct units of {widths[0]} a hidden layer.{lost} {outcome}",
    )


def _each(layers: int) -> str:
    return "the one hidden layer" if layers == 1 else f"each of the {layers} hidden layers"


def _every_seed(result: Result) -> str:
    n = result.experiment.seeds
    return "the one seed" if n == 1 else f"all {n} seeds"


def _movement(result: Result) -> str:
    norms = result.weight_norm[0, :, :, :-1]
    moved = np.nanmax(np.abs(norms - norms[:, :1]), initial=0)
    spreads = np.nanmax(result.update_ratio[0, :, :, :-1], initial=0)
    return "never move" if moved == 0 and spreads == 0 else "move, all alike"


def _accuracies(result: Result, baseline: Result | None) -> str:
    """How every variant ended: its mean test accuracy, or loss where there are no classes, or that it diverged."""
    labels, lost = result.experiment.labels, np.any(measures.diverged(result), axis=1)
    if result.has_classes:
        ends = [percent(float(a)) for a in measures.final_accuracy(result).mean(axis=1)]
        linear = None if baseline is None else percent(float(measures.final_accuracy(baseline).mean()))
    else:
        ends = [number(float(x)) for x in measures.final_loss(result).mean(axis=1)]
        linear = None if baseline is None else number(float(measures.final_loss(baseline).mean()))
    parts = [f"{name} {'diverged' if gone else end}" for name, end, gone in zip(labels, ends, lost, strict=True)]
    parts += [f"a linear model {linear}"] if linear else []
    return f"{'Test accuracy' if result.has_classes else 'Final loss'}: {listed(parts)}."
