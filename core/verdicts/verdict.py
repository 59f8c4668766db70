"""What a banner shows, and how a variant ends, in the numbers and words that several verdicts share."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core import statistics
from core.experiment import Result
from core.statistics import average
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


class Ending:
    """How the seeds of a variant end; averages, the first loss too, are of those that do not diverge."""

    def __init__(self, result: Result, variant: int, label: str = "") -> None:
        lost, experiment = statistics.diverged(result)[variant], result.experiment
        self.result, self.variant, self.seeds = result, variant, experiment.seeds
        self.label = label or experiment.labels[variant]
        self.chance = statistics.chance_loss(experiment)
        self.outcome = statistics.outcome(result, variant)
        self.lost = int(lost.sum())
        self.learned = int(statistics.learned(result)[variant].sum())
        self.losses = statistics.final_loss(result)[variant]  # (seed,)
        self.first_loss = float(average(np.where(lost, np.nan, result.loss[variant, :, 0])))
        self.loss = float(average(self.losses))
        self.accuracy = float(average(statistics.final_accuracy(result)[variant]))
        self.score = percent(self.accuracy) if result.has_classes else number(self.loss)
        self.overflow = f"overflows in {count_seeds(self.lost, self.seeds)}" if self.lost else ""

    @property
    def first_overflow(self) -> str:
        """The step and layer of the first overflow, where some seed has one: "first at step 3 in layer 2"."""
        steps = self.result.diverged_at[self.variant]
        seed = np.where(steps < 0, np.inf, steps).argmin()
        layer = self.result.diverged_layer[self.variant][seed]
        return f"first at step {steps[seed]} in {name_layer(self.result, layer)}"

    def describe(self) -> str:
        """How those that do not diverge end, as a clause after the variant's name: "ends at loss 0.31"."""
        loss = number(self.loss)
        if self.outcome in ("learned", "slow"):
            return f"ends at loss {loss}"
        if self.loss > GROWN * max(self.first_loss, self.chance):
            return f"ends at loss {loss}, which is more than at the start"
        if self.learned:
            return f"learns in {count_seeds(self.learned, self.seeds)}, with a median loss of {loss}"
        if self.outcome == "uncalibrated":
            return f"classifies {percent(self.accuracy)} of the test set correctly, but at a loss of {loss}"
        return f"{'hardly learns' if self.loss < 0.99 * self.chance else 'does not learn'}, with a loss of {loss}"


def list_endings(result: Result) -> list[Ending]:
    return [Ending(result, v) for v in range(len(result.experiment.variants))]


def name_layer(result: Result, layer: int) -> str:
    """Layer 3, or the output layer, which is the last."""
    return "the output layer" if layer == len(result.experiment.hidden) + 1 else f"layer {layer}"


def describe_chance(result: Result) -> str:
    """What the loss is compared with."""
    return f"The chance loss, that of guessing, is {number(statistics.chance_loss(result.experiment))}."
