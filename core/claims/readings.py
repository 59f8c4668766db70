"""What several claims read off a result: how far its gradient changes, which units are dead, when it has learnt."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core import statistics
from core.activations import ACTIVATIONS
from core.claims.claim import Bound
from core.experiment import Result
from core.statistics import EXPLODED, VANISHED
from core.wording import listed

Array = np.ndarray

FACTOR = "rms(dZ) changes going back from the last hidden layer to the first"


def whole(result: Result, variant: int = 0) -> Array:
    """rms(dZ) of the first hidden layer over the last's at step 0 (seed,): ∞ where numbers overflow before the first
    update, 0 where no gradient enters the last hidden layer."""
    ratios = np.nan_to_num(statistics.backward_factor(result, variant).end_to_end, nan=0.0, posinf=np.inf)
    return np.where(result.diverged_at[variant] == 0, np.inf, ratios)


def a_layer(result: Result, variant: int = 0) -> Array:
    """The factor by which the gradient changes a layer, going back (seed,)."""
    return whole(result, variant) ** (1 / (len(result.experiment.hidden) - 1))


def changed(ratios: Array) -> Array:
    """Whether the gradient changed a hundredfold, either way: the bound that the pages' banners use."""
    return (ratios < VANISHED) | (ratios > EXPLODED)


def dead_units(result: Result, variant: int = 0) -> Array:
    """The share of hidden units that are dead (seed, record)."""
    return result.dead[variant, :, :, :-1].mean(axis=2)


def steps_to_learn(result: Result) -> Array:
    """The first step at which the batch's loss is under half of chance (variant, seed); ∞ where it never is."""
    below = result.loss < statistics.LEARNED * statistics.chance_loss(result.experiment)
    return np.where(below.any(axis=-1), below.argmax(axis=-1), np.inf)


def learnt_below(result: Result) -> Bound:
    """The final loss under which a run counts as one that has learnt."""
    return Bound(statistics.LEARNED * statistics.chance_loss(result.experiment), "learnt below")


def activation_of(result: Result) -> str:
    """The activation's name as people write it."""
    return ACTIVATIONS[result.experiment.activation].label


def with_all(results: Sequence[Result]) -> str:
    """With which activations: `with ReLU and tanh`, and nothing for none."""
    return f"with {listed([activation_of(r) for r in results])}" if results else ""


def network(result: Result, variant: int = 0) -> str:
    """An activation and a start: ReLU from He."""
    return f"{activation_of(result)} from {result.experiment.labels[variant]}"


def variant_of(result: Result, initializer: str) -> int:
    """Where an initializer stands among the variants, its own scale unchanged."""
    variants = result.experiment.variants
    return next(i for i, v in enumerate(variants) if v.initializer == initializer and v.gain == 1)
