"""A page opened with whatever a link says: its controls and its experiments for real, and nothing trained for them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from streamlit.testing.v1 import AppTest

from pages.parts.settings import BY_PAGE
from pages.parts.shell.routes import Page
from tests.hostile.cases import Pairs
from tests.hostile.checks import LONGEST, check_experiments, check_notice
from tests.pages import scanning  # noqa: F401 a change to Streamlit for all tests

LONGEST_LINK = 2**19  # characters, of a link as it is sent: Streamlit reads nothing of a longer one

# The page as it begins, up to where it would train.
PAGE = """
import streamlit as st
from pages.parts.settings import controls, links
from pages.parts.shell.frame import FramedPage
from pages.parts.settings import BY_PAGE
page = FramedPage(BY_PAGE[{name!r}])
with page.controls:
    st.session_state["chosen"] = controls.draw(page, BY_PAGE[{name!r}])
links.check(page)
page.end()
"""


def opened(page: Page, said: Mapping[str, list[str]]) -> AppTest:
    """The page at a link that says this, by name, up to where it would train."""
    app = AppTest.from_string(PAGE.format(name=page.name), default_timeout=60)
    for name, texts in said.items():
        app.query_params[name] = texts
    app.run()
    assert not app.exception, app.exception[0].value
    return app


def check_page(page: Page, pairs: Pairs) -> None:
    """No exception; what the link says and is of use is kept, what is not is named, and none of it is markup."""
    said: dict[str, list[str]] = {}
    for name, text in pairs:
        said.setdefault(name, []).append(text)
    app = opened(page, said)
    chosen = app.session_state["chosen"]
    if len(urlencode(said, doseq=True)) > LONGEST_LINK:
        assert any("The link is too long" in warning.value for warning in app.warning)
        said = {}
    notices = " ".join(warning.value for warning in app.warning)
    for name, field in BY_PAGE[page.name].fields().items():
        texts = said.get(f"{page.prefix}.{name}", [])
        if texts and field.read(texts) is None:
            assert f"{page.prefix}.{name}" in notices, f"{name} is not named"
        else:
            assert getattr(chosen, name) == (field.read(texts) if texts else field.default), f"{name} is not kept"
    check_experiments(chosen)
    _check_words(app, said)


def _check_words(app: AppTest, said: Mapping[str, list[str]]) -> None:
    """Of a link's words nothing stands outside backquotes, in any text on the page."""
    for warning in app.warning:
        assert len(warning.value) <= 3 * LONGEST * max(1, len(said))
        check_notice(warning.value)
    for drawn in (*app.markdown, *app.caption, *app.title):
        assert "<script" not in drawn.value
        assert "onerror" not in drawn.value
