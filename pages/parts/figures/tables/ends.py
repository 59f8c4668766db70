"""Tables of how runs end: by seed, design, activation and threshold, and compared in pairs."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from core import ACTIVATIONS, Result, statistics, verdicts
from core.wording import count_seeds
from pages.parts.figures.tables.by_step import cross


def finals(result: Result) -> pd.DataFrame:
    """Every run: variant, seed, test accuracy and loss (NaN where it diverged), diverged_at."""
    accuracies, losses = statistics.final_accuracy(result), statistics.final_loss(result)
    ends = {"accuracy": accuracies, "loss": losses, "diverged_at": result.diverged_at}
    keys = cross(variant=result.experiment.labels, seed=range(result.experiment.seeds))
    return pd.DataFrame(keys | {name: values.ravel() for name, values in ends.items()})


def designs(results: Mapping[str, Result]) -> pd.DataFrame:
    """Every run of results by design: the columns of finals, design, and the gradient's factor per layer.

    The factor is that of the start, NaN where no gradient is left.
    """
    frames = []
    for name, result in results.items():
        variants = range(len(result.experiment.variants))
        factors = np.concatenate([statistics.backward_factor(result, v).per_layer for v in variants])
        left = np.isfinite(factors) & (factors > 0)
        frames.append(finals(result).assign(design=name, factor=np.where(left, factors, np.nan)))
    return pd.concat(frames, ignore_index=True)


def what_matters(result: Result) -> pd.DataFrame:
    """What of a start still matters in a design, a row each, and what was measured of it, in words."""
    found = verdicts.list_what_matters(result)
    index = pd.Index(found, name="What the start decides")
    return pd.DataFrame({"Measured above": found.values()}, index)


def paired(result: Result) -> tuple[pd.DataFrame, str]:
    """Final loss over the lowest one's, on the same draws: variant, ratio, low, high, tied, lost.

    NaN for a variant of which a seed diverged. Also whose loss is the lowest, or the first where each lost a seed.
    """
    losses, chance = statistics.final_loss(result), statistics.chance_loss(result.experiment)
    comparison = statistics.compare_losses(losses, chance)
    best, labels = comparison.best if comparison else 0, result.experiment.labels
    ratios = {"ratio": np.nan, "low": np.nan, "high": np.nan, "tied": False}
    if comparison:
        ratios = {name: getattr(comparison, name) for name in ratios}
    counts = statistics.diverged(result).sum(axis=1)
    lost = [count_seeds(count, result.experiment.seeds) for count in counts]
    table = pd.DataFrame({"variant": labels, **ratios, "lost": lost})
    return table.drop(index=best).reset_index(drop=True), labels[best]


def losses_by_activation(results: Sequence[Result]) -> pd.DataFrame:
    """Final losses of results with an activation each: activation, variant, median loss, diverged (how many), seeds.

    The loss is NaN where a seed diverged: the count stands in its place.
    """
    frames = []
    for result in results:
        experiment, losses = result.experiment, statistics.average(statistics.final_loss(result))
        lost = statistics.diverged(result).sum(axis=1)
        ends = {"loss": np.where(lost, np.nan, losses), "diverged": lost, "seeds": experiment.seeds}
        activation = ACTIVATIONS[experiment.activation].label
        frames.append(pd.DataFrame({"activation": activation, "variant": experiment.labels, **ends}))
    return pd.concat(frames, ignore_index=True)


def losses_by_threshold(*results: Result) -> pd.DataFrame:
    """Final losses of clipped variants: threshold, seed, loss (NaN: diverged)."""
    return pd.DataFrame(
        {"threshold": variant.clip.threshold, "seed": seed, "loss": loss}
        for result in results
        for variant, losses in zip(result.experiment.variants, statistics.final_loss(result), strict=True)
        if variant.clip is not None
        for seed, loss in enumerate(losses)
    )
