"""What a viewer does: open a link that cannot be used, look at another page, move a slider, and come back."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from pages.parts.settings import page_label
from pages.parts.shell.routes import BY_NAME, Page
from tests.browser import chromium
from tests.browser.server import Server
from tests.browser.tab import Tab, move, said
from tests.load import viewer
from tests.load.viewer import Link
from tests.server.running import completed

FIRST, SECOND = BY_NAME["zero_init"], BY_NAME["clipping"]
USED = {"c.steps=20", "c.seeds=1", "c.initializer=pytorch_default"}  # of the link to the second
CHANGES = """pause => new Promise(done => {
    let changes = 0;
    const repeated = setInterval(() => { changes += 1; }, pause);
    setTimeout(() => { clearInterval(repeated); done(changes); }, 1000);
})"""


@pytest.fixture(scope="module")
def refused(tab: Tab, server: Server) -> None:
    tab.open(f"{server.url}/{SECOND.name}?c.depth=abc&c.seed=inf&{'&'.join(sorted(USED))}")


def test_a_link_that_cannot_be_used_a_choice_in_it_and_the_way_back(refused: None, tab: Tab) -> None:
    """What is chosen is a code in the address, and what was refused is named no more, on the way back neither."""
    view = tab.view
    unused = view.locator("[data-testid='stAlert']", has_text="c.depth=abc")
    expect(unused).to_be_visible()
    before, chosen = chromium.banner(view), view.locator(".st-key-c-initializer input")
    expect(chosen).to_have_value("PyTorch default")
    chosen.click()
    view.get_by_role("option", name="Keras default").click()
    expect(view).to_have_url(re.compile("c.initializer=keras_default"))
    chromium.drawn(view)
    expect(unused).to_have_count(0)
    view.go_back()
    expect(chosen).to_have_value("PyTorch default")
    expect(view.locator(chromium.BANNER)).to_contain_text(before.split("\n")[-1])
    chromium.drawn(view)
    assert said(view.url) == USED


@pytest.fixture(scope="module")
def opened(refused: None, tab: Tab, server: Server) -> str:
    """The link to a page that is scrolled, and then left and come back to."""
    link = f"{server.url}/{FIRST.name}?z.steps=20&z.seeds=1"
    tab.go_to(link)
    return link


def test_a_chart_below_the_screen_is_drawn_when_it_comes_near_and_moves_nothing(opened: str, tab: Tab) -> None:
    charts = tab.view.locator("[data-testid='stVegaLiteChart']")
    last, height = charts.last, "e => document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight"
    assert last.locator("svg.marks").count() == 0
    before = last.evaluate(height)
    last.scroll_into_view_if_needed()
    expect(last.locator("svg.marks")).to_be_visible()
    charts.first.scroll_into_view_if_needed()
    expect(last.locator("svg.marks")).to_be_visible()
    assert last.evaluate(height) == before


def test_there_and_back(opened: str, tab: Tab, server: Server) -> None:
    """A value moved on one page is in its link, which opens as the same elsewhere; it is not the next page's, and is
    there again on the way back. The browser's own way back goes a step a page, to the settings that it was left with.
    """
    first, second, view = FIRST, SECOND, tab.view
    move(view)
    assert len(said(view.url)) == len(said(opened)) + 1
    elsewhere = completed(viewer.view(server.url, Link(first.name, urlsplit(view.url).query)))
    assert not elsewhere.error
    banner = " ".join(chromium.banner(view).split())
    assert [alert for alert in elsewhere.said if " ".join(re.sub(r"[*`]", "", alert).split()) in banner]
    left: dict[Page, tuple[str, set[str]]] = {first: (chromium.banner(view), said(view.url))}
    for page in (second, first):
        view.locator("[data-testid='stSidebarNav'] a", has_text=page_label(page.name)).click()
        expect(view.locator("h1")).to_have_text(page.title)
        chromium.drawn(view)
        assert left.setdefault(page, (chromium.banner(view), USED)) == (chromium.banner(view), said(view.url))
    for page in (second, first):
        view.go_back()
        expect(view.locator("h1")).to_have_text(page.title)
        expect(view.locator(chromium.BANNER)).to_contain_text(left[page][0].split("\n")[-1])
        chromium.drawn(view)
        assert (chromium.banner(view), said(view.url)) == left[page]
    view.go_forward()
    expect(view.locator("h1")).to_have_text(second.title)
    # Streamlit's icon of a running script, which changes every 200 ms, is slowed down, and nothing else is.
    assert view.evaluate(CHANGES, 200) <= 1
    assert view.evaluate(CHANGES, 190) >= 2
