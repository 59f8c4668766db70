"""The networks that claims are tested by: what they have in common."""

from typing import Any

from core.activations import ACTIVATIONS
from core.claims.claim import Case
from core.experiment import Experiment, Variant

RATE = 0.05  # at which He trains ten and more layers, and so do the other heuristics
TEN = (64,) * 10
DEPTHS = (10, 30)


def network(*variants: Variant, hidden: tuple[int, ...], activation: str, **more: Any) -> Experiment:
    """An experiment on the digits in batches of 64; of one step and three seeds where nothing else is asked for."""
    settings = {"steps": 1, "seeds": 3, "batch_size": 64, **more}
    return Experiment(hidden=hidden, activation=activation, variants=variants, **settings)


def build_variants(*names: str, rate: float = RATE) -> list[Variant]:
    """A variant an initializer, alike in all else."""
    return [Variant(name, learning_rate=rate) for name in names]


def each_variant(series: str, experiment: Experiment) -> tuple[Case, ...]:
    return tuple(Case(series, name, experiment, v) for v, name in enumerate(experiment.labels))


def build_scale_comparison(activation: str) -> Experiment:
    """Ten layers trained from six scales of random weights: several claims read it."""
    others = build_variants("pytorch_default", "xavier", "glorot", "he", "normal")
    smallest = Variant("he", 0.1, learning_rate=RATE)
    return network(smallest, *others, hidden=TEN, activation=activation, steps=100, seeds=5)


def place_of(experiment: Experiment, initializer: str) -> int:
    """Where an initializer stands among the variants, its own scale unchanged."""
    return [(v.initializer, v.gain) for v in experiment.variants].index((initializer, 1))


def label(activation: str) -> str:
    return ACTIVATIONS[activation].label
