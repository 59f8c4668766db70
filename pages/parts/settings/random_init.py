"""Settings of the Random init page, and its experiment: one initializer at one scale, compared with He."""

from dataclasses import dataclass
from functools import cached_property

from core import Experiment, Variant, verdicts
from pages.parts.settings import common_fields
from pages.parts.settings.base import Training
from pages.parts.settings.fields import Amount, TypedNumber, read_number, round_numbers


@dataclass(frozen=True)
class RandomInit(Training):
    prefix = "r"
    judge = staticmethod(verdicts.propagation)
    initializer: str = common_fields.initializer("normal")
    std: float = Amount.setting(
        "Scale σ",
        "Multiplies the initial weights. For the initializer Standard normal it is their standard deviation.",
        1.0,
        round_numbers(1e-3, 20, 9),
    )
    mean: str = TypedNumber.setting("Mean of the weights μ", "Is added to every weight.", "0", 0, 1)
    biases: float = common_fields.biases(0.0)
    activation: str = common_fields.activation("relu")
    depth: int = common_fields.depth(10)
    width: int = common_fields.width(100)
    dataset: str = common_fields.dataset()
    learning_rate: float = common_fields.any_learning_rate(0.1)
    optimizer: str = common_fields.optimizer("sgd")
    batch_size: int = common_fields.batch_size()
    steps: int = common_fields.steps(50)
    seeds: int = common_fields.seeds(5)
    dtype: str = common_fields.dtype()
    seed: int = common_fields.seed()

    @cached_property
    def experiment(self) -> Experiment:
        subject = Variant(
            self.initializer,
            self.std,
            mean=read_number(self.mean),
            bias_std=self.biases,
            learning_rate=self.learning_rate,
        )
        reference = Variant("he", learning_rate=self.learning_rate)
        return self._experiment((subject,) if subject == reference else (subject, reference))
