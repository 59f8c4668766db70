"""Tables by training step: the range over seeds, where numbers ended, and norms and angles of clipped gradients."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core import Result, statistics


def spread(values: np.ndarray, labels: Sequence[str], axis: str, positions: np.ndarray) -> pd.DataFrame:
    """Lowest, median and highest seed of (variant, seed, position), of those that are `left`: finite, of all `seeds`.

    NaN where none is left.
    """
    finite = np.where(np.isfinite(values), values, np.nan)
    return pd.DataFrame(
        {
            "variant": np.repeat(np.array(labels, dtype=object), values.shape[-1]),
            axis: np.tile(positions, len(labels)),
            "low": np.fmin.reduce(finite, axis=1).ravel(),
            "middle": statistics.average(np.moveaxis(finite, 1, -1)).ravel(),
            "high": np.fmax.reduce(finite, axis=1).ravel(),
            "overflow": np.isposinf(values).any(axis=1).ravel(),
            "left": np.isfinite(values).sum(axis=1).ravel().astype(np.int16),
            "seeds": np.int16(values.shape[1]),
        }
    )


def nearest_record(result: Result, steps: np.ndarray | None) -> np.ndarray:
    """For each of these steps the place of the last record by then, or of the first of all; every record for None."""
    known = result.recorded_steps
    return np.arange(len(known)) if steps is None else np.searchsorted(known, steps, side="right") - 1


def steps(result: Result, quantity: str) -> pd.DataFrame:
    """A quantity with axes (…, step): variant, step, low, middle (median), high over the seeds left of all seeds."""
    values = getattr(result, quantity)
    count = values.shape[-1]
    drawn = np.unique(np.linspace(0, count - 1, min(count, 250)).astype(int))
    return spread(values[..., drawn], result.experiment.labels, "step", drawn)


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
    variant, seed = np.nonzero(result.diverged_at >= 0)
    ends = {
        "variant": np.array(result.experiment.labels, dtype=object)[variant],
        "step": result.diverged_at[variant, seed],
        "layer": result.diverged_layer[variant, seed],
    }
    counts = pd.DataFrame(ends).groupby([*ends]).size()
    return counts.reset_index(name="diverged").assign(seeds=result.experiment.seeds)


def clipped_norms(result: Result, variant: int) -> pd.DataFrame:
    """Gradient norms before and after clipping: kind, step, low, middle, high over seeds."""
    label = result.experiment.labels[variant]
    kinds = {"before clipping": steps(result, "gradient_norm"), "after clipping": steps(result, "applied_norm")}
    table = pd.concat([table.assign(kind=kind) for kind, table in kinds.items()], ignore_index=True)
    return table[table["variant"] == label].drop(columns=["variant", "overflow"]).reset_index(drop=True)


def norm_bins(result: Result, variant: int, threshold: float, bins: int = 30) -> pd.DataFrame:
    """Norms before clipping over steps and seeds, in bins even in the logarithm: what, low, high, share, clipped.

    What no bin can hold has a row without edges: the shares of exact zeros, and of what is not a number.
    """
    norms = result.gradient_norm[variant].ravel()
    positive = norms[np.isfinite(norms) & (norms > 0)]
    shares = [(norms == 0).mean(), (~np.isfinite(norms)).mean()]
    table = pd.DataFrame(
        {"what": ["exactly 0", "overflowed"], "low": np.nan, "high": np.nan, "share": shares, "clipped": False}
    )
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
    """Angle between the raw and the applied gradient, in degrees: step, low, middle, high over seeds."""
    finite = np.isfinite(result.gradient_norm[[variant]])
    cosine = np.where(finite, result.clip_cosine[[variant]], np.nan)
    degrees = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    steps = np.arange(degrees.shape[-1])
    return spread(degrees, ["angle"], "step", steps).drop(columns=["variant", "overflow"])
