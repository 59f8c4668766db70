"""The workloads that are timed, what every engine is handed for them, and the ratios to reach."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from core import Experiment, Variant
from core.datasets import dataset
from core.engine.draws import batch_indices, starting_parameters
from core.engine.network import parameter_views
from pages.parts.settings import BY_PAGE, page_label

Array = np.ndarray

LEARNING_RATE = 0.05  # plain gradient descent; nothing diverges at it
STARTS = {
    "relu": ("he", "he_uniform", "glorot", "glorot_uniform"),
    "tanh": ("xavier", "xavier_uniform", "glorot", "glorot_uniform"),
}


@dataclass(frozen=True)
class Workload:
    """Networks with these hidden layers, trained on digits: as many runs as starts times seeds."""

    name: str
    label: str
    hidden: tuple[int, ...]
    starts: int
    seeds: int
    batch_size: int
    steps: int
    activation: str = "relu"

    @property
    def runs(self) -> int:
        return self.starts * self.seeds

    @functools.cached_property
    def experiment(self) -> Experiment:
        names = STARTS[self.activation][: self.starts]
        return Experiment(
            hidden=self.hidden,
            activation=self.activation,
            variants=tuple(Variant(name, learning_rate=LEARNING_RATE) for name in names),
            seeds=self.seeds,
            steps=self.steps,
            batch_size=self.batch_size,
        )

    @property
    def sizes(self) -> tuple[int, ...]:
        return self.experiment.sizes

    @functools.cached_property
    def theta(self) -> list[Array]:
        """The starting [W^[l] b^[l]] of all runs, layer by layer, each (runs, n_l, n_{l−1} + 1) in float32."""
        each = [starting_parameters(self.experiment, v, i) for v in self.experiment.variants for i in range(self.seeds)]
        return parameter_views(np.stack(each), self.sizes)

    @functools.cached_property
    def batches(self) -> Array:
        """The examples of each step (runs, steps, m)."""
        examples = len(dataset("digits").X_train)
        seeds = [batch_indices((0, i), examples, self.batch_size, self.steps) for i in range(self.seeds)]
        return np.stack(seeds * self.starts)

    @functools.cached_property
    def X(self) -> Array:  # noqa: N802
        """The training examples (examples, n_0) in float32."""
        return dataset("digits").X_train.astype(np.float32)

    @functools.cached_property
    def y(self) -> Array:
        """Their classes (examples,)."""
        return dataset("digits").Y_train.argmax(axis=1)


def _of_page(name: str) -> Workload:
    """What a page trains by default, but from starts that all train: a run that diverges is over early."""
    trained = BY_PAGE[name]().experiment
    sizes = trained.hidden, len(trained.variants), trained.seeds, trained.batch_size, trained.steps
    return Workload(name, page_label(name), *sizes, trained.activation)


WORKLOADS = {
    workload.name: workload
    for workload in (
        *map(_of_page, ("overview", "random_init", "heuristics", "clipping")),
        Workload("deep", "50 layers", (64,) * 50, 4, 1, 64, 50, "tanh"),
        Workload("P2", "batch of 128", (64,) * 5, 4, 5, 128, 100),
        Workload("P3", "batch of 128, deep", (100,) * 10, 4, 5, 128, 50),
        Workload("P4", "batch of 256, wide", (256,) * 10, 4, 2, 256, 20),
    )
}

# By engine, then by workload: how often our time must fit into theirs; for the floor, how often it may fit into ours.
TO_REACH = {
    "PyTorch looping": {"P2": 5.0, "P3": 3.5, "P4": 2.5},
    "PyTorch stacked": dict.fromkeys(WORKLOADS, 1.3),
    "JAX": dict.fromkeys(("overview", "random_init", "heuristics"), 1.2) | dict.fromkeys(("clipping", "deep"), 1.0),
    "floor": dict.fromkeys(WORKLOADS, 1.6),
}
