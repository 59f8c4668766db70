"""What several claims read off a result: how far its gradient changes, which units are dead, how its loss goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core import statistics
from core.activations import ACTIVATIONS
from core.claims.claim import Bound, Point
from core.claims.spreads import over_seeds, point
from core.experiment import Result
from core.statistics import Change
from core.wording import join_words

Array = np.ndarray

SMOOTHED = 10  # steps
ROSE = 1 - statistics.STALLED  # of the chance loss: what a loss must change by to show that anything changed
FACTOR = "rms(dZ) changes going back from the last hidden layer to the first"


def backward_ratio(result: Result, variant: int = 0) -> Array:
    """rms(dZ) of the first hidden layer over the last's at step 0 (seed,): ∞ where numbers overflow before the first
    update, 0 where no gradient enters the last hidden layer."""
    ratios = np.nan_to_num(statistics.backward_factor(result, variant).end_to_end, nan=0.0, posinf=np.inf)
    return np.where(result.diverged_at[variant] == 0, np.inf, ratios)


def a_layer(result: Result, variant: int = 0) -> Array:
    """The factor by which the gradient changes a layer, going back (seed,)."""
    return backward_ratio(result, variant) ** (1 / (len(result.experiment.hidden) - 1))


def change(result: Result, variant: int = 0) -> Change:
    """What the gradient does going back, in the words of all pages."""
    return statistics.classify_change(backward_ratio(result, variant))


def dead_units(result: Result, variant: int = 0) -> Array:
    """The share of hidden units that are dead (seed, record)."""
    return result.dead[variant, :, :, :-1].mean(axis=2)


def steps_to_learn(result: Result) -> Array:
    """The first step at which the batch's loss is under half of chance (variant, seed); ∞ where it never is."""
    below = result.loss < statistics.LEARNED * statistics.chance_loss(result.experiment)
    return np.where(below.any(axis=-1), below.argmax(axis=-1), np.inf)


def largest_rise(result: Result) -> Array:
    """How far the loss comes back up from its lowest so far, in chance losses (variant, seed); ∞ where a run diverged.

    The loss is smoothed over ten steps, in which the batches' own scatter averages out: single steps go up nearly as
    often as down in every training.
    """
    sums = np.cumsum(np.pad(result.loss, ((0, 0), (0, 0), (1, 0))), axis=-1)
    smooth = (sums[..., SMOOTHED:] - sums[..., :-SMOOTHED]) / SMOOTHED
    rises = (smooth - np.minimum.accumulate(smooth, axis=-1)).max(axis=-1)
    return np.where(statistics.diverged(result), np.inf, rises / statistics.chance_loss(result.experiment))


def first_steps(result: Result, steps: int) -> Result:
    """The same runs, of which only so many steps are known: what their losses were then, and whether they diverged."""
    lost_by_then = np.where(result.diverged_at < steps, result.diverged_at, -1)
    return replace(result, loss=result.loss[..., :steps], diverged_at=lost_by_then)


def end_points(result: Result, series: Sequence[str], places: Sequence[str]) -> list[Point]:
    """A mark for the final loss of every variant of which a seed is left, in its series at its place.

    Where seeds diverged the place says how many are left.
    """
    seeds = result.experiment.seeds
    points = []
    for name, place, losses in zip(series, places, statistics.final_loss(result), strict=True):
        left = int(np.isfinite(losses).sum())
        if left:
            count = f" ({left} of {seeds} seeds left)" if left < seeds else ""
            points.append(point(name, place + count, over_seeds(losses)))
    return points


def learned_below(result: Result) -> Bound:
    """The final loss under which a run counts as one that has learned."""
    return Bound(statistics.LEARNED * statistics.chance_loss(result.experiment), "learned below")


def activation_of(result: Result) -> str:
    """The activation's name as people write it."""
    return ACTIVATIONS[result.experiment.activation].label


def with_all(results: Sequence[Result]) -> str:
    """With which activations: `with ReLU and tanh`, and nothing for none."""
    return f"with {join_words([activation_of(r) for r in results])}" if results else ""


def network(result: Result, variant: int = 0) -> str:
    """An activation and a start: ReLU from He."""
    return f"{activation_of(result)} from {result.experiment.labels[variant]}"


def variant_of(result: Result, initializer: str) -> int:
    """Where an initializer stands among the variants, its own scale unchanged."""
    variants = result.experiment.variants
    return next(i for i, v in enumerate(variants) if v.initializer == initializer and v.gain == 1)
