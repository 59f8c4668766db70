"""Tables about clipping: norms before and after it, the angle between both, and what other thresholds do."""

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
