"""Every page opens, through the router and without it, and no link breaks one."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.routes import PAGES, Page

from .conftest import Open

every_page = pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
HOSTILE = [
    "",
    "abc",
    "-1",
    "1e309",
    "nan",
    "9" * 1000,
    "<script>alert(1)</script>",
    "`:red[x]` $x$",
    "Ω🙂٣",
    "\x00",
    "[]",
]


def settings(app: AppTest, page: Page) -> dict[str, object]:
    """What the page is set to, without the prefix of its names."""
    start = f"{page.prefix}."
    widgets = (*app.slider, *app.select_slider, *app.selectbox, *app.multiselect, *app.number_input, *app.toggle)
    return {
        widget.key.removeprefix(start): widget.value
        for widget in widgets
        if widget.key and widget.key.startswith(start)
    }


def test_names_and_prefixes_tell_pages_apart() -> None:
    assert len({page.name for page in PAGES}) == len({page.prefix for page in PAGES}) == len(PAGES)
    assert all(page.url_path == page.name for page in PAGES)  # what Streamlit calls a page it has not been told of


@every_page
def test_through_the_router(routed: Open, page: Page) -> None:
    app = routed(page.name)
    assert [title.value for title in app.title] == [page.title]
    assert not app.exception


@every_page
def test_by_its_own_address(alone: Open, page: Page) -> None:
    app = alone(page.name)
    assert [title.value for title in app.title] == [page.title]
    assert not app.exception
    assert not app.run().exception


@every_page
def test_every_run_is_routed_anew(routed: Open, page: Page) -> None:
    app = routed(page.name).run()
    assert "_routed" not in app.session_state
    assert [title.value for title in app.title] == [page.title]


@every_page
def test_presenting(routed: Open, page: Page) -> None:
    app = routed(page.name)
    app.toggle(key="present").set_value(True).run()
    assert not app.exception
    assert not app.sidebar.children
    assert app.toggle(key="present").value


@every_page
def test_hostile_links(routed: Open, page: Page) -> None:
    """What cannot be used is named, and the page is as if it had not been said."""
    usual = settings(routed(page.name), page)
    assert usual
    for value in HOSTILE:
        app = routed(page.name, **dict.fromkeys(usual, value))
        assert not app.exception
        named = " ".join(warning.value for warning in app.warning)
        assert all(f"{page.prefix}.{name}=" in named for name in usual), value
        cleared = {name: [] for name, chosen in usual.items() if isinstance(chosen, list) and not value}
        assert settings(app, page) == {**usual, **cleared}


def test_names_that_no_page_has_are_named_and_other_pages_settings_are_not(routed: Open) -> None:
    app = routed("overview")
    app.query_params["o.colour"] = "red"
    app.query_params["`:red[x]`"] = "1"
    app.query_params["r.depth"] = "7"
    app.query_params["present"] = "false"
    (said,) = [warning.value for warning in app.run().warning]
    assert said == "The link sets `o.colour`, `:red[x]`, which this page does not have."
