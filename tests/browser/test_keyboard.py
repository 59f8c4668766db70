"""By the keyboard alone: everything is reached, on a page, in a dialog and while presenting, where the story is told.

On *Your network*, with its choices of one in many and its files: where these are uploaded.
"""

import pytest
from playwright.sync_api import Page as View
from playwright.sync_api import expect

from pages.parts.settings import RandomInit, ZeroInit
from pages.parts.shell.story import STORY
from tests.browser import accessibility, chromium
from tests.browser.keyboard import unreached
from tests.browser.server import Server
from tests.browser.tab import Tab, said

DIALOG = "[data-testid='stDialog']"
PIN = "z.pin=steps+10+depth+1+seeds+1"


@pytest.fixture(scope="module")
def view(tab: Tab, server: Server) -> View:
    tab.go_to(f"{server.url}/zero_init?z.steps=20&z.depth=1&z.seeds=1&{PIN}")
    return tab.view


def test_everything_is_reached_by_keyboard_and_a_dialog_has_no_barriers(view: View) -> None:
    with chromium.all_drawn(view):  # what is drawn when Tab comes near is not what was there before
        assert unreached(view) == []
    view.locator(".st-key-download button").press("Enter")
    expect(view.locator(DIALOG).get_by_test_id("stFileUploader")).to_be_visible()
    chromium.drawn(view)
    assert accessibility.violations(view, within=DIALOG) == []
    assert unreached(view, DIALOG) == []
    view.keyboard.press("Escape")
    expect(view.locator(DIALOG)).to_have_count(0)


def test_while_presenting_controls_are_reached_and_a_scene_opens_from_its_menu_and_the_next_by_its_key(
    view: View,
) -> None:
    """Its banner says what its title says."""
    frozen, exploding = STORY[3:5]
    assert isinstance(frozen.settings, ZeroInit)
    assert isinstance(exploding.settings, RandomInit)
    view.keyboard.press("p")
    drawer = view.locator(".st-key-drawer-open input")
    drawer.press(" ")
    chromium.drawn(view)
    assert unreached(view, ".st-key-bar, .st-key-drawer") == []
    drawer.press(" ")
    chromium.drawn(view)

    view.get_by_role("button", name="Story").press("Enter")
    scene = view.get_by_role("menuitem", name=frozen.title)
    expect(scene).to_be_visible()
    assert accessibility.violations(view, within="[role='menu']") == []
    for _ in range(len(STORY)):
        view.keyboard.press("ArrowDown")
        if scene.evaluate("scene => scene === document.activeElement"):
            break
    view.keyboard.press("Enter")
    banner = view.locator(".st-key-banner")
    expect(banner).to_contain_text("their weights never change")
    assert said(view.url) == {"z.activation=relu", "present=true", PIN}
    chromium.drawn(view)
    view.keyboard.press("n")
    expect(banner).to_contain_text("explodes")
    chromium.drawn(view)
    assert view.get_by_role("button", name="Next scene").count() == 1
    expect(view.locator(".st-key-banner")).to_contain_text(f"of {len(STORY)}")
    assert "/random_init" in view.url
