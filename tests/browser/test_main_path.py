"""What a viewer does: move a slider, look at another page, and come back, also to a link that cannot be used."""

import re

from playwright.sync_api import expect

from pages.parts.shell.routes import BY_NAME, PAGES, Page
from tests.browser import chromium
from tests.browser.server import Server
from tests.browser.tab import Tab, move, said

QUICK = "?{0}.steps=20&{0}.seeds=1"  # what is trained here is not looked at for long
CHANGES = """pause => new Promise(done => {
    let changes = 0;
    const repeated = setInterval(() => { changes += 1; }, pause);
    setTimeout(() => { clearInterval(repeated); done(changes); }, 1000);
})"""


def test_there_and_back(tab: Tab, server: Server) -> None:
    """A value moved on one page is not the next page's, and is there again on the way back; the browser's own way back
    goes a step a page, to the settings that it was left with.
    """
    first, second, view = PAGES[1], PAGES[4], tab.view
    tab.open(f"{server.url}/{first.url_path}{QUICK.format(first.prefix)}")
    move(view)
    left: dict[Page, tuple[str, set[str]]] = {first: (chromium.banner(view), said(view.url))}
    for page in (second, first):
        view.locator("[data-testid='stSidebarNav'] a", has_text=page.nav).click()
        expect(view.locator("h1")).to_have_text(page.title)
        chromium.drawn(view)
        assert left.setdefault(page, (chromium.banner(view), {""})) == (chromium.banner(view), said(view.url))
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


def test_a_link_that_cannot_be_used_a_choice_in_it_and_the_way_back(tab: Tab, server: Server) -> None:
    """What is chosen is a code in the address, and what was refused is named no more, on the way back neither."""
    view, kept = tab.view, "r.steps=20&r.seeds=1&r.initializer=pytorch_default"
    tab.open(f"{server.url}/random_init?r.depth=abc&r.seed=inf&{kept}")
    refused = view.locator("[data-testid='stAlert']", has_text="r.depth=abc")
    expect(refused).to_be_visible()
    before, chosen = chromium.banner(view), view.locator(".st-key-r-initializer input")
    expect(chosen).to_have_value("PyTorch default")
    chosen.click()
    view.get_by_role("option", name="Keras default").click()
    expect(view).to_have_url(re.compile("r.initializer=keras_default"))
    chromium.drawn(view)
    expect(refused).to_have_count(0)
    view.go_back()
    expect(chosen).to_have_value("PyTorch default")
    expect(view.locator(chromium.BANNER)).to_contain_text(before.split("\n")[-1])
    chromium.drawn(view)
    assert said(view.url) == set(kept.split("&"))


def test_a_chart_below_the_screen_is_drawn_when_it_comes_near_and_moves_nothing(tab: Tab, server: Server) -> None:
    view, page = tab.view, BY_NAME["zero_init"]
    tab.become_desk()
    view.goto(f"{server.url}/{page.url_path}{QUICK.format(page.prefix)}")
    chromium.drawn(view)
    charts = view.locator("[data-testid='stVegaLiteChart']")
    last, height = charts.last, "e => document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight"
    assert last.locator("svg.marks").count() == 0
    before = last.evaluate(height)
    last.scroll_into_view_if_needed()
    expect(last.locator("svg.marks")).to_be_visible()
    charts.first.scroll_into_view_if_needed()
    expect(last.locator("svg.marks")).to_be_visible()
    assert last.evaluate(height) == before
