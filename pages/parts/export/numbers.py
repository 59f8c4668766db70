"""What a page shows as tidy tables in one zip, with a README that says what each column is and its unit."""

import io
import tomllib
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from core import INITIALIZERS, Result
from core.advice import Advice, InitializerOutcome
from core.claims import Evidence
from core.engine.results import AXES
from core.sweep import SweepResult, map_file

# By table the columns: name → what it is, with its unit.
COLUMNS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("columns.toml").read_text(encoding="utf-8"))
MEASURES = {name: COLUMNS[name] for name in ("losses", "layers", "accuracies", "runs")}
_README = """# {title}

{sentence}

Every table is tidy: a row an observation. Numbers are float64, written so that they are read back to the last bit. An
empty field is no number: the run had diverged, or the measure does not exist. `inf` is an overflow.
"""


def zip_run(title: str, sentence: str, result: Result, written: Mapping[str, str]) -> bytes:
    """The zip of a run; `written`: its settings by name, with what the numbers depend on besides."""
    tables = {name: _tidy(result, columns) for name, columns in MEASURES.items()}
    return _zip_tables(title, sentence, tables | {"settings": _tabulate("settings", written.items())})


def zip_map(title: str, sentence: str, result: SweepResult, written: Mapping[str, str]) -> bytes:
    """The zip of a map: its networks as a table, and the file that the page opens again."""
    raw, sweep = map_file.to_bytes(result), result.sweep
    tables = {"networks": pd.read_parquet(io.BytesIO(raw)), "settings": _tabulate("settings", written.items())}
    axes = {axis.name: f"the axis: {axis.kind.label}" for axis in (sweep.x, sweep.y)}
    return _zip_tables(title, sentence, tables, axes, {"map.parquet": raw})


def zip_advice(title: str, sentence: str, advice: Advice, written: Mapping[str, str]) -> bytes:
    """The zip of what was measured of every start of a network."""
    searched = [
        (INITIALIZERS[name].label, rate, loss)
        for name, tried in advice.measured.searched.items()
        for rate, loss in tried.items()
    ]
    tables = {"starts": _tabulate("starts", map(_start_row, advice.starts)), "search": _tabulate("search", searched)}
    for name, columns in MEASURES.items():
        rounds = [
            _tidy_round(result, columns, final, fold)
            for final, results in enumerate((advice.measured.results, advice.measured.finals))
            for fold, result in enumerate(results)
        ]
        tables[name] = pd.concat(rounds, ignore_index=True)
    return _zip_tables(title, sentence, tables | {"settings": _tabulate("settings", written.items())})


def zip_evidence(title: str, found: Mapping[str, Evidence]) -> bytes:
    """The zip of the evidence of the claims, by their ids."""
    rows = [
        [claim, evidence.verdict, words[0], words[1], row.summary.value, row.summary.low, row.summary.high, row.meets]
        for claim, evidence in found.items()
        for row, words in zip(evidence.rows, evidence.table(), strict=True)
    ]
    return _zip_tables(title, "What was measured of each claim.", {"evidence": _tabulate("evidence", rows)})


def _zip_tables(
    title: str,
    sentence: str,
    tables: Mapping[str, pd.DataFrame],
    axes: Mapping[str, str] | None = None,
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    """Tables and files by name; `axes`: what columns are that columns.toml does not have."""
    readme, buffer = _README.format(title=title, sentence=sentence), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in tables.items():
            archive.writestr(f"{name}.csv", table.to_csv(index=False))
            columns = COLUMNS["keys"] | COLUMNS["rounds"] | (axes or {}) | COLUMNS[name]
            rows = "".join(f"| `{column}` | {columns[column]} |\n" for column in table)
            readme += f"\n## {name}.csv\n\n| column | what it is |\n|---|---|\n{rows}"
        archive.writestr("README.md", readme)
        for name, raw in (files or {}).items():
            archive.writestr(name, raw)
    return buffer.getvalue()


def _tabulate(name: str, rows: Iterable[Sequence[object]]) -> pd.DataFrame:
    """The table of this name in columns.toml, of rows that have its columns in their order."""
    return pd.DataFrame(list(rows), columns=list(COLUMNS[name]))


def _tidy(result: Result, columns: Mapping[str, str]) -> pd.DataFrame:
    """These arrays of a result, which have the same axes, a column each behind those of their axes."""
    arrays = [getattr(result, name) for name in columns]
    length = arrays[0].shape[-1]
    places = {"record": result.recorded_steps, "step": np.arange(length), "layer": np.arange(1, length + 1)}
    positions = {
        "variant": np.array(result.experiment.labels),
        "seed": np.arange(result.experiment.seeds),
        **{"step" if axis == "record" else axis: places[axis] for axis in AXES[next(iter(columns))]},
    }
    grid = np.meshgrid(*positions.values(), indexing="ij")
    keys = {name: at.ravel() for name, at in zip(positions, grid, strict=True)}
    return pd.DataFrame(keys | {name: array.ravel() for name, array in zip(columns, arrays, strict=True)})


def _tidy_round(result: Result, columns: Mapping[str, str], final: int, fold: int) -> pd.DataFrame:
    """The result's rows, with each start's learning rate, the round and the fold behind its name."""
    table = _tidy(result, columns)
    rates = {variant.label: variant.learning_rate for variant in result.experiment.variants}
    table.insert(1, "learning_rate", table["variant"].map(rates))
    table.insert(2, "final", final)
    table.insert(3, "fold", fold)
    return table


def _start_row(start: InitializerOutcome) -> list[object]:
    numbered = (start.loss, start.low, start.high, start.ratio, start.accuracy, start.training_loss, start.seeds)
    at_start = (start.forward[1], start.backward[1], start.saturated, start.dead)
    return [start.name, start.label, start.rate, start.standing, *numbered, start.lost, *at_start]
