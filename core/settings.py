"""The settings of an experiment: frozen, hashable, and checked once, when they are made."""

import math
import operator
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.activations import ACTIVATIONS
from core.clipping import Clip
from core.datasets import DATASETS, Dataset, dataset
from core.initializers import INITIALIZERS
from core.optimizers import OPTIMIZERS
from core.wording import format_setting

NORMALIZATIONS = ("none", "batch", "layer")
MAX_SKIP = 2
MAX_DEPTH, MAX_WIDTH, MAX_SEEDS, MAX_STEPS, MAX_VARIANTS = 64, 1024, 50, 10_000, 64


def _reject(name: str, value: object, allowed: str) -> ValueError:
    return ValueError(f"{name} is {value!r}; allowed: {allowed}")


def _number(name: str, value: Any, low: float, high: float, *, open_low: bool = False) -> float:
    with suppress(TypeError, ValueError, OverflowError):
        number = math.nan if isinstance(value, str) or getattr(value, "ndim", 0) > 0 else float(value)
        if low <= number <= high and not (open_low and number == low):
            return number
    raise _reject(name, value, f"a number {'above' if open_low else 'from'} {low:g} to {high:g}")


def _integer(name: str, value: Any, low: int, high: int) -> int:
    if not isinstance(value, (bool, np.bool_)):  # of which NumPy 2.0 warns where one is taken for a number
        with suppress(TypeError):
            number = operator.index(value)
            if low <= number <= high:
                return number
    raise _reject(name, value, f"a whole number from {low} to {high}")


def _name(name: str, value: Any, allowed: Iterable[str]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise _reject(name, value, ", ".join(allowed))
    return value


def _sequence(name: str, value: Any, longest: int) -> tuple[Any, ...]:
    with suppress(TypeError):
        items = tuple(value)
        if len(items) <= longest and not isinstance(value, str):
            return items
        value = value if isinstance(value, str) else f"{len(items)} long"
    raise _reject(name, value, f"a sequence of at most {longest}")


@dataclass(frozen=True)
class Variant:
    """How one network starts and steps. W = gain · draw + mean + noise · N(0, 1)."""

    initializer: str = "he"  # a name in INITIALIZERS
    gain: float = 1.0  # multiplies the weights; the std of `normal`
    noise: float = 0.0  # std of Gaussian noise added to the weights
    bias_std: float = 0.0  # std of Gaussian biases, added to the initializer's own
    learning_rate: float = 0.1
    clip: Clip | None = None
    mean: float = 0.0  # added to every weight
    prior_bias: bool = False  # the output's biases start as what predicts best without the input
    label: str = ""  # made from the settings where empty

    def __post_init__(self) -> None:
        _name("initializer", self.initializer, INITIALIZERS)
        for name, low in (("gain", 0), ("noise", 0), ("bias_std", 0), ("mean", -1e6)):
            object.__setattr__(self, name, _number(name, getattr(self, name), low, 1e6))
        if not isinstance(self.prior_bias, bool):
            raise _reject("prior_bias", self.prior_bias, "True or False")
        rate = _number("learning_rate", self.learning_rate, 0, 1e6, open_low=True)
        object.__setattr__(self, "learning_rate", rate)
        if self.clip is not None and not isinstance(self.clip, Clip):
            raise _reject("clip", self.clip, "None or a Clip")
        if not isinstance(self.label, str):
            raise _reject("label", self.label, "a text")
        if not self.label:
            object.__setattr__(self, "label", self._describe())

    def _describe(self) -> str:
        changes = (
            (f"× {format_setting(self.gain)}", self.gain != 1),
            (f"+ mean {format_setting(self.mean)}", self.mean),
            (f"+ noise {format_setting(self.noise)}", self.noise),
            (f"+ biases {format_setting(self.bias_std)}", self.bias_std),
            ("+ output bias", self.prior_bias),
            (f"clipped at {format_setting(self.clip.threshold)}" if self.clip else "", self.clip),
        )
        return " ".join([INITIALIZERS[self.initializer].label, *(words for words, differs in changes if differs)])


@dataclass(frozen=True)
class Experiment:
    """What is trained on what, how often and how long; equal settings compare and hash equal."""

    dataset: str | Dataset = "digits"  # a name in DATASETS, or data of one's own
    hidden: tuple[int, ...] = (64,) * 5  # sizes of the hidden layers; none makes a linear model
    activation: str = "relu"  # a name in ACTIVATIONS
    variants: tuple[Variant, ...] = (Variant("he"),)
    seeds: int = 5  # runs of each variant
    steps: int = 200
    batch_size: int = 128
    optimizer: str = "sgd"  # a name in OPTIMIZERS
    dtype: str = "float32"  # float32 or float64
    seed: int = 0  # of the draws and the batches; runs 0 … seeds − 1 differ
    normalization: str = "none"  # of Z in hidden layers: a name in NORMALIZATIONS
    skip: int = 0  # layers that a skip connection passes by: 0 for none, 1 or 2
    record: str = "full"  # full, or ends: what core.engine.results.ENDS names

    def __post_init__(self) -> None:
        if not isinstance(self.dataset, Dataset):
            _name("dataset", self.dataset, DATASETS)
        _name("activation", self.activation, ACTIVATIONS)
        _name("optimizer", self.optimizer, OPTIMIZERS)
        _name("dtype", self.dtype, ("float32", "float64"))
        _name("record", self.record, ("full", "ends"))
        _name("normalization", self.normalization, NORMALIZATIONS)
        examples = len(dataset(self.dataset).X_train)
        checked = {
            "hidden": tuple(_integer("hidden", n, 1, MAX_WIDTH) for n in _sequence("hidden", self.hidden, MAX_DEPTH)),
            "variants": _sequence("variants", self.variants, MAX_VARIANTS),
            "seeds": _integer("seeds", self.seeds, 1, MAX_SEEDS),
            "steps": _integer("steps", self.steps, 1, MAX_STEPS),
            "skip": _integer("skip", self.skip, 0, MAX_SKIP),
            "batch_size": _integer("batch_size", self.batch_size, 1, examples),
            "seed": _integer("seed", self.seed, 0, 2**32 - 1),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        if not self.variants or not all(isinstance(variant, Variant) for variant in self.variants):
            raise _reject("variants", self.variants, "one or more Variant")
        if len(set(self.labels)) < len(self.labels):
            raise _reject("variants", [*self.labels], "labels that differ")

    @property
    def sizes(self) -> tuple[int, ...]:
        """n_0 … n_L."""
        data = dataset(self.dataset)
        return (data.inputs, *self.hidden, data.outputs)

    @property
    def is_plain(self) -> bool:
        """Whether hidden layers are neither normalized nor skipped, as in the article."""
        return self.normalization == "none" and not self.skip

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(variant.label for variant in self.variants)
