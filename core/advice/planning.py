"""What is trained to answer a question: as many seeds and steps, as wide, as a few seconds allow."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import accumulate, repeat
from operator import mul

import numpy as np

from core.advice.question import Question
from core.datasets import dataset
from core.engine.budget import Bound, cost
from core.initializers import INITIALIZERS, suited_to
from core.settings import MAX_WIDTH, Experiment, Variant

Rates = Mapping[str, tuple[float, ...]]  # by initializer

# Learning rates a decade apart, by optimizer; then half a decade to both sides of each initializer's best.
COARSE = {
    "sgd": (0.01, 0.1, 1.0),
    "momentum": (0.001, 0.01, 0.1),
    "rmsprop": (0.0001, 0.001, 0.01),
    "adam": (0.0001, 0.001, 0.01),
}
SEEDS_AND_STEPS = ((6, 600), (8, 300), (8, 200), (6, 200), (5, 100), (4, 100))  # seeds and steps: the first within WORK
FINALISTS, FINAL_FACTOR = 4, 5  # starts that are compared once more, from so many times the seeds
FOLDS, ENOUGH_ROWS = 5, 800  # with fewer training examples each fifth is held out in turn
FEW_SEEDS, FEW_ROWS_FACTOR = 3, 10  # then: no more seeds on each part, more of them in the final,
FEW_EPOCHS, FEW_STEPS = 25, 100  # and no more epochs, because few rows are soon known by heart
BATCH = 32
MAX_TESTED_OUTPUTS = 8192  # of all validation examples, of which there are two for a step at most
WORK = 4e11  # for one answer, as in core.engine.budget: some ten seconds on two cores
BRIEF_WORK = 1.5e11  # of what is too brief to decide anything
NARROWEST = 32  # layers are not made narrower than this

PITFALLS = ("zeros", "constant", "normal")  # beside the others for contrast, and never recommended

# The learning rate is searched for once for initializers of one law, which start at the same scale.
_LAWS = {name: (law.formula, law.bias_variance, law.fits_data) for name, law in INITIALIZERS.items()}
REPRESENTATIVES = {name: next(other for other, law in _LAWS.items() if law == _LAWS[name]) for name in INITIALIZERS}
TWINS = {"keras_default": "glorot_uniform"}  # the same draws under another name, which are trained once


def theory_law(question: Question) -> str:
    """The law that theory gives for an activation: the rule of thumb's first, but Glorot's for a linear network.

    In residual blocks Xavier's takes the place of He's: a block of He's doubles signal and gradient, one of Xavier's
    multiplies them by 1 + ½² = 1.25 (`python -m tests.modern`). LeCun 1998, Glorot 2010, He 2015.
    """
    law = "glorot" if question.activation == "linear" else suited_to(question.activation)[0]
    return "xavier" if law == "he" and question.skip == 2 else law


class OverBound(ValueError):
    """The bound is too small; `fitting` (n_0 … n_L) is the deepest network within it, if any."""

    def __init__(self, fitting: tuple[int, ...] | None) -> None:
        super().__init__("This network would take more time or memory than is allowed here.")
        self.fitting = fitting


def plan_comparison(question: Question, bound: Bound | None = None) -> Experiment:
    """The comparison before its rates are known, on layers as wide as the bound allows; or OverBound."""
    bound = bound or Bound()
    if widest := _find_widest(question, bound):
        return widest
    first, *hidden, last = question.sizes
    shallower = ((first, *hidden[:count], last) for count in reversed(range(len(hidden))))
    raise OverBound(next((sizes for sizes in shallower if _find_widest(replace(question, sizes=sizes), bound)), None))


def plan_search(base: Experiment, rates: Rates, thorough: bool) -> Experiment:
    """The search among these rates, by other draws; a thorough one takes all seeds, another a quarter."""
    seeds = base.seeds if thorough else max(1, base.seeds // 4)
    variants = tuple(
        replace(base.variants[0], initializer=name, learning_rate=rate, label=f"{name} at {rate:g}")
        for name, tried in rates.items()
        for rate in tried
    )
    return replace(base, variants=variants, seeds=seeds, seed=(base.seed + 1) % 2**32)


def plan_final(fold: Experiment, finalists: tuple[Variant, ...]) -> Experiment:
    """The comparison of the best starts on a fold: more seeds, and others than before."""
    factor = FEW_ROWS_FACTOR if len(dataset(fold.dataset).X_train) < ENOUGH_ROWS else FINAL_FACTOR
    return replace(fold, variants=finalists, seeds=factor * fold.seeds, seed=(fold.seed + FOLDS * 2) % 2**32)


def is_brief(base: Experiment) -> bool:
    """Whether training is of less than two epochs: too few to prefer anything to theory's law."""
    return base.steps * base.batch_size < 2 * len(dataset(base.dataset).X_train)


def make_folds(base: Experiment) -> tuple[Experiment, ...]:
    """The experiment once; where examples are few, once for each of five parts to validate on."""
    data = dataset(base.dataset)
    if len(data.X_train) >= ENOUGH_ROWS:
        return (base,)
    tests = len(data.X_test)
    X, Y = np.vstack([data.X_test, data.X_train]), np.vstack([data.Y_test, data.Y_train])
    experiments = []
    for fold in range(min(FOLDS, len(X) // tests)):
        tested = np.arange(len(X)) // tests == fold
        other = replace(data, X_train=X[~tested], Y_train=Y[~tested], X_test=X[tested], Y_test=Y[tested])
        experiments.append(replace(base, dataset=other, seed=(base.seed + 2 * fold) % 2**32))
    return tuple(experiments)


def plan_stages(base: Experiment) -> list[Experiment]:
    """What is trained one after the other, as far as its cost goes: searches, comparison and final.

    Where output biases start at the class prior, one of the best is trained without them as well.
    """
    names, folds, best = sorted(set(REPRESENTATIVES.values())), make_folds(base), base.variants[:FINALISTS]

    def searches(laws: Collection[str], rates: int, thorough: bool = False) -> list[Experiment]:
        return [plan_search(fold, dict.fromkeys(laws, tuple(range(1, rates + 1))), thorough) for fold in folds]

    first = [*searches(names, len(COARSE[base.optimizer])), *searches(names, 2)]
    if is_brief(base):
        return [*first, *folds]
    rounds = [best, best[:1]] if base.variants[0].prior_bias else [best]
    finals = [plan_final(fold, starts) for starts in rounds for fold in folds]
    return [*first, *searches(names[:FINALISTS], 3, thorough=True), *folds, *finals]


def _find_widest(question: Question, bound: Bound) -> Experiment | None:
    """The widest that takes seconds, with the most seeds and steps; else the narrowest if allowed."""
    for factor in accumulate(repeat(4 / 5), mul, initial=1.0):  # of widths, without end
        for seeds, steps in SEEDS_AND_STEPS:
            scaled = _scale_experiment(question, factor, seeds, steps)
            if scaled is None:
                break
            costs = [cost(stage) for stage in plan_stages(scaled)]
            work = sum(stage.work for stage in costs)
            within = work <= bound.work and max(stage.bytes for stage in costs) <= bound.bytes
            if within and work <= (BRIEF_WORK if is_brief(scaled) else WORK):
                return scaled
        if scaled and max(scaled.sizes[:-1] if question.on_noise else scaled.hidden, default=1) <= NARROWEST:
            return scaled if within else None
    return None


def _scale_experiment(question: Question, factor: float, seeds: int, steps: int) -> Experiment | None:
    """Layers `factor` times as wide, but for the output and real data's inputs; None if too wide."""
    inputs, *hidden = (max(min(n, NARROWEST), round(n * factor)) for n in question.sizes[:-1])
    if max([inputs, *hidden] if question.on_noise else hidden, default=1) > MAX_WIDTH:
        return None
    data = question.data_for(inputs)
    if len(data.X_train) < ENOUGH_ROWS:
        seeds = min(FEW_SEEDS, seeds)
        steps = min(steps, max(FEW_STEPS, FEW_EPOCHS * len(data.X_train) // BATCH))
    tests = min(2 * steps, MAX_TESTED_OUTPUTS // question.sizes[-1])
    return Experiment(
        dataset=replace(data, X_test=data.X_test[:tests], Y_test=data.Y_test[:tests]),
        hidden=tuple(hidden),
        activation=question.activation,
        variants=tuple(
            Variant(name, clip=question.clip, prior_bias=question.prior_bias, label=law.label)
            for name, law in INITIALIZERS.items()
            if name not in TWINS
        ),
        seeds=seeds,
        steps=steps,
        batch_size=min(BATCH, len(data.X_train)),
        optimizer=question.optimizer,
        seed=question.seed,
        normalization=question.normalization,
        skip=question.skip,
    )
