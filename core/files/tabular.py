"""An uploaded CSV: read within bounds, its inputs and target as arrays, and what was done to it on the way."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.datasets import Dataset, assemble

MOST_BYTES, MOST_ROWS, MOST_NUMBERS = 20_000_000, 100_000, 4_000_000
FEWEST_ROWS, MOST_INPUTS, MOST_CLASSES, MOST_CATEGORIES = 40, 1024, 100, 50
SEED = 0  # of the rows that are taken of a table with more of them
REGRESSION_ABOVE = 20  # different numbers: a target with more of them is a quantity, with fewer it names classes


@dataclass(frozen=True)
class Table:
    """What was read: at most MOST_ROWS rows, and how many there were."""

    frame: pd.DataFrame
    rows: int


def read(raw: bytes) -> Table:
    """A table with a header line. ValueError in a plain sentence where the bytes are anything else."""
    if len(raw) > MOST_BYTES:
        raise ValueError(f"The file has {len(raw) / 1e6:.0f} MB; a CSV may have up to {MOST_BYTES / 1e6:.0f} MB.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("The file is not a text in UTF-8; save it as CSV UTF-8.") from None
    if "\0" in text or not text.strip():
        raise ValueError("The file is empty." if not text.strip() else "The file is not a text: it holds zero bytes.")
    try:
        frame = pd.read_csv(io.StringIO(text), sep=_separator(text), skipinitialspace=True)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError):
        raise ValueError("The file is no CSV: its lines do not all have the columns of its first line.") from None
    frame.columns = [str(name)[:60] for name in frame.columns]
    if frame.shape[1] < 2 or not frame.columns.is_unique:
        raise ValueError("A CSV needs a first line with two or more names, all different: the inputs and the target.")
    if len(frame) < FEWEST_ROWS:
        raise ValueError(f"The file has {len(frame)} rows; at least {FEWEST_ROWS} are needed to train and test.")
    rows = len(frame)
    return Table(frame if rows <= MOST_ROWS else frame.sample(MOST_ROWS, random_state=SEED), rows)


def _separator(text: str) -> str:
    try:
        return csv.Sniffer().sniff(text[:4096], delimiters=",;\t|").delimiter
    except csv.Error:
        return ","


def outputs(table: Table, target: str) -> tuple[str, ...]:
    """Which outputs a target goes with, the likeliest first; none where it is constant or has too many classes."""
    values = table.frame[target].dropna()
    different = values.nunique()
    classes = ("sigmoid", "softmax") if different == 2 else ("softmax",) if 2 < different <= MOST_CLASSES else ()
    if _is_number(values) and different > 1:
        return ("linear", *classes) if different > REGRESSION_ABOVE else (*classes, "linear")
    return classes


def dataset(table: Table, target: str, output: str, scaling: str) -> tuple[Dataset, list[str]]:
    """The Dataset for an output that the target goes with, and a sentence for each thing done to the table."""
    frame, said = table.frame, []
    if table.rows > len(frame):
        said.append(f"Of {table.rows:,} rows {len(frame):,} were taken at random.")
    known = frame[target].notna()
    if not known.all():
        said.append(f"{_count((~known).sum(), 'row')} without a target left out.")
    frame = frame[known]
    X, about = _inputs(frame.drop(columns=target))
    said += about
    most = max(FEWEST_ROWS, MOST_NUMBERS // X.shape[1])
    Y, loss = _target(frame[target], output)
    if len(X) > most:
        kept = np.random.default_rng(SEED).permutation(len(X))[:most]
        X, Y = X[kept], Y[kept]
        said.append(f"Of its rows {most:,} were taken at random: there are {X.shape[1]} inputs.")
    if len(X) < FEWEST_ROWS:
        raise ValueError(f"{len(X)} rows have a target; at least {FEWEST_ROWS} are needed to train and test.")
    return assemble("upload", "your data", loss, X, Y, len(X) // 5, scaling), said


def _inputs(frame: pd.DataFrame) -> tuple[np.ndarray, list[str]]:
    """Numbers as they are, categories one column each; what is missing is the median, or a category of its own."""
    parts, left_out, missing, categories = [], 0, 0, 0
    for name in frame:
        column = frame[name]
        if _is_number(column):
            values = column.to_numpy(dtype=float, na_value=np.nan)
            finite = np.isfinite(values)
            missing += int((~finite).sum())
            middle = float(np.median(values[finite])) if finite.any() else 0.0
            parts.append(np.where(finite, values, middle)[:, None])
        elif column.nunique() <= MOST_CATEGORIES:
            missing += int(column.isna().sum())
            categories += 1
            parts.append(pd.get_dummies(column.astype(str).where(column.notna(), "missing")).to_numpy(dtype=float))
        else:
            left_out += 1
    inputs = sum(part.shape[1] for part in parts)
    if not parts or inputs > MOST_INPUTS:
        raise ValueError(f"The columns make {inputs:,} inputs; from 1 to {MOST_INPUTS:,} can be used.")
    said = [
        f"{_count(categories, 'column')} of categories became {inputs - len(parts) + categories} inputs of 0 and 1."
    ]
    said = said if categories else []
    if missing:
        said.append(
            f"{_count(missing, 'missing value')} filled in: medians of numbers, a category of its own otherwise."
        )
    if left_out:
        said.append(f"{_count(left_out, 'column')} of more than {MOST_CATEGORIES} different texts left out.")
    return np.hstack(parts), said


def _target(column: pd.Series, output: str) -> tuple[np.ndarray, str]:
    if output == "linear":
        values = column.to_numpy(dtype=float)
        if not np.isfinite(values).all():
            raise ValueError("The target holds infinite numbers.")
        return ((values - values.mean()) / values.std())[:, None], "squared"
    codes, names = pd.factorize(column, sort=True)
    return (np.eye(len(names))[codes], "softmax") if output == "softmax" else (codes[:, None], "sigmoid")


def _is_number(column: pd.Series) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column))


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
