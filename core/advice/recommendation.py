"""Which initializer to use: theory's law for the activation, unless another has a clearly lower validation loss."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core import statistics
from core.advice.measuring import Measured, validation_accuracy, validation_loss
from core.advice.snippets import Training
from core.initializers import INITIALIZERS

Array = np.ndarray

Standing = Literal["recommended", "tied", "behind", "stalled", "contrast", "diverged"]
_ORDER = ("recommended", "tied", "behind", "stalled", "contrast", "diverged")

MARGIN = 1.05  # times another validation loss: less is no reason to leave theory's law, nor to call a start behind
FLOOR = 0.03  # of the loss of chance: below, a loss is as good as zero, and no ratio of two tells anything
PITFALLS = ("zeros", "constant", "normal")  # beside the others for contrast, and never recommended
DEFAULTS = {"pytorch_default": "PyTorch", "keras_default": "Keras", "sklearn_default": "scikit-learn"}
_PRIORS = {"tanh": "xavier", "selu": "xavier", "sigmoid": "glorot", "linear": "glorot"}


def prior(activation: str) -> str:
    """The law that theory gives for an activation: He's for the ReLU family (LeCun 1998, Glorot 2010, He 2015)."""
    return _PRIORS.get(activation, "he")


@dataclass(frozen=True)
class Start:
    """How one initializer did, at its own best learning rate. Spreads are (lowest, middle, highest) over the seeds."""

    name: str
    rate: float
    standing: Standing  # stalled: no better than chance; contrast: a pitfall; diverged: in some seed at least
    loss: float  # lowest validation loss of the training, mean over seeds; NaN where a seed diverged
    low: float  # the recommended one's loss times the interval of the ratio of both, corrected for all comparisons
    high: float
    ratio: float  # of the loss over the recommended one's
    accuracy: float  # of the validation set where its loss is lowest, mean over seeds; NaN without classes
    training_loss: float  # at the end, median over seeds
    lost: int  # seeds that diverged
    forward: tuple[float, float, float]  # factor a layer of rms(A) at step 0, over the hidden layers; NaN below two
    backward: tuple[float, float, float]  # and of rms(dZ), going back
    saturated: float  # share of (unit, example) pairs at step 0
    dead: float  # share of units at step 0

    @property
    def label(self) -> str:
        """The initializer's name as people write it."""
        return INITIALIZERS[self.name].label


@dataclass(frozen=True)
class Advice:
    """The starts by standing, then by validation loss; the recommended one first."""

    measured: Measured
    starts: tuple[Start, ...]
    chance: float  # the validation loss of the best prediction that ignores the input
    chance_accuracy: float  # of always naming the most frequent class; NaN without classes

    @property
    def recommended(self) -> Start | None:
        """None where no start learns anything."""
        return self.starts[0] if self.starts[0].standing == "recommended" else None

    def training_of(self, name: str) -> Training:
        """How an initializer was trained, for its code; without a learning rate where the layers were narrower."""
        question, experiment = self.measured.question, self.measured.experiment
        rate = next(start.rate for start in self.starts if start.name == name)
        return Training(
            optimizer=question.optimizer,
            rate=None if self.measured.is_narrower else rate,
            scaling=question.scaling,
            batch_size=experiment.batch_size,
            steps=experiment.steps,
        )

    @property
    def tied(self) -> tuple[Start, ...]:
        """Those that are neither clearly worse than the recommended one nor clearly better, which is left out."""
        return tuple(start for start in self.starts if start.standing == "tied")

    @property
    def detectable_change(self) -> float:
        """The smallest difference to the recommended one, as a share of its loss, that is seen in every tied start."""
        best = self.recommended
        return max([(start.high - start.low) / 2 / best.loss for start in self.tied], default=0.0) if best else np.nan


def advise(measured: Measured) -> Advice:
    """Compare what was measured with theory's law, then with whatever is recommended."""
    chance = measured.chance
    losses = np.maximum(measured.by_seed(validation_loss), FLOOR * chance)  # NaN stays
    outcomes = _outcomes(measured, losses.mean(axis=1) / chance)
    chosen = _choose(prior(measured.question.activation), losses, outcomes, len(measured.results), measured.is_brief)
    starts = _starts(measured, losses, outcomes, chosen)
    starts.sort(key=lambda s: (_ORDER.index(s.standing), np.nan_to_num(s.loss, nan=np.inf)))
    return Advice(measured, tuple(starts), chance, statistics.chance_accuracy(measured.experiment))


def compare(losses: Array, reference: int, folds: int = 1) -> Array:
    """Mean losses over that of a reference, and the ends of the ratios' intervals: (3, start), of (start, seed).

    Student's t of the paired differences within each fold, corrected for as many comparisons as there are starts that
    no seed lost. The seeds of the folds stand one after the other, equally many of each.
    """
    differences = losses - losses[reference]
    count, seeds = len(losses), losses.shape[1]
    spreads = differences.reshape(count, folds, -1).var(axis=2, ddof=1).mean(axis=1)
    whole = int(np.isfinite(differences).all(axis=1).sum())
    half = statistics.student_quantile(seeds - folds + 1, whole - 1) * np.sqrt(spreads / seeds)
    means = differences.mean(axis=1)
    return 1 + np.array([means, means - half, means + half]) / losses[reference].mean()


def _outcomes(measured: Measured, ratios: Array) -> list[statistics.Outcome]:
    """How each initializer ends on the validation set, of its loss over that of chance; diverged where a seed did."""
    accuracies = measured.by_seed(validation_accuracy).mean(axis=1)
    chance = statistics.chance_loss(measured.experiment)
    ends = zip(ratios * chance, accuracies, strict=True)
    return [statistics.classify_end(float(loss), float(right), measured.experiment) for loss, right in ends]


def _choose(
    favorite: str, losses: Array, outcomes: Sequence[statistics.Outcome], folds: int, is_brief: bool
) -> int | None:
    """Theory's law, or what is clearly better: the lowest, or a plain law that is near it. None where none learns."""
    names, means = list(INITIALIZERS), losses.mean(axis=1)
    able = [v for v, name in enumerate(names) if name not in PITFALLS and outcomes[v] in ("learned", "slow")]
    better, place = able, names.index(favorite)
    if is_brief and able and outcomes[place] != "diverged":
        return place
    if place in able:
        ratio, _, high = compare(losses, place, folds)
        better = [v for v in able if high[v] < 1 and ratio[v] * MARGIN < 1] or [place]
    near = [v for v in better if means[v] <= MARGIN * means[better].min()]
    plain = [v for v in near if not INITIALIZERS[names[v]].fits_data and names[v] not in DEFAULTS]
    return min(plain or near, key=means.__getitem__, default=None)


def _starts(
    measured: Measured, losses: Array, outcomes: Sequence[statistics.Outcome], chosen: int | None
) -> list[Start]:
    ratios, reference = np.full((3, len(losses)), np.nan), np.nan
    if chosen is not None:
        ratios, reference = compare(losses, chosen, len(measured.results)), losses[chosen].mean()
    ends = measured.by_seed(statistics.final_loss)
    accuracies = measured.by_seed(validation_accuracy).mean(axis=1)
    shares = [_hidden_mean(measured.by_seed(operator.attrgetter(name))) for name in ("saturated", "dead")]
    factors = [
        [
            _spread(np.concatenate([factor(result, v).per_layer for result in measured.results]))
            for factor in (statistics.forward_factor, statistics.backward_factor)
        ]
        for v in range(len(losses))
    ]
    return [
        Start(
            name=variant.initializer,
            rate=variant.learning_rate,
            standing=_standing(variant.initializer, outcomes[v], v == chosen, low > 1 and ratio > MARGIN),
            loss=float(losses[v].mean()),
            low=float(low * reference),
            high=float(high * reference),
            ratio=float(ratio),
            accuracy=float(accuracies[v]),
            training_loss=float(statistics.average(ends[v])),
            lost=int(np.isnan(losses[v]).sum()),
            forward=factors[v][0],
            backward=factors[v][1],
            saturated=float(shares[0][v]),
            dead=float(shares[1][v]),
        )
        for v, (variant, (ratio, low, high)) in enumerate(zip(measured.experiment.variants, ratios.T, strict=True))
    ]


def _standing(name: str, outcome: statistics.Outcome, chosen: bool, worse: bool) -> Standing:
    if chosen:
        return "recommended"
    if outcome in ("diverged", "stalled"):
        return outcome
    if name in PITFALLS:
        return "contrast"
    return "behind" if worse else "tied"


def _hidden_mean(shares: Array) -> Array:
    """Over seeds and hidden layers at step 0 (start,), of (start, seed, record, layer); NaN without hidden layers."""
    hidden = shares[:, :, 0, :-1]
    return hidden.mean(axis=(1, 2)) if hidden.size else np.full(len(hidden), np.nan)


def _spread(factors: Array) -> tuple[float, float, float]:
    if not np.isfinite(factors).all():
        return (np.nan,) * 3
    return float(factors.min()), float(np.median(factors)), float(factors.max())
