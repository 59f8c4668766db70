"""Trains an experiment into a Result: `run` at once, `train_shard` and `merge_shards` in the pages' processes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from core.activations import ACTIVATIONS, Array
from core.datasets import dataset, watched_examples
from core.engine import recording, watching
from core.engine.draws import batch_indices, draw_parameters, fit_to_data
from core.engine.hidden_layers import HiddenLayers
from core.engine.network import parameter_slices, parameter_views
from core.engine.probes import histogram_edges
from core.engine.sharing import cores
from core.engine.training import Plan, train
from core.initializers import INITIALIZERS
from core.losses import constant_output
from core.settings import Experiment, Variant

__all__ = ["Experiment", "Result", "Variant", "run"]


@dataclass(frozen=True)
class Result:
    """What was measured: arrays with axes (variant, seed, …), the rest of each array's axes beside it.

    layer: 1 … L, hidden layers first, the output (ŷ) last. step: what is recorded at a step is measured on that step's
    batch, before its update. record: the steps in `recorded_steps`, the first being step 0. The loss is the batch's
    mean, and so are its gradients. Everything is float64; after a run's first non-finite number it is NaN. Norms are
    Frobenius, rms is over units and examples. What an experiment that records its ends alone does not measure is NaN.
    With normalization, training and its records use the batch's own moments, tests and predictions running averages of
    them (over a batch), which begin at 0 and 1 and may let them overflow at first, and dZ is the gradient by W A + b,
    before it is normalized. With skips, A is what the next layer receives, skip included; slopes and histograms are of
    g(Z) alone.
    """

    experiment: Experiment
    recorded_steps: Array  # (record,)
    loss: Array  # (…, step)
    gradient_norm: Array  # (…, step): of all gradients together, before clipping
    applied_norm: Array  # (…, step): after clipping
    clip_cosine: Array  # (…, step): of the angle between the raw and the clipped gradient
    layer_gradient_norm: Array  # (…, step, layer): of dW and db (dγ and dβ) together, before clipping
    train_accuracy: Array  # (…, record): of the step's batch; NaN where there are no classes or ŷ is not finite
    test_loss: Array  # (…, record): the mean over the test set
    test_accuracy: Array  # (…, record)
    activation_rms: Array  # (…, record, layer): of A
    dz_rms: Array  # (…, record, layer): of dZ
    weight_gradient_norm: Array  # (…, record, layer): ‖dW‖
    bias_gradient_norm: Array  # (…, record, layer): ‖db‖
    weight_norm: Array  # (…, record, layer): ‖W‖
    update_ratio: Array  # (…, record, layer): ‖ΔW‖/‖W‖
    saturated: Array  # (…, record, layer): share of (unit, example) pairs with |g′| under 1 % of its maximum
    dead: Array  # (…, record, layer): share of units with g′ = 0 on every example of the batch
    unit_spread: Array  # (…, record, layer): largest difference between two units' incoming weights, bias included
    distinct_units: Array  # (…, record, layer): groups of identical units
    rounding: Array  # (…, record, layer): the difference up to which units count as identical
    histograms: Array  # (…, moment, layer, bin): shares of g(Z) at first and last record; the last bin: exact zeros
    output_gradient: Array  # (…, output, example): dZ^[L] of step 0
    diverged_at: Array  # (…): the step of the first non-finite number, or −1
    diverged_layer: Array  # (…): the layer in which it was found, going forward, then backward; 0 for none
    histogram_edges: Array  # (bin,): of A where g is bounded, of log10 |A| otherwise
    # Of the first seed, and 64 units at the most; the examples are those of core.datasets.watched_examples.
    first_weights: Array  # (variant, record, unit, n_0 + 1): [W^[1] b^[1]]
    example_predictions: Array  # (variant, record, n_L, example): ŷ
    example_activations: Array  # (variant, record, hidden layer, unit): A of the first example; NaN beyond the width

    @property
    def has_classes(self) -> bool:
        """Whether there is an accuracy to speak of: not in a regression."""
        return dataset(self.experiment.dataset).loss != "squared"


def run(experiment: Experiment, tick: Callable[[float], object] = lambda fraction: None) -> Result:
    """Train every variant from every seed.

    `tick(fraction)` is called from the calling thread only, at least every 50 ms; an exception from it cancels the run,
    worker threads included, and is raised here. The same experiment gives the same bits on one machine.
    """
    return merge_shards(experiment, [train_shard(experiment, 0, 1, cores(), tick)])


def train_shard(
    experiment: Experiment, first: int, parts: int, threads: int, tick: Callable[[float], object]
) -> dict[str, Array]:
    """Train the runs whose index is `first` modulo `parts`; runs are ordered by variant, then by seed.

    On `threads` threads; `tick` as in `run`. The arrays are a Result's, but with the runs as their one first axis;
    those in watching.NAMES are of the runs of a first seed. What is not recorded is not there.
    """
    runs = [(variant, index) for variant in experiment.variants for index in range(experiment.seeds)]
    plan = Plan(experiment, runs[first::parts], partial(starting_parameters, experiment))
    arrays, watched = train(plan, threads, tick)
    return arrays | (watched if experiment.record == "full" else {})


def merge_shards(experiment: Experiment, parts: Sequence[Mapping[str, Array]]) -> Result:
    """The Result of an experiment whose runs were dealt out in turn to these parts."""
    variants, seeds = len(experiment.variants), experiment.seeds
    runs = range(variants * seeds)
    sizes, steps = experiment.sizes, recording.recorded_steps(experiment.steps, experiment.record)
    shapes = recording.shapes(experiment.steps, experiment.batch_size, sizes, experiment.record)
    watched = watching.shapes(sizes, len(steps), len(watched_examples(experiment.dataset)))

    def gather(name: str, of_runs: range, shape: tuple[int, ...]) -> Array:
        """The rows of these runs from all parts, in this shape; NaN that takes no memory where none are recorded."""
        if name not in parts[0]:
            return np.broadcast_to(np.nan, shape)
        rows = [shard[name] for shard in parts]
        if len(parts) == 1:
            return rows[0].reshape(shape)
        merged = np.empty((len(of_runs), *rows[0].shape[1:]), rows[0].dtype)
        for first, own in enumerate(rows):
            merged[np.array(of_runs) % len(parts) == first] = own
        return merged.reshape(shape)

    return Result(
        experiment=experiment,
        recorded_steps=steps,
        histogram_edges=histogram_edges(ACTIVATIONS[experiment.activation]),
        **{name: gather(name, runs[::seeds], (variants, *shape)) for name, shape in watched.items()},
        **{name: gather(name, runs, (variants, seeds, *shape)) for name, shape in shapes.items()},
    )


def starting_parameters(
    experiment: Experiment,
    variant: Variant,
    index: int,
    out: Array | None = None,
    checkpoint: Callable[[], None] = lambda: None,
) -> Array:
    """θ^[1] … θ^[L] of one run before its first step, γ and β included, flat (parameters,), in the experiment's dtype.

    They go into `out` where it is given; `index` is that of the seed; `checkpoint` is called after every layer.
    """
    activation, fits_data = ACTIVATIONS[experiment.activation], INITIALIZERS[variant.initializer].fits_data
    seed, sizes, normalized = (experiment.seed, index), experiment.sizes, experiment.normalization != "none"
    if out is None:
        out = np.empty(parameter_slices(sizes, normalized)[-1].stop, experiment.dtype)
    # LSUV is fitted in float64, and rounded at the end like every other draw.
    drawn = np.empty(out.shape) if fits_data else out
    with np.errstate(over="ignore"):
        draw_parameters(variant, sizes, activation, seed, out=drawn, normalized=normalized, checkpoint=checkpoint)
        if fits_data:
            X = dataset(experiment.dataset).X_train
            first = batch_indices(seed, len(X), experiment.batch_size, 1)[0]
            design = experiment.normalization, experiment.skip
            hidden = HiddenLayers(sizes, activation, 1, drawn.dtype, *design)
            fit_to_data(drawn, hidden, X[first].T, variant.gain, checkpoint)
            out[:] = drawn
    if variant.prior_bias:
        data = dataset(experiment.dataset)
        parameter_views(out[None], sizes, normalized)[-1][0, :, -1] = constant_output(data.loss, data.Y_train)
    return out
