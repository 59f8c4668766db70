"""What is wrong with a page on a phone: it scrolls sideways, a word is cut off, or a chart has no room."""

from __future__ import annotations

from playwright.sync_api import Page as View
from playwright.sync_api import expect

from tests.browser import chromium

SCREEN = {"width": 390, "height": 844}
SHEET = 0.55 * SCREEN["height"]  # pixels from the top, where the controls begin when they are open
PLOT = 0.6  # of a chart's width, at the least, is between its axis and its right edge

_CUT = """() => [...document.querySelectorAll('h1, h2, [data-testid="stPageLink"] p, .st-key-tools p')]
    .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"""
_OUTSIDE = """() => [...document.querySelectorAll('svg.marks')].flatMap(picture => {
    const { left, right } = picture.getBoundingClientRect();
    return [...picture.querySelectorAll('text')].filter(word => {
        const place = word.getBoundingClientRect();
        const said = word.checkVisibility({ opacityProperty: true }) ? word.textContent : '';
        return said && (place.left < left - 3 || place.right > right + 3 || said.endsWith('…'));
    }).map(word => `${word.textContent} does not fit in`);
})"""
_MENU = """() => [...document.querySelectorAll('[role="menuitem"]')]
    .filter(e => e.scrollHeight > e.clientHeight + 1 || e.getBoundingClientRect().right > innerWidth
        || [e, ...e.querySelectorAll('*')].some(word => word.clientWidth && word.scrollWidth > word.clientWidth + 1))
    .map(e => `${e.textContent} is cut off in its menu`)"""
_NARROW = """least => [...document.querySelectorAll('svg.marks:has(.mark-line.role-mark path)')]
    .map(e => [e.querySelector('path.background').getBoundingClientRect().width / e.getBoundingClientRect().width,
        e.closest('[data-testid="stElementContainer"]').previousElementSibling?.textContent])
    .filter(([share]) => share < least)"""


def faults(view: View) -> list[object]:
    """A line each, of what stands on the page."""
    wide = view.evaluate("document.scrollingElement.scrollWidth")
    found = [
        *([f"{wide} pixels wide"] if wide > SCREEN["width"] else []),
        *view.evaluate(_CUT),
        *view.evaluate(_OUTSIDE),
        *view.evaluate(_NARROW, PLOT),
    ]
    if keys := view.locator("kbd").filter(visible=True).all_inner_texts():
        found.append(f"hints at keys: {keys}")
    view.locator("h1").scroll_into_view_if_needed()
    banner = view.locator(chromium.BANNER).bounding_box()
    if not 0 <= banner["y"] < banner["y"] + banner["height"] <= SHEET:
        found.append("the banner is not above the controls")
    return found


def faults_of_panels(view: View) -> list[object]:
    """A line each, of the controls and the menu of the story, which are opened for it and closed again."""
    found = []
    view.get_by_test_id("stExpandSidebarButton").click()
    sheet = view.get_by_test_id("stSidebar")
    expect(sheet.locator(".st-key-controls label").first).to_be_visible()
    if sheet.bounding_box()["y"] < SHEET - 1:
        found.append("the controls are over the banner")
    sheet.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    view.get_by_role("button", name="Story").click()
    expect(view.get_by_role("menuitem").first).to_be_visible()
    found += view.evaluate(_MENU)
    view.keyboard.press("Escape")
    return found
