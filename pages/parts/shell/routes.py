"""The page list, how a link finds its page, and what is told if that fails."""

import logging
from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from pages.parts import session
from pages.parts.settings import BY_PAGE, page_label
from pages.parts.shell import presenting


@dataclass(frozen=True)
class Page:
    """One entry of the page list. Its name is its file's and its path."""

    name: str
    icon: str
    title: str  # the question the page answers

    @property
    def prefix(self) -> str:
        return BY_PAGE[self.name].prefix


PAGES = (
    Page("overview", "home", "What do starting weights do to training?"),
    Page("zero_init", "exposure_zero", "What happens when every weight starts at zero?"),
    Page("random_init", "casino", "How large may random weights be?"),
    Page("heuristics", "balance", "He, Xavier or Glorot: which initializer, and does it matter?"),
    Page("clipping", "content_cut", "Can clipping save a network that explodes?"),
    Page("modern_networks", "layers", "Modern networks: does the start still matter?"),
    Page("map", "grid_on", "Where does training work?"),
    Page("claims", "fact_check", "Which of the article's claims hold?"),
    Page("your_network", "lan", "Which initializer for your network?"),
)
BY_NAME = {page.name: page for page in PAGES}
BY_SETTINGS = {BY_PAGE[page.name]: page for page in PAGES}
SETTING_PREFIXES = tuple(f"{page.prefix}." for page in PAGES)
MESSAGE = "This page could not be finished: something in the app itself went wrong."
_TAB_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke-width="2.5" stroke-linecap="round">'
    '<path d="M2 8H14" stroke="#E69F00"/><path d="M2 13C8 13 11 10 14 2" stroke="#D55E00"/>'
    '<path d="M2 3C5 10 8 13 14 13.5" stroke="#0072B2"/></svg>'
)


def streamlit_page(page: Page, alias: bool = False) -> st.Page:
    """A copy for one run: Streamlit notes on it that it was run."""
    return copy(_make_page(page, alias))


@cache
def _make_page(page: Page, alias: bool) -> st.Page:
    """The page as Streamlit knows it, made once: Streamlit looks for the file of each that is made."""
    first = page is PAGES[0] and not alias
    return st.Page(
        Path(__file__).resolve().parents[2] / f"{page.name}.py",
        title=page_label(page.name),
        icon=f":material/{page.icon}:",
        url_path="home" if first else page.name,  # the root's is wanted too, but not served
        default=first,
        visibility="hidden" if alias else "visible",
    )


def navigation() -> st.Page:
    """Mark the run as routed, and return the page that the link asks for."""
    session.current().routed = True
    # Else st.navigation takes the page's icon for the tab, from another host.
    st.set_page_config(page_icon=_TAB_ICON, layout="wide")
    # A process that has not routed yet serves the first page under its name too: so do others.
    pages = [*map(streamlit_page, PAGES), streamlit_page(PAGES[0], alias=True)]
    return st.navigation(pages, position="hidden" if presenting.is_on() else "sidebar")


def run(page: st.Page) -> None:
    """Run the page; what fails in it is logged, and its viewer is told."""
    try:
        page.run()
    except Exception:  # Streamlit's own ways to end a script are none
        settings = {name: value for name, value in st.session_state.items() if str(name).startswith(SETTING_PREFIXES)}
        link = f"{page.url_path}?{urlencode(settings, doseq=True)}"
        logging.getLogger(__name__).exception("%s could not be finished", link)
        with st.container(key="failure"):
            st.error(
                f"{MESSAGE} Other pages, and other settings, may well work. To report it, copy these settings:",
                icon=":material/bug_report:",
            )
            st.code(link, language=None, wrap_lines=True)


def ensure_routed() -> None:
    """Send a run that reached a page without the router through it.

    Until a process calls st.navigation, Streamlit runs the files in pages/ by themselves.
    """
    viewer = session.current()
    arrived, viewer.routed = viewer.routed, False
    if not arrived:
        navigation()
        st.rerun()
