"""Theory beside measurement: what was to be expected of a Result's first step, and where it came otherwise, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from core import statistics
from core.activations import ACTIVATIONS
from core.datasets import dataset
from core.draws import batch_indices
from core.experiment import Result
from core.initializers import INITIALIZERS
from core.theory import Prediction, bias_variances, predict, weight_variances
from core.wording import listed, number, percent, seeds_of

Array = np.ndarray

TOLERANCE = 0.1  # a relative difference up to which theory and measurement agree, whatever the seeds say
MANY_SATURATED = 0.5
NARROW = 0.05  # Σ 1/n_l over the hidden layers, past which single draws stray far from the mean of all draws


def expected(result: Result, variant: int) -> Prediction | None:
    """What theory predicts of a variant's first step, in root mean square over the seeds; None without a theory."""
    experiment, chosen = result.experiment, result.experiment.variants[variant]
    initializer, activation = INITIALIZERS[chosen.initializer], ACTIVATIONS[experiment.activation]
    sizes = experiment.sizes
    weights = weight_variances(initializer, sizes, activation, chosen.gain, chosen.noise)
    if weights is None:
        return None
    biases = bias_variances(initializer, sizes, activation, chosen.bias_std)
    X = dataset(experiment.dataset).X_train
    predictions = []
    for index in range(experiment.seeds):
        batch = batch_indices((experiment.seed, index), len(X), experiment.batch_size, 1)[0]
        dZ = result.output_gradient[variant, index]
        fitted = chosen.gain**2 if initializer.fits_data else None
        predictions.append(predict(sizes, activation, weights, biases, X[batch].T, dZ, unit_variance=fitted))
    with np.errstate(all="ignore"):
        means = {f.name: _root_mean_square([getattr(p, f.name) for p in predictions]) for f in fields(Prediction)}
    return Prediction(**means)


def _root_mean_square(values: list[Array]) -> Array:
    stacked = np.array(values)
    top = np.maximum(stacked.max(axis=0), np.finfo(float).tiny)
    return top * np.sqrt(((stacked / top) ** 2).mean(axis=0))


def sentence(result: Result, quantity: str, predictions: Sequence[Prediction | None]) -> str:
    """Whether a quantity, a field of Prediction, came as predicted in the hidden layers; where not, and why.

    A prediction a variant; variants of which the same is to be said share a sentence.
    """
    said: dict[str, list[str]] = {}
    for variant, prediction in enumerate(predictions):
        said.setdefault(_finding(result, variant, quantity, prediction), []).append(result.experiment.labels[variant])
    return " ".join(f"{listed(names)}: {finding}" for finding, names in said.items())


def _finding(result: Result, variant: int, quantity: str, prediction: Prediction | None) -> str:
    if prediction is None:
        return "mean-field theory is about random weights and says nothing of a common value."
    measured = getattr(result, quantity)[variant, :, 0, :-1]
    theory = getattr(prediction, quantity)[:-1]
    # Theory is about squares: in float64 it is out of range itself where those are.
    smallest = float(np.finfo(result.experiment.dtype).tiny)
    lost = (measured < smallest).any(axis=0) | (theory == 0) | ~np.isfinite(theory)
    dead = (result.dead[variant, :, 0, :-1] == 1).any(axis=1) & (measured == 0).any(axis=1)
    if dead.any() and theory.any():
        return f"in {seeds_of(int(dead.sum()), len(dead))} every unit of a layer is dead; theory goes on."
    if (theory.any() and lost.any()) or not np.isfinite(measured).all():
        return f"in layer {_first_lost(measured, lost)} {_number_format(result, measured)}; theory goes on."
    if not theory.any():
        return "exactly 0, and theory's number is 0 as well."
    with np.errstate(all="ignore"):
        logs = np.log(measured / theory)
    off = np.abs(logs.mean(axis=0))
    explained = np.maximum(np.log1p(TOLERANCE), statistics.student_quantile(len(logs)) * _standard_error(logs))
    worst = int(off.argmax())
    if (off <= explained).all():
        apart = percent(float(np.expm1(off[worst])))
        if np.expm1(off[worst]) > TOLERANCE:
            return f"up to {apart} from theory, which {_so_many(len(logs))} cannot tell from chance."
        return f"theory and measurement agree, {apart} apart at most."
    beyond = int((off - explained).argmax())
    ratio = float(np.exp(logs.mean(axis=0)[beyond]))
    return (
        f"measured is {number(ratio)} times the theory in layer {beyond + 1}, more than the seeds explain: "
        f"{_reason(result, variant)}."
    )


def _so_many(seeds: int) -> str:
    return "one seed" if seeds == 1 else f"{seeds} seeds"


def _first_lost(measured: Array, lost: Array) -> int:
    broken = lost | ~np.isfinite(measured).all(axis=0)
    return int(np.argmax(broken)) + 1


def _number_format(result: Result, measured: Array) -> str:
    dtype = result.experiment.dtype
    return f"{dtype} overflows" if not np.isfinite(measured).all() else f"{dtype} underflows"


def _standard_error(logs: Array) -> Array:
    n = len(logs)
    return logs.std(axis=0, ddof=1) / np.sqrt(n) if n > 1 else np.full(logs.shape[1], np.inf)


def _reason(result: Result, variant: int) -> str:
    widths = np.array(result.experiment.hidden)
    if (1 / widths).sum() > NARROW:
        return f"layers of {widths.min()} units are narrow for {len(widths)} layers, and theory takes them as wide"
    if np.nanmax(result.saturated[variant, :, 0, :-1].mean(axis=0)) > MANY_SATURATED:
        return "most units are saturated, and the few that are not carry the gradient"
    return "forward and backward pass share their weights, which theory takes as independent"
