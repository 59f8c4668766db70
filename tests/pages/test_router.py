"""Every page opens, through the router and without it, and while presenting."""

import pytest

from pages.parts import session
from pages.parts.shell.routes import PAGES, Page

from .conftest import ROOT, Open, little

every_page = pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])


def test_names_and_prefixes_tell_pages_apart() -> None:
    assert len({page.name for page in PAGES}) == len({page.prefix for page in PAGES}) == len(PAGES)
    for page in PAGES:  # what Streamlit calls a page it has not been told of
        assert page.url_path == (ROOT / page.file).stem == page.name


@every_page
def test_through_the_router(routed: Open, page: Page) -> None:
    app = routed(page.name, **little(page))
    assert [title.value for title in app.title] == [page.title]
    assert not app.exception


@every_page
def test_by_its_own_address(alone: Open, page: Page) -> None:
    app = alone(page.name, **little(page))
    assert [title.value for title in app.title] == [page.title]
    assert not app.exception
    assert not app.run().exception


@every_page
def test_every_run_is_routed_anew(routed: Open, page: Page) -> None:
    app = routed(page.name, **little(page)).run()
    assert not app.session_state[session.KEY].routed
    assert [title.value for title in app.title] == [page.title]


@every_page
def test_presenting(routed: Open, page: Page) -> None:
    app = routed(page.name, **little(page))
    app.toggle(key="present").set_value(True).run()
    assert not app.exception
    assert not app.sidebar.children
    assert app.toggle(key="present").value


def test_names_that_no_page_has_are_named_and_other_pages_settings_are_not(routed: Open) -> None:
    app = routed("overview")
    app.query_params["o.color"] = "red"
    app.query_params["`:red[x]`"] = "1"
    app.query_params["r.depth"] = "7"
    app.query_params["present"] = "false"
    (said,) = [warning.value for warning in app.run().warning]
    assert said == "The link sets `o.color`, `:red[x]`, which this page does not have."
