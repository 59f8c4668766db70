"""What a viewer is told where the app's own code fails: a plain message, and the settings to report it with."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import streamlit as st

from pages.parts.shell.routes import PAGES

SAID = "This page could not be finished: something in the app itself went wrong."
_log = logging.getLogger(__name__)


@contextmanager
def report_errors(path: str) -> Iterator[None]:
    """Within this context what fails is logged with its traceback, and the viewer of the page at `path` is told so."""
    try:
        yield
    except Exception:  # whatever it is: Streamlit's own ways to end a script are none
        link = f"{path}?{urlencode(_settings(), doseq=True)}"
        _log.exception("%s could not be finished", link)
        with st.container(key="failure"):
            st.error(
                f"{SAID} Other pages, and other settings, may well work. To report it, copy these settings:",
                icon=":material/bug_report:",
            )
            st.code(link, language=None, wrap_lines=True)


def _settings() -> dict[str, object]:
    """What the page is set to, under the names that a link has for it."""
    prefixes = tuple(f"{page.prefix}." for page in PAGES)
    return {str(name): value for name, value in st.session_state.items() if str(name).startswith(prefixes)}
