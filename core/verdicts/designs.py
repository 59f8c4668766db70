"""Modern networks: from which starts each design trains, and which parts of a start still matter."""

from collections.abc import Mapping

import numpy as np

from core import statistics
from core.engine.hidden_layers import skipping_layers
from core.experiment import Result
from core.theory.gains import batch_growth, linear_batch_growth
from core.verdicts.verdict import Status, Verdict, choose_short, describe_chance
from core.wording import conjugate, count_things, join_words, number, percent, write_factor


def judge_designs(results: Mapping[str, Result], design: str) -> Verdict:
    """How many starts train with `design`, beside the first of the others, plain layers.

    `results` are of the same starts, by the names of designs as they stand after "with", plain layers first. A start
    trains where every seed ends under half the chance loss.
    """
    trains: dict[str, np.ndarray] = {}
    for name, result in results.items():
        trains[name] = np.asarray(statistics.learned(result).all(axis=1))
    own, (plain, *_) = results[design], results
    starts, count = len(trains[design]), int(trains[design].sum())
    head = f"**With {design} {count} of {count_things(starts, 'start')} {conjugate('learn', starts)}**"
    equal = _symmetric(own)
    factors = _gradient_factors(own)
    end_to_end = factors ** (len(own.experiment.hidden) - 1)
    if count == 0 and factors.size and statistics.classify_change(end_to_end) == "explodes":
        each = number(float(statistics.average(factors)))
        sentences = [f"{head}; gradients grow {each}-fold per layer.", f"{head}; gradients explode."]
    else:
        alike = [own.experiment.labels[v].lower() for v in equal]
        sentences = [f"{head}; {join_words(alike)} weights keep units equal."] if alike else []
        sentences += [f"{head}, with {plain} {int(trains[plain].sum())}."] if design != plain else []
    able = starts - len(equal)
    status: Status = "bad" if count == 0 else "good" if count >= able else "mixed"
    facts = [_count(name, result, trains[name]) for name, result in results.items()]
    steps = f"A start learns if every seed reaches half the chance loss in {own.experiment.steps} steps."
    return Verdict(status, choose_short(*sentences, f"{head}."), " ".join([steps, *facts, describe_chance(own)]))


def _count(name: str, result: Result, trains: np.ndarray) -> str:
    """Which starts train with a design: "Batch normalization: He and Xavier."."""
    who = join_words([result.experiment.labels[v] for v in np.flatnonzero(trains)]) if trains.any() else "none"
    lost = int(statistics.diverged(result).sum())
    networks = count_things(trains.size * result.experiment.seeds, "network")
    runs = f" {lost} of {networks} overflow{'s' * (lost == 1)}." if lost else ""
    return f"{name[0].upper()}{name[1:]}: {who}.{runs}"


def _symmetric(result: Result) -> list[int]:
    """The variants whose units are all equal within every hidden layer, at every record and in every seed."""
    groups, widths = result.distinct_units[..., :-1], np.array(result.experiment.hidden)
    known = np.isfinite(groups) & (groups > 0) & (widths > 1)
    return [v for v in range(len(groups)) if known[v].any() and (groups[v][known[v]] == 1).all() and (widths > 1).any()]


def _gradient_factors(result: Result) -> np.ndarray:
    """By what a hidden layer multiplies the gradient going back at step 0, of all runs that have one (run,)."""
    layers = len(result.experiment.hidden)
    if layers < 2:
        return np.empty(0)
    factors = np.concatenate([statistics.backward_factor(result, v).per_layer for v in range(len(result.loss))])
    return factors[np.isfinite(factors) & (factors > 0)]


def list_what_matters(own: Result) -> dict[str, str]:
    """What of a start still matters in a design, each with what its result shows of it."""
    rows = {"Symmetry": _describe_symmetry(own), "The last layer": _describe_first_loss(own)}
    if growth := _describe_depth(own):
        rows["Depth with batch normalization"] = growth
    return rows | {"The learning rate": _describe_updates(own)}


def _describe_symmetry(result: Result) -> str:
    equal = _symmetric(result)
    if not equal:
        return "No start here has equal units."
    names = join_words([result.experiment.labels[v] for v in equal])
    accuracy = statistics.average(statistics.final_accuracy(result)[equal])
    ends = f"; test accuracy {percent(float(accuracy.max()))}" if result.has_classes and len(equal) == 1 else ""
    return f"{names}: every hidden layer has 1 distinct unit of {max(result.experiment.hidden)}{ends}."


def _describe_first_loss(result: Result) -> str:
    losses = np.array([float(statistics.average(each[:, 0])) for each in result.loss])
    if not np.isfinite(losses).any():
        return "Every start overflows."
    low, high = int(np.nanargmin(losses)), int(np.nanargmax(losses))
    labels = result.experiment.labels
    if low == high or number(losses[low]) == number(losses[high]):
        return f"The first loss is {number(losses[low])} with every start."
    return f"First loss: {number(losses[low])} with {labels[low]}, {number(losses[high])} with {labels[high]}."


def _describe_depth(result: Result) -> str:
    experiment, factors = result.experiment, _gradient_factors(result)
    if experiment.normalization != "batch" or not factors.size:
        return ""
    layers = len(experiment.hidden)
    end_to_end = write_factor(float(np.median(factors)) ** (layers - 1))
    measured = (
        f"Gradient × {number(float(np.median(factors)), 3)} per layer, × {end_to_end} from layer {layers} to layer 1"
    )
    if skipping_layers(experiment.sizes, experiment.skip):
        return f"{measured}: with skip connections it grows as a power of the depth, without them exponentially."
    if experiment.activation != "linear":
        return f"{measured}; theory, for large batches: × {number(batch_growth(experiment.activation) ** 0.5, 3)}."
    if experiment.batch_size <= 3:
        return f"{measured}; theory does not cover batches of 3 or fewer."
    return f"{measured}; theory, for wide layers: × {number(linear_batch_growth(experiment.batch_size) ** 0.5, 3)}."


def _describe_updates(result: Result) -> str:
    """By which share the first step changes the hidden weights, of the starts that move them least and most."""
    updates = np.array([statistics.average(each[:, 0, :-1].ravel()) for each in result.update_ratio])
    moved = np.where(np.isfinite(updates) & (updates > 0), updates, np.nan)
    if not np.isfinite(moved).any():
        return "No start changes the weights of most hidden layers."
    low, high = int(np.nanargmin(moved)), int(np.nanargmax(moved))
    labels = result.experiment.labels
    other = f", by {number(moved[high])} with {labels[high]}" if low != high else ""
    return f"The first step changes hidden weights by {number(moved[low])} of their size with {labels[low]}{other}."
