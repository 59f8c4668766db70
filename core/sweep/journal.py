"""Finished cells, kept in a file while a map is trained: what is on it is not trained again after a kill -9."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np

from core.sweep.results import Measured, SweepResult
from core.sweep.sweep import Cell, Sweep
from core.version import version


class Journal:
    """A line of JSON a stack, below one that says of which map they are, and which code and NumPy made them."""

    def __init__(self, path: Path, sweep: Sweep) -> None:
        """Open it, or begin it. ValueError where it is of another map, or was made by other code."""
        self._sweep = sweep
        self._head = json.dumps({"sweep": sweep.to_dict(), "version": version()}).encode() + b"\n"
        lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
        if lines and not lines[-1].endswith(b"\n"):  # it was being written
            lines.pop()
        if lines and lines[0] != self._head:
            raise ValueError(f"{path} holds cells of another map, or of other code; remove it, or write elsewhere.")
        self._lines = lines[1:]
        self._file = path.open("r+b" if path.exists() else "wb")
        self._file.truncate(sum(map(len, lines)))
        self._file.seek(0, os.SEEK_END)
        if not lines:
            self._write(self._head)

    def read(self) -> SweepResult:
        """What was finished before it was opened."""
        result = SweepResult(self._sweep)
        for line in self._lines:
            stack = json.loads(line)
            result.add(stack["cells"], {name: np.array(values) for name, values in stack["measured"].items()})
        return result

    def append(self, cells: Sequence[Cell], measured: Measured) -> None:
        """Keep what was measured of some cells; once it returns, they are on the disk."""
        values = {name: array.tolist() for name, array in measured.items()}
        self._write(json.dumps({"cells": cells, "measured": values}).encode() + b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def _write(self, line: bytes) -> None:
        self._file.write(line)
        self._file.flush()
        os.fsync(self._file.fileno())
