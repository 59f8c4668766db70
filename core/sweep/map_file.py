"""A map as a Parquet file, a row each cell and seed, its settings in the file's metadata; pages open it as well."""

import io
import json
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from core.sweep.results import MEASURED, SweepResult
from core.sweep.sweep import Sweep

MOST_ROWS = 8_000_000
_SETTINGS = b"sweep"  # the metadata's name for them


def save(result: SweepResult, path: Path) -> None:
    """Write the map, whole or not at all."""
    unfinished = path.with_name(f"{path.name}.tmp")
    unfinished.write_bytes(to_bytes(result))
    os.replace(unfinished, path)


def to_bytes(result: SweepResult) -> bytes:
    """The file: columns named by the two settings, seed, and what was measured."""
    sweep, shape = result.sweep, result.sweep.shape
    rows, columns, seeds = (axis.ravel() for axis in np.indices(shape))
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
    if rows > MOST_ROWS or rows != int(np.prod(sweep.shape)):  # before anything of their size is allocated
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
