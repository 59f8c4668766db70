"""The quantities that claims are tested by: what each is called, and how it is measured of a network."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core import statistics
from core.experiment import Array, Result

# size: a median with the range over seeds, on a logarithmic axis; number, percentage: on a linear one. share: in how
# many seeds. difference: a mean over paired seeds with its 95 % interval. to_best: a loss over the lowest of several.
Kind = Literal["size", "number", "percentage", "share", "difference", "to_best"]

SMOOTHED = 10  # steps
LEARNED = statistics.LEARNED
ROSE = 1 - statistics.STALLED  # of the chance loss: what a loss must change by to show that anything changed


@dataclass(frozen=True)
class Run:
    """A variant of a result, and the variant, of the same or of another result, that it is compared with."""

    result: Result
    variant: int
    layer: int  # up to which the signal is followed, from 1; 0 is the last hidden layer
    reference: Result
    baseline: int

    def hidden(self, name: str) -> Array:
        """An array of the result by hidden layer (seed, record, layer)."""
        return getattr(self.result, name)[self.variant, ..., :-1]


@dataclass(frozen=True)
class Quantity:
    """What is measured of a Run, an array (seed,) or (…, seed)."""

    name: str  # the subject of a sentence
    kind: Kind
    measure: Callable[[Run], Array]


def _of_variant(statistic: Callable[[Result], Array]) -> Callable[[Run], Array]:
    return lambda run: statistic(run.result)[run.variant]


def _first_over_last(name: str) -> Callable[[Run], Array]:
    """Of the hidden layers: ∞ where numbers overflow in the first step, 0 where nothing comes back."""

    def measure(run: Run) -> Array:
        sizes = run.hidden(name)[:, 0]
        ratios = np.nan_to_num(sizes[:, 0] / sizes[:, -1], nan=0.0, posinf=np.inf)
        return np.where(run.result.diverged_at[run.variant] == 0, np.inf, ratios)

    return measure


def _signal_ratio(run: Run) -> Array:
    signal = run.hidden("activation_rms")[:, 0]
    return signal[:, run.layer - 1] / signal[:, 0]


def _layer_gain(run: Run) -> Array:
    return statistics.forward_factor(run.result, run.variant).per_layer


def _initial_std(run: Run) -> Array:
    """Of the weights between hidden layers, which are of one width."""
    return run.hidden("weight_norm")[:, 0, 1:].mean(axis=1) / run.result.experiment.hidden[0]


def _update_ratio(run: Run) -> Array:
    updates = np.median(run.hidden("update_ratio"), axis=1)
    return updates[:, 0] / np.median(updates, axis=1)


def _row_difference(run: Run) -> Array:
    """At any step, of the rows of [W b] of any hidden layer, over the rms of its weights."""
    sizes, spread = np.array(run.result.experiment.sizes), run.hidden("unit_spread")
    rms = run.hidden("weight_norm") / np.sqrt(sizes[:-2] * sizes[1:-1])
    return np.divide(spread, rms, out=np.zeros_like(spread), where=spread > 0).max(axis=(1, 2))


def _distinct_share(run: Run) -> Array:
    """The groups of equal units over the units (seed, record, layer)."""
    return run.hidden("distinct_units") / run.result.experiment.hidden


def _loss_rise(run: Run) -> Array:
    """How far the loss comes back up from its lowest so far, in chance losses; ∞ where the run overflows."""
    # Over ten steps the batches' scatter averages out: single steps go up nearly as often as down in every training.
    sums = np.cumsum(np.pad(run.result.loss[run.variant], ((0, 0), (1, 0))), axis=-1)
    smooth = (sums[:, SMOOTHED:] - sums[:, :-SMOOTHED]) / SMOOTHED
    rises = (smooth - np.minimum.accumulate(smooth, axis=-1)).max(axis=-1)
    return np.where(statistics.diverged(run.result)[run.variant], np.inf, _over_chance(run.result, rises))


def _steps_to_learn(result: Result, variant: int) -> Array:
    """The first step whose loss is under half of that of chance; all the steps where none is."""
    below = _over_chance(result, result.loss[variant]) < LEARNED
    return np.where(below.any(axis=-1), below.argmax(axis=-1), result.loss.shape[-1])


def _accuracy_gap(run: Run) -> Array:
    return statistics.final_accuracy(run.result)[run.variant] - statistics.final_accuracy(run.reference)[run.baseline]


def _own_loss_first(run: Run) -> Array:
    """The final losses of all variants (variant, seed), over that of chance."""
    losses = _over_chance(run.result, statistics.final_loss(run.result))
    return np.concatenate([losses[run.variant, None], np.delete(losses, run.variant, axis=0)])


def _over_chance(result: Result, losses: Array) -> Array:
    return losses / statistics.chance_loss(result.experiment)


# Before training

gradient_ratio = Quantity("layer 1's gradient over the last hidden layer's", "size", _first_over_last("dz_rms"))
bias_ratio = Quantity("layer 1's bias gradient over the last's", "size", _first_over_last("bias_gradient_norm"))
signal_ratio = Quantity("the signal over layer 1's", "size", _signal_ratio)
layer_gain = Quantity("a layer's output over its input", "size", _layer_gain)
weight_std = Quantity("the standard deviation of the weights", "size", _initial_std)

# Units and updates, at every recorded step

update_ratio = Quantity("layer 1's relative update over the median layer's", "size", _update_ratio)
row_difference = Quantity("the largest difference between two units over their weights' size", "size", _row_difference)
most_distinct = Quantity(
    "the largest share of distinct units", "percentage", lambda run: _distinct_share(run).max(axis=(1, 2))
)
all_distinct = Quantity(
    "the smallest share of distinct units", "percentage", lambda run: _distinct_share(run).min(axis=(1, 2))
)
weights_move = Quantity(
    "the share of seeds whose weights move", "share", lambda run: (run.result.weight_norm[run.variant] > 0).any((1, 2))
)
dead_units = Quantity(
    "the largest share of dead units", "percentage", lambda run: np.nanmax(run.hidden("dead").mean(axis=2), axis=1)
)

# How training goes

overflows = Quantity("the share of seeds that overflow", "share", _of_variant(statistics.diverged))
baseline_overflows = Quantity(
    "the share of seeds that overflow unclipped", "share", lambda run: statistics.diverged(run.reference)[run.baseline]
)
learns = Quantity("the share of seeds that learn", "share", _of_variant(statistics.learned))
loss_rise = Quantity("the largest rise of the loss over the chance loss", "percentage", _loss_rise)
steps_to_learn = Quantity(
    "the number of steps to half the chance loss", "number", lambda run: _steps_to_learn(run.result, run.variant)
)
steps_ratio = Quantity(
    "the number of steps to half the chance loss over that from standard normal weights",
    "size",
    lambda run: steps_to_learn.measure(run) / _steps_to_learn(run.reference, run.baseline),
)
test_accuracy = Quantity("the test accuracy", "percentage", _of_variant(statistics.final_accuracy))
linear_gap = Quantity("the test accuracy minus a linear model's", "difference", _accuracy_gap)
bias_gain = Quantity("the test accuracy that random biases add", "difference", lambda run: -_accuracy_gap(run))
final_loss = Quantity("the final loss", "size", _of_variant(statistics.final_loss))
best_loss = Quantity("the final loss over the best start's", "to_best", _own_loss_first)
