"""Random init: whether the gradient vanishes or explodes on its way back, and by which factor a layer."""

import numpy as np

from core import statistics
from core.experiment import Result
from core.verdicts.verdict import (
    Status,
    Verdict,
    choose_short,
    count_diverged,
    describe_chance,
    describe_end,
    first_divergence,
    first_loss,
    name_layer,
)
from core.wording import conjugate, count_seeds, format_range, number, percent


def propagation(result: Result, variant: int = 0, *, trained: bool = True) -> Verdict:
    """Random init: whether the gradient vanishes or explodes on its way back at step 0, by which factor a layer.

    `trained` adds how the training that follows goes. Seeds that overflow at once, or whose gradient is exactly zero in
    some layer, are counted, and the factor is of the others.
    """
    n, layers = result.experiment.seeds, len(result.experiment.hidden)
    sizes = result.dz_rms[variant, :, 0, :-1]
    overflowed = result.diverged_at[variant] == 0
    zero = ~overflowed & (sizes == 0).any(axis=1)
    left = ~overflowed & ~zero
    training = _describe_training(result, variant) if trained else []
    lost = f"In {count_seeds(int(overflowed.sum()), n)} numbers overflow before the first update."
    others = [lost] if overflowed.any() else []
    if overflowed.all():
        where = f"The first overflow is in {name_layer(result, int(result.diverged_layer[variant].min()))}."
        return Verdict("bad", f"**The numbers overflow** before the first update, in {count_seeds(n, n)}.", where)
    if zero.sum() > left.sum():
        where = f"{_locate_zero(sizes, zero)}, in {count_seeds(int(zero.sum()), n)}"
        facts = ["This is measured at the first step.", *others, *training]
        return Verdict("bad", f"**The gradient is exactly zero** {where}.", " ".join(facts))
    if layers == 1:
        head = "**One hidden layer**: with so little depth no gradient vanishes or explodes."
        return Verdict("neutral", head, " ".join([*others, *training]))
    factor = statistics.backward_factor(result, variant)
    ratios, per_layer = factor.end_to_end[left], factor.per_layer[left]
    change = statistics.classify_change(ratios)
    if zero.any():
        others.append(f"In {count_seeds(int(zero.sum()), n)} the gradient is exactly zero {_locate_zero(sizes, zero)}.")
    whose = f" with {result.experiment.labels[variant]}" if len(result.experiment.variants) > 1 else ""
    some = "" if left.all() else f" in {count_seeds(int(left.sum()), n)}"
    good = statistics.learned(result)[variant]
    if change == "keeps its size" and trained and not good.all():
        count = int(good.sum())
        few = f", but only {count_seeds(count, n)} {conjugate('learn', count)}"
        rests = [few if count else ", but no seed reaches half the chance loss"]
    else:
        rests = [*_rates(change, ratios, per_layer), ""]
    status: Status = "good" if change == "keeps its size" and good.all() else "mixed"
    if change in ("vanishes", "explodes"):
        status = "bad"
    fate = "varies from seed to seed" if change == "varies" else change
    facts = [*_describe_change(ratios, per_layer, layers), *others, *training]
    head = f"**The gradient {fate}**"
    sentence = choose_short(*(f"{head}{who}{some}{rest}." for rest in rests for who in dict.fromkeys((whose, ""))))
    return Verdict(status, sentence, " ".join(facts))


def _rates(change: statistics.Change, ratios: np.ndarray, per_layer: np.ndarray) -> list[str]:
    """What the message leans on: the factor per layer of a gradient that is lost, else that from end to end."""
    each, end_to_end = float(statistics.average(per_layer)), number(float(statistics.average(ratios)))
    if change == "explodes":
        rate = f": it grows {number(each)}-fold per layer"
        return [f"{rate} on its way back", rate]
    if change == "vanishes":
        return [f": each layer passes back only {percent(each)} of it", f": {percent(each)} is left per layer"]
    if change == "varies":
        return [f": {format_range(ratios)} times from last to first layer"]
    return [f": layer 1 receives {end_to_end} times the last layer's", f": {end_to_end} times from last to first layer"]


def _describe_change(ratios: np.ndarray, per_layer: np.ndarray, layers: int) -> list[str]:
    def spread(values: np.ndarray) -> str:
        middle, ends = number(float(statistics.average(values))), format_range(values)
        return middle if ends == middle else f"{middle}, over {len(values)} seeds {ends}"

    return [
        f"Gradient of layer 1 divided by that of layer {layers}: {spread(ratios)}.",
        f"Factor per layer on the way back: {spread(per_layer)}.",
    ]


def _locate_zero(sizes: np.ndarray, zero: np.ndarray) -> str:
    layers = sizes.shape[1]
    first = layers - int((sizes[zero] == 0).any(axis=0)[::-1].argmax())
    return "in layer 1" if first == 1 else f"from layer {first} down"


def _describe_training(result: Result, variant: int) -> list[str]:
    n, steps = result.experiment.seeds, result.experiment.steps
    lost = count_diverged(result, variant)
    overflow = [f"Training {lost}, {first_divergence(result, variant)}."] if lost else []
    if statistics.diverged(result)[variant].all():
        return overflow
    good = int(statistics.learned(result)[variant].sum())
    chance = describe_chance(result)
    if not good and statistics.outcome(result, variant) in ("stalled", "uncalibrated"):
        return [*overflow, f"After {steps} steps the network {describe_end(result, variant)}.", chance]
    some = f"{count_seeds(good, n)} {conjugate('reach', min(n, good))}" if good else "no seed reaches"
    ends = [f"The loss goes from {number(first_loss(result, variant))} to"]
    ends.append(f"{number(float(statistics.average(statistics.final_loss(result)[variant])))}")
    if result.has_classes:
        accuracy = float(statistics.average(statistics.final_accuracy(result)[variant]))
        ends.append(f"at a test accuracy of {percent(accuracy)}")
    return [*overflow, f"In {steps} steps {some} half the chance loss.", f"{' '.join(ends)}.", chance]
