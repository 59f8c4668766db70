"""Measures every initializer: a search for its learning rate, then paired runs; the best do both again.

Each has other draws and batches: luck in one is no advantage in the next.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from core import statistics
from core.advice import planning
from core.advice.question import Question
from core.datasets import dataset
from core.engine.budget import Bound, cost
from core.engine.results import AXES, WATCHED
from core.experiment import Array, Result, run
from core.losses import constant_loss
from core.settings import Experiment

NEAR = 1.05  # times the lowest validation loss of a search: there a smaller learning rate is taken
Tick = Callable[[float], object]
Train = Callable[[Experiment, Tick], Result]
Searched = Mapping[str, Mapping[float, float]]  # initializer → rate → mean validation loss; ∞: diverged


@dataclass(frozen=True)
class Measured:
    """What the search found, and each initializer trained at its best rate on every fold."""

    question: Question
    searched: Searched
    results: tuple[Result, ...]  # a variant an initializer in each, but for twins
    finals: tuple[Result, ...]  # the best, from more seeds; empty where theory's law is recommended anyway
    unbiased: tuple[Result, ...] = ()  # the first of these without the output bias

    @property
    def experiment(self) -> Experiment:
        """The first that was run, maybe on narrower layers than those asked about."""
        return self.results[0].experiment

    @property
    def chance(self) -> float:
        """The validation loss of the best prediction that ignores the input."""
        data = [dataset(result.experiment.dataset) for result in self.results]
        return constant_loss(data[0].loss, np.vstack([each.Y_test for each in data]))


def join_folds(results: Sequence[Result], measure: Callable[[Result], Array]) -> Array:
    """A measure of each result (start, seed, …), the seeds of all folds one after the other."""
    return np.concatenate([measure(result) for result in results], axis=1)


def validation_loss(result: Result) -> Array:
    """The lowest test loss along a training (variant, seed), as early stopping keeps it; NaN: diverged."""
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

    `train` is core.run, or what does the same in other processes. OverBound, before anything is trained, where
    `bound`, or the usual one, does not allow it.
    """
    base = planning.plan_comparison(question, bound)
    folds, stages = planning.make_folds(base), _share_progress(base, tick)
    searched = _search_rates(question, base, stages, train)
    starts = tuple(replace(each, learning_rate=best_rate(searched[each.initializer])) for each in base.variants)
    results = _train_comparison([replace(fold, variants=starts) for fold in folds], searched, stages, train)
    variants = {variant.initializer: variant for variant in results[0].experiment.variants}
    means = zip(variants, join_folds(results, validation_loss).mean(axis=1), strict=True)
    ranked = _rank_laws(question, {name: mean for name, mean in means if np.isfinite(mean)})
    if planning.is_brief(base) or len(ranked) < 2:
        return Measured(question, searched, results, ())
    best = tuple(variants[name] for name in ranked)
    finals = _train_comparison([planning.plan_final(fold, best) for fold in folds], searched, stages, train)
    unbiased = []
    for final in finals if question.prior_bias else ():
        start = replace(final.experiment.variants[0], prior_bias=False)
        unbiased.append(train(replace(final.experiment, variants=(start,)), next(stages)))
    return Measured(question, searched, results, finals, tuple(unbiased))


def _share_progress(base: Experiment, tick: Tick) -> Iterator[Tick]:
    """What each stage ticks: one fraction over all of them, by what they cost."""
    work = np.array([cost(stage).work for stage in planning.plan_stages(base)])
    shares = work / work.sum()
    for before, share in zip(np.cumsum([0.0, *shares[:-1]]), shares, strict=True):
        yield partial(lambda before, share, fraction: tick(min(1.0, before + share * fraction)), before, share)


def _search_rates(question: Question, base: Experiment, stages: Iterator[Tick], train: Train) -> Searched:
    """Rates a decade apart, then about each law's best, then with all seeds about those of the best laws."""
    folds, laws = planning.make_folds(base), planning.REPRESENTATIVES
    tried: dict[str, dict[float, float]] = {}

    def search(rates: planning.Rates, thorough: bool = False) -> None:
        trained = [train(planning.plan_search(fold, rates, thorough), next(stages)) for fold in folds]
        losses = np.nan_to_num(join_folds(trained, validation_loss), nan=np.inf)
        for variant, loss in zip(trained[0].experiment.variants, losses.mean(axis=1), strict=True):
            tried.setdefault(variant.initializer, {})[variant.learning_rate] = float(loss)

    search(dict.fromkeys(laws.values(), planning.COARSE[question.optimizer]))
    # Half a decade below and above, in round numbers: 0.1 → 0.03 and 0.3.
    best_rates = {name: best_rate(losses) for name, losses in tried.items()}
    search({name: (float(f"{0.3 * rate:.0e}"), float(f"{3 * rate:.0e}")) for name, rate in best_rates.items()})
    if not planning.is_brief(base):
        repeated = {}  # the best with the next lower and the next higher one
        for name in _rank_laws(question, {name: min(losses.values()) for name, losses in tried.items()}):
            rates = sorted(tried[name])
            place = rates.index(best_rate(tried[name]))
            repeated[name] = tuple(rates[max(place - 1, 0) : place + 2])
        search(repeated, thorough=True)
    return {name: tried[law] for name, law in laws.items()}


def _rank_laws(question: Question, losses: Mapping[str, float]) -> list[str]:
    """Theory's law, then those of lowest loss, as many as are compared once more; no pitfall."""
    able, law = [name for name in losses if name not in planning.PITFALLS], planning.theory_law(question)
    return sorted(able, key=lambda name: (name != law, losses[name]))[: planning.FINALISTS]


def _train_comparison(
    folds: Sequence[Experiment], searched: Searched, stages: Iterator[Tick], train: Train
) -> tuple[Result, ...]:
    """Train each; a start that diverged at some seed again, at a lower rate that trained, if any."""
    ticks = [next(stages) for _ in folds]
    results = list(map(train, folds, ticks))
    lost = np.any([statistics.diverged(result).any(axis=1) for result in results], axis=0)
    variants, places = list(folds[0].variants), []
    for place in np.flatnonzero(lost):
        trained = [pair for pair in searched[variants[place].initializer].items() if np.isfinite(pair[1])]
        lower = {rate: loss for rate, loss in trained if rate < variants[place].learning_rate}
        if lower:
            variants[place] = replace(variants[place], learning_rate=best_rate(lower))
            places.append(place)
    for position, fold in enumerate(folds if places else ()):  # it is not planned: progress stands still
        slower = replace(fold, variants=tuple(variants[place] for place in places))
        retrained, result = train(slower, lambda fraction: ticks[-1](1.0)), results[position]
        arrays = {name: getattr(result, name).copy() for name in (*AXES, *WATCHED)}
        for name, array in arrays.items():
            array[places] = getattr(retrained, name)
        experiment = replace(result.experiment, variants=tuple(variants))
        results[position] = replace(result, experiment=experiment, **arrays)
    return tuple(results)


def best_rate(losses: Mapping[float, float]) -> float:
    """The smallest rate whose loss is near the lowest: it is the safer one in a longer training."""
    lowest = min(losses.values())
    return min(rate for rate, loss in losses.items() if loss <= NEAR * lowest)
