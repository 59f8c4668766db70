"""Theory beside measurement: what was expected of a Result's first step, and where it came otherwise."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from core import statistics
from core.activations import ACTIVATIONS, Array
from core.datasets import dataset
from core.engine.draws import batch_indices
from core.experiment import Result
from core.initializers import INITIALIZERS
from core.statistics import DOUBLED, VANISHED
from core.theory.mean_field import Prediction, parameter_variances, predict
from core.wording import count_seeds, join_words, number, percent

MOST_NAMED = 4  # networks of which the same is to be said; more are counted
TOLERANCE = 0.1  # a relative difference up to which theory and measurement agree


def predict_first_step(result: Result, variant: int) -> Prediction | None:
    """The prediction for a variant, from each seed's batch and output gradient (seed, layer); None without a theory."""
    experiment, chosen = result.experiment, result.experiment.variants[variant]
    initializer, activation = INITIALIZERS[chosen.initializer], ACTIVATIONS[experiment.activation]
    variances = parameter_variances(chosen, experiment.sizes, activation)
    if variances is None or not experiment.is_plain:
        return None
    fitted = chosen.gain**2 if initializer.fits_data else None
    orthogonal = initializer.sampler == "orthogonal" and not chosen.noise
    laws = experiment.sizes, activation, *variances
    examples, predictions = dataset(experiment.dataset).X_train, []
    for index, dZ in enumerate(result.output_gradient[variant]):
        batch = batch_indices((experiment.seed, index), len(examples), experiment.batch_size, 1)[0]
        predictions.append(predict(*laws, examples[batch].T, dZ, unit_variance=fitted, orthogonal=orthogonal))
    return Prediction(**{f.name: np.array([getattr(p, f.name) for p in predictions]) for f in fields(Prediction)})


def describe_agreement(result: Result, quantity: str, predictions: Sequence[Prediction | None]) -> str:
    """Whether a quantity, a field of Prediction, came as predicted in the hidden layers, and where not."""
    shared: dict[str, dict[str, float]] = {}  # by words, which some share: their factors
    for variant, prediction in enumerate(predictions):
        words, factor = _describe_variant(result, variant, quantity, prediction)
        shared.setdefault(words, {})[result.experiment.labels[variant]] = factor
    sentences = []
    for words, factors in shared.items():
        who = join_words(list(factors)) if len(factors) <= MOST_NAMED else f"{len(factors)} networks"
        factor = max(factors.values())
        difference = percent(factor - 1) if factor < DOUBLED else f"a factor {number(factor)}"
        sentences.append(f"{who}: {words.format(difference=difference)}")
    return " ".join(sentences)


def _describe_variant(result: Result, variant: int, quantity: str, prediction: Prediction | None) -> tuple[str, float]:
    """What is to be said of a variant, with a place for its {difference}, and that, as a factor."""
    if prediction is None:
        constant = "makes no prediction for constant weights, nor for a mean other than 0"
        plain = "here covers only layers without normalization and skips"
        return f"mean-field theory {constant if result.experiment.is_plain else plain}.", 1.0
    measured, theory = getattr(result, quantity)[variant, :, 0, :-1], prediction.median(quantity)[:, :-1]
    if numberless := _describe_numberless(result, variant, measured, theory, prediction):
        return numberless, 1.0
    seeds, means = len(measured), np.log(measured / theory).mean(axis=0)
    layer = find_disagreement(measured, theory, prediction.spread(quantity)[:, :-1].mean(axis=0))
    if layer is not None:
        ratio = number(float(np.exp(means[layer])))
        beyond = f"more than chance explains in {seeds} seeds."
        return f"measured is {ratio} times the theory in layer {layer + 1}, {beyond}", 1.0
    largest = float(np.abs(means).max())
    factor = float(np.exp(largest))
    if seeds == 1:
        return "at most {difference} from theory; a single seed gives no error estimate.", factor
    if factor > 1 / VANISHED:
        return f"up to {{difference}} from theory, but {seeds} seeds scatter too much to say whether by chance.", factor
    if largest > np.log1p(TOLERANCE):
        chance = f"no more than chance explains in {seeds} seeds"
        return f"on average up to {{difference}} from theory, {chance}.", factor
    return "theory and measurement agree to within {difference}.", factor


def _describe_numberless(result: Result, variant: int, measured: Array, theory: Array, prediction: Prediction) -> str:
    """What is to be said where sizes have no ratio: 0, overflow, underflow, dead units; else ""."""
    # Theory is about squares: in float64 it is out of range itself where those are.
    dtype, smallest = result.experiment.dtype, float(np.finfo(result.experiment.dtype).tiny)
    lost = ((measured < smallest) | (theory == 0) | ~np.isfinite(theory)).any(axis=0)
    # A signal that underflows leaves units without a slope as well, and is none that dies.
    faint = bool((prediction.median("activation_rms")[:, :-1] < smallest).any())
    dead = (result.dead[variant, :, 0, :-1] == 1).any(axis=1) & (measured == 0).any(axis=1) & (not faint)
    if dead.any() and theory.any():
        return f"in {count_seeds(int(dead.sum()), len(dead))} every unit of a layer is dead; theory predicts live ones."
    if (theory.any() and lost.any()) or not np.isfinite(measured).all():
        layer = int(np.argmax(lost | ~np.isfinite(measured).all(axis=0))) + 1
        fate = "overflows" if not np.isfinite(measured).all() else "underflows"
        return f"in layer {layer} {dtype} {fate}, which theory ignores."
    return "" if theory.any() else "exactly 0, as theory predicts."


def find_disagreement(measured: Array, theory: Array, spread: Array) -> int | None:
    """The layer, from 0, in which measurement and theory differ most beyond chance; None where they may agree.

    `measured` sizes are (seed, layer), positive; `theory` has their medians over draws, (seed, layer) or (layer,);
    `spread` is the standard deviation over draws of their logarithms (layer,), NaN where unknown. By Student's t test
    of the mean logarithm, with Bonferroni's correction for all layers: where theory holds, at most 5 % of results
    differ. The error is the seeds' own, or the theory's where that is larger; differences up to TOLERANCE are none.
    """
    logs = np.log(measured / theory)
    seeds, layers = logs.shape
    if seeds == 1:
        return None
    error = np.fmax(logs.std(axis=0, ddof=1), spread) / np.sqrt(seeds)
    allowed = np.maximum(np.log1p(TOLERANCE), statistics.student_quantile(seeds, layers) * error)
    beyond = np.abs(logs.mean(axis=0)) - allowed
    worst = int(beyond.argmax())
    return worst if beyond[worst] > 0 else None
