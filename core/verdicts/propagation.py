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
    ending = Ending(result, variant)
    n = ending.seeds
    sizes = result.dz_rms[variant, :, 0, :-1]
    overflowed = result.diverged_at[variant] == 0
    zero = ~overflowed & (sizes == 0).any(axis=1)
    left = ~overflowed & ~zero
    if overflowed.all():
        first = f"The first overflow is in {name_layer(result, result.diverged_layer[variant].min())}."
        return Verdict("bad", f"**The numbers overflow** before the first update, in {count_seeds(n, n)}.", first)
    lost = f"In {count_seeds(int(overflowed.sum()), n)} numbers overflow before the first update."
    others = [lost] if overflowed.any() else []
    training = _describe_training(ending) if trained else []
    zero_seeds, zero_layers = count_seeds(int(zero.sum()), n), _name_zero_layers(sizes[zero])
    if zero.sum() > left.sum():
        sentence = f"**The gradient is exactly zero** {zero_layers}, in {zero_seeds}."
        return Verdict("bad", sentence, " ".join(["This is measured at the first step.", *others, *training]))
    if len(result.experiment.hidden) == 1:
        head = "**One hidden layer**: with so little depth no gradient vanishes or explodes."
        return Verdict("neutral", head, " ".join([*others, *training]))
    if zero.any():
        others.append(f"In {zero_seeds} the gradient is exactly zero {zero_layers}.")
    return _judge_change(ending, left, [*others, *training], trained)


def _name_zero_layers(sizes: np.ndarray) -> str:
    """The layers in which sizes (seed, layer) are 0."""
    deepest = np.flatnonzero((sizes == 0).any(axis=0)).max(initial=0) + 1
    return "in layer 1" if deepest == 1 else f"from layer {deepest} down"


def _judge_change(ending: Ending, left: np.ndarray, others: list[str], trained: bool) -> Verdict:
    """The verdict on the gradient of the seeds in `left` (seed,), a mask; `others` end its details."""
    experiment, n, learned = ending.result.experiment, ending.seeds, ending.learned
    factor = statistics.backward_factor(ending.result, ending.variant)
    ratios, per_layer = factor.end_to_end[left], factor.per_layer[left]
    change = statistics.classify_change(ratios)
    keeps_size = change == "keeps its size"
    rests = [*_rates(change, ratios, per_layer), ""]
    if keeps_size and trained and learned < n:
        few = f", but only {count_seeds(learned, n)} {conjugate('learn', learned)}"
        rests = [few if learned else ", but no seed reaches half the chance loss"]
    status: Status = "bad" if change in ("vanishes", "explodes") else "mixed"
    if keeps_size and learned == n:
        status = "good"
    labels = (f" with {ending.label}", "") if len(experiment.variants) > 1 else ("",)
    seeds = "" if left.all() else f" in {count_seeds(int(left.sum()), n)}"
    head = f"**The gradient {'varies from seed to seed' if change == 'varies' else change}**"
    facts = [
        f"Gradient of layer 1 divided by that of layer {len(experiment.hidden)}: {_spread(ratios)}.",
        f"Factor per layer on the way back: {_spread(per_layer)}.",
    ]
    sentence = choose_short(*(f"{head}{label}{seeds}{rest}." for rest in rests for label in labels))
    return Verdict(status, sentence, " ".join([*facts, *others]))


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
