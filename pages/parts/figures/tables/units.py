"""Tables of weights: what single units have learned, up to what they count as alike, and how a law scales them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from core import INITIALIZERS, Experiment, Result
from pages.parts.figures.tables.seeds import nearest_record


def unit_rows(
    result: Result, variants: Sequence[int], units: int = 32, steps: np.ndarray | None = None
) -> pd.DataFrame:
    """[W^[1]] of the first seed, a row a unit and input, a column s0, s1, … a record: variant, unit, input, s0 …

    `steps`: those of another run's records, in the place of its own.
    """
    frames = []
    for v in variants:
        weights = result.first_weights[v, nearest_record(result, steps)][:, :units, :-1][:, :, _inputs(result)]
        records_, n, k = weights.shape
        unit, column = np.meshgrid(np.arange(1, n + 1), np.arange(1, k + 1), indexing="ij")
        frame = pd.DataFrame({"variant": result.experiment.labels[v], "unit": unit.ravel(), "input": column.ravel()})
        cells = {f"s{r}": weights[r].ravel() for r in range(records_)}
        frames.append(pd.concat([frame, pd.DataFrame(cells)], axis=1))
    return pd.concat(frames, ignore_index=True)


def _inputs(result: Result) -> np.ndarray:
    """At most 64 inputs, so that the picture stays one of cells."""
    return np.arange(min(64, result.first_weights.shape[-1] - 1))


def rounding(result: Result, variant: int, layer: int) -> float:
    """The difference up to which units of that layer (from 0) count as identical at the end, over the seeds."""
    return float(np.nanmax(result.rounding[variant, :, :, layer], initial=0.0))


def weight_std(experiment: Experiment) -> pd.DataFrame:
    """The std of a weight by its law and gain, by layer: initializer, variant (its label), layer, fans, std."""
    return pd.DataFrame(
        {
            "initializer": variant.initializer,
            "variant": variant.label,
            "layer": layer,
            "fans": f"{fan_in} → {fan_out}",
            "std": variant.gain * INITIALIZERS[variant.initializer].std(fan_in, fan_out, experiment.activation),
        }
        for variant in experiment.variants
        for layer, (fan_in, fan_out) in enumerate(pairwise(experiment.sizes), start=1)
    )
