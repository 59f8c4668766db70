"""The settings that a map can span, and the values along one side of it."""

import math
import operator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Self

import numpy as np

from core.clipping import Clip
from core.settings import MAX_DEPTH, MAX_STEPS, MAX_WIDTH, Experiment

MAX_VALUES = 1024  # along one side


@dataclass(frozen=True)
class Kind:
    """A setting that an axis can be of: its range, and how a range of it is divided."""

    label: str
    low: float
    high: float
    is_of_variant: bool = True  # variants train together; else of the network, or its training
    is_integer: bool = False
    is_log: bool = True  # values are a constant factor apart, else a constant difference
    is_count: bool = False  # of what its label names, as in "16 units"


AXES = {
    "gain": Kind("gain", 0, 1e6),
    "bias_std": Kind("std of the biases", 0, 1e6, is_log=False),
    "noise": Kind("std of noise on the weights", 0, 1e6),
    "depth": Kind("hidden layers", 1, MAX_DEPTH, is_of_variant=False, is_integer=True, is_log=False, is_count=True),
    "width": Kind("units per hidden layer", 1, MAX_WIDTH, is_of_variant=False, is_integer=True, is_count=True),
    "learning_rate": Kind("learning rate", 1e-9, 1e6),
    "threshold": Kind("clipping threshold", 1e-9, 1e9),
    "batch_size": Kind("batch size", 1, 1e6, is_of_variant=False, is_integer=True),
    "steps": Kind("training steps", 1, MAX_STEPS, is_of_variant=False, is_integer=True, is_count=True),
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
        kind, values = self.kind, []
        value: Any  # from a file it may be anything
        for value in self.values:
            number = math.nan
            if not isinstance(value, (bool, np.bool_)):  # of which NumPy 2.0 warns where one is taken for a number
                with suppress(TypeError, ValueError, OverflowError):
                    number = operator.index(value) if kind.is_integer else float(value)
            if not kind.low <= number <= kind.high:
                sort = "whole numbers" if kind.is_integer else "numbers"
                allowed = f"allowed: {sort} from {kind.low:g} to {kind.high:g}"
                raise ValueError(f"{self.name} cannot be {value!r}; {allowed}.")
            values.append(number)
        if any(one >= other for one, other in pairwise(values)):
            raise ValueError(f"The values of {self.name} are not in ascending order, each once.")
        object.__setattr__(self, "values", tuple(values))

    @property
    def kind(self) -> Kind:
        return AXES[self.name]

    @property
    def is_log(self) -> bool:
        """Whether its values are a constant factor apart, and none is 0."""
        return self.kind.is_log and self.values[0] > 0

    def change(self, network: Experiment, value: Any) -> Experiment:
        """The network, of one variant and layers of one width, with this value of the setting."""
        settings: dict[str, Any] = {self.name: value}
        if self.name == "depth":
            settings = {"hidden": network.hidden[:1] * value}
        elif self.name == "width":
            settings = {"hidden": (value,) * len(network.hidden)}
        elif self.kind.is_of_variant:
            setting = {"clip": Clip("norm", value)} if self.name == "threshold" else settings
            settings = {"variants": (replace(network.variants[0], **setting),)}
        return replace(network, **settings)

    @classmethod
    def spread(cls, name: str, low: float, high: float, count: int) -> Self:
        """`count` values from low to high, or fewer whole numbers. ValueError, in one sentence, where they are none."""
        written = f"{name} from {low:g} to {high:g}"
        kind = AXES[name] if name in AXES else cls(name, (1,)).kind
        if not (1 <= count <= MAX_VALUES and math.isfinite(low) and math.isfinite(high) and low <= high):
            raise ValueError(f"{written} has to go up, in 1 to {MAX_VALUES} values.")
        if kind.is_log and low <= 0:
            raise ValueError(f"{written} has to begin above 0: its values are a constant factor apart.")
        values = (np.geomspace if kind.is_log else np.linspace)(low, high, count).tolist()
        return cls(name, tuple(sorted({round(value) if kind.is_integer else value for value in values})))

    @classmethod
    def parse(cls, name: str, text: str) -> Self:
        """The axis that `low:high:count` describes, with so many values indeed."""
        try:
            low, high, number = text.split(":")
            ends, count = (float(low), float(high)), int(number)
        except ValueError:
            raise ValueError(f"{name} {text!r} is not low:high:count, as in 0.4:4:32.") from None
        axis = cls.spread(name, *ends, count)
        if len(axis.values) < count:
            raise ValueError(f"{name} {text!r} does not hold {count} different values; ask for fewer.")
        return axis
