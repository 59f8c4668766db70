"""Memory: what was needed for a while is let go of, by threads and by viewers' sessions."""

import ast
import gc
import subprocess
import sys
import weakref
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import Result
from pages.parts.serving import runs
from pages.parts.serving.memory import ARENAS
from pages.parts.settings import BY_PAGE, RandomInit
from pages.parts.settings.base import Training
from tests.pages.conftest import ROOT

SEEDS = count(90211)  # of no training before

# Small arrays come from arenas, of which a thread that is the first to ask makes one of its own; glibc tells them.
TOLD = """
import ctypes, sys, threading

if sys.argv[1] == "shared":
    import pages.parts
import numpy

together = threading.Barrier(24)

def work():
    together.wait()
    held = numpy.ones(1000)
    together.wait()

threads = [threading.Thread(target=work) for _ in range(24)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
library = ctypes.CDLL(None)
output = ctypes.c_void_p.in_dll(library, "stdout")
library.malloc_info(0, output)
library.fflush(output)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="arenas are glibc's")
def test_threads_share_arenas() -> None:
    def arenas(how: str) -> int:
        told = subprocess.check_output([sys.executable, "-c", TOLD, how], cwd=ROOT, text=True)
        return len(ElementTree.fromstring(told).findall("heap"))

    assert arenas("shared") == ARENAS < arenas("own")


@pytest.mark.parametrize("name", [name for name, kind in BY_PAGE.items() if issubclass(kind, Training)])
def test_a_viewer_holds_on_to_no_result(routed, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """What is kept is bounded; what makes the files of a session, for as long as it lasts, would not be."""
    makers, shown, train = [], [], runs.run_in_processes

    def trained(*asked: object) -> Result:
        result = train(*asked)
        shown.append(weakref.ref(result))
        return result

    monkeypatch.setattr(runs, "run_in_processes", trained)
    monkeypatch.setattr(st, "download_button", lambda label, make, *file, **how: makers.append(make))
    viewer = routed(name, depth=1, steps=10, seeds=1, seed=90210)
    viewer.button(key="download").click().run()
    assert all(result() is not None for result in shown)
    fill(monkeypatch)
    AppTest.from_string("").run()  # Python's main module is that of the page that was drawn last
    gc.collect()
    assert makers
    assert shown
    assert not [result for result in shown if result() is not None]
    assert not viewer.exception


def fill(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a result kept that leaves no room for any other; of its billion losses there is one in memory."""
    large, run = np.broadcast_to(np.float64(1), 10**9), runs.run_in_processes
    with monkeypatch.context() as once:
        once.setattr(runs, "run_in_processes", lambda *arguments: replace(run(*arguments), loss=large))
        runs.get_or_retrain(RandomInit(depth=1, width=4, steps=10, seeds=1, seed=next(SEEDS)).experiment)


def test_a_page_imports_no_package_that_was_not_there_when_it_began():
    """Several viewers would import it from different ends, and one of them might see a module that is half there."""
    code = (
        "import sys, pages.parts.preload; print(*(name for name in sys.modules if name.startswith(('core', 'pages'))))"
    )
    known = {*subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).split()}
    sources = [path for name in known if (path := ROOT / f"{name.replace('.', '/')}.py").exists()]
    imported = {name for path in [*sources, *(ROOT / "pages").glob("*.py")] for name in imports(path)}
    packages = {name for name in imported if (ROOT / name.replace(".", "/") / "__init__.py").exists()}
    assert "core.advice" in packages
    assert packages <= known


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, at its beginning or later, and the packages that it is in."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Import():
                names = [name.name for name in node.names]
            case ast.ImportFrom():
                names = [str(node.module), *(f"{node.module}.{name.name}" for name in node.names)]
            case _:
                continue
        yield from (
            ".".join(parts[: n + 1]) for name in names for parts in [name.split(".")] for n in range(len(parts))
        )
