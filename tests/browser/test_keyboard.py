"""By the keyboard alone: everything is reached, on a page, in a menu, in a dialog and while presenting.

On *Your network*, with its choices of one in many and its files: where these are uploaded.
"""

from tests.browser import accessibility, chromium
from tests.browser.keyboard import unreached
from tests.browser.server import Server
from tests.browser.tab import Tab


def test_everything_is_reached_by_keyboard_and_what_opens_has_no_barriers(tab: Tab, server: Server) -> None:
    view = tab.view
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
