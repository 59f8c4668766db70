"""A run as tidy tables, a row an observation, in one zip with a README that says what each column is and its unit."""

from __future__ import annotations

import io
import tomllib
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from core import Result
from core.claims import Evidence
from core.engine.recording import AXES
from core.sweep import SweepResult, map_file

# By table the columns: name → what it is, with its unit.
COLUMNS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("columns.toml").read_text(encoding="utf-8"))
MEASURES = {name: COLUMNS[name] for name in ("losses", "layers", "accuracies", "runs")}
KEYS = COLUMNS["keys"]
_README = """# {title}

{sentence}

Every table is tidy: a row an observation. Numbers are float64, written so that they are read back to the last bit. An
empty field is no number: the run had diverged, or the measure does not exist. `inf` is an overflow.
"""


@dataclass(frozen=True)
class Table:
    """A CSV file to be: what it is called, its rows, and what each of its columns is, with its unit."""

    name: str
    rows: pd.DataFrame
    columns: Mapping[str, str]  # those of `rows`, and maybe more


def zip_tables(title: str, sentence: str, tables: Iterable[Table], files: Mapping[str, bytes] | None = None) -> bytes:
    """The zip of these tables, with a README of their columns, and of these files by name."""
    readme, buffer = _README.format(title=title, sentence=sentence), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in tables:
            archive.writestr(f"{table.name}.csv", table.rows.to_csv(index=False))
            rows = "".join(f"| `{name}` | {table.columns[name]} |\n" for name in table.rows)
            readme += f"\n## {table.name}.csv\n\n| column | what it is |\n|---|---|\n{rows}"
        archive.writestr("README.md", readme)
        for name, raw in (files or {}).items():
            archive.writestr(name, raw)
    return buffer.getvalue()


def zip_run(title: str, sentence: str, result: Result, written: Mapping[str, str]) -> bytes:
    """The zip of a run; `written`: its settings by name, with what the numbers depend on besides."""
    tables = [Table(name, tidy(result, columns), KEYS | columns) for name, columns in MEASURES.items()]
    return zip_tables(title, sentence, [*tables, tabulate_rows("settings", written.items())])


def tabulate_rows(name: str, rows: Iterable[Sequence[object]]) -> Table:
    """The table of this name in columns.toml, of rows that have its columns in their order."""
    return Table(name, pd.DataFrame(list(rows), columns=list(COLUMNS[name])), COLUMNS[name])


def tidy(result: Result, columns: Mapping[str, str]) -> pd.DataFrame:
    """These arrays of a result, which have the same axes, a column each behind those of their axes."""
    arrays = [getattr(result, name) for name in columns]
    positions = {
        "variant": np.array(result.experiment.labels),
        "seed": np.arange(result.experiment.seeds),
        **{_axis(axis): _places(result, axis, arrays[0]) for axis in AXES[next(iter(columns))]},
    }
    grid = np.meshgrid(*positions.values(), indexing="ij")
    keys = {name: at.ravel() for name, at in zip(positions, grid, strict=True)}
    return pd.DataFrame(keys | {name: array.ravel() for name, array in zip(columns, arrays, strict=True)})


def _axis(axis: str) -> str:
    return "step" if axis == "record" else axis


def _places(result: Result, axis: str, array: np.ndarray) -> np.ndarray:
    if axis == "record":
        return result.recorded_steps
    length = array.shape[-1]
    return np.arange(1, length + 1) if axis == "layer" else np.arange(length)


def zip_map(title: str, sentence: str, result: SweepResult, written: Mapping[str, str]) -> bytes:
    """The zip of a map: its networks as a table, and the file that the page opens again."""
    raw, sweep = map_file.to_bytes(result), result.sweep
    rows = pq.read_table(io.BytesIO(raw)).to_pandas()
    axes = {axis.name: f"the axis: {axis.kind.label}" for axis in (sweep.x, sweep.y)}
    table = Table("networks", rows, axes | COLUMNS["networks"])
    return zip_tables(title, sentence, [table, tabulate_rows("settings", written.items())], {"map.parquet": raw})


def zip_evidence(title: str, found: Mapping[str, Evidence]) -> bytes:
    """The zip of the evidence of the claims, by their ids."""
    rows = [
        [claim, evidence.verdict, words[0], words[1], row.summary.value, row.summary.low, row.summary.high, row.meets]
        for claim, evidence in found.items()
        for row, words in zip(evidence.rows, evidence.table(), strict=True)
    ]
    return zip_tables(title, "What was measured of each claim.", [tabulate_rows("evidence", rows)])
