"""Pictures of every page, for people to look at: `python -m tests.browser.screenshots FOLDER [--pages overview,…]`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from pages.parts.shell.routes import PAGES, Page
from tests.browser import chromium
from tests.browser.server import Server

SCREENS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "projector": {"viewport": {"width": 1920, "height": 1080}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}


def shoot(browser: Browser, server: Server, page: Page, screen: str, scheme: str, folder: Path) -> None:
    query = "?present=true" if screen == "projector" else ""
    view = chromium.opened(browser, f"{server.url}/{page.name}{query}", color_scheme=scheme, **SCREENS[screen])
    view.wait_for_timeout(300)  # for transitions to end
    view.screenshot(path=folder / f"{page.name}-{screen}-{scheme}.png")
    # Streamlit scrolls within the window: what is to be shown whole needs a window that is tall enough.
    height = view.locator("[data-testid='stMainBlockContainer']").evaluate("e => Math.ceil(e.scrollHeight)")
    view.set_viewport_size({**SCREENS[screen]["viewport"], "height": max(height + 60, 600)})
    view.wait_for_timeout(300)
    chromium.drawn(view)
    view.screenshot(path=folder / f"{page.name}-{screen}-{scheme}-full.png")
    view.context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", default=",".join(page.name for page in PAGES), help="names, with commas between")
    parser.add_argument("--screens", default=",".join(SCREENS), help="names, with commas between")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    wanted = [page for page in PAGES if page.name in arguments.pages.split(",")]
    with chromium.launched() as browser, Server() as server:
        for page in wanted:
            for screen in arguments.screens.split(","):
                for scheme in ("light", "dark"):
                    shoot(browser, server, page, screen, scheme, arguments.folder)
                    print(f"{page.name}, {screen}, {scheme}", flush=True)


if __name__ == "__main__":
    main()
