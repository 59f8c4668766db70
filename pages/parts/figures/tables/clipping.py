"""Tables about clipping: norms before and after it, how they are distributed, and what other thresholds do."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core import Result, statistics
from pages.parts.figures.tables.by_step import steps
from pages.parts.figures.tables.seeds import spread


def clipped_norms(result: Result, variant: int) -> pd.DataFrame:
    """Gradient norms before and after clipping: kind, step, low, middle, high over seeds."""
    frames = [
        steps(result, quantity).query("variant == @label").assign(kind=kind)
        for quantity, kind in (("gradient_norm", "before clipping"), ("applied_norm", "after clipping"))
        for label in (result.experiment.labels[variant],)
    ]
    return pd.concat(frames, ignore_index=True).drop(columns=["variant", "overflow"])


def norm_bins(result: Result, variant: int, threshold: float, bins: int = 30) -> pd.DataFrame:
    """Norms before clipping over steps and seeds, in bins even in the logarithm: what, low, high, share, clipped.

    What no bin can hold has a row without edges: the shares of exact zeros, and of what is not a number.
    """
    norms = result.gradient_norm[variant].ravel()
    positive = norms[np.isfinite(norms) & (norms > 0)]
    rest = {"exactly 0": (norms == 0).mean(), "overflowed": (~np.isfinite(norms)).mean()}
    outside = pd.DataFrame(
        {"what": what, "low": np.nan, "high": np.nan, "share": float(share), "clipped": False}
        for what, share in rest.items()
    )
    if not positive.size:
        return outside[outside["share"] > 0]
    low, high = np.log10(positive.min()), np.log10(positive.max())
    edges = 10 ** np.linspace(low, high if high > low else low + 0.1, bins + 1)
    edges[0], edges[-1] = min(edges[0], positive.min()), max(edges[-1], positive.max())
    # The threshold is an edge, so that no bin is half clipped.
    if edges[0] < threshold < edges[-1]:
        edges = np.unique(np.append(edges, threshold))
    counts, _ = np.histogram(positive, edges)
    table = pd.DataFrame({"what": "norm", "low": edges[:-1], "high": edges[1:], "share": counts / norms.size})
    table["clipped"] = table["low"] >= threshold * (1 - 1e-9)
    table = pd.concat([table, outside], ignore_index=True)
    return table[table["share"] > 0]


def angles(result: Result, variant: int) -> pd.DataFrame:
    """Angle between the raw and the applied gradient, in degrees: step, low, middle, high over seeds."""
    finite = np.isfinite(result.gradient_norm[variant : variant + 1])
    cosine = np.where(finite, result.clip_cosine[variant : variant + 1], np.nan)
    degrees = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    steps = np.arange(degrees.shape[-1])
    return spread(degrees, ["angle"], "step", steps).drop(columns=["variant", "overflow"])


def losses_by_threshold(*results: Result) -> pd.DataFrame:
    """Final losses of variants that differ by their threshold: threshold, seed, loss (NaN: diverged)."""
    return pd.DataFrame(
        {"threshold": variant.clip.threshold, "seed": seed, "loss": loss}
        for result in results
        for variant, losses_ in zip(result.experiment.variants, statistics.final_loss(result), strict=True)
        if variant.clip is not None
        for seed, loss in enumerate(losses_)
    )
