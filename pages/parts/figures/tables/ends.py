"""Tables of how runs ended: every seed, paired differences, starts by activation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core import ACTIVATIONS, Result, statistics
from core.statistics import Comparison
from core.wording import count_seeds as count_seeds


def finals(result: Result) -> pd.DataFrame:
    """How every run ended: variant, seed, accuracy (test), loss (both NaN where it diverged), diverged_at."""
    accuracy, loss = statistics.final_accuracy(result), statistics.final_loss(result)
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


def compare(result: Result) -> Comparison | None:
    """The final losses beside the lowest one's; None where every variant lost a seed."""
    return statistics.compare_losses(statistics.final_loss(result), statistics.chance_loss(result.experiment))


def paired(result: Result, comparison: Comparison | None) -> pd.DataFrame:
    """Final loss over the lowest one's, on the same draws: variant, ratio, low, high, tied, lost (in how many seeds).

    NaN for a variant of which a seed diverged; none has a ratio where there is no comparison.
    """
    nothing = np.full(len(result.experiment.labels), np.nan)
    ratio, low, high = (comparison.ratio, comparison.low, comparison.high) if comparison else (nothing,) * 3
    table = pd.DataFrame(
        {
            "variant": result.experiment.labels,
            "ratio": ratio,
            "low": low,
            "high": high,
            "tied": comparison.tied if comparison else False,
            "lost": [count_seeds(n, result.experiment.seeds) for n in statistics.diverged(result).sum(axis=1)],
        }
    )
    return table.drop(index=comparison.best if comparison else 0).reset_index(drop=True)


def match(results: Sequence[Result]) -> pd.DataFrame:
    """One result an activation: activation, variant, loss (median of final losses), diverged (seeds), seeds.

    The loss is NaN where a seed diverged: the count stands in its place.
    """
    return pd.DataFrame(
        {
            "activation": ACTIVATIONS[result.experiment.activation].label,
            "variant": label,
            "loss": np.nan if lost else loss,
            "diverged": lost,
            "seeds": result.experiment.seeds,
        }
        for result in results
        for label, loss, lost in zip(
            result.experiment.labels,
            statistics.average(statistics.final_loss(result)),
            statistics.diverged(result).sum(axis=1),
            strict=True,
        )
    )
