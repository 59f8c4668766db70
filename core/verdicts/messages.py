"""What a chart shows of this run, in a few words beside its title; "" where there is nothing to say."""

import numpy as np

from core import statistics
from core.activations import ACTIVATIONS
from core.experiment import Result
from core.statistics import EXPLODED, average
from core.verdicts.clipping import share_clipped
from core.verdicts.verdict import Ending
from core.wording import count_things, format_range, number, percent, whole_span


def describe_network(result: Result) -> str:
    """The network that was trained: depth, width of all its hidden layers, activation."""
    hidden, activation = result.experiment.hidden, ACTIVATIONS[result.experiment.activation].label
    return f"{count_things(len(hidden), 'hidden layer')} of {count_things(hidden[0], 'unit')}, {activation}"


def describe_factor(result: Result, quantity: str) -> str:
    """The factor by which a layer changes rms(A) going forward, or rms(dZ) going back, at step 0; else "".

    The first variant's, or, where all are compared as equals, the least and the largest.
    """
    factors = {"activation_rms": statistics.forward_factor, "dz_rms": statistics.backward_factor}
    if quantity not in factors:
        return ""
    labels = result.experiment.labels
    middles = [float(average(factors[quantity](result, v).per_layer)) for v in range(len(labels))]
    if len(middles) < 3:
        label = f"{labels[0]}: " if len(middles) > 1 else ""
        factor = f"× {number(middles[0])} a layer" if middles[0] else "falls to 0"
        return f"{label}{factor}" if np.isfinite(middles[0]) else ""
    known = [v for v, middle in enumerate(middles) if 0 < middle < np.inf]
    if not known:
        return ""
    ends = dict.fromkeys(pick(known, key=middles.__getitem__) for pick in (min, max))
    return f"× {' to '.join(f'{number(middles[v])} ({labels[v]})' for v in ends)} a layer"


def explain_weight_gradients(result: Result) -> str:
    """Why the first variant's dW differs little between layers at step 0 where its dZ differs much."""
    quantities = result.weight_gradient_norm, result.dz_rms, result.activation_rms
    weights, gradients, signals = (average(x[0, :, 0, :-1].T) for x in quantities)
    with np.errstate(all="ignore"):
        largest, growth = float(weights.max() / weights.min()), gradients[0] / gradients[-1]
        far_apart = EXPLODED * largest < max(growth, 1 / growth) < np.inf
    if largest >= EXPLODED or not far_apart or (growth > 1) != (signals[0] < signals[-1]):
        return ""
    changes = "dZ grows and the signal shrinks" if growth > 1 else "dZ shrinks and the signal grows"
    return (
        f"{result.experiment.labels[0]}: going back, {changes}; dW, their product, differs by at most "
        f"{number(largest)} times between layers."
    )


def count_distinct_units(result: Result) -> str:
    """The number of distinct units in the first variant's layer 1 after training, of runs that do not overflow."""
    groups = result.distinct_units[0, :, -1, 0]
    groups = groups[groups > 0]
    if not groups.size:
        return ""
    return f"{result.experiment.labels[0]}: {whole_span(groups)} of {result.experiment.hidden[0]} distinct"


def compare_with_linear(result: Result, linear: Result) -> str:
    """How the first variant and a linear model end; "" where all seeds of either overflow."""
    endings = Ending(result, 0), Ending(linear, 0, "linear model")
    any_lost = any(ending.lost == ending.seeds for ending in endings)
    return "" if any_lost else ", ".join(f"{ending.label} {ending.score}" for ending in endings)


def describe_accuracies(result: Result) -> str:
    """The lowest and the highest final test accuracy of the variants; "" where none has one."""
    ends = average(statistics.final_accuracy(result))
    return format_range(ends, percent) if np.isfinite(ends).any() else ""


def describe_training(result: Result, variant: int = 0) -> str:
    """The loss of a variant before and after training, of the seeds that do not overflow."""
    ending = Ending(result, variant)
    if ending.lost == ending.seeds:
        return f"{ending.label} overflows"
    label = f"{ending.label}: " if len(result.experiment.variants) > 1 else ""
    return f"{label}loss {number(ending.first_loss)} → {number(ending.loss)}"


def name_lowest_loss(result: Result) -> str:
    """The lowest final loss and whose it is, of variants of which no seed overflows; "" if none."""
    losses = np.where(statistics.diverged(result).any(axis=1), np.nan, average(statistics.final_loss(result)))
    if not np.isfinite(losses).any():
        return ""
    best = int(np.nanargmin(losses))
    return f"final loss, lowest: {result.experiment.labels[best]}, {number(losses[best])}"


def describe_clipped_steps(result: Result) -> str:
    """In which share of the steps the second variant is clipped."""
    measured = np.isfinite(result.gradient_norm[1]).any()
    return f"clipped in {percent(share_clipped(result))} of the steps" if measured else "no gradient is finite"


def describe_largest_angle(result: Result) -> str:
    """The largest angle in degrees by which clipping turns a finite gradient of variant 1."""
    cosine = result.clip_cosine[1][np.isfinite(result.gradient_norm[1])]
    if not np.isfinite(cosine).any():
        return ""
    degrees = float(np.degrees(np.arccos(np.clip(np.nanmin(cosine), -1, 1))))
    return f"up to {degrees:.0f}°" if round(degrees) else "0°"
