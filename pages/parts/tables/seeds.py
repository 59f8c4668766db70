"""What the seeds of an experiment have in common: their range and median, and their mean."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def spread(values: np.ndarray, labels: Sequence[str], axis: str, positions: np.ndarray) -> pd.DataFrame:
    """Lowest, median and highest seed of (variant, seed, position), of the finite seeds where any is finite."""
    finite = np.isfinite(values)
    some = finite.any(axis=1)
    filled = np.where(finite, values, np.nan)
    safe = np.where(some[:, None], filled, 0.0)
    frames = []
    for v, label in enumerate(labels):
        frames.append(
            pd.DataFrame(
                {
                    "variant": label,
                    axis: positions,
                    "low": np.where(some[v], np.nanmin(safe[v], axis=0), np.nan),
                    "middle": np.where(some[v], np.nanmedian(safe[v], axis=0), np.nan),
                    "high": np.where(some[v], np.nanmax(safe[v], axis=0), np.nan),
                    "overflow": np.isposinf(values[v]).any(axis=0),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def mean_of_finite(values: np.ndarray) -> np.ndarray:
    """The mean over seeds (seed, …) of those that are numbers; NaN where none is."""
    known = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        return np.where(known, values, 0).sum(axis=0) / known.sum(axis=0)
