"""What is pinned beside a run, a network or a map: its rows in charts' tables, and how it ends."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core import Experiment, Result, Variant, statistics
from core.advice import Advice
from core.advice.recommendation import DEFAULTS
from core.sweep import SweepResult
from core.verdicts import Verdict
from core.verdicts.verdict import list_endings
from core.wording import format_setting, number, percent
from pages.parts.figures import tables
from pages.parts.figures.tables.advice import describe_standing
from pages.parts.figures.theme import PINS
from pages.parts.page import OpenPage
from pages.parts.serving import advising
from pages.parts.settings import YourNetwork


@dataclass(frozen=True)
class PinnedComparison:
    """A page's current run, and the pinned ones."""

    result: Result
    results: Sequence[Result] = ()

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        """Those of the pinned runs."""
        return tuple(result.experiment for result in self.results)

    @property
    def variants(self) -> tuple[Variant, ...]:
        """The current run's, then the pinned ones', with their mark before their label."""
        pinned = [
            replace(variant, label=f"{mark} {variant.label}")
            for mark, result in zip(PINS, self.results, strict=False)
            for variant in self._others(result)
        ]
        return (*self.result.experiment.variants, *pinned)

    def table(self, make: Callable[[Result], pd.DataFrame]) -> pd.DataFrame:
        """The current run's table, and below it the pinned ones' without the bands of seeds."""
        frames = [make(self.result)]
        for mark, result in zip(PINS, self.results, strict=False):
            table, others = make(result), [variant.label for variant in self._others(result)]
            table = table[table["variant"].isin(others)]
            if {"low", "high"} <= set(table):
                table = table.assign(low=np.nan, high=np.nan)
            frames.append(table.assign(variant=[f"{mark} {label}" for label in table["variant"]]))
        return pd.concat([table for table in frames if len(table)] or frames[:1], ignore_index=True)

    def _others(self, result: Result) -> list[Variant]:
        """A pinned run's variants without those that the current run shows already."""
        now, then = self.result.experiment, result.experiment
        alike = now.variants if replace(then, variants=now.variants) == now else ()
        return [variant for variant in then.variants if variant not in alike]


def describe_run(verdict: Verdict, result: Result) -> dict[str, str]:
    """What the banner says of it, and how each start ended."""
    outcomes, diverged = {"Result": verdict.sentence}, statistics.diverged(result).all(axis=1)
    for end, is_lost in zip(list_endings(result), diverged, strict=True):
        parts = [] if is_lost else [f"loss {number(end.loss)}"]
        if result.has_classes and not is_lost:
            parts.append(f"test accuracy {percent(end.accuracy)}")
        outcomes[f"{end.label} ends at"] = ", ".join(filter(None, [*parts, end.overflow]))
    return outcomes


def describe_map(verdict: Verdict, result: SweepResult) -> dict[str, str]:
    """What the banner says of it, and the best of its networks."""
    losses = result.final_loss
    lowest = "–" if np.isnan(losses).all() else number(float(np.nanmin(losses)))
    return {"Result": verdict.sentence, "Lowest loss": lowest}


def advise_pinned(page: OpenPage, pinned: Iterable[YourNetwork]) -> list[Advice]:
    """Advice for the pinned networks, measured if need be; stops the script if one is refused."""
    questions = [settings.question()[0] for settings in pinned]
    if any(advising.explain_refusal(question, page) for question in questions):
        page.stop()
    return [advising.get(question, page) for question in questions]


def tabulate_pinned(advices: Sequence[Advice]) -> pd.DataFrame:
    """Final losses of the pinned networks' starts: mark, variant, loss."""
    table = pd.DataFrame(columns=["mark", "variant", "loss"])
    marked = zip(PINS, advices, strict=False)
    frames = [tables.ranking(advice).assign(mark=mark) for mark, advice in marked]
    return pd.concat(frames or [table])[[*table]].dropna()


def describe_network(advice: Advice) -> dict[str, str]:
    """The recommended initializer, and how the libraries' defaults stand beside it."""
    best = advice.recommended
    standings = {start.name: describe_standing(start) for start in advice.starts}
    factors = (best.forward[1], best.backward[1]) if best else (np.nan, np.nan)
    forward, backward = (f"× {number(x)} a layer" if np.isfinite(x) else "–" for x in factors)
    return {
        "Recommended": best.label if best else "none: no initializer learns",
        "Its learning rate": format_setting(best.rate) if best else "–",
        "It ends at": f"loss {number(best.loss)}" if best else "–",
        "The signal, forward": forward,
        "The gradient, back": backward,
        **{f"{library}'s default": standings[name] for name, library in DEFAULTS.items()},
    }
