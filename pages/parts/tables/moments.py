"""Which of a result's records stand for the steps of another."""

from __future__ import annotations

import numpy as np

from core import Result


def at(result: Result, steps: np.ndarray | None) -> np.ndarray:
    """For each of these steps the place of the last record by then, or of the first of all; every record for None."""
    known = result.recorded_steps
    return np.arange(len(known)) if steps is None else np.searchsorted(known, steps, side="right") - 1
