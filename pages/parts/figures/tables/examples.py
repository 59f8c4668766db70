"""Tables of the first seed's networks: weights, and what they make of a plane or of digits.

`steps` are those of another run's records, in the place of its own.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from core import Result
from core.datasets import PLANE, dataset, plane, watched_digits
from pages.parts.figures.tables.by_step import cross, nearest_record

POINTS = 150  # test examples that are drawn
UNITS, INPUTS = 32, 64  # of a weight matrix at the most, so that its picture stays one of cells


def unit_rows(result: Result, variants: Collection[int], steps: np.ndarray | None = None) -> pd.DataFrame:
    """[W^[1]], a row a unit and a column an input: variant, record, matrix."""
    weights = result.first_weights[:, nearest_record(result, steps), :UNITS, :-1][..., :INPUTS]
    table = _tabulate_matrices(result, weights)
    return table[table["variant"].isin([result.experiment.labels[v] for v in variants])]


def planes(result: Result, steps: np.ndarray | None = None) -> pd.DataFrame:
    """Classes over the plane: variant, record, matrix (−1 class 0, 1 class 1), test accuracy."""
    records = nearest_record(result, steps)
    predictions = result.example_predictions[:, records, 0]
    matrices = 2 * predictions.reshape(*predictions.shape[:2], PLANE, PLANE) - 1
    return _tabulate_matrices(result, matrices).assign(accuracy=result.test_accuracy[:, 0, records].ravel())


def points(result: Result) -> tuple[np.ndarray, np.ndarray]:
    """Test examples in the plane, from 0 to 1 (POINTS, 2), and which of them are of class 1."""
    data = dataset(result.experiment.dataset)
    low, high = plane(data)
    return (data.X_test[:POINTS] - low) / (high - low), data.Y_test[:POINTS, 0] > 0


def activations(result: Result) -> pd.DataFrame:
    """Activations for the first watched example, a hidden layer a row, a unit a column: variant, record, matrix."""
    return _tabulate_matrices(result, result.example_activations)


def readings(result: Result, steps: np.ndarray | None = None, every: int = 1) -> pd.DataFrame:
    """What is read in the watched digits, or one in `every`: variant, record, place, digit, read.

    Read is −1 where the prediction is not a number.
    """
    digits = watched_digits()[1][::every]
    predictions = result.example_predictions[:, nearest_record(result, steps), :, ::every]
    read = np.where(np.isfinite(predictions).all(axis=2), predictions.argmax(axis=2), -1)
    variants, records, images = read.shape
    keys = cross(variant=result.experiment.labels, record=range(records), place=range(images))
    return pd.DataFrame(keys | {"digit": np.tile(digits, variants * records), "read": read.ravel()})


def _tabulate_matrices(result: Result, matrices: np.ndarray) -> pd.DataFrame:
    """A row a matrix, of `matrices` (variant, record, row, column): variant, record, matrix."""
    keys = cross(variant=result.experiment.labels, record=range(matrices.shape[1]))
    return pd.DataFrame(keys | {"matrix": [matrix for records in matrices for matrix in records]})
