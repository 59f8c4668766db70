"""A table of what differs between runs of a page, or networks: a column each, a row a setting or an outcome."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from core import Result, statistics
from core.advice import Advice
from core.advice.recommendation import DEFAULTS
from core.sweep import SweepResult
from core.verdicts import Verdict
from core.verdicts.verdict import count_diverged
from core.wording import format_setting, number, percent
from pages.parts.figures.tables.advice import describe_standing
from pages.parts.settings.base import Settings
from pages.parts.settings.short_texts import differing_names


def comparison(columns: Mapping[str, tuple[Settings, tuple[Verdict, Result]]]) -> pd.DataFrame:
    """By the names of runs: the settings that are not the same in all of them, what the banner says, how each ended."""
    labels = list(dict.fromkeys(label for _, (_, result) in columns.values() for label in result.experiment.labels))
    return _side_by_side(
        {
            name: (
                settings,
                {"Result": verdict.sentence} | {f"{label} ends at": _end(result, label) for label in labels},
            )
            for name, (settings, (verdict, result)) in columns.items()
        }
    )


def networks(columns: Mapping[str, tuple[Settings, Advice]]) -> pd.DataFrame:
    """By the names of networks: the settings that differ, the recommended initializer, and the libraries' defaults."""
    return _side_by_side({name: (settings, _advised(advice)) for name, (settings, advice) in columns.items()})


def maps(columns: Mapping[str, tuple[Settings, tuple[Verdict, SweepResult]]]) -> pd.DataFrame:
    """By the names of maps: the settings that differ, what the banner says, and the best of each map's networks."""
    return _side_by_side(
        {
            name: (settings, {"Result": verdict.sentence, "Lowest loss": _lowest(result)})
            for name, (settings, (verdict, result)) in columns.items()
        }
    )


def _lowest(result: SweepResult) -> str:
    return "–" if np.isnan(result.final_loss).all() else number(float(np.nanmin(result.final_loss)))


def _side_by_side(columns: Mapping[str, tuple[Settings, Mapping[str, str]]]) -> pd.DataFrame:
    """Settings that differ, and below them the outcomes, which have the same names in all columns."""
    every = [settings for settings, _ in columns.values()]
    fields, differ = every[0].fields(), differing_names(every)
    return pd.DataFrame(
        {
            name: {fields[which].label: fields[which].describe(getattr(settings, which)) for which in differ} | outcomes
            for name, (settings, outcomes) in columns.items()
        }
    )


def _advised(advice: Advice) -> dict[str, str]:
    best = advice.recommended
    starts = {start.name: start for start in advice.starts}
    return {
        "Recommended": best.label if best else "none: no initializer learns",
        "Its learning rate": format_setting(best.rate) if best else "–",
        "It ends at": f"loss {number(best.loss)}" if best else "–",
        "The signal, forward": _factor(best and best.forward[1]),
        "The gradient, back": _factor(best and best.backward[1]),
        **{f"{library}'s default": describe_standing(starts[name]) for name, library in DEFAULTS.items()},
    }


def _factor(factor: float | None) -> str:
    return "–" if factor is None or not np.isfinite(factor) else f"× {number(factor)} a layer"


def _end(result: Result, label: str) -> str:
    if label not in result.experiment.labels:
        return "–"
    v = result.experiment.labels.index(label)
    lost = count_diverged(result, v)
    if statistics.diverged(result)[v].all():
        return lost
    parts = [f"loss {number(float(statistics.average(statistics.final_loss(result)[v])))}"]
    if result.has_classes:
        parts.append(f"test accuracy {percent(float(statistics.average(statistics.final_accuracy(result)[v])))}")
    return ", ".join([*parts, *([lost] if lost else [])])
