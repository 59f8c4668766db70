"""What a banner shows, and the words that several verdicts share."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core import statistics
from core.experiment import Result
from core.statistics import average, final_loss
from core.wording import count_seeds, number, percent

GROWN = 2.0  # times the first loss, or that of chance: from here on a loss is said to have grown

MOST_WORDS = 15  # of a sentence that is read from the back row

Status = Literal["good", "bad", "mixed", "neutral"]


@dataclass(frozen=True)
class Verdict:
    """`sentence` is Markdown of at most MOST_WORDS words and three numbers, its message in bold.

    `details` are plain sentences with what else was measured; a page folds them away. Labels count as no numbers.
    """

    status: Status
    sentence: str
    details: str = ""


def choose_short(*sentences: str) -> str:
    """The first of these sentences, the fullest first, that has at most MOST_WORDS words; else the last."""
    return next((each for each in sentences if len(each.split()) <= MOST_WORDS), sentences[-1])


def count_diverged(result: Result, variant: int) -> str:
    """In how many seeds a variant overflows: "overflows in 1 of 5 seeds"; nothing where it does in none."""
    lost = int(statistics.diverged(result)[variant].sum())
    return f"overflows in {count_seeds(lost, result.experiment.seeds)}" if lost else ""


def first_divergence(result: Result, variant: int) -> str:
    """Where a variant diverged first, of which some seed has: "first at step 3 in layer 2"."""
    steps = result.diverged_at[variant]
    hit = steps >= 0
    layer = int(result.diverged_layer[variant][hit][np.argmin(steps[hit])])
    return f"first at step {steps[hit].min()} in {name_layer(result, layer)}"


def name_layer(result: Result, layer: int) -> str:
    """Layer 3, or the output layer, which is the last."""
    return "the output layer" if layer == len(result.experiment.hidden) + 1 else f"layer {layer}"


def first_loss(result: Result, variant: int) -> float:
    """The loss before training, the average of the seeds that do not diverge, so that it goes with how these end."""
    return float(average(np.where(statistics.diverged(result)[variant], np.nan, result.loss[variant, :, 0])))


def describe_chance(result: Result) -> str:
    return f"The chance loss, that of guessing, is {number(statistics.chance_loss(result.experiment))}."


def describe_end(result: Result, variant: int) -> str:
    """How the seeds of a variant that did not diverge end, as a clause after its name: "ends at loss 0.31"."""
    end, chance = float(average(final_loss(result)[variant])), statistics.chance_loss(result.experiment)
    loss, learned = number(end), int(statistics.learned(result)[variant].sum())
    outcome = statistics.outcome(result, variant)
    if outcome == "diverged":
        return "overflows in every seed"
    if outcome in ("learned", "slow"):
        return f"ends at loss {loss}"
    if end > GROWN * max(first_loss(result, variant), chance):
        return f"ends at loss {loss}, which is more than at the start"
    if learned:
        return f"learns in {count_seeds(learned, result.experiment.seeds)}, with a median loss of {loss}"
    if outcome == "uncalibrated":
        right = percent(float(average(statistics.final_accuracy(result)[variant])))
        return f"classifies {right} of the test set correctly, but at a loss of {loss}"
    return f"{'hardly learns' if end < 0.99 * chance else 'does not learn'}, with a loss of {loss}"


def describe_outcome(result: Result, variant: int) -> str:
    """The test accuracy of a variant after training, its final loss where there are no classes: the seeds' median."""
    if result.has_classes:
        return percent(float(average(statistics.final_accuracy(result)[variant])))
    return number(float(average(final_loss(result)[variant])))
