"""Measures every initializer on a network: a search for its learning rate, then paired runs; the best do both again.

The rates of the best laws are searched for again with more seeds. Draws and batches of search, comparison and final are
others each time, so that a rate or a start which was lucky in one has no advantage in the next.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import compress

import numpy as np

from core import statistics
from core.advice import planning
from core.advice.question import Question
from core.datasets import dataset
from core.engine.budget import Bound, cost
from core.engine.results import AXES, WATCHED
from core.experiment import Array, Result, run
from core.losses import constant_loss
from core.settings import Experiment, Variant

NEAR = 1.05  # times the lowest validation loss of a search: there a smaller learning rate is taken
Tick = Callable[[float], object]
Train = Callable[[Experiment, Tick], Result]


@dataclass(frozen=True)
class Measured:
    """What the search found, and what was trained on every fold: each initializer at its best learning rate."""

    question: Question
    searched: Mapping[str, Mapping[float, float]]  # initializer → rate → its law's mean validation loss; ∞: diverged
    results: tuple[Result, ...]  # a variant an initializer in each, but for twins
    finals: tuple[Result, ...]  # the best of them, from more seeds; empty where theory's law is recommended anyway
    unbiased: tuple[Result, ...] = ()  # the first of these without the output bias that the question asks for

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
        """Whether training saw too few examples to prefer anything to theory's law."""
        return planning.is_brief(self.experiment)

    @property
    def chance(self) -> float:
        """The validation loss of the best prediction that ignores the input."""
        data = [dataset(result.experiment.dataset) for result in self.results]
        return constant_loss(data[0].loss, np.vstack([each.Y_test for each in data]))


def join_folds(results: Sequence[Result], measure: Callable[[Result], Array]) -> Array:
    """What a function finds of each result (start, seed, …), the seeds of all folds one after the other."""
    return np.concatenate([measure(result) for result in results], axis=1)


def validation_loss(result: Result) -> Array:
    """The lowest loss on the test set along a training (variant, seed), as early stopping keeps it; NaN: diverged."""
    lowest = np.nan_to_num(result.test_loss, nan=np.inf).min(axis=-1)
    return np.where(statistics.diverged(result) | np.isinf(lowest), np.nan, lowest)


def validation_accuracy(result: Result) -> Array:
    """The accuracy where that loss is lowest (variant, seed); NaN without classes."""
    best = np.nan_to_num(result.test_loss, nan=np.inf).argmin(axis=-1)
    return np.take_along_axis(result.test_accuracy, best[..., None], axis=-1)[..., 0]


def _share_progress(base: Experiment, tick: Tick) -> Iterator[Tick]:
    """What each stage ticks: one fraction over all of them, by what they cost."""

    def tick_stage(before: float, share: float, fraction: float) -> None:
        tick(min(1.0, before + share * fraction))

    costs, before = [cost(each).work for each in planning.plan_stages(base)], 0.0
    for share in [c / sum(costs) for c in costs]:
        yield partial(tick_stage, before, share)
        before += share


def measure(
    question: Question, tick: Tick = lambda fraction: None, bound: Bound | None = None, train: Train = run
) -> Measured:
    """Measure every initializer; `tick(fraction)` as core.run calls it: what it raises cancels the measurement.

    `train` is core.run, or what does the same in other processes.

    OverBound, before anything is trained, where that would take more than `bound`, or the usual one, allows.
    """
    base = planning.plan_comparison(question, bound)
    every, stages = planning.make_folds(base), _share_progress(base, tick)
    tried: dict[str, dict[float, float]] = {}

    def search(rates: planning.Rates, seeds: int) -> None:
        """Note the mean validation loss of every law at these rates."""
        trained = [train(planning.plan_search(fold, rates, seeds), next(stages)) for fold in every]
        losses = np.nan_to_num(np.hstack([validation_loss(result) for result in trained]), nan=np.inf)
        for variant, loss in zip(trained[0].experiment.variants, losses.mean(axis=1), strict=True):
            tried.setdefault(variant.initializer, {})[variant.learning_rate] = float(loss)

    laws, few = planning.REPRESENTATIVES, planning.search_seeds(base)
    search(dict.fromkeys(laws.values(), planning.COARSE[question.optimizer]), few)
    search({name: _neighboring_rates(best_rate(losses)) for name, losses in tried.items()}, few)
    if not planning.is_brief(base):
        search(_rates_to_repeat(question, tried), base.seeds)
    searched = {name: tried[law] for name, law in laws.items()}
    starts = tuple(replace(each, learning_rate=best_rate(searched[each.initializer])) for each in base.variants)
    results = _train_comparison([replace(fold, variants=starts) for fold in every], searched, stages, train)
    best = () if planning.is_brief(base) else _choose_finalists(question, results)
    if len(best) < 2:
        return Measured(question, searched, results, ())
    finals = _train_comparison([planning.plan_final(fold, best) for fold in every], searched, stages, train)
    unbiased = []
    for final in finals if question.prior_bias else ():
        start = replace(final.experiment.variants[0], prior_bias=False)
        unbiased.append(train(replace(final.experiment, variants=(start,)), next(stages)))
    return Measured(question, searched, results, finals, tuple(unbiased))


def _rates_to_repeat(question: Question, searched: Mapping[str, Mapping[float, float]]) -> planning.Rates:
    """The best rate of theory's law and of those of lowest loss, with the next lower and the next higher one tried."""
    laws = [name for name in searched if name not in planning.PITFALLS]
    laws.sort(key=lambda name: (name != planning.theory_law(question), min(searched[name].values())))
    found = {}
    for name in laws[: planning.FINALISTS]:
        rates = sorted(searched[name])
        place = rates.index(best_rate(searched[name]))
        found[name] = tuple(rates[max(place - 1, 0) : place + 2])
    return found


def _train_comparison(
    every: Sequence[Experiment], searched: Mapping[str, Mapping[float, float]], stages: Iterator[Tick], train: Train
) -> tuple[Result, ...]:
    """A result of each; a start that diverged in some seed is trained again at a lower rate, if one trained."""
    ticks = [next(stages) for _ in every]
    results = tuple(map(train, every, ticks))
    if slower := _find_slower(results, searched):  # it is not planned: progress stands still
        again = [train(replace(fold, variants=slower), lambda fraction: ticks[-1](1.0)) for fold in every]
        return tuple(map(_replace_slower, results, again))
    return results


def _choose_finalists(question: Question, results: Sequence[Result]) -> tuple[Variant, ...]:
    """Theory's law and the starts of lowest mean loss, none that diverged or is a pitfall."""
    means, law = join_folds(results, validation_loss).mean(axis=1), planning.theory_law(question)
    mean_of = dict(zip(results[0].experiment.variants, means, strict=True))
    able = [each for each in mean_of if np.isfinite(mean_of[each]) and each.initializer not in planning.PITFALLS]
    able.sort(key=lambda each: (each.initializer != law, mean_of[each]))
    return tuple(able[: planning.FINALISTS])


def _find_slower(results: Sequence[Result], searched: Mapping[str, Mapping[float, float]]) -> tuple[Variant, ...]:
    """The starts that diverged at some seed, at the best of the lower rates that trained in the search."""
    lost = np.any([statistics.diverged(result).any(axis=1) for result in results], axis=0)
    slower = []
    for variant in compress(results[0].experiment.variants, lost):
        finite = {rate: loss for rate, loss in searched[variant.initializer].items() if np.isfinite(loss)}
        if lower := {rate: loss for rate, loss in finite.items() if rate < variant.learning_rate}:
            slower.append(replace(variant, learning_rate=best_rate(lower)))
    return tuple(slower)


def _replace_slower(result: Result, again: Result) -> Result:
    """The result with the variants that were trained again in the place of those they replace."""
    variants, arrays = list(result.experiment.variants), {}
    places = [[v.initializer for v in variants].index(v.initializer) for v in again.experiment.variants]
    for place, variant in zip(places, again.experiment.variants, strict=True):
        variants[place] = variant
    for name in (*AXES, *WATCHED):
        arrays[name] = getattr(result, name).copy()
        arrays[name][places] = getattr(again, name)
    return replace(result, experiment=replace(result.experiment, variants=tuple(variants)), **arrays)


def best_rate(losses: Mapping[float, float]) -> float:
    """The smallest learning rate whose loss is near the lowest: it is the safer one in a longer training."""
    lowest = min(losses.values())
    return min(rate for rate, loss in losses.items() if loss <= NEAR * lowest)


def _neighboring_rates(rate: float) -> tuple[float, ...]:
    """Half a decade below and above, in round numbers: 0.1 → 0.03 and 0.3."""
    return float(f"{0.3 * rate:.0e}"), float(f"{3 * rate:.0e}")
