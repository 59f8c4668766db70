"""Tables by training step: sizes with the range over seeds, and where numbers ended."""

from collections import Counter

import numpy as np
import pandas as pd

from core import Result
from pages.parts.figures.tables.seeds import spread


def steps(result: Result, quantity: str) -> pd.DataFrame:
    """A quantity with axes (…, step): variant, step, low, middle (median), high over the seeds left of all seeds."""
    values = getattr(result, quantity)
    all_steps = np.arange(values.shape[-1])
    keep = np.unique(np.linspace(0, len(all_steps) - 1, min(len(all_steps), 250)).astype(int))
    return spread(values[..., keep], result.experiment.labels, "step", all_steps[keep])


def records(result: Result, quantity: str, layer: int | None = None) -> pd.DataFrame:
    """A quantity at the recorded steps, of one layer (from 0) where it has layers: variant, step, low, middle, high."""
    values = getattr(result, quantity)
    values = values if layer is None else values[..., layer]
    return spread(values, result.experiment.labels, "step", result.recorded_steps)


def rounding(result: Result, variant: int, layer: int) -> float:
    """The difference up to which units of that layer (from 0) count as identical at the end, over the seeds."""
    return float(np.nanmax(result.rounding[variant, :, :, layer], initial=0.0))


def losses(*results: Result) -> pd.DataFrame:
    """The loss by step of some results together: variant, step, low, middle, high."""
    return pd.concat([steps(result, "loss") for result in results], ignore_index=True)


def test_accuracy(*results: Result) -> pd.DataFrame:
    """Test accuracy at the recorded steps of some results together: variant, step, low, middle, high."""
    return pd.concat([records(result, "test_accuracy") for result in results], ignore_index=True)


def divergences(result: Result) -> pd.DataFrame:
    """Where runs met their first number that is not finite: variant, step, layer, diverged (seeds), of all seeds."""
    ends = Counter(
        (label, int(step), int(layer))
        for v, label in enumerate(result.experiment.labels)
        for step, layer in zip(result.diverged_at[v], result.diverged_layer[v], strict=True)
        if step >= 0
    )
    rows = [(*end, diverged, result.experiment.seeds) for end, diverged in sorted(ends.items())]
    return pd.DataFrame(rows, columns=["variant", "step", "layer", "diverged", "seeds"])
