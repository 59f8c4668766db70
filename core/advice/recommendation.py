"""Which start to write: the one with the lowest final loss, those that cannot be told from it, and how the rest did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core import statistics
from core.advice.measuring import Measured
from core.initializers import INITIALIZERS
from core.statistics import Comparison

Array = np.ndarray

Standing = Literal["recommended", "tied", "behind", "stalled", "diverged"]

NEAR = 1.1  # times the lowest loss: a tie that is further off than that may be one for want of seeds
DEFAULTS = {"pytorch_default": "PyTorch", "keras_default": "Keras", "sklearn_default": "scikit-learn"}


@dataclass(frozen=True)
class Start:
    """How one initializer did, at its own best learning rate. Spreads are (lowest, middle, highest) over the seeds."""

    name: str
    rate: float
    standing: Standing  # stalled: no better than chance; diverged: in some seed at least
    loss: float  # at the end, median over seeds; NaN where a seed diverged
    low: float  # the lowest loss times the interval of the ratio of both, corrected for all comparisons
    high: float
    ratio: float  # of the loss over the lowest one
    accuracy: float  # on test data at the end, mean; NaN without classes
    lost: int  # seeds that diverged
    forward: tuple[float, float, float]  # factor a layer of rms(A) at step 0, over the hidden layers; NaN below two
    backward: tuple[float, float, float]  # and of rms(dZ), going back
    first_loss: float  # before the first step, mean over the seeds
    saturated: float  # share of (unit, example) pairs at step 0
    dead: float  # share of units at step 0

    @property
    def label(self) -> str:
        """The initializer's name as people write it."""
        return INITIALIZERS[self.name].label


@dataclass(frozen=True)
class Advice:
    """The starts from the lowest loss to the highest, the recommended one first, the diverged ones last."""

    measured: Measured
    starts: tuple[Start, ...]
    chance: float  # the loss of the best prediction that ignores the input

    @property
    def recommended(self) -> Start | None:
        """None where no start learns anything."""
        return self.starts[0] if self.starts[0].standing == "recommended" else None

    @property
    def tied(self) -> tuple[Start, ...]:
        """Those that cannot be told from the lowest loss, the recommended one left out."""
        return tuple(start for start in self.starts if start.standing == "tied")


def advise(measured: Measured) -> Advice:
    """Compare what was measured. Of starts that tie, one is recommended that is a law and no more."""
    losses, chance = measured.final_losses, statistics.chance_loss(measured.experiment)
    comparison = statistics.compare_losses(losses, chance)
    chosen = _choose(measured, comparison) if comparison else None
    starts = [_start(measured, v, comparison, chosen) for v in range(len(losses))]
    order = {"recommended": 0, "diverged": 2}
    starts.sort(key=lambda s: (order.get(s.standing, 1), np.nan_to_num(s.loss, nan=np.inf)))
    return Advice(measured, tuple(starts), chance)


def _choose(measured: Measured, comparison: Comparison) -> int | None:
    """The lowest of those that tie with the lowest loss and are near it, need no data and are no library's habit.

    Without one, the lowest; None where none learns.
    """
    if _outcome(measured, comparison.best) not in ("learned", "slow"):
        return None
    names = list(INITIALIZERS)
    near = comparison.tied & (np.nan_to_num(comparison.ratio, nan=np.inf) <= NEAR)
    plain = [int(v) for v in np.flatnonzero(near) if _is_plain(names[v])]
    return min(plain, key=comparison.ratio.__getitem__, default=comparison.best)


def _is_plain(name: str) -> bool:
    return not INITIALIZERS[name].fits_data and name not in DEFAULTS


def _start(measured: Measured, place: int, comparison: Comparison | None, chosen: int | None) -> Start:
    name, averages = tuple(INITIALIZERS)[place], statistics.average(measured.final_losses)
    result, v = measured.place(name)
    lost = int(statistics.diverged(result)[v].sum())
    loss = np.nan if lost else float(averages[place])
    ratio, low, high, tied = np.nan, np.nan, np.nan, False
    if comparison is not None and not lost:
        ratio, tied = comparison.ratio[place], bool(comparison.tied[place]) and chosen is not None
        low, high = (averages[comparison.best] * end[place] for end in (comparison.low, comparison.high))
    with np.errstate(invalid="ignore"):  # an overflow at step 0
        first_loss = float(result.loss[v, :, 0].mean())
    return Start(
        name=name,
        rate=result.experiment.variants[v].learning_rate,
        standing=_standing(_outcome(measured, place), bool(lost), place == chosen, tied),
        loss=loss,
        low=float(low),
        high=float(high),
        ratio=float(ratio),
        accuracy=float(statistics.average(statistics.final_accuracy(result)[v])),
        lost=lost,
        forward=_spread(statistics.forward_factor(result, v).per_layer),
        backward=_spread(statistics.backward_factor(result, v).per_layer),
        first_loss=first_loss,
        saturated=_hidden_mean(result.saturated[v]),
        dead=_hidden_mean(result.dead[v]),
    )


def _hidden_mean(shares: Array) -> float:
    """Over seeds and hidden layers at step 0, of (seed, record, layer); NaN without hidden layers."""
    hidden = shares[:, 0, :-1]
    return float(hidden.mean()) if hidden.size else np.nan


def _outcome(measured: Measured, place: int) -> statistics.Outcome:
    result, v = measured.place(tuple(INITIALIZERS)[place])
    return statistics.outcome(result, v)


def _standing(outcome: statistics.Outcome, lost: bool, chosen: bool, tied: bool) -> Standing:
    if lost:
        return "diverged"
    if chosen:
        return "recommended"
    if outcome == "stalled":
        return "stalled"
    return "tied" if tied else "behind"


def _spread(factors: Array) -> tuple[float, float, float]:
    if not np.isfinite(factors).all():
        return (np.nan,) * 3
    return float(factors.min()), float(np.median(factors)), float(factors.max())
