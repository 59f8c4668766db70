"""What is written to disk by the code under test."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

WRITES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate", "tempfile.mkstemp"}
_watching: list[list[str]] = []  # at most one


def _hook(event: str, arguments: tuple) -> None:
    """Note what opens a file to write to it, while somebody watches; a hook stays for the life of the process."""
    if not _watching:
        return
    if event == "open":
        path, _, flags = arguments
        on_disk = not isinstance(path, int)  # a number is a descriptor that is open: the pipe to another process
        if on_disk and isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND):
            _watching[0].append(str(path))
    elif event in WRITES:
        _watching[0].append(f"{event} {arguments[0]}")


sys.addaudithook(_hook)


@contextmanager
def noting_writes() -> Iterator[list[str]]:
    """What was written to disk within this context."""
    written: list[str] = []
    _watching.append(written)
    try:
        yield written
    finally:
        _watching.clear()
