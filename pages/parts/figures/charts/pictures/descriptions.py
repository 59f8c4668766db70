"""Pictures in words, computed from their tables at the last recorded step: for those who cannot see them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.wording import number, percent
from pages.parts.figures.charts.marks import playing


def rows_of_units(table: pd.DataFrame, columns: Sequence[str], steps: Sequence[int]) -> str:
    """Of weights unit by unit: how many rows differ in each variant, at the last recorded step."""
    sentences = [f"The weights into layer 1, a row a unit, at training steps {steps[0]} to {steps[-1]}."]
    for name, cells in table.groupby("variant", sort=False):
        weights = cells.pivot(index="unit", columns="input", values=columns[-1]).to_numpy()
        if not np.isfinite(weights).all():
            sentences.append(f"{name}: overflowed.")
        elif not weights.any():
            sentences.append(f"{name}: at the end every weight is 0.")
        else:
            different = len(np.unique(weights, axis=0))
            low, high = number(float(weights.min())), number(float(weights.max()))
            row = "row" if different == 1 else "rows"
            sentences.append(
                f"{name}: at the end {different} different {row} among {len(weights)}, weights {low} to {high}."
            )
    return " ".join(sentences)


def planes(table: pd.DataFrame, steps: Sequence[int]) -> str:
    """Of what is predicted over a plane: at the last recorded step, how much of it is class 1, and the accuracy."""
    sentences = [f"The class predicted at each point of the plane of two inputs, {playing.describe_steps(steps)[-1]}."]
    for row in table[table["record"] == len(steps) - 1].itertuples():
        if not np.isfinite(row.matrix).any():
            sentences.append(f"{row.variant}: overflowed.")
            continue
        share = float((row.matrix > 0).mean())
        sentences.append(
            f"{row.variant}: class 1 in {percent(share)} of it, {percent(row.accuracy)} of the test set correct."
        )
    return " ".join(sentences)


def activations(table: pd.DataFrame, steps: Sequence[int]) -> str:
    """Of the activations for one example: how large the last hidden layer's are at the last recorded step."""
    sentences = [f"The activations of every unit for one test image, {playing.describe_steps(steps)[-1]}."]
    for row in table[table["record"] == len(steps) - 1].itertuples():
        known = row.matrix[-1][np.isfinite(row.matrix[-1])]
        size = f"up to {number(float(np.abs(known).max()))} in the last hidden layer" if len(known) else "overflowed"
        sentences.append(f"{row.variant}: {size}.")
    return " ".join(sentences)


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
