"""A run as tidy tables, a row an observation, in one zip with a README that says what each column is and its unit."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from core import Result
from core.claims import Evidence
from core.engine.recording import AXES
from core.sweep import SweepResult, map_file

# Columns by the table they are in: name → what it is, with its unit.
LOSSES = {
    "loss": "mean over the batch, before the step's update; of classes: cross-entropy in nats",
    "gradient_norm": "Frobenius norm of all gradients together, before clipping",
    "applied_norm": "the same after clipping",
}
LAYERS = {
    "activation_rms": "root mean square of A over units and examples",
    "dz_rms": "root mean square of dZ over units and examples",
    "weight_gradient_norm": "Frobenius norm of dW",
    "bias_gradient_norm": "Euclidean norm of db",
    "weight_norm": "Frobenius norm of W",
    "update_ratio": "norm of the step's change of W over the norm of W",
    "saturated": "share, 0 to 1, of pairs of unit and example whose slope is under 1 % of its maximum",
    "dead": "share, 0 to 1, of units whose slope is 0 on every example of the batch",
    "unit_spread": "largest difference between two units' incoming weights, bias included",
    "distinct_units": "number of groups of units that are identical to within rounding",
}
ACCURACIES = {
    "test_loss": "mean over the test set, as of the training loss",
    "train_accuracy": "share, 0 to 1, of the step's batch that is classified rightly",
    "test_accuracy": "share, 0 to 1, of the test set that is classified rightly",
}
RUNS = {
    "diverged_at": "step of the first number that is not finite; −1 where there is none",
    "diverged_layer": "the layer it was found in, 1 … L; 0 where there is none",
}
EVIDENCE = {
    "claim": "its number in the article's order",
    "verdict": "what the numbers say of the claim",
    "condition": "the network that was tried",
    "quantity": "what was measured of it",
    "value": "median or mean over seeds, or the share of seeds",
    "low": "the lowest seed's, or the lower end of a 95 % interval",
    "high": "the highest seed's, or the upper end of a 95 % interval",
    "meets": "whether it is as the claim says; empty where it decides nothing",
}
NETWORKS = {
    "seed": "which draw of weights and batches, from 0",
    "final_loss": "mean training loss over the last tenth of the steps, in nats where there are classes",
    "accuracy": "share, 0 to 1, of the test set that is classified rightly at the end; empty without classes",
    "forward_factor": "factor a hidden layer of the signal's root mean square at step 0",
    "backward_factor": "factor a hidden layer of the gradient's, going back",
    "diverged_at": RUNS["diverged_at"],
}
MEASURES = {"losses": LOSSES, "layers": LAYERS, "accuracies": ACCURACIES, "runs": RUNS}
SETTINGS = {"setting": "its name, as in a link, or what has a version", "value": "as in a link"}
KEYS = {
    "variant": "how the network starts and steps",
    "seed": "which draw of weights and batches, from 0; the same for all variants",
    "step": "training step, from 0",
    "layer": "1 … L: hidden layers first, the output last",
}
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
    return zip_tables(title, sentence, [*tables, tabulate_settings(written)])


def tabulate_settings(written: Mapping[str, str]) -> Table:
    rows = pd.DataFrame(list(written.items()), columns=list(SETTINGS))
    return Table("settings", rows, SETTINGS)


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
    """What stands along the axis."""
    if axis == "record":
        return result.recorded_steps
    length = array.shape[-1]
    return np.arange(1, length + 1) if axis == "layer" else np.arange(length)


def zip_map(title: str, sentence: str, result: SweepResult, written: Mapping[str, str]) -> bytes:
    """The zip of a map: its networks as a table, and the file that the page opens again."""
    raw, sweep = map_file.to_bytes(result), result.sweep
    rows = pq.read_table(io.BytesIO(raw)).to_pandas()
    axes = {axis.name: f"the axis: {axis.kind.label}" for axis in (sweep.x, sweep.y)}
    table = Table("networks", rows, axes | NETWORKS)
    return zip_tables(title, sentence, [table, tabulate_settings(written)], {"map.parquet": raw})


def zip_evidence(title: str, found: Mapping[str, Evidence]) -> bytes:
    """The zip of the evidence of the claims, by their ids."""
    rows = [
        [claim, evidence.verdict, words[0], words[1], row.summary.value, row.summary.low, row.summary.high, row.meets]
        for claim, evidence in found.items()
        for row, words in zip(evidence.rows, evidence.table(), strict=True)
    ]
    table = Table("evidence", pd.DataFrame(rows, columns=list(EVIDENCE)), EVIDENCE)
    return zip_tables(title, "What was measured of each claim.", [table])
