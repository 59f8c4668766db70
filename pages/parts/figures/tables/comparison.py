"""A table of what differs between runs of a page, networks or maps: a column each, a row a setting or an outcome."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from core import Result, statistics
from core.advice import Advice
from core.advice.recommendation import DEFAULTS
from core.sweep import SweepResult
from core.verdicts import Verdict
from core.verdicts.verdict import Ending
from core.wording import format_setting, number, percent
from pages.parts.figures.tables.advice import describe_standing
from pages.parts.settings.base import Settings
from pages.parts.settings.short_texts import differing_names


def side_by_side(columns: Mapping[str, tuple[Settings, Mapping[str, str]]]) -> pd.DataFrame:
    """By the names of columns: the settings that differ between them, and below these their outcomes by name."""
    every = [settings for settings, _ in columns.values()]
    fields, differ = every[0].fields(), differing_names(every)
    written = {
        name: {fields[which].label: fields[which].describe(getattr(settings, which)) for which in differ} | {**outcomes}
        for name, (settings, outcomes) in columns.items()
    }
    return pd.DataFrame(written).fillna("–")


def describe_run(verdict: Verdict, result: Result) -> dict[str, str]:
    """What the banner says of it, and how each start ended."""
    ends = {f"{label} ends at": _end(result, v) for v, label in enumerate(result.experiment.labels)}
    return {"Result": verdict.sentence} | ends


def _end(result: Result, v: int) -> str:
    lost = Ending(result, v).overflow
    if statistics.diverged(result)[v].all():
        return lost
    parts = [f"loss {number(float(statistics.average(statistics.final_loss(result)[v])))}"]
    if result.has_classes:
        parts.append(f"test accuracy {percent(float(statistics.average(statistics.final_accuracy(result)[v])))}")
    return ", ".join([*parts, *([lost] if lost else [])])


def describe_map(verdict: Verdict, result: SweepResult) -> dict[str, str]:
    """What the banner says of it, and the best of its networks."""
    losses = result.final_loss
    lowest = "–" if np.isnan(losses).all() else number(float(np.nanmin(losses)))
    return {"Result": verdict.sentence, "Lowest loss": lowest}


def describe_network(advice: Advice) -> dict[str, str]:
    """The recommended initializer, and how the libraries' defaults stand beside it."""
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
