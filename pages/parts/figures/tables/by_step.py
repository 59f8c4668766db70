"""Tables by training step: the range over seeds, where numbers end, and clipped gradients."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from core import Result, statistics
from core.engine.results import AXES


def cross(**axes: Sequence[Any] | np.ndarray) -> dict[str, np.ndarray]:
    """A column for each axis, all their combinations as rows; the last axis runs fastest."""
    grid = np.meshgrid(*axes.values(), indexing="ij")
    return {name: positions.ravel() for name, positions in zip(axes, grid, strict=True)}


def spread(values: np.ndarray, labels: Sequence[str], **axes: Sequence[int] | np.ndarray) -> pd.DataFrame:
    """Values (variant, seed, axes…) over the seeds: variant, axes, low, middle, high, overflow, left, seeds.

    The median and the range of the seeds that are left, which have a number; NaN where none is.
    """
    finite = np.where(np.isfinite(values), values, np.nan)
    ranges = {
        "low": np.fmin.reduce(finite, axis=1),
        "middle": statistics.average(np.moveaxis(finite, 1, -1)),
        "high": np.fmax.reduce(finite, axis=1),
        "overflow": np.isposinf(values).any(axis=1),
        "left": np.isfinite(values).sum(axis=1).astype(np.int16),
    }
    columns = {name: column.ravel() for name, column in ranges.items()}
    return pd.DataFrame(cross(variant=labels, **axes) | columns | {"seeds": np.int16(values.shape[1])})


def nearest_record(result: Result, steps: np.ndarray | None) -> np.ndarray:
    """The place of the last record by each of these steps; for None every record's."""
    if steps is None:
        return np.arange(len(result.recorded_steps))
    return np.searchsorted(result.recorded_steps, steps, side="right") - 1


def steps(result: Result, quantity: str, layer: int | None = None) -> pd.DataFrame:
    """A quantity by step, as of `spread`; of one layer (from 0) where it has layers."""
    values = getattr(result, quantity)
    values = values if layer is None else values[..., layer]
    positions = result.recorded_steps if "record" in AXES[quantity] else np.arange(values.shape[-1])
    thinned = np.unique(np.linspace(0, len(positions) - 1, min(len(positions), 250)).astype(int))
    return spread(values[..., thinned], result.experiment.labels, step=positions[thinned])


def rounding(result: Result, variant: int, layer: int) -> float:
    """The difference up to which units of a layer (from 0) count as identical at the end."""
    return float(np.nanmax(result.rounding[variant, :, :, layer], initial=0.0))


def divergences(result: Result) -> pd.DataFrame:
    """Counts of seeds by where numbers cease to be finite: variant, step, layer, diverged (how many), seeds."""
    variant, seed = np.nonzero(result.diverged_at >= 0)
    ends = {
        "variant": np.array(result.experiment.labels, dtype=object)[variant],
        "step": result.diverged_at[variant, seed],
        "layer": result.diverged_layer[variant, seed],
    }
    counts = pd.DataFrame(ends).groupby([*ends]).size()
    return counts.reset_index(name="diverged").assign(seeds=result.experiment.seeds)


def clipped_norms(result: Result, variant: int) -> pd.DataFrame:
    """Gradient norms before and after clipping: kind, step, and as of `spread`."""
    before = steps(result, "gradient_norm").assign(kind="before clipping")
    after = steps(result, "applied_norm").assign(kind="after clipping")
    norms = pd.concat([before, after])
    norms = norms[norms["variant"] == result.experiment.labels[variant]]
    return norms.drop(columns=["variant", "overflow"]).reset_index(drop=True)


def norm_bins(result: Result, variant: int, threshold: float, bins: int = 30) -> pd.DataFrame:
    """Norms before clipping, in bins even in the logarithm: what, low, high, share, clipped.

    Exact zeros, and what is not a number, have rows without edges.
    """
    norms = result.gradient_norm[variant].ravel()
    positive = norms[np.isfinite(norms) & (norms > 0)]
    shares = [(norms == 0).mean(), (~np.isfinite(norms)).mean()]
    table = pd.DataFrame({"what": ["exactly 0", "overflowed"], "low": np.nan, "high": np.nan, "share": shares})
    table["clipped"] = False
    if positive.size:
        low, high = np.log10(positive.min()), np.log10(positive.max())
        edges = 10 ** np.linspace(low, high if high > low else low + 0.1, bins + 1)
        edges[0], edges[-1] = min(edges[0], positive.min()), max(edges[-1], positive.max())
        # The threshold is an edge, so that no bin is half clipped.
        if edges[0] < threshold < edges[-1]:
            edges = np.unique(np.append(edges, threshold))
        counts, _ = np.histogram(positive, edges)
        binned = pd.DataFrame({"what": "norm", "low": edges[:-1], "high": edges[1:], "share": counts / norms.size})
        binned["clipped"] = binned["low"] >= threshold * (1 - 1e-9)
        table = pd.concat([binned, table], ignore_index=True)
    return table[table["share"] > 0]


def angles(result: Result, variant: int) -> pd.DataFrame:
    """Angle of the applied gradient to the raw one, in degrees: step, and as of `spread`."""
    finite = np.isfinite(result.gradient_norm[[variant]])
    cosine = np.where(finite, result.clip_cosine[[variant]], np.nan)
    degrees = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    table = spread(degrees, ["angle"], step=np.arange(degrees.shape[-1]))
    return table.drop(columns=["variant", "overflow"])
