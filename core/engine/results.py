"""What training records: the arrays of a Result, their axes, and the steps that are measured."""

from dataclasses import dataclass
from typing import Annotated, get_type_hints

import numpy as np

from core.activations import Array
from core.datasets import dataset, watched_examples
from core.engine.probes import HISTOGRAM_BINS
from core.settings import Experiment

# Measuring a step in full costs as much as training it: one step in ten is, within these bounds.
FEWEST_RECORDS, RECORDS = 3, 11
WATCHED_UNITS = 64  # of a layer, at the most

# An array by the axes that follow its (variant, seed), or its (variant,).
PerRun = Annotated[Array, ()]
PerStep = Annotated[Array, ("step",)]
PerRecord = Annotated[Array, ("record",)]
PerLayer = Annotated[Array, ("record", "layer")]


@dataclass(frozen=True)
class Result:
    """What was measured, in float64: arrays with axes (variant, seed, …) or (variant, …).

    layer: 1 … L, hidden layers first, the output (ŷ) last. step: measured on its batch, of which losses
    and gradients are the mean, before its update. record: the steps in `recorded_steps`, from step 0.
    Norms are Frobenius, rms is over units and examples. NaN is what is not recorded, and what follows a
    run's first non-finite number. With normalization, training uses the batch's own moments, and
    predictions, over a batch, running averages from 0 and 1, which may let them overflow at first; dZ
    is the gradient by W A + b. With skips, A is what the next layer receives; slopes and histograms are
    of g(Z).
    """

    experiment: Experiment
    recorded_steps: Array  # (record,)
    histogram_edges: Array  # (bin,): of A where g is bounded, of log10 |A| otherwise
    loss: PerStep
    gradient_norm: PerStep  # of all gradients together, before clipping
    applied_norm: PerStep  # after clipping
    clip_cosine: PerStep  # of the angle between the raw and the clipped gradient
    layer_gradient_norm: Annotated[Array, ("step", "layer")]  # with dγ and dβ, before clipping
    train_accuracy: PerRecord  # of the step's batch; NaN where there are no classes or ŷ is not finite
    test_loss: PerRecord  # the mean over the test set
    test_accuracy: PerRecord
    activation_rms: PerLayer  # of A
    dz_rms: PerLayer  # of dZ
    weight_gradient_norm: PerLayer  # ‖dW‖
    bias_gradient_norm: PerLayer  # ‖db‖
    weight_norm: PerLayer  # ‖W‖
    update_ratio: PerLayer  # ‖ΔW‖/‖W‖
    saturated: PerLayer  # share of (unit, example) pairs with |g′| under 1 % of its maximum
    dead: PerLayer  # share of units with g′ = 0 on every example of the batch
    unit_spread: PerLayer  # largest difference of two units' incoming weights or biases
    distinct_units: PerLayer  # groups of identical units
    rounding: PerLayer  # the difference up to which units count as identical
    histograms: Annotated[Array, ("moment", "layer", "bin")]  # of g(Z) at the ends; exact zeros last
    output_gradient: Annotated[Array, ("output", "example")]  # dZ^[L] of step 0
    diverged_at: PerRun  # the step of the first non-finite number, or −1
    diverged_layer: PerRun  # where it was found, going forward, then backward; 0 for nowhere
    # Of the first seed, and 64 units at the most; examples are those of core.datasets.watched_examples.
    first_weights: Annotated[Array, ("record", "first unit", "input")]  # [W^[1] b^[1]]
    example_predictions: Annotated[Array, ("record", "output", "watched example")]  # ŷ
    example_activations: Annotated[
        Array, ("record", "hidden layer", "unit")
    ]  # A of the first one, NaN beyond the width

    @property
    def has_classes(self) -> bool:
        """Whether accuracies are measured: not in a regression."""
        return dataset(self.experiment.dataset).loss != "squared"


WATCHED = ("first_weights", "example_predictions", "example_activations")
_HINTS = get_type_hints(Result, include_extras=True)
_ALL_AXES = {name: hint.__metadata__[0] for name, hint in _HINTS.items() if hasattr(hint, "__metadata__")}
AXES = {name: axes for name, axes in _ALL_AXES.items() if name not in WATCHED}
# Those that are left where only the ends are recorded: the rest costs as much as several steps of
# training in a deep network.
ENDS = (
    *("loss", "gradient_norm", "applied_norm", "clip_cosine", "layer_gradient_norm"),
    *("train_accuracy", "test_loss", "test_accuracy", "activation_rms", "dz_rms", "diverged_at", "diverged_layer"),
)
RECORDED = {"full": tuple(AXES), "ends": ENDS}


def recorded_steps(experiment: Experiment) -> Array:
    """The steps that are measured (record,): evenly spread, or the first and the last ("ends")."""
    steps = experiment.steps
    records = 2 if experiment.record == "ends" else min(RECORDS, max(FEWEST_RECORDS, steps // 10 + 1))
    return np.unique(np.round(np.linspace(0, steps - 1, records)).astype(np.int64))


def shapes(experiment: Experiment) -> dict[str, tuple[int, ...]]:
    """The shape of each array of a Result, without its (variant, seed) or (variant,)."""
    sizes, examples = experiment.sizes, len(watched_examples(experiment.dataset))
    hidden = experiment.hidden if examples else ()
    lengths = {
        "step": experiment.steps,
        "record": len(recorded_steps(experiment)),
        "layer": len(sizes) - 1,
        "output": sizes[-1],
        "example": experiment.batch_size,
        "moment": 2,
        "bin": HISTOGRAM_BINS + 1,
        "first unit": min(sizes[1], WATCHED_UNITS),
        "input": sizes[0] + 1,
        "watched example": examples,
        "hidden layer": len(hidden),
        "unit": min(max(hidden, default=0), WATCHED_UNITS),
    }
    return {name: tuple(lengths[axis] for axis in axes) for name, axes in _ALL_AXES.items()}


def allocate(experiment: Experiment, runs: int) -> dict[str, Array]:
    """Those that are recorded, runs first: NaN until measured, −1 and 0 for a run that has not diverged."""
    lengths = shapes(experiment)
    arrays = {name: np.full((runs, *lengths[name]), np.nan) for name in RECORDED[experiment.record]}
    return arrays | {"diverged_at": np.full(runs, -1), "diverged_layer": np.zeros(runs, dtype=int)}
