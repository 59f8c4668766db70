"""The router: which pages there are, and which one this link asks for."""

from pages.parts import failure, memory, routes

page = routes.navigation()
try:
    with failure.told(page.url_path):
        page.run()
finally:
    memory.leave_imports_out()
