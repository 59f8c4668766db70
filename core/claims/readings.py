"""What several claims read off their results, and the small sums that turn seeds into a value with its range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core import measures
from core.activations import ACTIVATIONS
from core.claims.claim import FAILS, HOLDS, ONLY_IF, Point
from core.experiment import Experiment, Result, Variant
from core.verdicts.propagation import EXPLODED, VANISHED

Array = np.ndarray
Spread = tuple[float, float, float]  # value, low, high

BATCH = 64
RATE = 0.05  # at which He trains ten and more layers, and so do the other heuristics
TEN = (64,) * 10
DEPTHS = (10, 30)

FACTOR = "rms(dZ) changes going back from the last hidden layer to the first"


def trial(seed: int, *variants: Variant, hidden: tuple[int, ...], activation: str, **more: Any) -> Experiment:
    """An experiment on the digits in batches of 64; one step and three seeds where nothing else is said."""
    settings = {"steps": 1, "seeds": 3, **more}
    return Experiment("digits", hidden, activation, variants, batch_size=BATCH, seed=seed, **settings)


def starts(*names: str, rate: float = RATE) -> list[Variant]:
    """A variant an initializer, alike in all else."""
    return [Variant(start, learning_rate=rate) for start in names]


def page_settings(experiment: Experiment, **own: object) -> dict[str, object]:
    """The controls that all pages share, set as in an experiment whose layers are of one size, and a page's own."""
    return {
        "depth": len(experiment.hidden),
        "width": experiment.hidden[0],
        "activation": experiment.activation,
        "learning_rate": experiment.variants[0].learning_rate,
        "steps": experiment.steps,
        "seeds": experiment.seeds,
        **own,
    }


def over_seeds(values: Array) -> Spread:
    """The mean of finite values, and their lowest and highest; NaN where there is none."""
    finite = np.asarray(values, dtype=float).ravel()
    finite = finite[np.isfinite(finite)]
    if not finite.size:
        return float("nan"), float("nan"), float("nan")
    low, high = float(finite.min()), float(finite.max())
    return float(np.clip(finite.mean(), low, high)), low, high


def over_seeds_log(values: Array) -> Spread:
    """The geometric mean of finite values, and their lowest and highest."""
    finite = np.asarray(values, dtype=float).ravel()
    finite = finite[np.isfinite(finite)]
    if not finite.size:
        return float("nan"), float("nan"), float("nan")
    low, high = float(finite.min()), float(finite.max())
    return float(np.clip(measures.geometric_mean(finite), low, high)), low, high


def paired_mean(differences: Array) -> Spread:
    """The mean of paired differences over seeds, with Student's 95 % interval."""
    n = len(differences)
    mean = float(differences.mean())
    half = measures.t95(n) * float(differences.std(ddof=1)) / n**0.5
    return mean, mean - half, mean + half


def point(series: str, x: float | str, spread: Spread) -> Point:
    return Point(series, x, *spread)


def by_layer(series: str, values: Array) -> list[Point]:
    """A point a layer, from values (seed, layer) that are positive."""
    return [point(series, layer + 1, over_seeds_log(values[:, layer])) for layer in range(values.shape[1])]


def whole(result: Result, variant: int = 0) -> Array:
    """rms(dZ) of the first hidden layer over the last's at step 0 (seed,): ∞ where numbers overflow before the first
    update, 0 where no gradient enters the last hidden layer."""
    ratios = np.nan_to_num(measures.backward_factor(result, variant).whole, nan=0.0, posinf=np.inf)
    return np.where(result.diverged_at[variant] == 0, np.inf, ratios)


def dead_units(result: Result) -> Array:
    """The share of hidden units that are dead (seed, record)."""
    return result.dead[0, :, :, :-1].mean(axis=2)


def a_layer(result: Result, variant: int = 0) -> Array:
    """The factor by which the gradient changes a layer, going back (seed,)."""
    return whole(result, variant) ** (1 / (len(result.experiment.hidden) - 1))


def changed(ratios: Array) -> Array:
    """Whether the gradient changed a hundredfold, either way: the bound that the pages' banners use."""
    return (ratios < VANISHED) | (ratios > EXPLODED)


def crossing(xs: Sequence[float], ratios: Array, level: float = 1.0) -> Array:
    """Where ratios (x, seed) first cross a level (seed,), interpolated between logarithms; NaN where they do not."""
    x, y = np.log(np.asarray(xs, dtype=float)), np.log(ratios / level)
    found = np.full(ratios.shape[1], np.nan)
    for seed, line in enumerate(y.T):
        steps = np.flatnonzero(np.sign(line[:-1]) != np.sign(line[1:]))
        if steps.size:
            i = int(steps[0])
            found[seed] = np.exp(x[i] + (x[i + 1] - x[i]) * line[i] / (line[i] - line[i + 1]))
    return found


def steps_to_learn(result: Result) -> Array:
    """The first step at which the batch's loss is under half of chance (variant, seed); ∞ where it never is."""
    below = result.loss < measures.LEARNT * measures.chance_loss(result.experiment)
    return np.where(below.any(axis=-1), below.argmax(axis=-1), np.inf)


def all_some_none(cases: Sequence[Any] | Array) -> str:
    """Holds in all cases, in some, or in none."""
    return HOLDS if np.all(cases) else ONLY_IF if np.any(cases) else FAILS


def only(verdict: str, condition: str) -> str:
    """What a sentence opens with where its claim holds on a condition."""
    return f"Only {condition}: " if verdict == ONLY_IF else ""


def name(activation: str) -> str:
    return ACTIVATIONS[activation].label
