"""What is trained to answer a question, on layers narrow enough that it takes seconds and keeps within a bound.

Only training losses decide: of the test set few examples are kept for a word on accuracy, and none for the search,
because predicting all of it at every record would cost more than training does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from core.advice.question import Question
from core.datasets import Dataset
from core.engine.budget import Bound, cost
from core.initializers import INITIALIZERS
from core.settings import MAX_WIDTH, Experiment, Variant

Rates = Mapping[str, tuple[float, ...]]  # by initializer

COARSE = (0.01, 0.1, 1.0)  # learning rates a decade apart; then half a decade to both sides of each one's best
SEARCH_SEEDS, SEARCH_STEPS = 2, 60
SEEDS, STEPS, BATCH = 10, 80, 32
TESTS, TESTED = 128, 8192  # examples of the test set at the most, and outputs of all of them together
WORK = 5e11  # of all that is trained for one answer, as in core.engine.budget: some ten seconds on two cores
NARROWEST = 32  # layers are not made narrower than this


class OverBound(ValueError):
    """The question cannot be answered within the bound; `fitting` (n_0 … n_L) is the deepest network that can, if any.

    The network it names is the one that was asked for, with fewer hidden layers.
    """

    def __init__(self, fitting: tuple[int, ...] | None) -> None:
        super().__init__("This network would take more time or memory than is allowed here.")
        self.fitting = fitting


def experiment(question: Question, bound: Bound | None = None) -> Experiment:
    """The comparison before its learning rates are known, on layers as wide as the bound, or the usual one, allows.

    OverBound where even the narrowest are too many.
    """
    bound = bound or Bound()
    made = _widest(question, bound)
    if made is None:
        raise OverBound(_fitting(question, bound))
    return made


def searching(base: Experiment, rates: Rates) -> Experiment:
    """The search among these learning rates: other draws and batches than those of the comparison."""
    variants = tuple(
        Variant(name, learning_rate=rate, label=f"{name} at {rate:g}")
        for name, tried in rates.items()
        for rate in tried
    )
    other = (base.seed + 1) % 2**32
    data = _tested(base.dataset, 1)
    return replace(base, dataset=data, variants=variants, seeds=SEARCH_SEEDS, steps=SEARCH_STEPS, seed=other)


def stages(base: Experiment) -> list[Experiment]:
    """What is trained one after the other, as far as its cost goes: the two searches and the comparison."""
    names = [variant.initializer for variant in base.variants]
    counts = (len(COARSE), 2)
    return [*(searching(base, dict.fromkeys(names, tuple(range(1, n + 1)))) for n in counts), base]


def work(base: Experiment) -> float:
    """Of all stages together."""
    return sum(cost(each).work for each in stages(base))


def _widest(question: Question, bound: Bound) -> Experiment | None:
    """The widest that takes seconds, else the narrowest where that keeps within the bound."""
    for factor in _factors():
        made = _experiment(question, factor)
        if made is None:
            continue
        taken = work(made)
        within = taken <= bound.work and cost(made).bytes <= bound.bytes
        if within and taken <= WORK:
            return made
        if max(made.sizes[:-1] if question.on_noise else made.hidden, default=1) <= NARROWEST:
            return made if within else None
    return None


def _fitting(question: Question, bound: Bound) -> tuple[int, ...] | None:
    first, *hidden, last = question.sizes
    for count in reversed(range(len(hidden))):
        sizes = (first, *hidden[:count], last)
        if _widest(replace(question, sizes=sizes), bound):
            return sizes
    return None


def _factors() -> Iterator[float]:
    factor = 1.0
    while True:
        yield factor
        factor *= 4 / 5


def _experiment(question: Question, factor: float) -> Experiment | None:
    """Every layer but the output `factor` times as wide; the inputs of real data stay. None where one is too wide."""

    def narrower(n: int) -> int:
        return max(min(n, NARROWEST), round(n * factor))

    hidden = tuple(map(narrower, question.sizes[1:-1]))
    inputs = narrower(question.sizes[0]) if question.on_noise else question.sizes[0]
    if max(hidden, default=1) > MAX_WIDTH or (question.on_noise and inputs > MAX_WIDTH):
        return None
    data = question.data_for(inputs)
    return Experiment(
        dataset=_tested(data, min(TESTS, TESTED // question.sizes[-1])),
        hidden=hidden,
        activation=question.activation,
        variants=tuple(map(Variant, INITIALIZERS)),
        seeds=SEEDS,
        steps=STEPS,
        batch_size=min(BATCH, len(data.X_train)),
        seed=question.seed,
    )


def _tested(data: str | Dataset, tests: int) -> Dataset:
    """The data with so many examples to test on."""
    assert isinstance(data, Dataset)
    return replace(data, X_test=data.X_test[:tests], Y_test=data.Y_test[:tests])
