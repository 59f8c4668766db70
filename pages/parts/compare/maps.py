"""Pinned maps beside the current one: each drawn as it is, and a table of what differs."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.sweep import SweepResult
from core.sweep.sentences import verdict
from pages.parts.compare import compare_pinned, pins
from pages.parts.figures.theme import PINS
from pages.parts.page import OpenPage
from pages.parts.serving import runs
from pages.parts.settings import Map
from pages.parts.settings.links import describe_differences


@dataclass(frozen=True)
class PinnedMaps:
    """The page's current settings, the pinned ones, and the columns in which maps stand side by side."""

    page: OpenPage
    chosen: Map
    pinned: list[Map]
    columns: list[DeltaGenerator]  # none where nothing is pinned

    @property
    def place(self) -> DeltaGenerator | None:
        """Where the current map is drawn; None where it has the first screen to itself."""
        return self.columns[0] if self.columns and not self.page.presenting else None

    def __iter__(self) -> Iterator[tuple[str, Map, DeltaGenerator]]:
        """For each pinned map its title, its settings and where it is drawn."""
        places = cycle(self.columns if self.page.presenting else [*self.columns[1:], *self.columns[:1]])
        for mark, settings, place in zip(PINS, self.pinned, places, strict=False):
            yield f"{mark} {describe_differences(settings, [self.chosen, *self.pinned])}", settings, place

    def compare(self, results: list[SweepResult]) -> None:
        """What differs between the maps, in settings and in outcomes; of the current one and of each pinned one."""
        outcomes = (compare_pinned.describe_map(verdict(each, runs.find_border(each.sweep)), each) for each in results)
        pins.compare(self.page, "map", self.chosen, self.pinned, outcomes)


def compare_with_pinned(page: OpenPage, chosen: Map, pinned: list[Map]) -> PinnedMaps:
    """The current map with those that are pinned, in two columns of the first screen; presenting, below it."""
    return PinnedMaps(page, chosen, pinned, (page.stage if not page.presenting else st).columns(2) if pinned else [])
