"""What pages that train have in common, from the controls to the downloads; what each draws is its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Generic, TypeVar

import altair as alt
import streamlit as st

from pages.parts import session
from pages.parts.compare import pins
from pages.parts.compare.compare_pinned import PinnedComparison, describe_run
from pages.parts.export import numbers, offer, script
from pages.parts.figures import claim_cards
from pages.parts.figures.board import Board
from pages.parts.serving import runs
from pages.parts.settings import Map, Training, controls
from pages.parts.shell import toolbar
from pages.parts.shell.frame import FramedPage

S = TypeVar("S", bound=Training)


class TrainingPage(FramedPage, Generic[S]):
    """An open page, what it is set to, its main result, what is pinned beside it, and where its charts go."""

    def __init__(self, kind: type[S]) -> None:
        super().__init__(kind)
        with self.controls():
            self.chosen = controls.draw(self, kind)
        self._pinned = toolbar.draw(self, self.chosen)

    def keep_last_result(self) -> None:
        """Where what is chosen is refused, or was canceled, go on with the settings of the last result, grayed."""
        last = session.current().shown.get(self.name)
        moved = [name for name in self.fields if last and getattr(last, name) != getattr(self.chosen, name)]
        if any(runs.explain_refusal(experiment, self, moved) for experiment in self.chosen.experiments):
            self.chosen = self.last_shown(self.chosen)

    def show_result(self) -> None:
        """Train, as far as that is needed for it, and draw the banner."""
        self.result = self.run(self.chosen.experiment)
        self.board = Board(self, self.result.experiment)
        self.theme = self.board.theme
        self.banner(self.chosen.verdict(self.run))
        pinned = [self.run(settings.experiment) for settings in self._pinned]
        self.comparison = PinnedComparison(self.result, pinned)
        session.current().shown[self.name] = self.chosen

    def draw_main(self, build: Callable[[], alt.LayerChart], title: str, *, height: int = 380, **named: str) -> None:
        """The chart of the first screen, and below it the comparison of the runs that are pinned on it."""
        self.board.draw(build, title, main=True, height=height, also=self.comparison.experiments, **named)
        verdicts = [self.verdict, *(settings.verdict(self.run) for settings in self._pinned)]
        outcomes = map(describe_run, verdicts, [self.result, *self.comparison.results])
        pins.compare(self, "run", self.chosen, self._pinned, outcomes)

    def open_map(self, settings: Map, what: str = "Other gains and depths") -> None:
        """A button that opens the map of these settings; `what` it then shows."""
        controls.open_button(st, f"{what}: the map", settings, key="to-map", icon=":material/grid_on:")


@contextmanager
def open_page(kind: type[S]) -> Iterator[TrainingPage[S]]:
    """The page of these settings; the experiments that it does not wait for yet are trained while it is drawn."""
    page = TrainingPage(kind)
    page.keep_last_result()
    with runs.prefetch(*page.chosen.experiments):
        page.show_result()
        yield page
        claim_cards.draw_claims(page)
        experiment = page.result.experiment
        offer.draw(
            page,
            page.chosen,
            lambda *words: numbers.zip_run(runs.get_or_retrain(experiment), *words),
            partial(script.write_script, experiment, None),
        )
        page.end()
