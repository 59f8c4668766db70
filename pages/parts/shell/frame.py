"""The frame of every page: its question, its banner, its controls, and the way to its neighbors."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any, NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.verdicts import Verdict
from pages.parts.shell import history, presenting, routes, style
from pages.parts.shell.routes import BY_NAME, PAGES, Page, streamlit_page

# How a status is told: by an icon, by a word and by a color, never by color alone.
_ALERTS = {
    "good": (st.success, "Works", ":material/check_circle:"),
    "bad": (st.error, "Fails", ":material/cancel:"),
    "mixed": (st.warning, "Mixed", ":material/contrast:"),
    "neutral": (st.info, "Measured", ":material/straighten:"),
}

_current: ContextVar[Page] = ContextVar("page")
_open: ContextVar[OpenPage] = ContextVar("open page")
_notices: ContextVar[DeltaGenerator] = ContextVar("notices")
_waiting: ContextVar[DeltaGenerator] = ContextVar("where whoever waits is told so")
_asked: ContextVar[set[str]] = ContextVar("names of settings that the page has asked for")
# Names in a link that are no page's own; embed and its options Streamlit reads.
RESERVED_PARAMS = {"present", "embed", "embed_options", "v"}


def open_page(name: str) -> OpenPage:
    """Draw the frame of the named page; call it first on every page."""
    routes.ensure_routed()
    _current.set(BY_NAME[name])
    _asked.set(set())
    page = OpenPage(BY_NAME[name])
    _open.set(page)
    return page


def current() -> Page:
    """The page being drawn."""
    return _current.get()


def key(setting: str) -> str:
    """What a setting of the page being drawn is called in its link and in the session: `r.depth` on Random init.

    Each page keeps its own settings. Under one name Streamlit would hand a page's value on to the next page, even one
    that was never touched and is out of range there, and would drop it from a link that leads from page to page.
    """
    name = f"{_current.get().prefix}.{setting}"
    _asked.get().add(name)
    return name


def notice(sentence: str) -> None:
    """Say, under the banner, what a link holds that could not be used, and what was used instead. Markdown."""
    _notices.get().warning(sentence, icon=":material/link_off:")


def waiting_place() -> DeltaGenerator:
    """Where it is said that a training goes on: an `st.empty` that is there whether or not one does.

    If it came and went, all that is below it would move, and be drawn again.
    """
    return _waiting.get()


def quote_untrusted(written: Sequence[str]) -> str:
    """The first few words of a link, shortened and in backquotes, safe to show."""
    words = ("".join(c for c in word[:40] if c.isprintable() and c != "`") for word in written[:3])
    return ", ".join(f"`{word}`" for word in words) + (" and more" if len(written) > 3 else "")


def stop() -> NoReturn:
    """End the page here, where what it would show cannot be had; the ways to its neighbors stay."""
    _open.get().end()
    st.stop()


class OpenPage:
    """A page being drawn: places reserved in the order they are read, filled in the order they are computed."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.figures: list[Any] = []  # what has been drawn on it: figures.Figure or figures.Sketch
        self.verdict: Verdict | None = None
        self.arrived = st.session_state.get("_at") != page.name  # from another page, or for the first time
        st.session_state["_at"] = page.name
        st.html(style.sheet(presenting.on(), st.context.theme.type == "dark"))
        self.stage = st.container(key="stage")
        drawer = self._bar() if presenting.on() else self._title()
        self._banner = self.stage.container(key="banner")
        _notices.set(self.stage.container())
        # While presenting, the first screen is the chart's.
        self.tools = (st if presenting.on() else self.stage).container(horizontal=True, key="tools")
        self._controls = drawer.container(key="controls")
        if st.query_params.get("present", "true").lower() not in ("true", "false"):
            notice("`present` in the link is neither true nor false; using false.")
        presenting.toggle(drawer)
        self.wait_here()
        presenting.shortcut()
        history.record_user_navigation()

    def _title(self) -> DeltaGenerator:
        self.stage.title(self._page.title, anchor=False)
        return st.sidebar

    def _bar(self) -> DeltaGenerator:
        """Title, ways to the neighbors and controls in one row; returns where controls go."""
        bar = self.stage.container(horizontal=True, vertical_alignment="center", key="bar")
        bar.title(self._page.title, anchor=False)
        before, after = self._neighbors()
        presenting.arrows(bar, *(page and streamlit_page(page) for page in (before, after)))
        return bar.popover("Controls", icon=":material/tune:")

    def _neighbors(self) -> tuple[Page | None, Page | None]:
        place = PAGES.index(self._page)
        return PAGES[place - 1] if place else None, PAGES[place + 1] if place + 1 < len(PAGES) else None

    @property
    def name(self) -> str:
        return self._page.name

    @property
    def title(self) -> str:
        return self._page.title

    def controls(self) -> DeltaGenerator:
        """Where widgets go, as a context manager: the sidebar, or a popover while presenting."""
        return self._controls

    def banner(self, verdict: Verdict) -> None:
        """Draw the page's one sentence below its title, whenever it is known. Once a run."""
        self.verdict = verdict
        draw, word, icon = _ALERTS[verdict.status]
        with self._banner:
            draw(f"**{word}.** {verdict.sentence}", icon=icon)

    def end(self) -> None:
        """Name what in the link is no setting, and draw the ways to the neighbors; call it last on every page."""
        others = tuple(f"{page.prefix}." for page in PAGES if page is not self._page)
        known = _asked.get() | RESERVED_PARAMS
        if unknown := [name for name in st.query_params if name not in known and not name.startswith(others)]:
            notice(f"The link sets {quote_untrusted(unknown)}, which this page does not have.")
        before, after = self._neighbors()
        with st.container(horizontal=True, horizontal_alignment="distribute" if before else "right", key="neighbors"):
            if before:
                self._link(before, ":material/arrow_back:", "Previous")
            if after:
                self._link(after, ":material/arrow_forward:", "Next")

    def wait_here(self) -> None:
        """From here on who waits is told so where the script stands; at first it is below the stage."""
        _waiting.set(st.empty())

    @staticmethod
    def prose(text: str) -> None:
        """Markdown in two columns, where there is room for them."""
        with st.container(key="prose"):
            st.markdown(text)

    def link(self, name: str) -> None:
        """A link to another page, by its question."""
        self._link(BY_NAME[name], ":material/arrow_forward:", "More")

    @staticmethod
    def _link(page: Page, icon: str, word: str) -> None:
        st.page_link(streamlit_page(page), label=f"{word}: {page.title}", icon=icon)
