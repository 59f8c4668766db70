"""A table of what differs between runs of a page: a column a run, a row a setting or an outcome."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from core import Result, measures
from core.verdicts import Verdict
from core.wording import number, percent, seeds_of
from pages.parts.settings.base import Settings
from pages.parts.settings.words import differing


def comparison(columns: Mapping[str, tuple[Settings, Verdict, Result]]) -> pd.DataFrame:
    """By the names of runs: the settings that are not the same in all of them, what the banner says, how each ended."""
    every = [settings for settings, _, _ in columns.values()]
    fields = every[0].fields()
    labels = list(dict.fromkeys(label for *_, result in columns.values() for label in result.experiment.labels))
    table = {}
    for name, (settings, verdict, result) in columns.items():
        written = settings.written()
        table[name] = {
            **{fields[which].label: ", ".join(written[which]) for which in differing(every)},
            "The banner": _headline(verdict),
            **{f"{label} ends at": _end(result, label) for label in labels},
        }
    return pd.DataFrame(table)


def _headline(verdict: Verdict) -> str:
    """The words that the verdict sets in bold, or all of them."""
    parts = verdict.sentence.split("**")
    return (parts[1] if len(parts) > 2 else verdict.sentence).rstrip(".:")


def _end(result: Result, label: str) -> str:
    """The medians over the seeds of one variant, or that it diverged."""
    if label not in result.experiment.labels:
        return "–"
    v = result.experiment.labels.index(label)
    lost, n = int(measures.diverged(result)[v].sum()), result.experiment.seeds
    if lost:
        return f"not a number, in {seeds_of(lost, n)}"
    loss = f"loss {number(float(np.median(measures.final_loss(result)[v])))}"
    if not result.has_classes:
        return loss
    return f"{loss}, {percent(float(np.median(measures.final_accuracy(result)[v])))} right"
