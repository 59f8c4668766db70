"""What is wrong with a page while presenting: what stands on the first screen, and how large it is drawn."""

from __future__ import annotations

from playwright.sync_api import Page as View
from playwright.sync_api import expect

from tests.browser import chromium

SCREENS = ((1920, 1080), (1280, 720))
TEXT, LINE = 20, 3  # pixels, at the least
CHART = 0.45  # of the screen's height, at the least
MAIN_CHART = "[class*='st-key-figure'] svg.marks"
WITHOUT_MAIN_CHART = {"claims"}
WITHOUT_LINES = {"claims", "your_network"}  # pictures, and dots with their intervals

# Words are measured where they are drawn, those of charts too, and in the drawer of controls though it is closed;
# exponents are a part of a formula, and icons are a font.
_SMALL = """smallest => {
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode.data.replaceAll('\\u200b', '').trim();
        const holder = walker.currentNode.parentElement;
        const shown = holder.checkVisibility({ visibilityProperty: true }) && holder.getClientRects().length
            || holder.closest('.st-key-drawer');
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
_LINES = "document.querySelectorAll('.mark-line.role-mark path').length"
_CANVASES = "document.querySelectorAll('canvas').length"


def box(view: View, selector: str) -> dict[str, float]:
    found = view.locator(selector).first.bounding_box()
    assert found, f"no {selector} on {view.url}"
    return dict(found)


def faults(view: View, page: str, screens: tuple[tuple[int, int], ...]) -> list[object]:
    """A line each, on each of the screens."""
    found: list[object] = []
    for width, height in screens:
        view.set_viewport_size({"width": width, "height": height})
        view.wait_for_timeout(200)
        chromium.drawn(view)
        found += [(width, fault) for fault in faults_of_screen(view, page not in WITHOUT_MAIN_CHART)]
    if view.evaluate(_CANVASES):
        found.append("there are canvases, in which nothing can be measured")
    if page not in WITHOUT_LINES and not view.evaluate(_LINES):
        found.append("there are no lines")
    return found


def faults_of_drawer(view: View, page: str) -> list[object]:
    """A line each; the controls are opened for it and closed again."""
    controls = view.locator(".st-key-drawer-open label")
    controls.click()
    expect(view.locator(".st-key-controls label").first).to_be_visible()
    chromium.drawn(view)
    view.wait_for_timeout(200)
    found = view.evaluate(_SMALL, TEXT)
    for selector in (chromium.BANNER, *([] if page in WITHOUT_MAIN_CHART else [MAIN_CHART])):
        place = box(view, selector)
        if place["x"] + place["width"] > box(view, ".st-key-drawer")["x"]:
            found.append(f"the controls are over {selector}")
    controls.click()
    view.locator("h1").click()  # gives the keys back
    return found


def faults_of_screen(view: View, main_chart: bool) -> list[object]:
    """What is too small, too thin or not on the first screen."""
    width, height = view.viewport_size["width"], view.viewport_size["height"]
    found: list[object] = [
        *view.evaluate(_SMALL, TEXT),
        *view.evaluate(_THIN, LINE),
    ]
    if view.evaluate("document.scrollingElement.scrollWidth") > width:
        found.append("scrolls sideways")
    shown = ["h1", chromium.BANNER, *([MAIN_CHART] if main_chart else [])]
    for selector in shown:
        place = box(view, selector)
        if place["y"] < 0 or place["y"] + place["height"] > height:
            found.append(f"{selector} is not on the first screen: {place}")
    if main_chart and place["height"] < CHART * height:
        found.append(f"the main chart is {place['height']:.0f} pixels high")
    return found
