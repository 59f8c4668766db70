"""Measures every initializer on a network: a short search for each one's learning rate, then paired runs at that rate.

Draws and batches of the search are others than those of the comparison, so that a rate which was lucky in the search
has no advantage in the comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from core import statistics
from core.advice.planning import COARSE, REPRESENTATIVES, Rates, experiment, folds, searching, stages
from core.advice.question import Question
from core.datasets import dataset
from core.engine.budget import Bound, cost
from core.engine.recording import AXES
from core.experiment import Result, run
from core.losses import constant_loss
from core.settings import Experiment, Variant

Array = np.ndarray

EPOCHS = 2  # what a training has to last to be a reason to leave theory's law
NEAR = 1.05  # times the lowest validation loss of a search: there a smaller learning rate is taken
Tick = Callable[[float], object]
Train = Callable[[Experiment, Tick], Result]


@dataclass(frozen=True)
class Measured:
    """What the search found, and the comparison: every initializer at its own best learning rate, on every fold."""

    question: Question
    searched: Mapping[str, Mapping[float, float]]  # initializer → rate → its law's mean validation loss; ∞: diverged
    results: tuple[Result, ...]  # a variant an initializer in each

    @property
    def experiment(self) -> Experiment:
        """The first that was run."""
        return self.results[0].experiment

    @property
    def is_narrower(self) -> bool:
        """Whether layers were made narrower than those asked about: then no learning rate carries over."""
        return self.experiment.sizes != self.question.sizes

    @property
    def is_brief(self) -> bool:
        """Whether training saw too few examples to prefer anything to theory's law: fewer than two epochs."""
        experiment = self.experiment
        return experiment.steps * experiment.batch_size < EPOCHS * len(dataset(experiment.dataset).X_train)

    @property
    def chance(self) -> float:
        """The validation loss of the best prediction that ignores the input."""
        data = [dataset(result.experiment.dataset) for result in self.results]
        return constant_loss(data[0].loss, np.vstack([each.Y_test for each in data]))

    def by_seed(self, measure: Callable[[Result], Array]) -> Array:
        """What a function finds of each result (start, seed, …), the seeds of all folds one after the other."""
        return np.concatenate([measure(result) for result in self.results], axis=1)


def validation_loss(result: Result) -> Array:
    """The lowest loss on the test set along a training (variant, seed), as early stopping keeps it; NaN: diverged."""
    lowest = np.nan_to_num(result.test_loss, nan=np.inf).min(axis=-1)
    return np.where(statistics.diverged(result) | np.isinf(lowest), np.nan, lowest)


def validation_accuracy(result: Result) -> Array:
    """The accuracy where that loss is lowest (variant, seed); NaN without classes."""
    best = np.nan_to_num(result.test_loss, nan=np.inf).argmin(axis=-1)
    return np.take_along_axis(result.test_accuracy, best[..., None], axis=-1)[..., 0]


def measure(
    question: Question, tick: Tick = lambda fraction: None, bound: Bound | None = None, train: Train = run
) -> Measured:
    """Measure every initializer; `tick(fraction)` as core.run calls it: what it raises cancels the measurement.

    `train` is core.run, or what does the same in other processes.

    OverBound, before anything is trained, where that would take more than `bound`, or the usual one, allows.
    """
    base = experiment(question, bound)
    every, progress = folds(base), _Progress(base, tick)
    laws = dict.fromkeys(REPRESENTATIVES.values(), COARSE[question.optimizer])
    searched = _search(every, laws, progress, train)
    finer = {name: _neighbors(best_rate(losses)) for name, losses in searched.items()}
    for name, losses in _search(every, finer, progress, train).items():
        searched[name].update(losses)
    searched = {name: searched[representative] for name, representative in REPRESENTATIVES.items()}
    starts = tuple(Variant(name, learning_rate=best_rate(losses)) for name, losses in searched.items())
    results = [train(replace(fold, variants=starts), progress.stage()) for fold in every]
    slower = _slower(results, searched)
    again = [train(replace(fold, variants=slower), lambda fraction: tick(1.0)) for fold in every if slower]
    return Measured(question, searched, tuple(map(_with_slower, results, again)) if again else tuple(results))


def _slower(results: list[Result], searched: Mapping[str, Mapping[float, float]]) -> tuple[Variant, ...]:
    """The starts that diverged at some seed, at the best of the lower rates that trained in the search."""
    lost = np.any([statistics.diverged(result).any(axis=1) for result in results], axis=0)
    lower = {
        variant: {
            rate: loss
            for rate, loss in searched[variant.initializer].items()
            if rate < variant.learning_rate and np.isfinite(loss)
        }
        for variant, is_lost in zip(results[0].experiment.variants, lost, strict=True)
        if is_lost
    }
    return tuple(replace(variant, learning_rate=best_rate(losses)) for variant, losses in lower.items() if losses)


def _with_slower(result: Result, again: Result) -> Result:
    """The result with the variants that were trained again in the place of those they replace."""
    variants, arrays = list(result.experiment.variants), {}
    places = [[v.initializer for v in variants].index(v.initializer) for v in again.experiment.variants]
    for place, variant in zip(places, again.experiment.variants, strict=True):
        variants[place] = variant
    for name in (*AXES, "first_weights"):
        arrays[name] = getattr(result, name).copy()
        arrays[name][places] = getattr(again, name)
    return replace(result, experiment=replace(result.experiment, variants=tuple(variants)), **arrays)


def best_rate(losses: Mapping[float, float]) -> float:
    """The smallest learning rate whose loss is near the lowest: it is the safer one in a longer training."""
    lowest = min(losses.values())
    return min(rate for rate, loss in losses.items() if loss <= NEAR * lowest)


def _neighbors(rate: float) -> tuple[float, ...]:
    """Half a decade below and above, in round numbers: 0.1 → 0.03 and 0.3."""
    return float(f"{0.3 * rate:.0e}"), float(f"{3 * rate:.0e}")


def _search(
    every: tuple[Experiment, ...], rates: Rates, progress: _Progress, train: Train
) -> dict[str, dict[float, float]]:
    trained = [train(searching(fold, rates), progress.stage()) for fold in every]
    losses = np.nan_to_num(np.hstack([validation_loss(result) for result in trained]), nan=np.inf)
    found: dict[str, dict[float, float]] = {}
    for variant, loss in zip(trained[0].experiment.variants, losses.mean(axis=1), strict=True):
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
