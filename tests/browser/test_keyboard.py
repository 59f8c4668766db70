"""By the keyboard alone: everything is reached, on a page, in a menu, in a dialog and while presenting."""

from playwright.sync_api import Page as View
from playwright.sync_api import expect

from tests.browser import accessibility, chromium
from tests.browser.server import Server
from tests.browser.tab import Tab

MOST = 200  # presses of Tab; no page has so many places to go to

AT_ONCE = 10  # presses, until it is asked what they have not come to

# What can be acted on and has not had the focus; what a label stands for is that label's control. A dialog keeps the
# focus to itself.
_MARK = """() => {
    const place = document.querySelector('[data-testid="stDialog"]') ?? document;
    const all = [...place.querySelectorAll('a[href], button, input, select, textarea, [role="button"]')];
    const shown = all.filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.tabIndex >= 0);
    window.unreached = new Set(shown);
    document.addEventListener('focusin', ({ target }) => {
        const group = target.closest('[role="radiogroup"]');  // within which the arrows go on
        for (const reached of [target, ...(group?.querySelectorAll('[role="radio"]') ?? [])]) unreached.delete(reached);
    });
}"""
_LEFT = "() => [...unreached].map(e => e.getAttribute('aria-label') || e.textContent || e.name || e.type)"


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


def test_everything_is_reached_by_keyboard_and_what_opens_has_no_barriers(tab: Tab, server: Server) -> None:
    view = tab.view
    tab.open(f"{server.url}/your_network?y.seed=7&y.sizes=64-8-10")
    assert unreached(view) == []
    data = view.locator(".st-key-y-dataset [role='radio']")
    data.first.press("ArrowRight")
    expect(data.nth(1)).to_be_focused()
    tab.open(f"{server.url}/zero_init?z.steps=20&z.depth=1&z.seeds=1&z.pin=steps+10+depth+1+seeds+1")
    chromium.draw_below(view)  # what is drawn when Tab comes near is not what was there before
    assert unreached(view) == []
    for menu in (view.get_by_role("button", name="Story"), view.locator(".st-key-download button")):
        menu.press("Enter")
        chromium.drawn(view)
        assert accessibility.violations(view) == []
        assert unreached(view) == []
        view.keyboard.press("Escape")
    chromium.drawn(view)
    view.keyboard.press("p")
    view.locator(".st-key-drawer-open input").press(" ")
    chromium.drawn(view)
    assert unreached(view) == []
