"""No barriers: axe-core, words for every chart, and the keyboard, in a walk through all pages, on a dark desk."""

from playwright.sync_api import BrowserContext
from playwright.sync_api import Page as View

from tests.browser import accessibility, chromium
from tests.browser.server import Server
from tests.browser.walking import follow_next_link, walk

MOST = 200  # presses of Tab; no page has so many places to go to

AT_ONCE = 10  # presses, until it is asked what they have not come to

# What can be acted on and has not had the focus; what a label stands for is that label's control. A dialog keeps the
# focus to itself.
_MARK = """() => {
    const place = document.querySelector('[data-testid="stDialog"]') ?? document;
    const all = [...place.querySelectorAll('a[href], button, input, select, textarea, [role="button"]')];
    const shown = all.filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.tabIndex >= 0);
    window.unreached = new Set(shown);
    document.addEventListener('focusin', event => unreached.delete(event.target));
}"""
_LEFT = "() => [...unreached].map(e => e.getAttribute('aria-label') || e.textContent || e.name || e.type)"


def test_a_dark_page_has_no_barriers(desk: BrowserContext, server: Server) -> None:
    found: dict[str, list[str]] = {}
    with walk(desk, f"{server.url}/", "dark") as walked:
        for page in walked.pages(follow_next_link):
            found[page.name] = [*accessibility.violations(walked.view), *accessibility.speechless(walked.view)]
    assert {name: what for name, what in found.items() if what} == {}


def unreached(view: View) -> list[str]:
    """What the Tab key does not come to."""
    view.evaluate(_MARK)
    left: list[str] = view.evaluate(_LEFT)
    assert left
    for _ in range(0, MOST, AT_ONCE):
        for _ in range(AT_ONCE):
            view.keyboard.press("Tab")
        left = view.evaluate(_LEFT)
        if not left:
            break
    return left


def test_everything_is_reached_by_keyboard_and_what_opens_has_no_barriers(desk: BrowserContext, server: Server) -> None:
    with walk(desk, f"{server.url}/your_network?y.sizes=64-8-10") as walked:
        assert unreached(walked.view) == []
        walked.open(f"{server.url}/zero_init?z.steps=20&z.depth=1&z.pin=steps+10+depth+1")
        assert unreached(walked.view) == []
        for menu in ("Story", "Take away"):
            walked.view.get_by_role("button", name=menu).press("Enter")
            chromium.drawn(walked.view)
            assert accessibility.violations(walked.view) == []
            assert unreached(walked.view) == []
            walked.view.keyboard.press("Escape")
        chromium.drawn(walked.view)
        walked.view.keyboard.press("p")
        walked.view.get_by_test_id("stPopover").get_by_role("button", name="Controls").press("Enter")
        chromium.drawn(walked.view)
        assert unreached(walked.view) == []
