"""What a viewer does: move a slider, look at another page, and come back, also to a link that cannot be used."""

import re

from playwright.sync_api import expect

from pages.parts.shell.routes import PAGES
from tests.browser import chromium
from tests.browser.server import Server
from tests.browser.tab import Tab, move, said

QUICK = "?{0}.steps=20&{0}.seeds=1"  # what is trained here is not looked at for long


def test_there_and_back(tab: Tab, server: Server) -> None:
    """A value moved on one page is not the next page's, and is there again on the way back; the browser's own way back
    goes a step a page, to the settings that it was left with.
    """
    first, second, view = PAGES[1], PAGES[4], tab.view
    tab.open(f"{server.url}/{second.url_path}")
    fresh = chromium.banner(view), said(view.url)
    tab.open(f"{server.url}/{first.url_path}{QUICK.format(first.prefix)}")
    move(view)
    left = {first: (chromium.banner(view), said(view.url)), second: fresh}
    for page in (second, first):
        view.locator("[data-testid='stSidebarNav'] a", has_text=page.nav).click()
        expect(view.locator("h1")).to_have_text(page.title)
        chromium.drawn(view)
        assert (chromium.banner(view), said(view.url)) == left[page]
    for page in (second, first):
        view.go_back()
        expect(view.locator("h1")).to_have_text(page.title)
        expect(view.locator(chromium.BANNER)).to_contain_text(left[page][0].split("\n")[-1])
        chromium.drawn(view)
        assert (chromium.banner(view), said(view.url)) == left[page]
    view.go_forward()
    expect(view.locator("h1")).to_have_text(second.title)


def test_back_to_a_link_that_cannot_be_used(tab: Tab, server: Server) -> None:
    view = tab.view
    tab.open(f"{server.url}/random_init?r.depth=abc&r.seed=inf&r.steps=20&r.seeds=1")
    named = view.locator("[data-testid='stAlert']", has_text="r.depth=abc")
    expect(named).to_be_visible()
    before = chromium.banner(view)
    move(view)
    expect(named).to_have_count(0)
    view.go_back()
    expect(view.locator(chromium.BANNER)).to_contain_text(before.split("\n")[-1])
    chromium.drawn(view)
    assert said(view.url) == {"r.steps=20", "r.seeds=1"}


def test_a_chosen_option_is_a_code_in_the_address_and_back_undoes_it(tab: Tab, server: Server) -> None:
    view, link = tab.view, "r.steps=20&r.seeds=1&r.initializer=pytorch_default"
    tab.open(f"{server.url}/random_init?{link}")
    shown = view.locator(".st-key-r-initializer input")
    expect(shown).to_have_value("PyTorch default")
    shown.click()
    view.get_by_role("option", name="Keras default").click()
    expect(view).to_have_url(re.compile("r.initializer=keras_default"))
    chromium.drawn(view)
    view.go_back()
    expect(shown).to_have_value("PyTorch default")
    chromium.drawn(view)
    assert said(view.url) == set(link.split("&"))
