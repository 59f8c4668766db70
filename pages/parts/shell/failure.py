"""What a viewer is told where the app's own code fails: a plain message, and the settings to report it with."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import streamlit as st

MESSAGE = "This page could not be finished: something in the app itself went wrong."
_log = logging.getLogger(__name__)


@contextmanager
def report_errors(path: str, prefixes: tuple[str, ...]) -> Iterator[None]:
    """Within this context what fails is logged with its traceback, and the viewer of the page at `path` is told so.

    `prefixes` are those of all settings in the session.
    """
    try:
        yield
    except Exception:  # whatever it is: Streamlit's own ways to end a script are none
        settings = {name: value for name, value in st.session_state.items() if str(name).startswith(prefixes)}
        link = f"{path}?{urlencode(settings, doseq=True)}"
        _log.exception("%s could not be finished", link)
        with st.container(key="failure"):
            st.error(
                f"{MESSAGE} Other pages, and other settings, may well work. To report it, copy these settings:",
                icon=":material/bug_report:",
            )
            st.code(link, language=None, wrap_lines=True)
