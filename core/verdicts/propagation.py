"""Random init: whether the gradient vanishes or explodes on its way back, and by which factor a layer."""

from __future__ import annotations

import numpy as np

from core import statistics
from core.experiment import Result
from core.verdicts.verdict import Status, Verdict, describe_end, first_loss, name_layer, when_diverged
from core.wording import count_seeds, format_range, number, percent

_STATUS: dict[statistics.Change, Status] = {"vanishes": "bad", "explodes": "bad"}


def propagation(result: Result, variant: int = 0, *, trained: bool = True) -> Verdict:
    """Random init: whether the gradient vanishes or explodes on its way back at step 0, by which factor a layer.

    `trained` adds how the training that follows goes. Seeds that overflow at once, or whose gradient is exactly zero in
    some layer, are counted, and the factor is of the others.
    """
    n, layers = result.experiment.seeds, len(result.experiment.hidden)
    sizes = result.dz_rms[variant, :, 0, :-1]
    overflowed = result.diverged_at[variant] == 0
    zero = ~overflowed & (sizes == 0).any(axis=1)
    tail = _describe_training(result, variant) if trained else ""
    if overflowed.all():
        where = f"in {count_seeds(n, n)}, first in {name_layer(result, int(result.diverged_layer[variant].min()))}"
        return Verdict("bad", f"**The numbers overflow** before the first update, {where}.")
    left = ~overflowed & ~zero
    if zero.sum() > left.sum():
        where = f"{_locate_zero(sizes, zero)}, in {count_seeds(int(zero.sum()), n)}"
        return Verdict("bad", f"**The gradient is exactly zero** {where}.{_others(overflowed)}{tail}")
    if layers == 1:
        return Verdict("neutral", f"With one hidden layer nothing is multiplied along the layers: depth matters.{tail}")
    factor = statistics.backward_factor(result, variant)
    ratios, per_layer = factor.end_to_end[left], factor.per_layer[left]
    change = statistics.classify_change(ratios)
    middle = number(float(statistics.average(per_layer)))
    spread = f", {format_range(per_layer)} over {int(left.sum())} seeds" if format_range(per_layer) != middle else ""
    each = f"a factor {middle} per layer{spread}"
    apart = (
        f" In {count_seeds(int(zero.sum()), n)} it is exactly zero {_locate_zero(sizes, zero)}." if zero.any() else ""
    )
    whose = f"from {result.experiment.labels[variant]}, " if len(result.experiment.variants) > 1 else ""
    facts = f"{whose}{_compare_ends(ratios, change, layers)} ({each}).{apart}{_others(overflowed)}{tail}"
    if change == "varies":
        return Verdict("mixed", f"**The gradient varies from seed to seed:** {facts}")
    status = _STATUS.get(change)
    if status is None:
        status = "good" if change == "keeps its size" and _all_learned(result, variant) else "mixed"
    return Verdict(status, f"**The gradient {change}:** {facts}")


def _compare_ends(ratios: np.ndarray, change: statistics.Change, layers: int) -> str:
    times = format_range(ratios) if change == "varies" else number(float(statistics.average(ratios)))
    return f"layer 1 receives {times} times the gradient of layer {layers}"


def _locate_zero(sizes: np.ndarray, zero: np.ndarray) -> str:
    layers = sizes.shape[1]
    first = layers - int((sizes[zero] == 0).any(axis=0)[::-1].argmax())
    return f"from layer {first} back"


def _others(overflowed: np.ndarray) -> str:
    count = int(overflowed.sum())
    return f" In {count_seeds(count, len(overflowed))} numbers overflow before the first update." if count else ""


def _all_learned(result: Result, variant: int) -> bool:
    return bool(statistics.learned(result)[variant].all())


def _describe_training(result: Result, variant: int) -> str:
    """How the short training that follows went, seeds that overflow by their count."""
    n, steps = result.experiment.seeds, result.experiment.steps
    lost = int(statistics.diverged(result)[variant].sum())
    overflow = f" Training overflows {when_diverged(result, variant)}." if lost else ""
    if lost == n:
        return overflow
    good = int(statistics.learned(result)[variant].sum())
    if not good and statistics.outcome(result, variant) in ("stalled", "uncalibrated"):
        return f"{overflow} After {steps} steps the network {describe_end(result, variant)}."
    start = first_loss(result, variant)
    end = float(statistics.average(statistics.final_loss(result)[variant]))
    some = f"{count_seeds(good, n)} reach{'es' * (n == 1 or good == 1)}" if good else "no seed reaches"
    accuracy = float(statistics.average(statistics.final_accuracy(result)[variant]))
    right = f", test accuracy {percent(accuracy)}" if result.has_classes else ""
    return f"{overflow} In {steps} steps {some} half the chance loss ({number(start)} → {number(end)}{right})."
