"""What the seeds of an experiment have in common: their range and median, and their mean."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core import Result


def spread(values: np.ndarray, labels: Sequence[str], axis: str, positions: np.ndarray) -> pd.DataFrame:
    """Lowest, median and highest seed of (variant, seed, position), of those that are `left`: finite, of all `seeds`.

    NaN where none is left.
    """
    finite = np.isfinite(values)
    count = finite.sum(axis=1)
    ordered = np.sort(np.where(finite, values, np.nan), axis=1)  # NaN last
    low, below, above, high = (
        np.take_along_axis(ordered, np.maximum(rank, 0)[:, None], axis=1)[:, 0]
        for rank in (0 * count, (count - 1) // 2, count // 2, count - 1)
    )
    with np.errstate(over="ignore"):
        middle = np.where(below == above, below, (below + above) / 2)
    return pd.DataFrame(
        {
            "variant": np.repeat(np.array(labels, dtype=object), values.shape[-1]),
            axis: np.tile(positions, len(labels)),
            "low": low.ravel(),
            "middle": middle.ravel(),
            "high": high.ravel(),
            "overflow": np.isposinf(values).any(axis=1).ravel(),
            "left": count.ravel().astype(np.int16),
            "seeds": np.int16(values.shape[1]),
        }
    )


def mean_of_finite(values: np.ndarray) -> np.ndarray:
    """The mean over seeds (seed, …) of those that are numbers; NaN where none is."""
    known = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        return np.where(known, values, 0).sum(axis=0) / known.sum(axis=0)


def nearest_record(result: Result, steps: np.ndarray | None) -> np.ndarray:
    """For each of these steps the place of the last record by then, or of the first of all; every record for None."""
    known = result.recorded_steps
    return np.arange(len(known)) if steps is None else np.searchsorted(known, steps, side="right") - 1
