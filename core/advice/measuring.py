"""Measures every start on a network: a short search for each one's best learning rate, then paired runs at that rate.

Draws and batches of the search are others than those of the comparison, so that a rate which was lucky in the search
has no advantage in the comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from core import statistics
from core.advice.planning import COARSE, Rates, experiment, searching, stages
from core.advice.question import Question
from core.engine.budget import Bound, cost
from core.experiment import Result, run
from core.initializers import INITIALIZERS
from core.settings import Experiment, Variant

Array = np.ndarray
Tick = Callable[[float], object]
Train = Callable[[Experiment, Tick], Result]


@dataclass(frozen=True)
class Measured:
    """What the search found, and the comparison: every initializer at its own best learning rate.

    The first of `results` holds a variant an initializer; a second one, if there is one, those that diverged in the
    first, at a lower learning rate, from the same draws and on the same batches.
    """

    question: Question
    searched: Mapping[str, Mapping[float, float]]  # initializer → rate → final loss of the worst seed; ∞: diverged
    results: tuple[Result, ...]

    @property
    def experiment(self) -> Experiment:
        """The first that was run, which holds a variant an initializer."""
        return self.results[0].experiment

    def place(self, name: str) -> tuple[Result, int]:
        """The result that counts for an initializer, and its variant there."""
        names = [[variant.initializer for variant in result.experiment.variants] for result in self.results]
        last = max(i for i, held in enumerate(names) if name in held)
        return self.results[last], names[last].index(name)

    @property
    def final_losses(self) -> Array:
        """By initializer and seed (start, seed); NaN where a run diverged."""
        rows = []
        for name in INITIALIZERS:
            result, v = self.place(name)
            rows.append(statistics.final_loss(result)[v])
        return np.array(rows)


def measure(
    question: Question, tick: Tick = lambda fraction: None, bound: Bound | None = None, train: Train = run
) -> Measured:
    """Measure every initializer; `tick(fraction)` as core.run calls it: what it raises cancels the measurement.

    `train` is core.run, or what does the same in other processes.

    OverBound, before anything is trained, where that would take more than `bound`, or the usual one, allows.
    """
    base = experiment(question, bound)
    progress = _Progress(base, tick)
    searched = _search(base, dict.fromkeys(INITIALIZERS, COARSE), progress, train)
    finer = {name: _beside(best_rate(losses)) for name, losses in searched.items()}
    for name, losses in _search(base, finer, progress, train).items():
        searched[name].update(losses)
    starts = tuple(Variant(name, learning_rate=best_rate(losses)) for name, losses in searched.items())
    results = [train(replace(base, variants=starts), progress.stage())]
    if slower := _slower(results[0], searched):
        results.append(train(replace(base, variants=slower), lambda fraction: tick(1.0)))
    return Measured(question, searched, tuple(results))


def _slower(result: Result, searched: Mapping[str, Mapping[float, float]]) -> tuple[Variant, ...]:
    """The starts that diverged at some seed, at the best of the lower rates that trained in the search."""
    fallen = [result.experiment.variants[v] for v in np.flatnonzero(statistics.diverged(result).any(axis=1))]
    lower = {
        variant: {
            rate: loss
            for rate, loss in searched[variant.initializer].items()
            if rate < variant.learning_rate and np.isfinite(loss)
        }
        for variant in fallen
    }
    return tuple(replace(variant, learning_rate=best_rate(losses)) for variant, losses in lower.items() if losses)


def best_rate(losses: Mapping[float, float]) -> float:
    """The learning rate with the lowest loss; of equal ones the smallest."""
    return min(sorted(losses), key=losses.__getitem__)


def _beside(rate: float) -> tuple[float, ...]:
    """Half a decade below and above, in round numbers: 0.1 → 0.03 and 0.3."""
    return float(f"{0.3 * rate:.0e}"), float(f"{3 * rate:.0e}")


def _search(base: Experiment, rates: Rates, progress: _Progress, train: Train) -> dict[str, dict[float, float]]:
    result = train(searching(base, rates), progress.stage())
    losses = np.nan_to_num(statistics.final_loss(result), nan=np.inf)
    found: dict[str, dict[float, float]] = {}
    for variant, loss in zip(result.experiment.variants, losses.max(axis=1), strict=True):
        found.setdefault(variant.initializer, {})[variant.learning_rate] = float(loss)
    return found


class _Progress:
    """One fraction over all stages, by what each of them costs."""

    def __init__(self, base: Experiment, tick: Tick) -> None:
        costs = [cost(each).work for each in stages(base)]
        self._shares = iter([c / sum(costs) for c in costs])
        self._tick, self._before = tick, 0.0

    def stage(self) -> Tick:
        """What the next stage ticks."""
        share, before = next(self._shares), self._before
        self._before += share
        return lambda fraction: self._tick(min(1.0, before + share * fraction))
