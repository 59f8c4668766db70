"""Pinned runs beside the current one: on its chart as lines of their own, and in a table of what differs."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core import Experiment, Result, Variant
from core.verdicts import Verdict
from pages.parts.compare import pins
from pages.parts.figures import tables
from pages.parts.figures.theme import PINS
from pages.parts.page import OpenPage
from pages.parts.settings import Training


@dataclass(frozen=True)
class PinnedComparison:
    """The page's current run, and the pinned ones."""

    page: OpenPage
    chosen: Training
    result: Result
    pinned: list[Training]
    results: list[Result]

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
        """The table of the current run, and below it those of the pinned ones, without the bands of their seeds."""
        frames = [make(self.result)]
        for mark, result in zip(PINS, self.results, strict=False):
            table = make(result)
            table = table[table["variant"].isin([variant.label for variant in self._others(result)])]
            if {"low", "high"} <= set(table):
                table = table.assign(low=np.nan, high=np.nan)
            frames.append(table.assign(variant=[f"{mark} {label}" for label in table["variant"]]))
        return pd.concat([table for table in frames if len(table)] or frames[:1], ignore_index=True)

    def _others(self, result: Result) -> list[Variant]:
        """A pinned run's variants without those that the current run shows already."""
        now, then = self.result.experiment, result.experiment
        alike = now.variants if replace(then, variants=now.variants) == now else ()
        return [variant for variant in then.variants if variant not in alike]

    def compare(self, verdict: Verdict) -> None:
        """What differs between the runs, in settings and in outcomes, and the buttons that unpin."""
        verdicts = [verdict, *(settings.verdict(self.page.run) for settings in self.pinned)]
        outcomes = map(tables.describe_run, verdicts, [self.result, *self.results])
        pins.compare(self.page, "run", self.chosen, self.pinned, outcomes)
