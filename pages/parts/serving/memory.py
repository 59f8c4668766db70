"""What the process does once: its memory should fit where a gigabyte has to do, and one thread imports everything."""

from __future__ import annotations

import ctypes
import functools
import gc
import importlib
import sys
import threading
from pathlib import Path

PARTS = Path(__file__).resolve().parents[1]
LATER = {"worker", "report", "drawings", "numbers", "starts", "script", "versions"}  # not needed to show a page
ARENAS = 2
_M_ARENA_MAX = -8  # of mallopt(3)


@functools.cache
def share_arenas() -> None:
    """Let all threads take memory from the same few arenas, where the C library is glibc; call it before they start.

    It gives every thread an arena of its own, each of which holds on to the most it ever needed: with fifty viewers
    that is a hundred megabytes that nobody uses.
    """
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(_M_ARENA_MAX, ARENAS)


@functools.cache
def freeze_gc() -> None:
    """Leave what the imports made out of every later garbage collection, so that reruns are quicker."""
    gc.collect()
    gc.freeze()


def import_parts() -> None:
    """Import what pages are made of, while whoever comes meanwhile waits.

    Two threads that import a package from two ends wait for each other half way, and Python then lets one of them see a
    module that is only half there: the first viewers of a server that has just started often come together.
    """
    with _importing:
        for name in _parts():
            importlib.import_module(name)


@functools.cache
def _parts() -> tuple[str, ...]:
    files = (path.relative_to(PARTS).with_suffix("") for path in sorted(PARTS.rglob("*.py")) if path.stem not in LATER)
    return tuple(".".join(["pages.parts", *path.parts]).removesuffix(".__init__") for path in files)


_importing = threading.Lock()
