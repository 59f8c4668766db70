"""The examples that a table makes: inputs and target as numbers, and the use of every column."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core.datasets import Array, Dataset, assemble
from core.files.columns import Column
from core.files.tabular import FEWEST_ROWS, MOST_CELLS, SEED, Table, likely_left_out, outputs
from core.wording import count_things, percent

MOST_INPUTS = 1024
LARGE_CLASS = 0.8  # of the rows, from which on it is said that a class has them


@dataclass(frozen=True)
class Use:
    """How a column is used, and why; `why` is empty where it is an input as it stands in the file."""

    column: str
    use: str
    why: str


@dataclass(frozen=True)
class Examples:
    """X (examples, n_0) and Y (examples, n_L), unscaled; classes are one-hot, or 0 and 1."""

    X: Array
    Y: Array
    loss: str  # a name in LOSSES
    order: Array  # of the examples, those that are tested on first
    uses: tuple[Use, ...]  # of all columns
    notes: tuple[str, ...]  # a sentence for each thing done to the table as a whole

    def dataset(self, scaling: str = "standardized", target_scaling: str = "standardized") -> Dataset:
        """A fifth of the examples are for testing; inputs, and a quantity as target, are scaled."""
        Y, test = self.Y, len(self.Y) // 5
        if self.loss == "squared" and target_scaling == "standardized":
            known = Y[self.order[test:]]
            Y = (Y - known.mean()) / (known.std() or 1.0)
        return assemble("upload", "your data", self.loss, self.X, Y, test, scaling, self.order)


def prepare(table: Table, target: str, output: str, left_out: Collection[str] | None = None) -> Examples:
    """The examples for an output of a target; `left_out` are no inputs. ValueError where it makes none."""
    fitting = outputs(table, target)
    if output not in fitting:
        raise ValueError(f"A {output} output does not go with {target}; allowed: {', '.join(fitting)}.")
    if left_out is None:
        left_out = likely_left_out(table, target)
    column, notes = table.columns[target], table.notes
    columns = dict(table.columns)
    for name, other in table.columns.items():
        if name != target and other.values.equals(column.values):
            columns[name] = replace(other, notes=(*other.notes, "the same as the target"))
    rows = column.values.dropna().index
    if missing := len(column.values) - len(rows):
        notes += (f"{count_things(missing, 'row')} without a target left out.",)
    if len(rows) < FEWEST_ROWS:
        raise ValueError(f"The target is known in {count_things(len(rows), 'row')}; at least {FEWEST_ROWS} are needed.")
    inputs = [other for name, other in columns.items() if name != target and name not in left_out]
    if not inputs:
        whys = [f"{name} ({_explain_absence(other)})" for name, other in columns.items() if name != target]
        raise ValueError(f"No column is left to be an input; left out: {', '.join(whys[:3]).replace(' ()', '')}.")
    total = sum(map(_count_inputs, inputs))
    if total > MOST_INPUTS:
        largest = max(inputs, key=_count_inputs).name
        raise ValueError(
            f"The columns make {total:,} inputs; up to {MOST_INPUTS:,} can be used: leave out {largest}, say."
        )
    most = max(FEWEST_ROWS, MOST_CELLS // total)
    if len(rows) > most:
        notes += (f"Of its rows {most:,} were taken at random, because there are many inputs.",)
        rows = rows[np.sort(np.random.default_rng(SEED).permutation(len(rows))[:most])]
    values = column.values[rows]
    Y, loss, order = _read_target(values, output)
    parts, uses = [], []
    for name, other in columns.items():
        if name == target:
            uses.append(Use(name, "target", "; ".join([*_describe_target(values, output), *column.notes])))
        elif name in left_out:
            uses.append(Use(name, "left out", _explain_absence(other)))
        else:
            part, use = _read_input(other, rows)
            parts.append(part)
            uses.append(use)
    return Examples(np.hstack(parts), Y, loss, order, tuple(uses), notes)


def _count_inputs(column: Column) -> int:
    return 1 if column.is_numeric else column.values.nunique() + int(column.values.isna().any())


def _read_input(column: Column, rows: pd.Index) -> tuple[Array, Use]:
    values, why = column.values[rows], list(column.notes)
    missing = int(values.isna().sum())
    if column.kind == "dates":
        why.append("days since the first date")
    if not column.is_numeric:
        part = pd.get_dummies(values.fillna("missing")).to_numpy(dtype=float)
        why.append("an input of 0 and 1 for each text" + (", and for what is missing" if missing else ""))
    else:
        part = values.fillna(values.median() if values.notna().any() else 0.0).to_numpy(dtype=float)[:, None]
        why += [f"{count_things(missing, 'missing cell')} filled with the median"] * bool(missing)
    return part, Use(column.name, "input" if part.shape[1] == 1 else f"{part.shape[1]} inputs", "; ".join(why))


def _read_target(values: pd.Series, output: str) -> tuple[Array, str, Array]:
    """Y, its loss, and a random order: each class is tested on in its share, and never on its only row."""
    order = np.random.default_rng(SEED).permutation(len(values))
    if output == "linear":
        return values.to_numpy(dtype=float)[:, None], "squared", order
    shuffled = values.iloc[order].reset_index(drop=True)
    groups = shuffled.groupby(shuffled)
    place = (groups.cumcount() + 0.5) / groups.transform("size")
    codes, names = pd.factorize(values, sort=True)
    Y = np.eye(len(names))[codes] if output == "softmax" else codes[:, None]
    return Y, output, order[np.argsort(place, kind="stable")]


def _describe_target(values: pd.Series, output: str) -> list[str]:
    counts = values.value_counts()
    if output == "linear":
        return [f"a quantity, {len(counts):,} different numbers"]
    sizes = f"{counts.min():,} to {counts.max():,}" if counts.min() < counts.max() else f"{counts.max():,}"
    why = [f"{len(counts)} classes with {sizes} row{'' if counts.max() == 1 else 's'}"]
    if counts.max() >= LARGE_CLASS * len(values):
        why.append(f"{_quote(counts.idxmax())} has {percent(counts.max() / len(values))} of them")
    for name in counts[counts == 1].index[:3]:
        line = values[values == name].index[0]
        why.append(f"{_quote(name)} has a single row, line {line}, which is not tested on")
    return why


def _explain_absence(column: Column) -> str:
    reasons = {
        "texts": f"{column.values.nunique():,} different texts",
        "dates": "dates",
        "constant": "a single value",
        "empty": "empty",
    }
    return "; ".join(filter(None, [reasons.get(column.kind), *column.notes]))


def _quote(name: object) -> str:
    return f"“{name:g}”" if isinstance(name, float) else f"“{str(name)[:20]}”"
