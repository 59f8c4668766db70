"""The router: which pages there are, and which one this link asks for."""

from pages.parts.serving import failure, memory, runs
from pages.parts.shell import routes

page = routes.navigation()
try:
    with failure.report_errors(page.url_path), runs.prefetch_scope():
        page.run()
finally:
    memory.freeze_gc()
