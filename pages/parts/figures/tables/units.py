"""Tables of weights: up to what units count as alike, and how a law scales them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from core import INITIALIZERS, Experiment, Result


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
