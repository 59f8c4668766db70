"""The frame of every page: its question, its banner, its controls, and the way to its neighbors."""

from typing import Any, NoReturn, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import Experiment, Result
from core.verdicts import Verdict
from pages.parts import session
from pages.parts.compare.pins import PINNABLE
from pages.parts.page import ALERTS, OpenPage, describe
from pages.parts.serving import runs
from pages.parts.settings import Settings, links
from pages.parts.shell import presenting, routes, style
from pages.parts.shell.routes import BY_NAME, BY_SETTINGS, PAGES, SETTING_PREFIXES, Page, streamlit_page

T = TypeVar("T")

# Names in a link that are no page's own; embed and its options Streamlit reads.
RESERVED_PARAMS = {"present", "embed", "embed_options", "v"}


class FramedPage(OpenPage):
    """A page being drawn: places reserved in the order they are read, filled in the order they are computed.

    Made first on every page, by the kind of its settings.
    """

    def __init__(self, kind: type[Settings]) -> None:
        routes.ensure_routed()
        self._page = page = BY_SETTINGS[kind]
        self.name, self.title, self.fields = page.name, page.title, page.settings.fields()
        self.presenting = presenting.is_on()
        self.figures: list[Any] = []
        viewer = session.current()
        self.arrived, viewer.page = viewer.page != page.name, page.name
        st.html(style.write_sheet(self.presenting, st.context.theme.type == "dark", page is PAGES[0]))
        self.stage = st.container(key="stage")
        drawer = self._bar() if self.presenting else self._title()
        self._introduction = self.stage.container()
        self._banner = self.stage.container(key="banner")
        self._notices = self.stage.container()
        # While presenting, the first screen is the chart's.
        self.tools = (st if self.presenting else self.stage).container(horizontal=True, key="tools")
        self._controls = drawer.container(key="controls")
        if st.query_params.get("present", "true").lower() not in ("true", "false"):
            self.notice("`present` in the link is neither true nor false; using false.")
        presenting.draw_toggle(drawer)
        self.waiting = st.empty()
        presenting.add_shortcut()

    def _title(self) -> DeltaGenerator:
        self.stage.title(self.title, anchor=False)
        return st.sidebar

    def _bar(self) -> DeltaGenerator:
        """Title, ways to the neighbors and controls in one row; returns where controls go."""
        bar = self.stage.container(horizontal=True, vertical_alignment="center", key="bar")
        bar.title(self.title, anchor=False)
        presenting.turn_pages(bar, PAGES.index(self._page), [streamlit_page(page) for page in PAGES])
        return presenting.draw_drawer(bar, self.stage)

    def key(self, setting: str) -> str:
        return f"{self._page.prefix}.{setting}"

    def notice(self, sentence: str) -> None:
        self._notices.warning(sentence, icon=":material/link_off:")

    def run(self, experiment: Experiment) -> Result:
        return runs.get(experiment, self)

    def controls(self) -> DeltaGenerator:
        """Where widgets go, as a context manager: the sidebar, or a drawer beside the charts while presenting."""
        return self._controls

    def banner(self, verdict: Verdict) -> None:
        """Draw the page's one sentence below its title, its details folded, whenever it is known. Once a run."""
        self.verdict = verdict
        draw, _, icon = ALERTS[verdict.status]
        with self._banner:
            draw(describe(verdict), icon=icon)
            if verdict.details:
                st.expander("What was measured", type="compact").markdown(verdict.details)

    def introduce(self, sentences: str) -> None:
        """Say, below the title, what the app is about; while presenting the speaker does. Markdown."""
        if not self.presenting:
            self._introduction.markdown(sentences)

    def name_scene(self, title: str) -> None:
        self._banner.caption(title)

    def end(self) -> None:
        """Name what in the link is no setting, and draw the ways to the neighbors; call it last on every page."""
        others = tuple(prefix for prefix in SETTING_PREFIXES if prefix != self.key(""))
        own = [*self.fields, "pin"] if issubclass(self._page.settings, PINNABLE) else self.fields
        known = RESERVED_PARAMS.union(map(self.key, own))
        if unknown := [name for name in st.query_params if name not in known and not name.startswith(others)]:
            self.notice(f"The link sets {links.quote_untrusted(unknown)}, which this page does not have.")
        place = PAGES.index(self._page)
        with st.container(horizontal=True, horizontal_alignment="distribute" if place else "right", key="neighbors"):
            if place:
                self._link(PAGES[place - 1], ":material/arrow_back:", "Previous")
            if place + 1 < len(PAGES):
                self._link(PAGES[place + 1], ":material/arrow_forward:", "Next")

    def last_shown(self, chosen: T) -> T:
        """What the last result was made with, where what is chosen cannot be shown: it is grayed. Without one, the page
        ends here."""
        last = session.current().shown.get(self.name)
        if last in (None, chosen):
            self.stop()
        self.stage.caption("Below, in gray: the last result, of the settings before.")
        st.html(style.LAST_RESULT)
        return last

    @staticmethod
    def prose(text: str) -> None:
        """Markdown in two columns, where there is room for them."""
        with st.container(key="prose"):
            st.markdown(text)

    def stop(self) -> NoReturn:
        self.end()
        st.stop()

    def link(self, name: str, place: DeltaGenerator = st) -> None:
        self._link(BY_NAME[name], ":material/arrow_forward:", "More", place)

    @staticmethod
    def _link(page: Page, icon: str, word: str, place: DeltaGenerator = st) -> None:
        place.page_link(streamlit_page(page), label=f"{word}: {page.title}", icon=icon)
