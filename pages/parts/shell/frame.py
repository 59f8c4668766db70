"""The frame of every page, and what pages that train share from controls to downloads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NoReturn

import altair as alt
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import Experiment, Result
from core.verdicts import Verdict
from pages.parts import session
from pages.parts.compare import pins
from pages.parts.compare.compare_pinned import PinnedComparison, describe_run
from pages.parts.export import numbers, offer, script
from pages.parts.figures import claim_cards
from pages.parts.figures.board import Board
from pages.parts.figures.theme import ChartTheme
from pages.parts.page import ALERTS, OpenPage, describe
from pages.parts.serving import runs
from pages.parts.settings import BY_PAGE, Map, Settings, Training, controls, links
from pages.parts.shell import presenting, routes, style, toolbar
from pages.parts.shell.routes import BY_NAME, BY_SETTINGS, PAGES, SETTING_PREFIXES, streamlit_page


class FramedPage(OpenPage):
    """A page being drawn: its places are reserved as they are read, filled as they are computed."""

    def __init__(self, kind: type[Settings]) -> None:
        routes.ensure_routed()
        self._page = page = BY_SETTINGS[kind]
        self.name, self.title, self.fields = page.name, page.title, kind.fields()
        self.presenting = presenting.is_on()
        self.figures: list[Any] = []
        viewer = session.current()
        self.arrived, viewer.page = viewer.page != page.name, page.name
        st.html(style.write_sheet(self.presenting, st.context.theme.type == "dark", page is PAGES[0]))
        self.stage = st.container(key="stage")
        if self.presenting:
            neighbors = [streamlit_page(each) for each in PAGES]
            drawer = presenting.draw_bar(self.stage, page.title, PAGES.index(page), neighbors)
        else:
            self.stage.title(page.title, anchor=False)
            drawer = st.sidebar
        self.introduction = self.stage.container()  # what the app is about
        self.heading = self.stage.container(key="banner")
        self._notices = self.stage.container()
        # While presenting, the first screen is the chart's.
        self.tools = (st if self.presenting else self.stage).container(horizontal=True, key="tools")
        self.controls = drawer.container(key="controls")
        if st.query_params.get("present", "true").lower() not in ("true", "false"):
            self.notice("`present` in the link is neither true nor false; using false.")
        self.waiting = st.empty()
        presenting.draw_toggle(drawer)

    def key(self, setting: str) -> str:
        return f"{self._page.prefix}.{setting}"

    def notice(self, sentence: str) -> None:
        self._notices.warning(sentence, icon=":material/link_off:")

    def run(self, experiment: Experiment) -> Result:
        return runs.get(experiment, self)

    def banner(self, verdict: Verdict) -> None:
        self.verdict = verdict
        draw, _, icon = ALERTS[verdict.status]
        with self.heading:
            draw(describe(verdict), icon=icon)
            if verdict.details:
                st.expander("What was measured", type="compact").markdown(verdict.details)

    def fall_back_to_last_result(self, chosen: Any) -> Any:
        """Show the last result in gray, and return what it was made with; without one end the page."""
        last = session.current().results.get(self.name)
        if last in (None, chosen):
            self.stop()
        self.stage.caption("Below, in gray: the last result, of the settings before.")
        st.html(style.LAST_RESULT)
        return last

    def link(self, name: str, place: DeltaGenerator = st, word: str = "More", way: str = "forward") -> None:
        page = BY_NAME[name]
        place.page_link(streamlit_page(page), label=f"{word}: {page.title}", icon=f":material/arrow_{way}:")

    @staticmethod
    def prose(text: str) -> None:
        """Markdown in two columns, where there is room."""
        with st.container(key="prose"):
            st.markdown(text)

    def end(self) -> None:
        """Name what in the link is no setting, and draw the ways to the neighbors."""
        others = tuple(prefix for prefix in SETTING_PREFIXES if prefix != self.key(""))
        own = [*self.fields, "pin"] if issubclass(BY_PAGE[self.name], pins.PINNABLE) else self.fields
        known = {"present", "v", "embed", "embed_options", *map(self.key, own)}  # Streamlit reads embed
        if unknown := [name for name in st.query_params if name not in known and not name.startswith(others)]:
            self.notice(f"The link sets {links.quote_untrusted(unknown)}, which this page does not have.")
        place = PAGES.index(self._page)
        with st.container(horizontal=True, horizontal_alignment="distribute" if place else "right", key="neighbors"):
            if place:
                self.link(PAGES[place - 1].name, word="Previous", way="back")
            if place + 1 < len(PAGES):
                self.link(PAGES[place + 1].name, word="Next")

    def stop(self) -> NoReturn:
        self.end()
        st.stop()


class TrainingPage(FramedPage):
    """An open page, its settings, its main result, and the pinned ones."""

    def __init__(self, kind: type[Training]) -> None:
        super().__init__(kind)
        with self.controls:
            self.chosen = controls.draw(self, kind)
        self._pinned = toolbar.draw(self, self.chosen)
        self._halves: list[DeltaGenerator] = []
        # Where what is chosen is refused or was canceled, the last result is shown.
        last = session.current().results.get(self.name)
        moved = [name for name in self.fields if last and getattr(last, name) != getattr(self.chosen, name)]
        if any(runs.explain_refusal(experiment, self, moved) for experiment in self.chosen.experiments):
            self.chosen = self.fall_back_to_last_result(self.chosen)

    def show_result(self) -> None:
        self.result = self.run(self.chosen.experiment)
        self.board = Board(self, self.result.experiment)
        self.theme = self.board.theme
        self.banner(self.chosen.verdict(self.run))
        pinned = [self.run(settings.experiment) for settings in self._pinned]
        self.comparison = PinnedComparison(self.result, pinned)
        session.current().results[self.name] = self.chosen

    def draw_main(self, build: Callable[[], alt.LayerChart], title: str, *, height: int = 380, **named: str) -> None:
        self.board.draw(build, title, main=True, height=height, more_subjects=self.comparison.experiments, **named)
        verdicts = [self.verdict, *(settings.verdict(self.run) for settings in self._pinned)]
        outcomes = map(describe_run, verdicts, [self.result, *self.comparison.results])
        pins.compare(self, "run", self.chosen, self._pinned, outcomes)

    def half(self) -> DeltaGenerator:
        """The next place in rows of two, the left one first."""
        self._halves = self._halves or list(st.columns(2))
        return self._halves.pop(0)

    def draw(self, build: Callable[[], alt.LayerChart], title: str, **named: Any) -> None:
        self.board.draw(build, title, place=self.half(), **named)

    def open_map(self, settings: Map, what: str = "Other gains and depths") -> None:
        controls.open_button(st, f"{what}: the map", settings, key="to-map", icon=":material/grid_on:")


@contextmanager
def open_page(
    kind: type[Training],
) -> Iterator[tuple[TrainingPage, Training, Result, ChartTheme, PinnedComparison]]:
    """The page, its settings, result, theme and comparison; the rest is trained while it is drawn."""
    page = TrainingPage(kind)
    with runs.prefetch(*page.chosen.experiments):
        page.show_result()
        yield page, page.chosen, page.result, page.theme, page.comparison
        claim_cards.draw_claims(page)
        experiment = page.result.experiment
        offer.draw(
            page,
            page.chosen,
            lambda *words: numbers.zip_run(runs.get_or_retrain(experiment), *words),
            partial(script.write_script, experiment, None),
        )
        page.end()
