"""Settings of the Heuristics page, and its experiments: chosen initializers, and each with four activations."""

from dataclasses import dataclass, replace
from functools import cached_property

from core import Experiment, Variant, verdicts
from pages.parts.settings import common_fields
from pages.parts.settings.base import Training
from pages.parts.settings.fields import Toggle, TypedNumber, read_number

_FOUR_ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu")


@dataclass(frozen=True)
class Heuristics(Training):
    prefix = "h"
    judge = staticmethod(verdicts.comparison)
    depth: int = common_fields.depth(10)
    initializers: tuple[str, ...] = common_fields.initializers(("he", "xavier", "glorot", "normal"))
    gain: str = TypedNumber.setting(
        "Gain", "Multiplies the weights of every initializer. PyTorch's gain for tanh is 5/3.", "1", 0.01, 100
    )
    activation: str = common_fields.activation("relu")
    width: int = common_fields.width(64)
    dataset: str = common_fields.dataset()
    learning_rate: float = common_fields.learning_rate(0.05)
    optimizer: str = common_fields.optimizer("sgd")
    batch_size: int = common_fields.batch_size()
    steps: int = common_fields.steps(80)
    seeds: int = common_fields.seeds(5)
    matrix: bool = Toggle.setting(
        "Compare activation functions",
        "Also trains each initializer with sigmoid, tanh, ReLU and leaky ReLU, in a smaller network.",
        True,
    )
    seed: int = common_fields.seed()

    @cached_property
    def experiment(self) -> Experiment:
        gain, rate = read_number(self.gain), self.learning_rate
        return self._experiment([Variant(name, gain, learning_rate=rate) for name in self.initializers])

    @cached_property
    def by_activation(self) -> list[Experiment]:
        """The same initializers in a smaller network with fewer seeds and steps, one experiment per activation."""
        hidden = (min(self.width, 32),) * max(1, self.depth // 2)
        small = replace(self.experiment, hidden=hidden, seeds=min(self.seeds, 2), steps=min(self.steps, 40))
        return [replace(small, activation=name) for name in _FOUR_ACTIVATIONS]

    @cached_property
    def experiments(self) -> tuple[Experiment, ...]:
        return self.experiment, *(self.by_activation if self.matrix else ())
