"""What a run will cost, before it starts: multiply-adds and memory, and the nearest size that fits a bound."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from core import recording
from core.datasets import dataset
from core.probes import HISTOGRAM_BINS
from core.settings import Experiment

MULTIPLY_ADDS = 2.5e12  # about a minute on two cores
BYTES = 400e6


@dataclass(frozen=True)
class Cost:
    """Multiply-adds in the matrix products, and bytes held at the peak."""

    multiply_adds: float
    bytes: float

    @property
    def fits(self) -> bool:
        return self.multiply_adds <= MULTIPLY_ADDS and self.bytes <= BYTES


def cost(experiment: Experiment) -> Cost:
    """An estimate: three products a layer and step, forward, dA and dW; starts, buffers and results in memory."""
    sizes = experiment.sizes
    runs = len(experiment.variants) * experiment.seeds
    weights = sum(n * k for k, n in pairwise(sizes))
    parameters = weights + sum(sizes[1:])
    item = 4 if experiment.dtype == "float32" else 8
    examples = experiment.batch_size + len(dataset(experiment.dataset).X_test)
    per_step = len(sizes) + 4
    per_record = 12 * len(sizes) + 3
    records = min(experiment.steps, recording.RECORDS)
    result = 8 * (experiment.steps * per_step + records * per_record + 2 * (HISTOGRAM_BINS + 1) * len(sizes))
    training = item * (5 * parameters + 3 * examples * sum(sizes))
    return Cost(3.0 * weights * experiment.batch_size * experiment.steps * runs, float(runs * (result + training)))


def fitting(experiment: Experiment) -> Experiment:
    """The same experiment with as many steps, then as many seeds, then as wide layers, as the bounds allow."""
    if cost(experiment).fits:
        return experiment
    for smaller in (_with_steps, _with_seeds, _with_width):
        experiment = smaller(experiment)
        if cost(experiment).fits:
            break
    return experiment


def _with_steps(experiment: Experiment) -> Experiment:
    steps = experiment.steps
    while steps > 20 and not cost(replace(experiment, steps=steps)).fits:
        steps = max(20, steps // 2)
    return replace(experiment, steps=steps)


def _with_seeds(experiment: Experiment) -> Experiment:
    seeds = experiment.seeds
    while seeds > 2 and not cost(replace(experiment, seeds=seeds)).fits:
        seeds -= 1
    return replace(experiment, seeds=seeds)


def _with_width(experiment: Experiment) -> Experiment:
    hidden = experiment.hidden
    while max(hidden, default=1) > 1 and not cost(replace(experiment, hidden=hidden)).fits:
        hidden = tuple(max(1, n * 3 // 4) for n in hidden)
    return replace(experiment, hidden=hidden)
