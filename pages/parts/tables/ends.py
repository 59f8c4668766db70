"""Tables of how runs ended: every seed, paired differences, starts by activation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core import ACTIVATIONS, Result
from core.measures import final_accuracy, final_loss, paired_ratio


def finals(result: Result) -> pd.DataFrame:
    """How every run ended: variant, seed, accuracy (test), loss (both NaN where it diverged), diverged_at."""
    accuracy, loss = np.where(result.diverged_at >= 0, np.nan, final_accuracy(result)), final_losses(result)
    return pd.DataFrame(
        {
            "variant": label,
            "seed": s,
            "accuracy": accuracy[v, s],
            "loss": loss[v, s],
            "diverged_at": int(result.diverged_at[v, s]),
        }
        for v, label in enumerate(result.experiment.labels)
        for s in range(result.experiment.seeds)
    )


def best(result: Result) -> int:
    """The variant with the lowest final loss of those in which no seed diverged, else the first."""
    means = final_losses(result).mean(axis=1)
    return int(np.nanargmin(means)) if np.isfinite(means).any() else 0


def paired(result: Result, reference: int) -> pd.DataFrame:
    """Final loss over the reference's, on the same draws: variant, ratio, low, high (95 %), clear."""
    rows = []
    for v, label in enumerate(result.experiment.labels):
        if v != reference:
            difference = paired_ratio(result, v, reference)
            rows.append(
                {
                    "variant": label,
                    "ratio": difference.ratio,
                    "low": difference.low,
                    "high": difference.high,
                    "clear": difference.clear,
                }
            )
    return pd.DataFrame(rows, columns=["variant", "ratio", "low", "high", "clear"])


def match(results: Sequence[Result]) -> pd.DataFrame:
    """One result an activation: activation, variant, loss (geometric mean of final losses), diverged (seeds), seeds."""
    rows = []
    for result in results:
        losses = final_losses(result)
        for v, label in enumerate(result.experiment.labels):
            finite = losses[v][np.isfinite(losses[v])]
            lost = int((result.diverged_at[v] >= 0).sum())
            rows.append(
                {
                    "activation": ACTIVATIONS[result.experiment.activation].label,
                    "variant": label,
                    "loss": _geometric_mean(finite) if finite.size and not lost else np.nan,
                    "diverged": lost,
                    "seeds": result.experiment.seeds,
                }
            )
    return pd.DataFrame(rows)


def _geometric_mean(values: np.ndarray) -> float:
    with np.errstate(divide="ignore"):
        return float(np.exp(np.log(values).mean()))


def final_losses(result: Result) -> np.ndarray:
    """As measures.final_loss (variant, seed), and NaN as well where a run diverged within its last steps."""
    return np.where(result.diverged_at >= 0, np.nan, final_loss(result))
