"""Every page opens, through the router and without it, and while presenting, and writes nothing to disk."""

import os
from dataclasses import dataclass

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import session
from pages.parts.shell import presenting, routes
from pages.parts.shell.routes import PAGES, Page

from .conftest import ROOT, Open, drawing_points, little, open_routed
from .writing import noting_writes

pytestmark = pytest.mark.usefixtures("plain_charts")


@dataclass(frozen=True)
class Opened:
    page: Page
    app: AppTest
    written: list[str]  # to disk


def settings_of(page: Page) -> dict[str, object]:
    """Of a training that no other test has done; of the claims, the fewest."""
    return {"verdicts": "does not hold"} if page.name == "claims" else {"seed": 31, **little(page)}


@pytest.fixture(scope="module", params=PAGES, ids=[page.name for page in PAGES])
def opened(request: pytest.FixtureRequest) -> Opened:
    """Each page, opened once through the router and then run again."""
    page: Page = request.param
    with noting_writes() as written, drawing_points():
        app = open_routed(page.name, **settings_of(page))
    return Opened(page, app, written)


def test_names_and_prefixes_tell_pages_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len({page.name for page in PAGES}) == len({page.prefix for page in PAGES}) == len(PAGES)
    monkeypatch.setattr(routes.st, "Page", lambda file, url_path, **named: (file, url_path))
    for page in PAGES:  # what Streamlit calls a page it has not been told of
        served = routes._make_page.__wrapped__(page, alias=page is PAGES[0])
        assert served == (ROOT / "pages" / f"{page.name}.py", page.name)
        assert served[0].exists()


def test_through_the_router(opened: Opened) -> None:
    assert [title.value for title in opened.app.title] == [opened.page.title]
    assert opened.app.main.children
    assert not opened.app.exception


def test_a_page_writes_nothing_to_disk(opened: Opened) -> None:
    assert not [path for path in opened.written if "__pycache__" not in path and path != os.devnull]


def test_by_its_own_address(alone: Open, opened: Opened) -> None:
    page = opened.page
    app = alone(page.name, **settings_of(page))
    assert [title.value for title in app.title] == [page.title]
    assert not app.exception
    assert not app.run().exception


def test_every_run_is_routed_anew(opened: Opened) -> None:
    app = opened.app.run()
    assert not app.session_state[session.KEY].routed
    assert [title.value for title in app.title] == [opened.page.title]


def test_presenting(opened: Opened) -> None:
    app = opened.app
    app.toggle(key="present").set_value(True).run()
    assert not app.exception
    assert not app.sidebar.children
    assert app.toggle(key="present").value


def test_names_that_no_page_has_are_named_and_other_pages_settings_are_not(routed: Open) -> None:
    app = routed("overview", **little(PAGES[0]))
    app.query_params["o.color"] = "red"
    app.query_params["`:red[x]`"] = "1"
    app.query_params["r.depth"] = "7"
    app.query_params["present"] = "false"
    (said,) = [warning.value for warning in app.run().warning]
    assert said == "The link sets `o.color`, `:red[x]`, which this page does not have."


@pytest.mark.parametrize("linked", [True, False])
def test_where_back_leads_the_link_says_whether_to_present(linked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The toggle, which is drawn later, still says what it did on the page that was left."""
    monkeypatch.setattr(presenting.links, "is_history_navigation", lambda: True)
    monkeypatch.setattr(presenting.st, "query_params", {"present": "true"} if linked else {})
    monkeypatch.setattr(presenting.st, "session_state", {"present": not linked})
    assert presenting.is_on() == linked
