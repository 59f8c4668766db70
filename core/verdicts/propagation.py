"""Random init: whether the gradient vanishes or explodes on its way back, and by which factor a layer."""

import numpy as np

from core import statistics
from core.experiment import Result
from core.verdicts.verdict import Ending, Status, Verdict, choose_short, describe_chance, name_layer
from core.wording import conjugate, count_seeds, format_range, number, percent


def propagation(result: Result, variant: int = 0, *, trained: bool = True) -> Verdict:
    """Random init: whether the gradient vanishes or explodes on its way back at step 0, by which factor a layer.

    Of seeds that do not overflow at once and have no zero gradient. `trained` adds how the training goes.
    """
    ending, layers = Ending(result, variant), len(result.experiment.hidden)
    n = ending.seeds
    sizes = result.dz_rms[variant, :, 0, :-1]
    overflowed = result.diverged_at[variant] == 0
    zero = ~overflowed & (sizes == 0).any(axis=1)
    left = ~overflowed & ~zero
    training = _describe_training(ending) if trained else []
    lost = f"In {count_seeds(int(overflowed.sum()), n)} numbers overflow before the first update."
    others = [lost] if overflowed.any() else []
    if overflowed.all():
        where = f"The first overflow is in {name_layer(result, result.diverged_layer[variant].min())}."
        return Verdict("bad", f"**The numbers overflow** before the first update, in {count_seeds(n, n)}.", where)
    deepest = np.flatnonzero((sizes[zero] == 0).any(axis=0)).max(initial=0) + 1
    where = "in layer 1" if deepest == 1 else f"from layer {deepest} down"
    if zero.sum() > left.sum():
        sentence = f"**The gradient is exactly zero** {where}, in {count_seeds(int(zero.sum()), n)}."
        return Verdict("bad", sentence, " ".join(["This is measured at the first step.", *others, *training]))
    if layers == 1:
        head = "**One hidden layer**: with so little depth no gradient vanishes or explodes."
        return Verdict("neutral", head, " ".join([*others, *training]))
    factor = statistics.backward_factor(result, variant)
    ratios, per_layer = factor.end_to_end[left], factor.per_layer[left]
    change = statistics.classify_change(ratios)
    if zero.any():
        others.append(f"In {count_seeds(int(zero.sum()), n)} the gradient is exactly zero {where}.")
    rests = [*_rates(change, ratios, per_layer), ""]
    if change == "keeps its size" and trained and ending.learned < n:
        few = f", but only {count_seeds(ending.learned, n)} {conjugate('learn', ending.learned)}"
        rests = [few if ending.learned else ", but no seed reaches half the chance loss"]
    status: Status = "bad" if change in ("vanishes", "explodes") else "mixed"
    if change == "keeps its size" and ending.learned == n:
        status = "good"
    whose = f" with {ending.label}" if len(result.experiment.variants) > 1 else ""
    some = "" if left.all() else f" in {count_seeds(int(left.sum()), n)}"
    head = f"**The gradient {'varies from seed to seed' if change == 'varies' else change}**"
    sentence = choose_short(*(f"{head}{who}{some}{rest}." for rest in rests for who in dict.fromkeys((whose, ""))))
    facts = [
        f"Gradient of layer 1 divided by that of layer {layers}: {_spread(ratios)}.",
        f"Factor per layer on the way back: {_spread(per_layer)}.",
    ]
    return Verdict(status, sentence, " ".join([*facts, *others, *training]))


def _rates(change: statistics.Change, ratios: np.ndarray, per_layer: np.ndarray) -> list[str]:
    each, end_to_end = float(statistics.average(per_layer)), number(float(statistics.average(ratios)))
    if change == "explodes":
        rate = f": it grows {number(each)}-fold per layer"
        return [f"{rate} on its way back", rate]
    if change == "vanishes":
        return [f": each layer passes back only {percent(each)} of it", f": {percent(each)} is left per layer"]
    if change == "varies":
        return [f": {format_range(ratios)} times from last to first layer"]
    return [f": layer 1 receives {end_to_end} times the last layer's", f": {end_to_end} times from last to first layer"]


def _spread(values: np.ndarray) -> str:
    middle, ends = number(float(statistics.average(values))), format_range(values)
    return middle if ends == middle else f"{middle}, over {len(values)} seeds {ends}"


def _describe_training(ending: Ending) -> list[str]:
    n, steps, chance = ending.seeds, ending.result.experiment.steps, describe_chance(ending.result)
    facts = [f"Training {ending.overflow}, {ending.first_overflow}."] if ending.lost else []
    if ending.lost == n:
        return facts
    if not ending.learned and ending.outcome in ("stalled", "uncalibrated"):
        return [*facts, f"After {steps} steps the network {ending.describe()}.", chance]
    good = f"{count_seeds(ending.learned, n)} {conjugate('reach', min(n, ending.learned))}"
    facts.append(f"In {steps} steps {good if ending.learned else 'no seed reaches'} half the chance loss.")
    accuracy = f" at a test accuracy of {percent(ending.accuracy)}" if ending.result.has_classes else ""
    losses = f"{number(ending.first_loss)} to {number(ending.loss)}"
    return [*facts, f"The loss goes from {losses}{accuracy}.", chance]
