"""Each page on a dark desk: it is there, has no barriers, its link says what it is set to, and as a phone shows it,
nothing scrolls sideways, no word is cut off and lines keep their place. Then each while presenting: what is shown is
large enough, and on the first screen.

One document comes to all of them, by a link or by a key; that a link opens its page from nothing is tried on a server
that has only just started.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
from playwright.sync_api import Page as View
from playwright.sync_api import expect

from core.claims import CLAIMS
from pages.parts.shell.routes import BY_NAME, PAGES, Page
from tests.browser import accessibility, chromium, phone, projector
from tests.browser.conftest import Woken
from tests.browser.server import Server
from tests.browser.tab import Tab, assert_arrived

LITTLE = {"claims": "seed=7#C09", "your_network": "seed=7 sizes=64-8-10"}  # to train; and a place on the page
SMALL = {"map": "seed=7 steps=20 rows=2"}
USUAL = "seed=7 steps=20 seeds=2"


@dataclass(frozen=True)
class Opened:
    page: Page
    view: View
    link: str


def link_to(page: Page) -> str:
    settings = (LITTLE | SMALL).get(page.name, USUAL).split()
    return f"/{page.name}?" + "&".join(f"{page.prefix}.{setting}" for setting in settings)


@pytest.fixture(scope="module", params=PAGES, ids=[page.name for page in PAGES])
def opened(request: pytest.FixtureRequest, tab: Tab, server: Server) -> Iterator[Opened]:
    page: Page = request.param
    tab.go_to(f"{server.url}{link_to(page)}", "dark")
    with chromium.all_drawn(tab.view):
        yield Opened(page, tab.view, link_to(page))


@pytest.fixture(scope="module", params=PAGES[::-1], ids=[page.name for page in PAGES[::-1]])
def presented(request: pytest.FixtureRequest, tab: Tab, server: Server) -> Iterator[Page]:
    """The page before the one that is presented, or the first of these by its link and a key."""
    page, view = request.param, tab.view
    here = view.locator(".st-key-bar h1").all_inner_texts()
    if here and here == [after.title for before, after in pairwise(PAGES) if before is page]:
        view.keyboard.press("ArrowLeft")
    else:
        if view.locator("h1").inner_text() != page.title:
            tab.go_to(f"{server.url}{link_to(page)}", "dark")
        tab.become_desk(projector.SCREENS[-1])
        view.keyboard.press("p")
    expect(view.locator(".st-key-bar h1")).to_have_text(page.title)
    with chromium.all_drawn(view):
        yield page


def test_the_first_link_that_a_server_is_asked_for_opens_its_page(woken: Woken) -> None:
    if woken.error:
        raise woken.error


def test_a_link_opens_its_page_and_stays_as_it_is(opened: Opened) -> None:
    assert_arrived(opened.view, opened.page, opened.link)


@pytest.mark.parametrize("opened", [BY_NAME["claims"]], indirect=True, ids=["claims"])
def test_a_claims_badge_leads_to_its_card(opened: Opened) -> None:
    expect(opened.view.locator("#C09")).to_be_in_viewport()
    assert [each.get_attribute("id") for each in opened.view.locator("article h2").all()] == list(CLAIMS)


def test_a_page_has_no_barriers(opened: Opened) -> None:
    assert accessibility.violations(opened.view) == []


def test_every_chart_speaks(opened: Opened) -> None:
    assert accessibility.speechless(opened.view) == []


@pytest.mark.parametrize("opened", [BY_NAME["zero_init"]], indirect=True, ids=["zero_init"])
def test_a_start_that_is_pointed_at_stands_out_on_all_charts(opened: Opened) -> None:
    he = opened.view.locator("svg.marks text[opacity]", has_text=re.compile("^He$"))  # pictures stay as they are
    opened.view.locator("svg.marks text", has_text=re.compile(r"^Zero \+ noise")).last.hover()
    faint = opened.view.locator("svg.marks text[opacity='0.15']", has_text=re.compile("^He$"))
    expect(faint).to_have_count(he.count())
    assert he.count() > 1
    opened.view.mouse.move(0, 0)
    expect(faint).to_have_count(0)


def test_a_phone_shows_it(opened: Opened, tab: Tab) -> None:
    """What is opened on it is alike on all pages: every third page's is looked at."""
    tab.become_phone()
    assert phone.faults(opened.view) == []
    assert accessibility.violations(opened.view, *accessibility.OF_LAYOUT) == []
    if PAGES.index(opened.page) % 3 == 1:
        assert phone.faults_of_panels(opened.view) == []


def test_a_room_sees_it(presented: Page, tab: Tab) -> None:
    """On a small screen, where there is least room; a third of the pages on a large one, another with their controls
    open.
    """
    for hidden in ("stSidebar", "stHeader"):
        expect(tab.view.get_by_test_id(hidden)).to_be_hidden()
    place = PAGES.index(presented) % 3
    assert projector.faults(tab.view, presented.name, projector.SCREENS if place == 0 else projector.SCREENS[-1:]) == []
    if place == 2:
        assert projector.faults_of_drawer(tab.view, presented.name) == []
