"""The router: which pages there are, and which one this link asks for."""

import pages.parts  # by itself, before what is in it: who comes second waits here and holds no module that others need

pages.parts.memory.import_parts()

from pages.parts.serving import failure, memory, runs  # noqa: E402
from pages.parts.shell import routes  # noqa: E402

page = routes.navigation()
try:
    with failure.report_errors(page.url_path), runs.prefetch_scope():
        page.run()
finally:
    memory.freeze_gc()
