"""The router: which pages there are, and which one this link asks for."""

from pages.parts.serving import failure, memory, runs
from pages.parts.shell import routes

page = routes.navigation()
try:
    with failure.told(page.url_path), runs.asking_ahead():
        page.run()
finally:
    memory.leave_imports_out()
