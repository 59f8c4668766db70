"""Pictures in words, computed from their tables at the last recorded step: for those who cannot see them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.wording import number, percent
from pages.parts.figures.charts.marks import playing


def weights(table: pd.DataFrame, steps: Sequence[int]) -> str:
    """Of weights unit by unit: how many rows of their matrix differ."""

    def count_rows(row: Any) -> str:
        if not np.isfinite(row.matrix).all():
            return ""
        different, ends = len(np.unique(row.matrix, axis=0)), (row.matrix.min(), row.matrix.max())
        rows = f"{different} different {'row' if different == 1 else 'rows'} among {len(row.matrix)}"
        return f"{rows}, weights {' to '.join(number(float(end)) for end in ends)}"

    return _describe_last("The weights into layer 1, a row a unit", table, steps, count_rows)


def planes(table: pd.DataFrame, steps: Sequence[int]) -> str:
    """Of what is predicted over a plane: how much of it is class 1, and the accuracy."""

    def share(row: Any) -> str:
        if not np.isfinite(row.matrix).any():
            return ""
        ones = percent(float((row.matrix > 0).mean()))
        return f"class 1 in {ones} of it, {percent(row.accuracy)} of the test set correct"

    return _describe_last("The class predicted at each point of the plane of two inputs", table, steps, share)


def activations(table: pd.DataFrame, steps: Sequence[int]) -> str:
    """Of the activations for one example: how large the last hidden layer's are."""

    def size(row: Any) -> str:
        known = row.matrix[-1][np.isfinite(row.matrix[-1])]
        return f"up to {number(float(np.abs(known).max()))} in the last hidden layer" if len(known) else ""

    return _describe_last("The activations of every unit for one test image", table, steps, size)


def _describe_last(what: str, table: pd.DataFrame, steps: Sequence[int], describe: Callable[[Any], str]) -> str:
    """What is pictured, and at the last recorded step of each variant what `describe` says, if there are numbers."""
    last = table[table["record"] == len(steps) - 1].itertuples()
    found = (f"{row.variant}: {describe(row) or 'overflowed'}." for row in last)
    return " ".join([f"{what}, {playing.describe_steps(steps)[-1]}.", *found])


def readings(table: pd.DataFrame, steps: Sequence[int]) -> str:
    """Of digits that are read: how many each start reads correctly at the last recorded step, and which not."""
    sentences = [f"What is read in test images of digits, {playing.describe_steps(steps)[-1]}."]
    for name, rows in table[table["record"] == len(steps) - 1].groupby("variant", sort=False):
        if (rows["read"] < 0).any():
            sentences.append(f"{name}: overflowed.")
            continue
        wrong = rows[rows["read"] != rows["digit"]]
        mistakes = [f"{digit} as {read}" for digit, read in zip(wrong["digit"], wrong["read"], strict=True)]
        misread = f", misread: {', '.join(mistakes)}" if mistakes else ""
        sentences.append(f"{name}: {len(rows) - len(wrong)} of {len(rows)} correct{misread}.")
    return " ".join(sentences)
