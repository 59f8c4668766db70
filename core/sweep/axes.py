"""The settings that a map can span, and the values along one side of it."""

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Self

import numpy as np

from core.clipping import Clip
from core.settings import MAX_DEPTH, MAX_STEPS, MAX_WIDTH, Experiment

MAX_VALUES = 1024  # along one side

Change = Callable[[Experiment, Any], Experiment]


@dataclass(frozen=True)
class Kind:
    """A setting that an axis can be of: its range, how a range of it is divided, and how a network takes a value."""

    label: str
    low: float
    high: float
    change: Change
    is_whole: bool = False
    is_log: bool = True  # values are a constant factor apart, else a constant difference
    stacks: bool = False  # networks that differ in it alone train together
    is_count: bool = False  # of what its label names, as in "16 units"


def _with_variant(name: str) -> Change:
    def change(experiment: Experiment, value: Any) -> Experiment:
        settings: dict[str, Any] = {name: value}
        variant = replace(experiment.variants[0], **settings)
        return replace(experiment, variants=(variant,))

    return change


def _clip(experiment: Experiment, threshold: float) -> Experiment:
    return _with_variant("clip")(experiment, Clip("norm", threshold))


def _deepen(experiment: Experiment, depth: int) -> Experiment:
    return replace(experiment, hidden=experiment.hidden[:1] * depth)


def _widen(experiment: Experiment, width: int) -> Experiment:
    return replace(experiment, hidden=(width,) * len(experiment.hidden))


AXES = {
    "gain": Kind("gain", 0, 1e6, _with_variant("gain"), stacks=True),
    "bias_std": Kind("std of the biases", 0, 1e6, _with_variant("bias_std"), is_log=False, stacks=True),
    "noise": Kind("std of noise on the weights", 0, 1e6, _with_variant("noise"), stacks=True),
    "depth": Kind("hidden layers", 1, MAX_DEPTH, _deepen, is_whole=True, is_log=False, is_count=True),
    "width": Kind("units per hidden layer", 1, MAX_WIDTH, _widen, is_whole=True, is_count=True),
    "learning_rate": Kind("learning rate", 1e-9, 1e6, _with_variant("learning_rate"), stacks=True),
    "threshold": Kind("clipping threshold", 1e-9, 1e9, _clip, stacks=True),
    "batch_size": Kind("batch size", 1, 1e6, lambda e, m: replace(e, batch_size=m), is_whole=True),
    "steps": Kind(
        "training steps", 1, MAX_STEPS, lambda e, steps: replace(e, steps=steps), is_whole=True, is_count=True
    ),
}


@dataclass(frozen=True)
class Axis:
    """Values of a setting, a name in AXES, in ascending order. ValueError, in one sentence, where they are none."""

    name: str
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or self.name not in AXES:
            raise ValueError(f"An axis cannot be {self.name!r}; allowed: {', '.join(AXES)}.")
        if not 1 <= len(self.values) <= MAX_VALUES:
            raise ValueError(f"The axis {self.name} has {len(self.values)} values; allowed: 1 to {MAX_VALUES}.")
        values = tuple(map(self._checked, self.values))
        if any(one >= other for one, other in pairwise(values)):
            raise ValueError(f"The values of {self.name} are not in ascending order, each once.")
        object.__setattr__(self, "values", values)

    @property
    def kind(self) -> Kind:
        return AXES[self.name]

    @property
    def is_log(self) -> bool:
        """Whether its values are a constant factor apart, and none is 0."""
        return self.kind.is_log and self.values[0] > 0

    def _checked(self, value: Any) -> float:
        kind = self.kind
        try:
            number = operator.index(value) if kind.is_whole else float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if isinstance(value, bool) or not kind.low <= number <= kind.high:
            sort = "whole numbers" if kind.is_whole else "numbers"
            raise ValueError(f"{self.name} cannot be {value!r}; allowed: {sort} from {kind.low:g} to {kind.high:g}.")
        return number

    @classmethod
    def spread(cls, name: str, low: float, high: float, count: int) -> Self:
        """So many values from low to high, both among them, as the setting's kind says; of whole numbers maybe fewer.

        A constant factor apart; of biases and depth, a constant difference. ValueError in one sentence if it is none.
        """
        written = f"{name} from {low:g} to {high:g}"
        kind = AXES[name] if name in AXES else cls(name, (1,)).kind
        if not (1 <= count <= MAX_VALUES and math.isfinite(low) and math.isfinite(high) and low <= high):
            raise ValueError(f"{written} has to go up, in 1 to {MAX_VALUES} values.")
        if kind.is_log and low <= 0:
            raise ValueError(f"{written} has to begin above 0: its values are a constant factor apart.")
        values = (np.geomspace if kind.is_log else np.linspace)(low, high, count).tolist()
        return cls(name, tuple(sorted({round(value) if kind.is_whole else value for value in values})))

    @classmethod
    def parse(cls, name: str, text: str) -> Self:
        """The axis that `low:high:count` describes, as in `spread`, but with so many values indeed."""
        try:
            low, high, number = text.split(":")
            ends, count = (float(low), float(high)), int(number)
        except ValueError:
            raise ValueError(f"{name} {text!r} is not low:high:count, as in 0.4:4:32.") from None
        axis = cls.spread(name, *ends, count)
        if len(axis.values) < count:
            raise ValueError(f"{name} {text!r} does not hold {count} different values; ask for fewer.")
        return axis
