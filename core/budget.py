"""What a run will cost, before it starts: multiply-adds and memory, and the nearest size that fits a bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from core import recording
from core.datasets import dataset
from core.network import parameter_slices
from core.probes import HISTOGRAM_BINS
from core.settings import Experiment
from core.sharing import runs_at_once, working_set

Fits = Callable[[Experiment], bool]

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
    """An estimate: three products a layer and step; in memory, the results of all runs and the buffers of some."""
    sizes, m = experiment.sizes, experiment.batch_size
    runs = len(experiment.variants) * experiment.seeds
    weights = sum(n * k for k, n in pairwise(sizes))
    item = 4 if experiment.dtype == "float32" else 8
    per_step = len(sizes) + 4
    per_record = 12 * len(sizes) + 3
    records = len(recording.recorded_steps(experiment.steps))
    result = 8 * (experiment.steps * per_step + records * per_record + 2 * (HISTOGRAM_BINS + 1) * len(sizes))
    # What a step goes through; two layers of the test set; the parameters before an update; a layer in float64.
    tests = len(dataset(experiment.dataset).X_test)
    parameters = parameter_slices(sizes)[-1].stop
    layer = max(max(n * (k + 1) for k, n in pairwise(sizes)), m * max(sizes[1:]))
    training = working_set(sizes, m, item) + item * (2 * tests * (max(sizes[1:]) + 1) + parameters) + 8 * layer
    held = runs * result + runs_at_once(runs, sizes, m, item) * training
    return Cost(3.0 * weights * m * experiment.steps * runs, float(held))


def fitting(experiment: Experiment) -> Experiment:
    """The same experiment with fewer steps, then seeds, then units a layer, as many as the bounds allow.

    Where memory alone is short, fewer steps would not help: units are given up at once.
    """
    if cost(experiment).bytes > BYTES and cost(replace(experiment, steps=1)).bytes > BYTES:
        experiment = _with_width(experiment, lambda smaller: cost(replace(smaller, steps=1)).bytes <= BYTES)
    for reduce in (_with_steps, _with_seeds, _with_width):
        if not cost(experiment).fits:
            experiment = reduce(experiment, _fits)
    return experiment


def _fits(experiment: Experiment) -> bool:
    return cost(experiment).fits


def _with_steps(experiment: Experiment, fits: Fits) -> Experiment:
    steps = experiment.steps
    while steps > 20 and not fits(replace(experiment, steps=steps)):
        steps = max(20, steps * 3 // 4)
    return replace(experiment, steps=steps)


def _with_seeds(experiment: Experiment, fits: Fits) -> Experiment:
    seeds = experiment.seeds
    while seeds > 2 and not fits(replace(experiment, seeds=seeds)):
        seeds -= 1
    return replace(experiment, seeds=seeds)


def _with_width(experiment: Experiment, fits: Fits) -> Experiment:
    hidden = experiment.hidden
    while max(hidden, default=1) > 1 and not fits(replace(experiment, hidden=hidden)):
        hidden = tuple(max(1, n * 7 // 8) for n in hidden)
    return replace(experiment, hidden=hidden)
