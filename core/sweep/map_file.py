"""Writes a trained map to a Parquet file and reads it again; while it is trained, a journal keeps finished cells."""

import io
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from core.sweep.running import MEASURED, Measured, SweepResult
from core.sweep.sweep import Cell, Sweep
from core.version import version

_SETTINGS = b"sweep"  # the key of the metadata that holds the sweep


def save(result: SweepResult, path: Path) -> None:
    """Write the map's file; an interruption leaves the file that was there before."""
    unfinished = path.with_name(f"{path.name}.tmp")
    unfinished.write_bytes(to_bytes(result))
    os.replace(unfinished, path)


def to_bytes(result: SweepResult) -> bytes:
    """The file: a row for each cell and seed, with both settings and what was measured; the sweep in its metadata."""
    sweep = result.sweep
    rows, columns, seeds = (axis.ravel() for axis in np.indices(sweep.shape))
    places = {sweep.y.name: np.array(sweep.y.values)[rows], sweep.x.name: np.array(sweep.x.values)[columns]}
    measured = {name: getattr(result, name).ravel() for name in MEASURED}
    table = pa.table({**places, "seed": seeds, **measured})
    stream = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({_SETTINGS: json.dumps(sweep.to_dict())}), stream)
    return stream.getvalue()


def load(raw: bytes) -> SweepResult:
    """The map in a file. ValueError, in one sentence, where it holds none."""
    try:
        file = pq.ParquetFile(io.BytesIO(raw))
        written = json.loads(file.schema_arrow.metadata[_SETTINGS])
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError("This is no file that python -m core.sweep has written.") from error
    sweep, rows = Sweep.from_dict(written), file.metadata.num_rows
    if rows > 8_000_000 or rows != int(np.prod(sweep.shape)):  # before anything of their size is allocated
        raise ValueError(f"The map has {rows:,} rows; its settings want {int(np.prod(sweep.shape)):,}.")
    result = SweepResult(sweep)
    try:
        table = file.read(columns=list(MEASURED))
        for name in MEASURED:
            values = table[name].to_numpy().astype(np.float64)
            setattr(result, name, values.reshape(sweep.shape))
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError("The map's numbers cannot be read.") from error
    return result


@contextmanager
def open_journal(path: Path, sweep: Sweep) -> Iterator[tuple[SweepResult, Callable[..., None]]]:
    """The cells that a journal holds, and a function that appends some: once it returns, a kill -9 does not lose them.

    Its first line names sweep, code and NumPy, ValueError where they are others; then a line of JSON for each stack.
    """
    head = json.dumps({"sweep": sweep.to_dict(), "version": version()}).encode() + b"\n"
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    if lines and not lines[-1].endswith(b"\n"):  # it was being written
        lines.pop()
    if lines and lines[0] != head:
        raise ValueError(f"{path} holds cells of another map, or of other code; remove it, or write elsewhere.")
    known = SweepResult(sweep)
    for stack in map(json.loads, lines[1:]):
        known.add(stack["cells"], {name: np.array(values) for name, values in stack["measured"].items()})
    with path.open("r+b" if path.exists() else "wb") as file:
        file.truncate(sum(map(len, lines)))
        file.seek(0, os.SEEK_END)

        def write(line: bytes) -> None:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

        def append(cells: Sequence[Cell], measured: Measured) -> None:
            values = {name: array.tolist() for name, array in measured.items()}
            write(json.dumps({"cells": cells, "measured": values}).encode() + b"\n")

        if not lines:
            write(head)
        yield known, append
