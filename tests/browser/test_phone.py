"""On a phone nothing scrolls sideways, no word is cut off and lines keep their place, in a walk through all pages."""

from contextlib import closing

from playwright.sync_api import Browser, expect

from tests.browser import accessibility, chromium
from tests.browser.server import Server
from tests.browser.walking import follow_next_link, walk

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PLOT = 0.6  # of a chart's width, at the least, is between its axis and its right edge

_WIDTH = "document.scrollingElement.scrollWidth"
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
    .filter(e => e.scrollHeight > e.clientHeight + 1 || e.getBoundingClientRect().right > innerWidth)
    .map(e => `${e.textContent} is cut off in its menu`)"""
_NARROW = """least => [...document.querySelectorAll('svg.marks:has(.mark-line.role-mark path)')]
    .map(e => [e.querySelector('path.background').getBoundingClientRect().width / e.getBoundingClientRect().width,
        e.closest('[data-testid="stElementContainer"]').previousElementSibling?.textContent])
    .filter(([share]) => share < least)"""


def test_a_phone_shows_every_page(browser: Browser, server: Server) -> None:
    found: dict[str, list[object]] = {}
    with closing(chromium.new(browser, **PHONE)) as phone, walk(phone, f"{server.url}/") as walked:
        view = walked.view
        for page in walked.pages(follow_next_link):
            wide = view.evaluate(_WIDTH)
            found[page.name] = [
                *([f"{wide} pixels wide"] if wide > PHONE["viewport"]["width"] else []),
                *view.evaluate(_CUT),
                *view.evaluate(_OUTSIDE),
                *view.evaluate(_NARROW, PLOT),
                *accessibility.violations(view),
            ]
            view.get_by_role("button", name="Story").click()
            expect(view.get_by_role("menuitem").first).to_be_visible()
            found[page.name] += view.evaluate(_MENU)
            view.keyboard.press("Escape")
    assert {name: what for name, what in found.items() if what} == {}
