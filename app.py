"""The router: which pages there are, and which one this link asks for."""

import pages.parts.preload  # noqa: F401 by one thread
from pages.parts.serving import memory, waiting
from pages.parts.shell import browser, failure, routes

with waiting.take_turn():
    page = routes.navigation()
    browser.change_behavior()
    try:
        with failure.report_errors(page.url_path, routes.SETTING_PREFIXES):
            page.run()
    finally:
        memory.freeze_gc()
