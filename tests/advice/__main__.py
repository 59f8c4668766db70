"""The table of networks, recommendations and checks: `python -m tests.advice [1 2 …]`; 1 where too many are missed.

The check trains twice as long, from other seeds and on other splits of the rows, and takes the lowest loss on the rows
that a training has not seen. Every start gets the better of its own learning rate and a third of it. The lowest of so
many means is low by chance as well: a miss is counted where the start that is best on one half of the trainings is
better by over 10 % on the other half, on average of both ways. The plain ratio to the lowest mean stands beside it.
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
from core.wording import number, percent
from tests.advice.networks import questions, resplit

LONGER, OTHER_SEED = 2, 1000
SPLITS = {True: (10, 2), False: (2, 5)}  # with few rows more of them, and seeds on each
WITHIN = 1.1  # times the lowest mean loss: there a recommendation is as good as the best
MISSES = 1  # of twenty, at the most


def train_longer(question: Question, advice: Advice) -> dict[str, np.ndarray]:
    """Losses on rows that a training has not seen (2 rates, trainings), by initializer; ∞ where it diverged."""
    base, found = advice.measured.experiment, []
    splits, seeds = SPLITS[len(advice.measured.results) > 1]
    compared = [start for start in advice.starts if start.name not in ("zeros", "constant", "keras_default")]
    for divisor in (1, 3):
        variants = tuple(Variant(start.name, learning_rate=start.rate / divisor) for start in compared)
        longer = replace(base, variants=variants, steps=LONGER * base.steps, seeds=seeds)
        losses = []
        for seed in range(OTHER_SEED, OTHER_SEED + splits):
            data = resplit(question.data_for(base.sizes[0]), seed)
            losses.append(
                np.maximum(validation_loss(run(replace(longer, dataset=data, seed=seed))), FLOOR * advice.chance)
            )
        found.append(np.nan_to_num(np.hstack(losses), nan=np.inf))
    return {start.name: np.array(rows) for start, rows in zip(compared, zip(*found, strict=True), strict=True)}


def ratio_to_best(losses: dict[str, np.ndarray], name: str, picked: slice, compared: slice) -> float:
    """The mean loss of a start over that of the best: rates and best are picked from some trainings for others."""
    rates = {start: int(table[:, picked].mean(axis=1).argmin()) for start, table in losses.items()}
    best = min(losses, key=lambda start: losses[start][rates[start], picked].mean())
    return float(losses[name][rates[name], compared].mean() / losses[best][rates[best], compared].mean())


def judge(question: Question) -> tuple[tuple[str, ...], bool]:
    """A row of the table, and whether the recommendation is within 10 % of the best and no pitfall."""
    advice = advise(measure(question))
    best, losses = advice.recommended, train_longer(question, advice)
    means = {name: table.mean(axis=1).min() for name, table in losses.items()}
    lowest, name = min(means, key=means.__getitem__), best.name if best else advice.starts[0].name
    half = losses[name].shape[1] // 2
    first, second, every = slice(half), slice(half, None), slice(None)
    ratio = (ratio_to_best(losses, name, first, second) + ratio_to_best(losses, name, second, first)) / 2
    right = ratio <= WITHIN and name not in PITFALLS
    row = (
        f"{question.data_for(question.sizes[0]).name}, {question.optimizer}",
        question.described,
        f"{best.label}, {len(advice.tied)} tied" if best else "none learns",
        number(means[name]),
        f"{number(means[lowest])} {INITIALIZERS[lowest].label}",
        f"{ratio_to_best(losses, name, every, every):.2f}",
        f"{ratio:.2f}",
        "" if right else "MISSED",
        percent(advice.detectable_change),
    )
    return row, right


def main() -> int:
    """Print the table as it grows; 0 where at most one in twenty is missed."""
    every = list(questions())
    chosen = [every[int(word) - 1] for word in sys.argv[1:]] or every
    rows, wrong = (
        [
            (
                "data, optimizer",
                "network",
                "recommended",
                "its loss",
                "the lowest",
                "ratio to it",
                "to the best of a half",
                "",
                "detectable",
            )
        ],
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
