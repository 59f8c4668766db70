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
            f"the hidden weights {_movement(result)}. {outcome}",
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
            f"at the end a layer has {_groups(end)} distinct units of {widths[0]}. {outcome}",
        )
    status = "good" if share > 0.99 else "mixed"
    return Verdict(
        status,
        f"**{'The symmetry is broken' if status == 'good' else 'The symmetry is partly broken'}:** {name} ends with "
        f"{_groups(end)} distinct units of {widths[0]} a hidden layer. {outcome}",
    )


def _each(layers: int) -> str:
    return "the one hidden layer" if layers == 1 else f"each of the {layers} hidden layers"


def _every_seed(result: Result) -> str:
    n = result.experiment.seeds
    return "the one seed" if n == 1 else f"all {n} seeds"


def _groups(end: np.ndarray) -> str:
    return whole_span(end)


def _movement(result: Result) -> str:
    norms = result.weight_norm[0, :, :, :-1]
    moved = np.abs(norms - norms[:, :1]).max()
    spreads = np.nanmax(result.update_ratio[0, :, :, :-1], initial=0)
    return "never move" if moved == 0 and spreads == 0 else "move, all alike"


def _accuracies(result: Result, baseline: Result | None) -> str:
    accuracy = np.where(measures.diverged(result), np.nan, measures.final_accuracy(result)).mean(axis=1)
    if np.isnan(result.test_accuracy).all():
        losses = measures.final_loss(result).mean(axis=1)
        parts = [f"{n} {number(x)}" for n, x in zip(result.experiment.labels, losses, strict=True) if np.isfinite(x)]
        return f"Final loss: {listed(parts)}." if parts else "Every run diverged."
    parts = [f"{name} {percent(a)}" for name, a in zip(result.experiment.labels, accuracy, strict=True) if a == a]
    if baseline is not None:
        parts.append(f"a linear model {percent(float(measures.final_accuracy(baseline).mean()))}")
    return f"Test accuracy: {listed(parts)}." if parts else "Every run diverged."
