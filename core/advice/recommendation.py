"""Which initializer to use: theory's law, unless another has a clearly lower validation loss."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

import numpy as np

from core import statistics
from core.advice.measuring import Measured, join_folds, validation_accuracy, validation_loss
from core.advice.planning import PITFALLS, TWINS, is_brief, theory_law
from core.advice.snippets import snippet
from core.experiment import Array
from core.initializers import INITIALIZERS

# tied: as good; uncertain: perhaps not; stalled: as chance; contrast: a pitfall; diverged: a seed
Standing = Literal["recommended", "tied", "uncertain", "behind", "stalled", "contrast", "diverged"]
TIED = ("tied", "uncertain")
_RANKS = {"recommended": 0, "tied": 1, "uncertain": 1, "behind": 1, "stalled": 2, "contrast": 2, "diverged": 3}

MARGIN = 1.05  # times another validation loss: less is no reason to leave theory's law or to call a start behind
FLOOR = 0.03  # of the loss of chance: below, a loss is as good as zero
DEFAULTS = {"pytorch_default": "PyTorch", "keras_default": "Keras", "sklearn_default": "scikit-learn"}


@dataclass(frozen=True)
class InitializerOutcome:
    """How one initializer did at its own best rate. Spreads are (lowest, middle, highest) over the seeds."""

    name: str
    rate: float
    standing: Standing
    seeds: int  # of the final, or of the comparison of all, of which the next numbers are
    loss: float  # lowest validation loss of a training, mean over seeds; NaN: one diverged
    low: float  # the best loss times the interval of the ratio, corrected for all comparisons
    high: float
    ratio: float  # of the loss over the recommended one's
    accuracy: float  # where the validation loss is lowest, mean over seeds; NaN without classes
    lost: int  # seeds that diverged
    training_loss: float  # at the end, median over seeds; this and the rest are of the comparison of all
    forward: tuple[float, float, float]  # factor a layer of rms(A) at step 0; NaN below two hidden layers
    backward: tuple[float, float, float]  # and of rms(dZ), going back
    saturated: float  # share of (unit, example) pairs at step 0
    dead: float  # share of units at step 0

    @property
    def label(self) -> str:
        return INITIALIZERS[self.name].label


@dataclass(frozen=True)
class Advice:
    """The starts by validation loss: the recommended one first, at the end those that train badly."""

    measured: Measured
    starts: tuple[InitializerOutcome, ...]
    chance: float  # the validation loss of the best prediction that ignores the input

    @property
    def recommended(self) -> InitializerOutcome | None:
        """None where no start learns anything."""
        return self.starts[0] if self.starts[0].standing == "recommended" else None

    def write_code(self, library: str, name: str) -> str:
        """The code for an initializer, which trains as here; without a rate where layers were narrower."""
        question, base = self.measured.question, self.measured.experiment
        rates = {start.name: start.rate for start in self.starts} if base.sizes == question.sizes else {}
        return snippet(library, name, question, base.steps, base.batch_size, rates.get(name))

    @property
    def tied(self) -> tuple[InitializerOutcome, ...]:
        """Those that are neither clearly worse than the recommended one nor clearly better."""
        return tuple(start for start in self.starts if start.standing in TIED)

    def detectable_change(self, *, among_best: bool = False) -> float:
        """The smallest difference that would show in all ties, or the final's, as a share of the best loss."""
        best, seeds = self.recommended, max(start.seeds for start in self.starts) if among_best else 0
        ties = [start for start in self.tied if start.seeds >= seeds]
        return max([(start.high - start.low) / 2 / best.loss for start in ties], default=0.0) if best else np.nan


@dataclass(frozen=True)
class _Ending:
    """How an initializer ended in the last round that it was in."""

    rate: float
    losses: Array  # (seed,), the seeds of the folds one after the other; NaN: diverged
    accuracies: Array  # likewise
    outcome: statistics.Outcome


def advise(measured: Measured) -> Advice:
    """Compare what was measured with theory's law, then with whatever is recommended."""
    experiment, chance = measured.experiment, measured.chance
    scale = statistics.chance_loss(experiment) / chance
    rounds: list[dict[str, Array]] = []  # the losses of each initializer that was in it
    endings: dict[str, _Ending] = {}
    for results in filter(None, (measured.results, measured.finals)):
        losses = np.maximum(join_folds(results, validation_loss), FLOOR * chance)  # NaN stays
        accuracies = join_folds(results, validation_accuracy)
        rounds.append({})
        for variant, loss, right in zip(results[0].experiment.variants, losses, accuracies, strict=True):
            rounds[-1][variant.initializer] = loss
            outcome = statistics.classify_end(float(loss.mean() * scale), float(right.mean()), experiment)
            endings[variant.initializer] = _Ending(variant.learning_rate, loss, right, outcome)
    chosen = _choose(measured, rounds[-1], endings)
    starts = _summarize_starts(measured, rounds, endings, chosen)
    starts.sort(key=lambda start: (_RANKS[start.standing], np.nan_to_num(start.loss, nan=np.inf)))
    return Advice(measured, tuple(starts), chance)


def compare(losses: Array, reference: int, folds: int, comparisons: int) -> Array:
    """Mean losses (start, seed) over that of a reference, and the ends of the ratios' intervals: (3, start).

    Student's t of the paired differences within folds of equally many seeds, corrected for the comparisons.
    """
    differences = losses - losses[reference]
    count, seeds = losses.shape
    spreads = differences.reshape(count, folds, -1).var(axis=2, ddof=1).mean(axis=1)
    half = statistics.student_quantile(seeds - folds + 1, comparisons) * np.sqrt(spreads / seeds)
    means = differences.mean(axis=1)
    return 1 + np.array([means, means - half, means + half]) / losses[reference].mean()


def _ratios(losses: Mapping[str, Array], name: str, folds: int, comparisons: int) -> dict[str, Array]:
    """The ratio of each start's loss to that of start `name`, and the ends of its interval."""
    ratios = compare(np.stack(list(losses.values())), list(losses).index(name), folds, comparisons)
    return dict(zip(losses, ratios.T, strict=True))


def _choose(measured: Measured, losses: Mapping[str, Array], endings: Mapping[str, _Ending]) -> str | None:
    """Theory's law, or what is clearly better: the lowest, or a plain law near it; None if none learns."""
    favorite, means = theory_law(measured.question), {name: loss.mean() for name, loss in losses.items()}
    able = [name for name in losses if name not in PITFALLS and endings[name].outcome in ("learned", "slow")]
    better = able
    if is_brief(measured.experiment) and able and endings[favorite].outcome != "diverged":
        return favorite
    if favorite in able:
        ratios = _ratios(losses, favorite, len(measured.results), 2 * (len(losses) - 1))
        better = [name for name in able if ratios[name][2] < 1 and ratios[name][0] * MARGIN < 1] or [favorite]
    near = [name for name in better if means[name] <= MARGIN * min(means[other] for other in better)]
    plain = [name for name in near if not INITIALIZERS[name].fits_data and name not in DEFAULTS]
    return min(plain or near, key=means.__getitem__, default=None)


def _summarize_starts(
    measured: Measured, rounds: Sequence[Mapping[str, Array]], endings: Mapping[str, _Ending], chosen: str | None
) -> list[InitializerOutcome]:
    """A start for each initializer, its loss by the ratio to the recommended one in the last round of both.

    Each round gets half of the error rate.
    """
    reference = rounds[-1][chosen].mean() if chosen else np.nan
    ratios: dict[str, Array] = {}
    for losses, later in zip(rounds, [*rounds[1:], {chosen}], strict=True):
        comparisons = len(rounds) * (len(losses) - len(later))
        ratios |= _ratios(losses, chosen, len(measured.results), comparisons) if chosen else {}
    ends = join_folds(measured.results, statistics.final_loss)
    units = [join_folds(measured.results, attrgetter(name))[:, :, 0, :-1] for name in ("saturated", "dead")]
    saturated, dead = (each.mean(axis=(1, 2)) if each.size else np.full(len(each), np.nan) for each in units)
    starts = []
    for name in INITIALIZERS:
        trained = TWINS.get(name, name)
        end, v = endings[trained], list(rounds[0]).index(trained)
        ratio, low, high = ratios.get(trained, np.full(3, np.nan))
        forward, backward = (
            _spread(np.concatenate([factor(result, v).per_layer for result in measured.results]))
            for factor in (statistics.forward_factor, statistics.backward_factor)
        )
        starts.append(
            InitializerOutcome(
                name=name,
                rate=end.rate,
                standing=_standing(name, end.outcome, name == chosen, ratio, low),
                seeds=end.losses.size,
                loss=float(ratio * reference if chosen else end.losses.mean()),
                low=float(low * reference),
                high=float(high * reference),
                ratio=float(ratio),
                accuracy=float(end.accuracies.mean()),
                lost=int(np.isnan(end.losses).sum()),
                training_loss=float(statistics.average(ends[v])),
                forward=forward,
                backward=backward,
                saturated=float(saturated[v]),
                dead=float(dead[v]),
            )
        )
    return starts


def _standing(name: str, outcome: statistics.Outcome, chosen: bool, ratio: float, low: float) -> Standing:
    if chosen:
        return "recommended"
    if outcome in ("diverged", "stalled"):
        return outcome
    if name in PITFALLS:
        return "contrast"
    if 1 / MARGIN <= ratio <= MARGIN:
        return "tied"
    return "behind" if low > 1 else "uncertain"


def _spread(factors: Array) -> tuple[float, float, float]:
    if not np.isfinite(factors).all():
        return (np.nan,) * 3
    return float(factors.min()), float(np.median(factors)), float(factors.max())
