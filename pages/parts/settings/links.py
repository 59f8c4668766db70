"""A link that holds every setting of a page, its defaults included, and what is said of one from another version."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.query_params import sanitize_query_string

from pages.parts.page import OpenPage
from pages.parts.settings.base import Settings
from pages.parts.settings.words import serialize

VERSION = 1  # raised when a setting changes its name, loses an option or comes to mean something else


def query(settings: Settings, held: Sequence[Settings] = ()) -> str:
    """What stands behind the question mark; no default is left out, as it may be another one by the time of opening."""
    said = [(f"{settings.prefix}.{name}", text) for name, texts in settings.written().items() for text in texts]
    pinned = [(f"{settings.prefix}.pin", serialize(each)) for each in held]
    return urlencode([("v", str(VERSION)), *said, *pinned])


def check(page: OpenPage) -> None:
    """Say it where the link is of another version than this; what can be read of it is used all the same.

    And where it is so long that Streamlit reads nothing of it.
    """
    run = get_script_run_ctx()
    if run and sanitize_query_string(run.query_string) != run.query_string:
        page.notice("The link is too long: nothing of it was read, and the page is as it is by default.")
    texts = st.query_params.get_all("v")
    if texts and texts != [str(VERSION)]:
        page.notice(
            f"The link is of version {quote_untrusted(texts)} and the app of version {VERSION}: "
            "what the link says may mean something else here."
        )


def quote_untrusted(written: Sequence[str]) -> str:
    """The first few words of a link, shortened and in backquotes, safe to show."""
    words = ("".join(c for c in word[:40] if c.isprintable() and c != "`") for word in written[:3])
    return ", ".join(f"`{word}`" for word in words) + (" and more" if len(written) > 3 else "")
