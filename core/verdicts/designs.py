"""Modern networks: from which starts each design trains, and which parts of a start still matter."""

from collections.abc import Mapping

import numpy as np

from core import statistics
from core.engine.hidden_layers import skipping_layers
from core.experiment import Result
from core.theory.gains import batch_growth
from core.verdicts.verdict import Status, Verdict, choose_short, describe_chance
from core.wording import conjugate, count_things, join_words, number, percent, write_factor

MOST_NAMED = 2  # starts that do not learn, in the banner


def judge_designs(results: Mapping[str, Result], design: str) -> Verdict:
    """How many starts learn with `design`, and which not, or how many with plain layers.

    `results` are of the same starts, by the names of designs as they stand after "with", plain layers first.
    """
    own, (plain, *_) = results[design], results
    facts = [f"A start learns if every seed reaches half the chance loss in {own.experiment.steps} steps."]
    learners = {}
    for name, result in results.items():
        learns, labels = np.all(statistics.learned(result), axis=1), result.experiment.labels
        learners[name] = [label for label, does_learn in zip(labels, learns, strict=True) if does_learn]
        lost = int(statistics.diverged(result).sum())
        networks = count_things(learns.size * result.experiment.seeds, "network")
        runs = f" {lost} of {networks} overflow{'s' * (lost == 1)}." if lost else ""
        facts.append(f"{name[0].upper()}{name[1:]}: {join_words(learners[name] or ['none'])}.{runs}")
    starts, count, equal = len(own.experiment.variants), len(learners[design]), _find_symmetric(own)
    failed = [label for label in own.experiment.labels if label not in learners[design]]
    head = f"**With {design} {count} of {count_things(starts, 'start')} {conjugate('learn', starts)}**"
    factors = _gradient_factors(own)
    end_to_end = factors ** (len(own.experiment.hidden) - 1)
    if count == 0 and factors.size and statistics.classify_change(end_to_end) == "explodes":
        each = number(float(statistics.average(factors)))
        sentences = [f"{head}; gradients grow {each}-fold per layer.", f"{head}; gradients explode."]
    else:
        sentences = [f"{head}: all but {join_words(failed)}."] if count and 0 < len(failed) <= MOST_NAMED else []
        sentences += [f"{head}; {join_words(equal).lower()} weights keep units equal."] if equal else []
        sentences += [f"{head}, with {plain} {len(learners[plain])}."] if design != plain else []
    status: Status = "bad" if count == 0 else "good" if count >= starts - len(equal) else "mixed"
    return Verdict(status, choose_short(*sentences, f"{head}."), " ".join([*facts, describe_chance(own)]))


def _find_symmetric(result: Result) -> list[str]:
    """The variants whose units are all equal in every hidden layer, record and seed."""
    groups, widths = result.distinct_units[..., :-1], np.array(result.experiment.hidden)
    known = (groups > 0) & (widths > 1)
    labels = result.experiment.labels
    return [labels[v] for v in range(len(groups)) if known[v].any() and (groups[v][known[v]] == 1).all()]


def _gradient_factors(result: Result) -> np.ndarray:
    """The factors (run,) by which a hidden layer multiplies the gradient at step 0, of runs that have one."""
    factors = np.concatenate([statistics.backward_factor(result, v).per_layer for v in range(len(result.loss))])
    return factors[np.isfinite(factors) & (factors > 0)]


def list_what_matters(own: Result) -> dict[str, str]:
    """What of a start still matters in a design, each with what its result shows of it."""
    losses, labels = statistics.average(own.loss[:, :, 0]), own.experiment.labels
    rows = {"Symmetry": "No start here has equal units.", "The last layer": "Every start overflows."}
    if equal := _find_symmetric(own):
        accuracy = statistics.average(statistics.final_accuracy(own)[labels.index(equal[0])])
        ends = f"; test accuracy {percent(float(accuracy))}" if own.has_classes and len(equal) == 1 else ""
        units = f"every hidden layer has 1 distinct unit of {max(own.experiment.hidden)}"
        rows["Symmetry"] = f"{join_words(equal)}: {units}{ends}."
    if np.isfinite(losses).any():
        low, high = int(np.nanargmin(losses)), int(np.nanargmax(losses))
        first, last = number(losses[low]), number(losses[high])
        rows["The last layer"] = f"It sets the first loss: {first} with {labels[low]}, {last} with {labels[high]}."
        if first == last:
            rows["The last layer"] = f"It sets the first loss, {first} with every start."
    if growth := _describe_depth(own):
        rows["Depth with batch normalization"] = growth
    moved = statistics.average(own.update_ratio[:, :, 0, :-1].reshape(len(labels), -1))
    moved[~(moved > 0)] = np.nan
    rows["The learning rate"] = "No start changes the weights of most hidden layers."
    if np.isfinite(moved).any():
        low, high = int(np.nanargmin(moved)), int(np.nanargmax(moved))
        other = f", by {number(moved[high])} with {labels[high]}" if low != high else ""
        least = f"by {number(moved[low])} of their size with {labels[low]}"
        rows["The learning rate"] = f"The first step changes hidden weights {least}{other}."
    return rows


def _describe_depth(result: Result) -> str:
    experiment, layers = result.experiment, len(result.experiment.hidden)
    # Without layer 1: its input is the data, whose size differs from that of a normalized layer's output.
    gradients = np.concatenate(result.dz_rms[:, :, 0, 1:-1])
    gradients = gradients[((gradients > 0) & (gradients < np.inf)).all(axis=1)]
    if experiment.normalization != "batch" or layers < 3 or not len(gradients):
        return ""
    factor = float(np.median((gradients[:, 0] / gradients[:, -1]) ** (1 / (layers - 2))))
    end_to_end = f"× {write_factor(factor ** (layers - 2))} from layer {layers} to layer 2"
    measured = f"Gradient × {number(factor, 3)} per layer, {end_to_end} (layer 1's input is the data)"
    if skipping_layers(experiment.sizes, experiment.skip):
        return f"{measured}: with skip connections it grows as a power of the depth, without them exponentially."
    if experiment.activation == "linear" and experiment.batch_size <= 3:
        return f"{measured}; theory does not cover batches of 3 or fewer."
    limit = "for wide layers" + " and large batches" * (experiment.activation != "linear")
    growth = batch_growth(experiment.activation, experiment.batch_size) ** 0.5
    return f"{measured}; theory, {limit}: × {number(growth, 3)}."
