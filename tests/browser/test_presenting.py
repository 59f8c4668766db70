"""Presenting: the keys, the controls, and playing a chart."""

import re

import pytest
from playwright.sync_api import Page as View
from playwright.sync_api import expect

from pages.parts.shell.routes import BY_NAME
from tests.browser import chromium
from tests.browser.server import Server
from tests.browser.tab import Tab

SET = {"c.threshold=5", "c.steps=40", "c.depth=4", "c.seeds=1"}
_WATCH = """chart => {
    window.seen = [];
    const words = () => [...chart.querySelectorAll('text')].map(text => text.textContent);
    new MutationObserver(() => seen.push(...words().filter(text => / steps?$/.test(text) && seen.at(-1) !== text)))
        .observe(chart, { childList: true, characterData: true, subtree: true });
}"""


@pytest.fixture(scope="module")
def view(tab: Tab, server: Server) -> View:
    """Opened once: full screen leaves the page as it was, and then the keys are tried, which come to one that was open
    before.
    """
    tab.go_to(f"{server.url}/zero_init?z.steps=60&z.depth=1&z.seeds=1")
    tab.go_to(f"{server.url}/clipping?{'&'.join(sorted(SET))}")
    return tab.view


def test_full_screen_keeps_banner_and_title(view: View) -> None:
    view.locator(".st-key-figure-loss").hover()
    view.locator(".st-key-figure-loss").get_by_role("button", name="Fullscreen").click()
    expect(view.locator(".st-key-figure-loss").get_by_role("button", name="Close fullscreen")).to_be_visible()
    chart = view.locator(".st-key-figure-loss svg.marks").bounding_box()
    for above in (chromium.BANNER, ".st-key-figure-loss h2"):
        words = view.locator(above).bounding_box()
        assert 0 <= words["y"] < words["y"] + words["height"] <= chart["y"]
    assert chart["y"] + chart["height"] <= view.viewport_size["height"]
    view.keyboard.press("Escape")
    expect(view.locator(".st-key-figure-loss").get_by_role("button", name="Close fullscreen")).to_have_count(0)


def test_the_keys_and_the_controls(view: View, tab: Tab) -> None:
    """P keeps what is shown; controls are the same in the drawer, and a slider in use has the arrows to itself.

    One that was moved with the mouse does not keep them. On the way a chart is played.
    """
    said = chromium.banner(view)
    view.keyboard.press("p")
    expect(view).to_have_url(re.compile("present=true"))
    expect(view.get_by_test_id("stSidebar")).to_be_hidden()
    chromium.drawn(view)
    assert chromium.banner(view) == said
    assert set(view.url.partition("?")[2].split("&")) == {*SET, "present=true"}
    view.locator(".st-key-drawer-open label").click()
    view.locator(".st-key-controls .st-key-c-depth input[type='range']").press("ArrowRight")
    expect(view).to_have_url(re.compile("c.depth=5"))
    view.wait_for_function(
        "([where, was]) => document.querySelector(where).innerText !== was", arg=[chromium.BANNER, said]
    )
    expect(view.locator("h1")).to_have_text(BY_NAME["clipping"].title)
    view.locator(".st-key-drawer .st-key-c-depth input[type='range']").click(force=True)
    expect(view).not_to_have_url(re.compile("c.depth=5&|c.depth=5$"))
    chromium.drawn(view)
    moved = {*view.url.partition("?")[2].split("&")} - {"present=true"}
    for key, name in (("ArrowLeft", "zero_init"), ("ArrowRight", "clipping")):  # by three pages, as quickly as can be
        for _ in range(3):
            view.keyboard.press(key)
        expect(view.locator("h1")).to_have_text(BY_NAME[name].title)
        chromium.drawn(view)
        assert "present=true" in view.url
        if name == "zero_init":
            assert_playing_asks_the_server_for_nothing(tab)
            view.locator("h1").click()  # gives the arrows back
    view.keyboard.press("p")
    expect(view.get_by_test_id("stSidebar")).to_be_visible()
    chromium.drawn(view)
    assert {*view.url.partition("?")[2].split("&")} == moved
    assert SET - {"c.depth=4"} < moved


def assert_playing_asks_the_server_for_nothing(tab: Tab) -> None:
    """The play button runs from the first recorded step to the last, by keyboard, and ends there."""
    view = tab.view
    main = view.locator(".st-key-figure-rows")
    step = main.locator("text", has_text=re.compile(" steps?$"))
    play = main.get_by_role("checkbox", name="Play")
    last, sent = str(step.text_content()), tab.sent
    main.evaluate(_WATCH)
    play.press(" ")
    expect(play).not_to_be_checked()
    seen = view.evaluate("seen")
    seen = seen[seen.index("before the first step") + 1 :]
    assert seen == sorted(dict.fromkeys(seen), key=lambda words: int(words.split()[1]))
    assert len(seen) > 4
    assert last == seen[-1]
    expect(step).to_have_text(last)
    main.get_by_role("slider", name="Recorded step").press("ArrowLeft")
    expect(step).not_to_have_text(last)
    expect(view.locator("h1")).to_have_text(BY_NAME["zero_init"].title)
    assert tab.sent == sent
