"""Trains an experiment into a Result: `run` at once, `merge_shards` from several processes."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from core.activations import ACTIVATIONS, Array
from core.engine import results
from core.engine.probes import histogram_edges
from core.engine.results import Result
from core.engine.sharing import cores
from core.engine.training import train_shard
from core.settings import Experiment, Variant

__all__ = ["Experiment", "Result", "Variant", "run"]


def run(experiment: Experiment, tick: Callable[[float], object] = lambda fraction: None) -> Result:
    """Train every variant from every seed.

    `tick(fraction)` is called from the calling thread only, at least every 50 ms; an exception from it
    cancels the run and is raised here. The same experiment gives the same bits on one machine.
    """
    return merge_shards(experiment, [train_shard(experiment, 0, 1, cores(), tick)])


def merge_shards(experiment: Experiment, shards: Sequence[Mapping[str, Array]]) -> Result:
    """The Result of an experiment whose runs were dealt out in turn to these shards."""
    variants, seeds = len(experiment.variants), experiment.seeds
    arrays = {}
    for name, shape in results.shapes(experiment).items():
        runs = np.arange(variants * seeds).reshape(variants, seeds)
        if name in results.WATCHED:
            runs = runs[:, 0]
        if name not in shards[0]:
            arrays[name] = np.broadcast_to(np.nan, runs.shape + shape)  # which takes no memory
        elif len(shards) == 1:
            arrays[name] = shards[0][name].reshape(runs.shape + shape)
        else:
            arrays[name] = np.empty(runs.shape + shape, shards[0][name].dtype)
            for first, shard in enumerate(shards):
                arrays[name][runs % len(shards) == first] = shard[name]
    edges = histogram_edges(ACTIVATIONS[experiment.activation])
    return Result(experiment, results.recorded_steps(experiment), edges, **arrays)
