"""A page's numbers as tidy tables in a zip, with a README that says what columns are, with units."""

import io
import tomllib
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from core import INITIALIZERS, Result
from core.advice import Advice
from core.claims import Evidence
from core.engine.results import AXES
from core.sweep import SweepResult, map_file
from pages.parts.figures.tables.by_step import cross
from pages.parts.settings import Upload

# By table the columns: name → what it is, with its unit.
_TOML = Path(__file__).with_name("columns.toml").read_text(encoding="utf-8")
COLUMNS: dict[str, dict[str, str]] = tomllib.loads(_TOML)
MEASURES = {name: COLUMNS[name] for name in ("losses", "layers", "accuracies", "runs")}
_README = """# {title}

{sentence}

Every table is tidy: a row an observation. Numbers are float64, written so that they are read back to the last bit. An
empty field is no number: the run had diverged, or the measure does not exist. `inf` is an overflow.
"""


def zip_run(result: Result, title: str, sentence: str, settings: Mapping[str, str]) -> bytes:
    """The zip of a run; `settings`: by name, with what the numbers depend on besides."""
    tables = {name: _tidy(result, columns) for name, columns in MEASURES.items()}
    return _zip_tables(title, sentence, tables, settings)


def zip_map(result: SweepResult, title: str, sentence: str, settings: Mapping[str, str]) -> bytes:
    """The zip of a map: its networks as a table, and the file that the page opens again."""
    raw, sweep = map_file.to_bytes(result), result.sweep
    axes = {axis.name: f"the axis: {axis.kind.label}" for axis in (sweep.x, sweep.y)}
    tables = {"networks": pd.read_parquet(io.BytesIO(raw))}
    return _zip_tables(title, sentence, tables, settings, axes, {"map.parquet": raw})


def zip_advice(advice: Advice, own: Upload | None, title: str, sentence: str, settings: Mapping[str, str]) -> bytes:
    """The zip of all starts of a network, measured on the viewer's `own` data if any."""
    measured = advice.measured
    starts = []
    for start in advice.starts:
        losses = (start.loss, start.low, start.high, start.ratio, start.accuracy, start.training_loss)
        before = (start.forward[1], start.backward[1], start.saturated, start.dead)
        counts = (start.seeds, start.lost)
        starts.append((start.name, start.label, start.rate, start.standing, *losses, *counts, *before))
    searched = [
        (INITIALIZERS[name].label, rate, loss)
        for name, tried in measured.searched.items()
        for rate, loss in tried.items()
    ]
    tables = {"starts": _tabulate("starts", starts), "search": _tabulate("search", searched)}
    for name, columns in MEASURES.items():
        tables[name] = pd.concat(
            [
                _tidy(result, columns, final=final, fold=fold)
                for final, results in enumerate((measured.results, measured.finals))
                for fold, result in enumerate(results)
            ],
            ignore_index=True,
        )
    of_file = {"file": own.file, "target": own.target} if own else {}
    return _zip_tables(title, sentence, tables, {**settings, **of_file})


def zip_evidence(title: str, found: Mapping[str, Evidence]) -> bytes:
    """The zip of the evidence of the claims, by their ids."""
    rows = []
    for claim, evidence in found.items():
        for row, (condition, quantity, *_) in zip(evidence.rows, evidence.table(), strict=True):
            summary = (row.summary.value, row.summary.low, row.summary.high)
            rows.append((claim, evidence.verdict, condition, quantity, *summary, row.meets))
    tables = {"evidence": _tabulate("evidence", rows)}
    return _zip_tables(title, "What was measured of each claim.", tables)


def _zip_tables(
    title: str,
    sentence: str,
    tables: Mapping[str, pd.DataFrame],
    settings: Mapping[str, str] | None = None,
    axes: Mapping[str, str] | None = None,
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    """Tables and files by name; `axes`: what columns are that columns.toml does not have."""
    readme, buffer = _README.format(title=title, sentence=sentence), io.BytesIO()
    if settings:
        tables = {**tables, "settings": _tabulate("settings", settings.items())}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in tables.items():
            archive.writestr(f"{name}.csv", table.to_csv(index=False))
            columns = COLUMNS["keys"] | COLUMNS["rounds"] | (axes or {}) | COLUMNS[name]
            rows = "".join(f"| `{column}` | {columns[column]} |\n" for column in table)
            readme += f"\n## {name}.csv\n\n| column | what it is |\n|---|---|\n{rows}"
        for name, content in {"README.md": readme, **(files or {})}.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _tabulate(name: str, rows: Iterable[Sequence[object]]) -> pd.DataFrame:
    """The table of this name in columns.toml, of rows in the order of its columns."""
    return pd.DataFrame(list(rows), columns=list(COLUMNS[name]))


def _tidy(result: Result, columns: Mapping[str, str], **rounds: int) -> pd.DataFrame:
    """These arrays of a result, which have the same axes: a column for each axis and array.

    `rounds`: of the advice, by name; with them goes each start's learning rate.
    """
    first, variants = next(iter(columns)), result.experiment.variants
    length = getattr(result, first).shape[-1]
    steps, layers = np.arange(length), np.arange(1, length + 1)
    places = {"record": ("step", result.recorded_steps), "step": ("step", steps), "layer": ("layer", layers)}
    positions = {
        "variant": [variant.label for variant in variants],
        **{name: [number] for name, number in rounds.items()},
        "seed": np.arange(result.experiment.seeds),
        **dict(places[axis] for axis in AXES[first]),
    }
    table = pd.DataFrame(cross(**positions) | {name: getattr(result, name).ravel() for name in columns})
    if rounds:
        rates = {variant.label: variant.learning_rate for variant in variants}
        table.insert(1, "learning_rate", table["variant"].map(rates))
    return table
