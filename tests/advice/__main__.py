"""The table of networks, recommendations and checks: `python -m tests.advice [1 2 …]`; 1 where too many are missed.

The check trains twice as long, each time from another seed and on another split of the rows, and takes the lowest loss
on the rows that a training has not seen. One start of each law is a rival, the recommended one besides; each gets the
better of its own learning rate and a third of it.

The lowest of several means is low by chance as well. So rates and the best start are picked on one half of the
trainings and compared on the other, both ways, which leaves every training a difference to a best that it had no part
in picking. A recommendation is missed where the best is better by over 10 % and the paired differences are not chance:
their mean is above zero by Student's t at 95 %, one-sided. The plain ratio to the lowest mean stands beside it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Collection
from dataclasses import replace

import numpy as np
from scipy.special import stdtrit

from core import INITIALIZERS, Variant, run
from core.advice import Advice, Question, advise, measure
from core.advice.measuring import validation_loss
from core.advice.planning import PITFALLS, REPRESENTATIVES
from core.advice.recommendation import FLOOR
from core.wording import align_columns, number
from tests.advice.networks import questions, resplit

Array = np.ndarray

RIVALS = set(REPRESENTATIVES.values()) - set(PITFALLS)
LONGER, OTHER_SEED = 2, 1000
TRAININGS = {True: 40, False: 12}  # more where rows are few: whichever are held out then matters more
WITHIN = 1.1  # times the lowest mean loss: there a recommendation is as good as the best
MISSES = 1  # of twenty, at the most
HEADINGS = (
    *("data, optimizer", "network", "recommended", "its loss", "the lowest", "ratio to it"),
    *("to the best of a half", "worse", "", "processor"),
)


def train_longer(question: Question, advice: Advice, names: Collection[str]) -> dict[str, Array]:
    """Losses on rows that a training has not seen (2 rates, trainings), by initializer; guessing's if it diverged."""
    base, found = advice.measured.experiment, []
    compared = [start for start in advice.starts if start.name in names]
    rates = [(start.name, start.rate / divisor) for start in compared for divisor in (1, 3)]
    variants = tuple(Variant(name, learning_rate=rate, label=f"{name} {rate}") for name, rate in rates)
    for seed in range(OTHER_SEED, OTHER_SEED + TRAININGS[len(advice.measured.results) > 1]):
        data = resplit(question.data_for(base.sizes[0]), seed)
        longer = replace(base, variants=variants, steps=LONGER * base.steps, seeds=1, dataset=data, seed=seed)
        found.append(np.maximum(validation_loss(run(longer)), FLOOR * advice.chance))
    losses = np.nan_to_num(np.hstack(found), nan=advice.chance)
    return {name: losses[place : place + 2] for place, (name, _) in list(enumerate(rates))[::2]}


def differences_to_best(losses: dict[str, Array], name: str) -> tuple[Array, Array]:
    """Losses of a start and of the best (trainings,): rates and best of each half are picked on the other."""
    count = losses[name].shape[1]
    own, best = np.empty(count), np.empty(count)
    for picked in (np.arange(count) < count // 2, np.arange(count) >= count // 2):
        at_rate = {start: table[table[:, picked].mean(axis=1).argmin()] for start, table in losses.items()}
        winner = min(at_rate, key=lambda start: at_rate[start][picked].mean())
        own[~picked], best[~picked] = at_rate[name][~picked], at_rate[winner][~picked]
    return own, best


def judge(question: Question) -> tuple[tuple[str, ...], bool]:
    """A row of the table, and whether the recommendation is within 10 % of the best and no pitfall."""
    began = time.process_time()
    advice = advise(measure(question))
    seconds, best = time.process_time() - began, advice.recommended
    name = best.name if best else advice.starts[0].name
    losses = train_longer(question, advice, {*RIVALS, name})
    means = {start: table.mean(axis=1).min() for start, table in losses.items()}
    lowest = min(means, key=means.__getitem__)
    own, other = differences_to_best(losses, name)
    ratio, worse = own.mean() / other.mean(), own - other
    certain = worse.mean() > stdtrit(len(own) - 1, 0.95) * worse.std(ddof=1) / np.sqrt(len(own))
    right = (ratio <= WITHIN or not certain) and name not in PITFALLS
    row = (
        f"{question.data_for(question.sizes[0]).name}, {question.optimizer}",
        question.described,
        f"{best.label}, {len(advice.tied)} tied" if best else "none learns",
        number(means[name]),
        f"{number(means[lowest])} {INITIALIZERS[lowest].label}",
        f"{means[name] / means[lowest]:.2f}",
        f"{ratio:.2f}",
        "" if ratio <= WITHIN else "certain" if certain else "by chance",
        "" if right else "MISSED",
        f"{seconds:.0f} s",
    )
    return row, right


def main() -> int:
    """Print the table as it grows; 0 where at most one in twenty is missed."""
    every = list(questions())
    chosen = [every[int(word) - 1] for word in sys.argv[1:]] or every
    rows, wrong = [HEADINGS], 0
    for question in chosen:
        row, right = judge(question)
        rows.append(row)
        wrong += not right
        print(" · ".join(row), file=sys.stderr, flush=True)
    print(align_columns(rows))
    print(f"Not certainly over 10 % worse than the best: {len(chosen) - wrong} of {len(chosen)}.")
    return int(wrong * 20 > MISSES * len(chosen))


if __name__ == "__main__":
    sys.exit(main())
