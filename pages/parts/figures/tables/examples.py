"""Tables of the first seed's networks by record: weights, and what they make of a plane or of digits.

`steps` are those of another run's records, in the place of its own.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from core import Result
from core.datasets import PLANE, dataset, plane, watched_digits
from pages.parts.figures.tables.by_step import nearest_record

POINTS = 150  # test examples that are drawn
UNITS, INPUTS = 32, 64  # of a weight matrix at the most, so that its picture stays one of cells


def unit_rows(result: Result, variants: Collection[int], steps: np.ndarray | None = None) -> pd.DataFrame:
    """[W^[1]], a row a unit and a column an input: variant, record, matrix."""
    records = nearest_record(result, steps)
    weights = result.first_weights[:, records, :UNITS, :-1][..., :INPUTS]
    table = _by_record(result, records).assign(matrix=[matrix for runs in weights for matrix in runs])
    return table[table["variant"].isin([result.experiment.labels[v] for v in variants])]


def planes(result: Result, steps: np.ndarray | None = None) -> pd.DataFrame:
    """The predicted class of every point: variant, record, matrix (−1 class 0, 1 class 1), test accuracy."""
    records = nearest_record(result, steps)
    matrices = 2 * result.example_predictions[:, records, 0].reshape(-1, PLANE, PLANE) - 1
    return _by_record(result, records).assign(
        matrix=list(matrices), accuracy=result.test_accuracy[:, 0, records].ravel()
    )


def points(result: Result) -> tuple[np.ndarray, np.ndarray]:
    """Test examples in the plane, from 0 to 1 (POINTS, 2), and which of them are of class 1."""
    data = dataset(result.experiment.dataset)
    low, high = plane(data)
    return (data.X_test[:POINTS] - low) / (high - low), data.Y_test[:POINTS, 0] > 0


def activations(result: Result, steps: np.ndarray | None = None) -> pd.DataFrame:
    """Of the first watched example, a row a hidden layer, a column a unit: variant, record, matrix."""
    records = nearest_record(result, steps)
    return _by_record(result, records).assign(
        matrix=[layers for runs in result.example_activations[:, records] for layers in runs]
    )


def readings(result: Result, steps: np.ndarray | None = None, every: int = 1) -> pd.DataFrame:
    """What is read in the watched digits, or one in `every`: variant, record, place, digit, read.

    Read is −1 where the prediction is not a number.
    """
    records, digits = nearest_record(result, steps), watched_digits()[1][::every]
    predictions = result.example_predictions[:, records, :, ::every]
    read = np.where(np.isfinite(predictions).all(axis=2), predictions.argmax(axis=2), -1)
    table = _by_record(result, records)
    images = {"place": np.tile(np.arange(len(digits)), len(table)), "digit": np.tile(digits, len(table))}
    rows = table.loc[table.index.repeat(len(digits))].reset_index(drop=True)
    return rows.assign(**images, read=read.ravel())


def _by_record(result: Result, records: np.ndarray) -> pd.DataFrame:
    labels = result.experiment.labels
    return pd.DataFrame(
        {
            "variant": np.repeat(np.array(labels, object), len(records)),
            "record": np.tile(range(len(records)), len(labels)),
        }
    )
