"""Imports all parts of pages at one go, before app and pages import anything else of ours.

Two threads that import a package from two ends wait for each other half way, and Python then lets one of them see a
module that is only half there, as with the first viewers of a new server. So whoever comes second waits here, and
holds no module that others need.
"""

import importlib
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve()


def list_modules() -> Iterator[str]:
    """The names of all modules below this folder but this one."""
    for path in sorted(HERE.parent.rglob("*.py")):
        if path != HERE:
            names = path.relative_to(HERE.parent).with_suffix("").parts
            yield ".".join(["pages.parts", *names]).removesuffix(".__init__")


# Python lets no second thread past an import of this module before all of these are there.
for module in list_modules():
    importlib.import_module(module)
