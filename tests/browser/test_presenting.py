"""Presenting: what stands on the first screen, how large it is drawn, and the keys, in a walk through all pages."""

import re

from playwright.sync_api import Page as View
from playwright.sync_api import expect

from pages.parts.shell.routes import BY_NAME
from tests.browser import chromium
from tests.browser.server import Server
from tests.browser.tab import Tab

SCREENS = ((1920, 1080), (1280, 720))
TEXT, LINE = 20, 3  # pixels, at the least
CHART = 0.45  # of the screen's height, at the least
WITHOUT_MAIN_CHART = {"claims"}
WITHOUT_LINES = {"claims", "your_network"}  # pictures, and dots with their intervals

# Words are measured where they are drawn, those of charts too; exponents are a part of a formula, and icons are a font.
_SMALL = """smallest => {
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode.data.replaceAll('\\u200b', '').trim();
        const holder = walker.currentNode.parentElement;
        const shown = holder.checkVisibility({ visibilityProperty: true }) && holder.getClientRects().length;
        if (!text || !shown || holder.closest('style, script, title, .katex-mathml')) continue;
        const size = parseFloat(getComputedStyle(holder).fontSize);
        if (size < smallest) found.add(`${size}: ${text.slice(0, 40)}`);
    }
    return [...found];
}"""
_THIN = """least => [...document.querySelectorAll('.mark-line.role-mark path, .mark-rule.role-mark line')]
    .map(line => [parseFloat(getComputedStyle(line).strokeWidth),
        line.closest('[data-testid="stElementContainer"]').previousElementSibling?.textContent])
    .filter(([width]) => !(width >= least))"""
# What is a picture is measured by what is written in it, and how much larger it is shown.
_PICTURES = """async ([letters, line]) => {
    const found = [];
    for (const picture of document.querySelectorAll('[data-testid="stImage"] img')) {
        const drawing = await (await fetch(picture.src)).text(), scale = picture.clientWidth / picture.naturalWidth;
        const drawn = new DOMParser().parseFromString(drawing, 'image/svg+xml');
        const least = name => scale * Math.min(...[...drawn.querySelectorAll(`[${name}]`)]
            .filter(e => !(parseFloat(e.getAttribute('opacity')) < 0.5)).map(e => parseFloat(e.getAttribute(name))));
        if (!(least('font-size') >= letters)) found.push(`letters of ${least('font-size')} in ${picture.alt}`);
        if (least('stroke-width') < line) found.push(`lines of ${least('stroke-width')} in ${picture.alt}`);
    }
    return found;
}"""
_LINES = "document.querySelectorAll('.mark-line.role-mark path').length"
_WATCH = """step => {
    window.seen = [];
    new MutationObserver(() => { if (seen.at(-1) !== step.textContent) seen.push(step.textContent); })
        .observe(step, { childList: true, characterData: true, subtree: true });
}"""
_CANVASES = "document.querySelectorAll('canvas').length"  # in which nothing could be measured


def box(view: View, selector: str) -> dict[str, float]:
    found = view.locator(selector).first.bounding_box()
    assert found, f"no {selector} on {view.url}"
    return dict(found)


def faults(view: View, main_chart: bool) -> list[object]:
    """What is too small, too thin or not on the first screen."""
    width, height = view.viewport_size["width"], view.viewport_size["height"]
    found: list[object] = [
        *view.evaluate(_SMALL, TEXT),
        *view.evaluate(_THIN, LINE),
        *view.evaluate(_PICTURES, [TEXT, LINE]),
    ]
    if view.evaluate("document.scrollingElement.scrollWidth") > width:
        found.append("scrolls sideways")
    shown = ["h1", chromium.BANNER, *(["[class*='st-key-figure'] svg.marks"] if main_chart else [])]
    for selector in shown:
        place = box(view, selector)
        if place["y"] < 0 or place["y"] + place["height"] > height:
            found.append(f"{selector} is not on the first screen: {place}")
    if main_chart and place["height"] < CHART * height:
        found.append(f"the main chart is {place['height']:.0f} pixels high")
    return found


def test_what_is_shown_is_large_enough_and_on_the_first_screen(tab: Tab, server: Server) -> None:
    view = tab.view
    tab.open(f"{server.url}/")
    view.keyboard.press("p")
    expect(view).to_have_url(f"{server.url}/?present=true")
    found: dict[tuple[str, int], list[object]] = {}
    screens = list(SCREENS)
    for page in tab.pages(lambda view: view.keyboard.press("ArrowRight")):
        for gone in ("stSidebar", "stHeader"):
            expect(view.get_by_test_id(gone)).to_be_hidden()
        screens.reverse()  # from the one that the page before was left on
        for width, height in screens:
            view.set_viewport_size({"width": width, "height": height})
            view.wait_for_timeout(200)
            chromium.drawn(view)
            found[page.name, width] = faults(view, page.name not in WITHOUT_MAIN_CHART)
        controls = view.locator("[data-testid='stPopover'] button", has_text="Controls")
        controls.click()
        expect(view.locator(".st-key-controls label").first).to_be_visible()
        found[page.name, 0] = view.evaluate(_SMALL, TEXT)
        controls.click()
        assert view.evaluate(_CANVASES) == 0
        assert page.name in WITHOUT_LINES or view.evaluate(_LINES) > 0
    assert {place: what for place, what in found.items() if what} == {}


def test_the_keys_and_the_controls(tab: Tab, server: Server) -> None:
    """P keeps what is shown; controls are the same in the popover, and a slider in use has the arrows to itself."""
    link = f"{server.url}/clipping?c.threshold=5&c.steps=40&c.depth=4&c.seeds=1"
    tab.open(link)
    view = tab.view
    said = chromium.banner(view)
    view.keyboard.press("p")
    expect(view.get_by_test_id("stSidebar")).to_be_hidden()
    chromium.drawn(view)
    assert chromium.banner(view) == said
    assert set(view.url.partition("?")[2].split("&")) == {*link.partition("?")[2].split("&"), "present=true"}
    view.get_by_test_id("stPopover").get_by_role("button", name="Controls").click()
    view.locator(".st-key-controls .st-key-c-depth input[type='range']").press("ArrowRight")
    expect(view).to_have_url(re.compile("c.depth=5"))
    view.wait_for_function(
        "([where, was]) => document.querySelector(where).innerText !== was", arg=[chromium.BANNER, said]
    )
    expect(view.locator("h1")).to_have_text(BY_NAME["clipping"].title)
    view.keyboard.press("Escape")
    for key, name in (("ArrowRight", "claims"), ("ArrowLeft", "clipping")):
        view.keyboard.press(key)
        expect(view.locator("h1")).to_have_text(BY_NAME[name].title)
        chromium.drawn(view)
        assert "present=true" in view.url
    view.keyboard.press("p")
    expect(view.get_by_test_id("stSidebar")).to_be_visible()
    chromium.drawn(view)
    assert sorted(view.url.partition("?")[2].split("&")) == ["c.depth=5", "c.seeds=1", "c.steps=40", "c.threshold=5"]


def test_playing_asks_the_server_for_nothing(tab: Tab, server: Server) -> None:
    """The play button runs from the first recorded step to the last, by keyboard, and ends there."""
    tab.open(f"{server.url}/zero_init?present=true")
    view = tab.view
    main = view.locator(".st-key-figure-rows")
    step = main.locator("text", has_text="at training step")
    play = main.get_by_role("checkbox", name="Play")
    last, sent = str(step.text_content()), tab.sent
    step.evaluate(_WATCH)
    play.press(" ")
    expect(play).not_to_be_checked()
    seen = [int(text.rpartition(" ")[2]) for text in view.evaluate("seen")]
    assert len(seen) > 5
    assert seen == sorted({0, *seen})
    assert last == f"at training step {seen[-1]}"
    expect(step).to_have_text(last)
    main.get_by_role("slider", name="Recorded step").press("ArrowLeft")
    expect(step).not_to_have_text(last)
    expect(view.locator("h1")).to_have_text(BY_NAME["zero_init"].title)
    assert tab.sent == sent
