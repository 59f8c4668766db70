"""The experiments that claims are tested by: what they have in common, and how a page is set to show one."""

from __future__ import annotations

from typing import Any

from core.experiment import Experiment, Variant

BATCH = 64
RATE = 0.05  # at which He trains ten and more layers, and so do the other heuristics
TEN = (64,) * 10
DEPTHS = (10, 30)
SIDE_BY_SIDE = 100  # steps


def trial(
    seed: int, *variants: Variant, hidden: tuple[int, ...], activation: str, data: str = "digits", **more: Any
) -> Experiment:
    """An experiment in batches of 64; on the digits, one step and three seeds where nothing else is said."""
    settings = {"steps": 1, "seeds": 3, **more}
    return Experiment(data, hidden, activation, variants, batch_size=BATCH, seed=seed, **settings)


def starts(*names: str, rate: float = RATE) -> list[Variant]:
    """A variant an initializer, alike in all else."""
    return [Variant(start, learning_rate=rate) for start in names]


def side_by_side(seed: int, activation: str) -> Experiment:
    """Ten layers trained from six scales of random weights: several claims read it."""
    smallest = Variant("he", 0.1, learning_rate=RATE)
    others = starts("pytorch_default", "xavier", "glorot", "he", "normal")
    return trial(seed, smallest, *others, hidden=TEN, activation=activation, steps=SIDE_BY_SIDE, seeds=5)


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
