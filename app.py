"""The router: which pages there are, and which one this link asks for."""

import pages.parts.preload  # noqa: F401 by one thread
from pages.parts.serving import memory, waiting
from pages.parts.shell import browser, routes

with waiting.take_turn():
    page = routes.navigation()
    browser.change_behavior()
    try:
        routes.run(page)
    finally:
        memory.freeze_gc()
