"""Overview: how far apart networks end that differ by their starting weights alone."""

from __future__ import annotations

from core import statistics
from core.experiment import Result
from core.verdicts.verdict import Verdict, count_diverged
from core.wording import join_words, percent


def contrast(result: Result) -> Verdict:
    """Overview: how far apart networks end that differ by their starting weights alone, by their test accuracy."""
    labels = result.experiment.labels
    accuracy = statistics.average(statistics.final_accuracy(result))
    whole = [v for v in range(len(labels)) if not statistics.diverged(result)[v].any()]
    parts = [f"{labels[v]} {percent(float(accuracy[v]))}" for v in sorted(whole, key=lambda v: -accuracy[v])]
    fallen = [f"{label} {lost}" for v, label in enumerate(labels) if (lost := count_diverged(result, v))]
    ends = "; ".join([*([join_words(parts)] if parts else []), *fallen])
    steps, layers = result.experiment.steps, len(result.experiment.hidden)
    hidden = "hidden layer" if layers == 1 else f"{layers} hidden layers"
    return Verdict(
        "neutral",
        f"**Only the starting weights differ.** Same {hidden}, same digits, same batches; test accuracy after {steps} "
        f"steps: {ends}.",
    )
