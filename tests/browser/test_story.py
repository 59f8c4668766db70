"""A preset is opened from its menu, and its banner says what its title says; a key goes on to the next."""

from playwright.sync_api import expect

from pages.parts.settings import RandomInit, ZeroInit
from pages.parts.shell.story import STORY
from tests.browser import chromium
from tests.browser.server import Server
from tests.browser.tab import Tab


def test_a_scene_opens_from_its_menu_and_the_next_by_its_key(tab: Tab, server: Server) -> None:
    frozen, exploding = STORY[3:5]
    assert isinstance(frozen.settings, ZeroInit)
    assert isinstance(exploding.settings, RandomInit)
    view = tab.view
    tab.open(f"{server.url}/zero_init?z.steps=10&z.depth=1&z.seeds=1")
    view.get_by_role("button", name="Story").click()
    view.get_by_role("menuitem", name=frozen.title).click()
    banner = view.locator(".st-key-banner")
    expect(banner).to_contain_text("their weights never change")
    expect(view).to_have_url(f"{server.url}/zero_init?z.activation=relu")
    chromium.drawn(view)
    view.keyboard.press("n")
    expect(banner).to_contain_text("explodes")
    chromium.drawn(view)
    assert view.get_by_role("button", name="Next scene").count() == 1
    expect(view.locator(".st-key-banner")).to_contain_text(f"of {len(STORY)}")
    assert f"{server.url}/random_init" in view.url
