"""The table of networks, recommendations and checks: `python -m tests.advice [1 2 …]`; 1 where too many are missed.

The check trains three times as long from other seeds, and takes the lowest loss on rows that the advisor never saw. It
gives every start the better of its own learning rate and a third of it.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np

from core import INITIALIZERS, Variant, run
from core.advice import Advice, Question, advise, measure
from core.advice.measuring import validation_loss
from core.advice.recommendation import FLOOR, PITFALLS
from core.advice.report import aligned
from core.wording import number
from tests.advice.networks import questions, resplit

LONGER, OTHER_SEED = 2, 1000
SPLITS = {True: (10, 2), False: (2, 5)}  # with few rows more of them, and seeds on each
WITHIN = 1.1  # times the lowest mean loss: there a recommendation is as good as the best
MISSES = 1  # of twenty, at the most


def losses_of_longer(question: Question, advice: Advice) -> dict[str, float]:
    """Mean losses on rows that a training has not seen, by initializer; ∞ where some seed diverged at both rates."""
    base, found = advice.measured.experiment, {}
    splits, seeds = SPLITS[len(advice.measured.results) > 1]
    compared = [start for start in advice.starts if start.name not in ("zeros", "constant", "keras_default")]
    for divisor in (1, 3):
        variants = tuple(Variant(start.name, learning_rate=start.rate / divisor) for start in compared)
        losses = []
        for split in range(splits):
            data = resplit(question.data_for(base.sizes[0]), OTHER_SEED + split)
            longer = replace(
                base,
                dataset=data,
                variants=variants,
                steps=LONGER * advice.measured.experiment.steps,
                seeds=seeds,
                seed=OTHER_SEED + split,
            )
            losses.append(np.maximum(validation_loss(run(longer)), FLOOR * advice.chance))
        means = np.nan_to_num(np.hstack(losses), nan=np.inf).mean(axis=1)
        for variant, mean in zip(variants, means, strict=True):
            found[variant.initializer] = min(mean, found.get(variant.initializer, np.inf))
    return found


def judge(question: Question) -> tuple[tuple[str, ...], bool]:
    """A row of the table, and whether the recommendation is within 10 % of the best and no pitfall."""
    advice = advise(measure(question))
    best, found = advice.recommended, losses_of_longer(question, advice)
    lowest = min(found, key=found.__getitem__)
    name = best.name if best else advice.starts[0].name
    ratio = found[name] / found[lowest]
    right = ratio <= WITHIN and name not in PITFALLS
    row = (
        f"{question.data_for(question.sizes[0]).name}, {question.optimizer}",
        question.described,
        f"{best.label}, {len(advice.tied)} tied" if best else "none learns",
        number(found[name]),
        number(found["he"]),
        f"{number(found[lowest])} {INITIALIZERS[lowest].label}",
        f"{ratio:.2f}",
        "" if right else "MISSED",
        f"{advice.detectable_change:.0%}",
    )
    return row, right


def main() -> int:
    """Print the table as it grows; 0 where at most one in twenty is missed."""
    every = list(questions())
    chosen = [every[int(word) - 1] for word in sys.argv[1:]] or every
    rows, wrong = (
        [("data, optimizer", "network", "recommended", "its loss", "He's", "the lowest", "ratio", "", "detectable")],
        0,
    )
    for question in chosen:
        row, right = judge(question)
        rows.append(row)
        wrong += not right
        print(" · ".join(row), file=sys.stderr, flush=True)
    print(aligned(rows))
    print(f"Within 10 % of the best: {len(chosen) - wrong} of {len(chosen)}.")
    return int(wrong * 20 > MISSES * len(chosen))


if __name__ == "__main__":
    sys.exit(main())
