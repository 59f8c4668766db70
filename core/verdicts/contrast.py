"""Overview: how far apart networks end that differ by their starting weights alone."""

from __future__ import annotations

import numpy as np

from core import measures
from core.experiment import Result
from core.verdicts.verdict import Verdict
from core.wording import listed, percent


def contrast(result: Result) -> Verdict:
    """Overview: how far apart networks end that differ by their starting weights alone, in medians over the seeds."""
    labels, lost = result.experiment.labels, measures.diverged(result).sum(axis=1)
    accuracy = np.median(measures.final_accuracy(result), axis=1)
    order = sorted((v for v in range(len(labels)) if not lost[v]), key=lambda v: -accuracy[v])
    parts = [f"{labels[v]} {percent(float(accuracy[v]))}" for v in order]
    fallen = [labels[v] for v in range(len(labels)) if lost[v]]
    overflow = f"; {listed(fallen)} overflow{'s' if len(fallen) == 1 else ''}" if fallen else ""
    steps, layers = result.experiment.steps, len(result.experiment.hidden)
    hidden = f"{layers} hidden layer{'' if layers == 1 else 's'}"
    return Verdict(
        "neutral",
        f"**Only the starting weights differ.** Same {hidden}, same digits, same batches, {steps} steps; "
        f"new digits read rightly: {listed(parts) if parts else 'none'}{overflow}.",
    )
