"""The quantities that claims are tested by: what each is called, and how it is measured of a network."""

from __future__ import annotations

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
ROSE = 1 - statistics.STALLED  # of the chance loss: a smaller change of a loss is none


@dataclass(frozen=True)
class Run:
    """A variant of a result, and the variant, of this or another result, that it is compared with."""

    result: Result
    variant: int
    layer: int  # up to which the signal is followed, from 1; 0 is the last hidden layer
    reference: Result
    baseline: int

    @property
    def compared(self) -> Run:
        return Run(self.reference, self.baseline, 0, self.reference, self.baseline)

    def take(self, statistic: Callable[[Result], Array]) -> Array:
        return statistic(self.result)[self.variant]

    def hidden(self, name: str) -> Array:
        """An array of the result by hidden layer (seed, record, layer)."""
        return getattr(self.result, name)[self.variant, ..., :-1]

    def over_chance(self, losses: Array) -> Array:
        return losses / statistics.chance_loss(self.result.experiment)

    def end_to_end(self, name: str) -> Array:
        """The value in layer 1 over that in the last: ∞ where the first step overflows, 0 where nothing comes back."""
        sizes = self.hidden(name)[:, 0]
        ratios = np.nan_to_num(sizes[:, 0] / sizes[:, -1], nan=0.0, posinf=np.inf)
        return np.where(self.result.diverged_at[self.variant] == 0, np.inf, ratios)

    def signal_ratio(self) -> Array:
        signal = self.hidden("activation_rms")[:, 0]
        return signal[:, self.layer - 1] / signal[:, 0]

    def layer_gain(self) -> Array:
        return statistics.forward_factor(self.result, self.variant).per_layer

    def initial_std(self) -> Array:
        """The std of the initial weights between hidden layers, which are of one width."""
        return self.hidden("weight_norm")[:, 0, 1:].mean(axis=1) / self.result.experiment.hidden[0]

    def update_ratio(self) -> Array:
        updates = np.median(self.hidden("update_ratio"), axis=1)
        return updates[:, 0] / np.median(updates, axis=1)

    def row_difference(self) -> Array:
        """The largest difference of rows of [W b], at any step and in any hidden layer, over the rms of its weights."""
        sizes, spread = np.array(self.result.experiment.sizes), self.hidden("unit_spread")
        rms = self.hidden("weight_norm") / np.sqrt(sizes[:-2] * sizes[1:-1])
        return np.divide(spread, rms, out=np.zeros_like(spread), where=spread > 0).max(axis=(1, 2))

    def distinct_share(self) -> Array:
        """The groups of equal units over the units (seed, record, layer)."""
        return self.hidden("distinct_units") / self.result.experiment.hidden

    def loss_rise(self) -> Array:
        """How far the loss comes back up from its lowest, in chance losses; ∞ where the run overflows."""
        # Over ten steps the batches' scatter averages out: single steps go up nearly as often as down.
        sums = np.cumsum(np.pad(self.result.loss[self.variant], ((0, 0), (1, 0))), axis=-1)
        smooth = (sums[:, SMOOTHED:] - sums[:, :-SMOOTHED]) / SMOOTHED
        rises = (smooth - np.minimum.accumulate(smooth, axis=-1)).max(axis=-1)
        return np.where(self.take(statistics.diverged), np.inf, self.over_chance(rises))

    def steps_to_learn(self) -> Array:
        """The first step whose loss is under half of that of chance; all the steps where none is."""
        loss = self.result.loss[self.variant]
        below = self.over_chance(loss) < statistics.LEARNED
        return np.where(below.any(axis=-1), below.argmax(axis=-1), loss.shape[-1])

    def accuracy_gap(self) -> Array:
        return self.take(statistics.final_accuracy) - self.compared.take(statistics.final_accuracy)

    def own_loss_first(self) -> Array:
        """The final losses of all variants (variant, seed), over that of chance."""
        losses = self.over_chance(statistics.final_loss(self.result))
        return np.concatenate([losses[self.variant, None], np.delete(losses, self.variant, axis=0)])


@dataclass(frozen=True)
class Quantity:
    """What is measured of a Run, an array (seed,) or (…, seed)."""

    name: str  # the subject of a sentence
    kind: Kind
    measure: Callable[[Run], Array]


# Before training
gradient_ratio = Quantity(
    "layer 1's gradient over the last hidden layer's", "size", lambda run: run.end_to_end("dz_rms")
)
bias_ratio = Quantity(
    "layer 1's bias gradient over the last's", "size", lambda run: run.end_to_end("bias_gradient_norm")
)
signal_ratio = Quantity("the signal over layer 1's", "size", Run.signal_ratio)
layer_gain = Quantity("a layer's output over its input", "size", Run.layer_gain)
weight_std = Quantity("the standard deviation of the weights", "size", Run.initial_std)
# Units and updates, at every recorded step
update_ratio = Quantity("layer 1's relative update over the median layer's", "size", Run.update_ratio)
row_difference = Quantity(
    "the largest difference between two units over their weights' size", "size", Run.row_difference
)
most_distinct = Quantity(
    "the largest share of distinct units", "percentage", lambda run: run.distinct_share().max(axis=(1, 2))
)
all_distinct = Quantity(
    "the smallest share of distinct units", "percentage", lambda run: run.distinct_share().min(axis=(1, 2))
)
weights_move = Quantity(
    "the share of seeds whose weights move", "share", lambda run: (run.result.weight_norm[run.variant] > 0).any((1, 2))
)
dead_units = Quantity(
    "the largest share of dead units", "percentage", lambda run: np.nanmax(run.hidden("dead").mean(axis=2), axis=1)
)
# How training goes
overflows = Quantity("the share of seeds that overflow", "share", lambda run: run.take(statistics.diverged))
baseline_overflows = Quantity(
    "the share of seeds that overflow unclipped", "share", lambda run: run.compared.take(statistics.diverged)
)
learns = Quantity("the share of seeds that learn", "share", lambda run: run.take(statistics.learned))
loss_rise = Quantity("the largest rise of the loss over the chance loss", "percentage", Run.loss_rise)
steps_to_learn = Quantity("the number of steps to half the chance loss", "number", Run.steps_to_learn)
steps_ratio = Quantity(
    "the number of steps to half the chance loss over that from standard normal weights",
    "size",
    lambda run: run.steps_to_learn() / run.compared.steps_to_learn(),
)
test_accuracy = Quantity("the test accuracy", "percentage", lambda run: run.take(statistics.final_accuracy))
linear_gap = Quantity("the test accuracy minus a linear model's", "difference", Run.accuracy_gap)
bias_gain = Quantity("the test accuracy that random biases add", "difference", lambda run: -run.accuracy_gap())
final_loss = Quantity("the final loss", "size", lambda run: run.take(statistics.final_loss))
best_loss = Quantity("the final loss over the best start's", "to_best", Run.own_loss_first)
