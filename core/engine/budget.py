"""What a run will cost in work and memory, and the nearest size that keeps within a bound."""

import bisect
import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from core.activations import ACTIVATIONS
from core.datasets import dataset, watched_examples
from core.engine import recording, results
from core.engine.network import parameter_slices
from core.engine.sharing import cores, deal_into_blocks
from core.optimizers import OPTIMIZERS
from core.settings import Experiment

# What one entry of Z, and one layer in one step, cost beside their products, in multiply-adds:
# from timing runs of 1 to 512 units, whose times `work` then tells within a factor of two.
PER_UNIT, PER_LAYER = 400, 1.5e6
PER_NORMALIZED = 600  # beside that, of a Z that is normalized


@dataclass(frozen=True)
class Cost:
    """What training takes where nothing overflows."""

    multiply_adds: int  # in the matrix products of every step and of every prediction
    work: float  # the time, in multiply-adds that take as long
    bytes: int  # held at the peak, beside the data set


@dataclass(frozen=True)
class Bound:
    """What a run may cost at the most."""

    work: float = 1e12  # about half a minute on two cores
    bytes: float = 200e6

    def allows(self, experiment: Experiment) -> bool:
        """Whether an experiment costs no more, in work and in bytes."""
        requested = cost(experiment)
        return requested.work <= self.work and requested.bytes <= self.bytes


def cost(experiment: Experiment) -> Cost:
    """The cost of an experiment, from its sizes alone."""
    layers, m, steps = experiment.sizes, experiment.batch_size, experiment.steps
    runs = len(experiment.variants) * experiment.seeds
    forward = sum(n * (k + 1) for k, n in pairwise(layers))
    back = sum(n * k for k, n in pairwise(layers[1:]))  # no gradient goes back to the input
    predicted = runs * len(dataset(experiment.dataset).X_test)
    if experiment.record == "full":
        predicted += len(experiment.variants) * len(watched_examples(experiment.dataset))
    predicted *= len(results.recorded_steps(experiment))
    products = runs * steps * m * (2 * forward + back) + predicted * forward
    units = (runs * steps * m + predicted) * sum(layers[1:])
    work = products + PER_UNIT * units + PER_LAYER * steps * (len(layers) - 1)
    if experiment.normalization != "none":
        work += PER_NORMALIZED * runs * steps * m * sum(experiment.hidden)
    return Cost(products, work, _bytes(experiment, runs))


def _bytes(experiment: Experiment, runs: int) -> int:
    """The bytes of the records of all runs, and of the buffers of those that train at once."""
    layers, m, data = experiment.sizes, experiment.batch_size, dataset(experiment.dataset)
    item, shapes = np.dtype(experiment.dtype).itemsize, results.shapes(experiment)
    numbers = sum(math.prod(shapes[name]) for name in results.RECORDED[experiment.record])
    recorded = 8 * (numbers + experiment.steps * m)
    watched = 8 * len(experiment.variants) * sum(math.prod(shapes[name]) for name in results.WATCHED)
    dealt = deal_into_blocks(runs, layers, m, item, cores())
    threads = min(cores(), len(dealt))
    table = threads * (len(data.X_train) + len(data.X_test)) * (layers[0] + 1 + layers[-1])
    # A layer's input, and its A twice: in its own array, and with a row of ones.
    watched += threads * item * len(watched_examples(experiment.dataset)) * 3 * (max(layers) + 1)
    training = recorded + _buffers(experiment, len(data.X_test), item)
    # What a record measures at once: A of several layers, their slopes, and Z if these need it.
    measured = min(recording.STACK_BYTES, len(dealt[0]) * item * m * sum(experiment.hidden))
    measured *= 2 + ACTIVATIONS[experiment.activation].slope_takes_Z
    if experiment.record == "ends":
        watched = measured = 0
    # Tables of examples are made in float64, before there is anything else.
    at_start, later = (item + 8) * table, item * table + threads * (len(dealt[0]) * training + measured)
    return runs * recorded + watched + max(at_start, later)


def _buffers(experiment: Experiment, tests: int, item: int) -> int:
    layers, m, normalized = experiment.sizes, experiment.batch_size, experiment.normalization != "none"
    parameters, widest = parameter_slices(layers, normalized)[-1].stop, max(layers[1:])
    # θ, its gradient, θ before an update that is recorded; and what the optimizer holds beside θ and its rates.
    parameter_copies = 3 + len(vars(OPTIMIZERS[experiment.optimizer](np.empty((1, 1)), np.empty((1, 1))))) - 2
    # The batch, all A and Z, dA, a slope, and its test for saturation.
    batch_floats = m * (layers[0] + 1 + 2 * sum(layers[1:]) + len(layers) + 3 * widest)
    # Ẑ of every layer and products of one; g(Z) of every layer, and what goes round layers.
    batch_floats += normalized * m * (sum(experiment.hidden) + widest)
    batch_floats += (experiment.skip > 0) * (m * sum(experiment.hidden) + max(m, tests) * widest)
    predicted = tests * (2 * (widest + 1) + layers[-1])
    return item * (parameter_copies * parameters + batch_floats + predicted) + 8 * 2 * tests * layers[-1]


# What is given up, first to last, and how small it may get.
_LEAST = (("steps", 20), ("seeds", 2), ("batch_size", 16), ("width", 8), ("depth", 1), ("seeds", 1))


def shrink_to_bound(experiment: Experiment, bound: Bound, among: Collection[str] | None = None) -> Experiment:
    """The experiment made small enough for the bound, else as small as it can be.

    Sizes, or those named in `among`, shrink to their least in the order of `_LEAST` until it fits;
    then each grows again as far as it can, the last one first.
    """
    requested = sizes(experiment)
    reduced: dict[str, int] = {}
    for name, least in _LEAST:
        if bound.allows(_resized(experiment, reduced)):
            break
        if among is None or name in among:
            reduced[name] = min(least, requested[name])
    for name in reversed(list(reduced)):
        least, size = reduced[name], requested[name]
        gap = 10 if name == "steps" or size > 100 else 1
        stops = [2**power for power in range(size.bit_length())] if name == "batch_size" else range(0, size, gap)
        candidates = [least, *(stop for stop in stops if least < stop < size), size]

        def exceeds(size: int, name: str = name) -> bool:
            return not bound.allows(_resized(experiment, reduced | {name: size}))

        reduced[name] = candidates[max(bisect.bisect_left(candidates, True, key=exceeds) - 1, 0)]
    return _resized(experiment, reduced)


def sizes(experiment: Experiment) -> dict[str, int]:
    """What makes an experiment large: the width is that of its widest hidden layer."""
    return {
        "steps": experiment.steps,
        "seeds": experiment.seeds,
        "batch_size": experiment.batch_size,
        "width": max(experiment.hidden, default=0),
        "depth": len(experiment.hidden),
    }


def _resized(experiment: Experiment, changed: dict[str, int]) -> Experiment:
    if not changed:
        return experiment
    new = sizes(experiment) | changed
    hidden = tuple(min(n, new["width"]) for n in experiment.hidden[: new["depth"]])
    return replace(experiment, steps=new["steps"], seeds=new["seeds"], batch_size=new["batch_size"], hidden=hidden)
