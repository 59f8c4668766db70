"""Settings and experiments of Overview, Zero init, Random init: how a start can fail."""

from dataclasses import dataclass
from functools import cached_property

from core import Clip, Experiment, Variant, verdicts, wording
from core.initializers import CONSTANT
from core.verdicts import Verdict
from pages.parts.settings import common_fields
from pages.parts.settings.base import Run, Training
from pages.parts.settings.fields import Amount, Choice, Scale, TypedNumber, read_number, round_numbers

LINEAR = "Linear model"  # of no hidden layers


@dataclass(frozen=True)
class Overview(Training):
    prefix = "o"
    judge = staticmethod(verdicts.contrast)
    width, batch_size = 64, 64  # nobody chooses them
    depth: int = common_fields.depth(10, high=30)
    steps: int = common_fields.steps(60, high=500)
    seeds: int = common_fields.seeds(3)
    seed: int = common_fields.seed()

    @cached_property
    def experiment(self) -> Experiment:
        return self._experiment([Variant(name) for name in ("he", "xavier", "zeros", "normal")])

    @cached_property
    def experiments(self) -> tuple[Experiment, ...]:
        return self.experiment, self.zero_and_he, self.first_step, self.clipped

    @cached_property
    def zero_and_he(self) -> Experiment:
        variants = [Variant(name, learning_rate=0.5) for name in ("zeros", "he")]
        return self._experiment(variants, hidden=(64, 64), activation="sigmoid")

    @cached_property
    def first_step(self) -> Experiment:
        variants = [Variant(name) for name in ("normal", "he", "xavier")]
        return self._experiment(variants, hidden=(100,) * self.depth, steps=1)

    @cached_property
    def clipped(self) -> Experiment:
        clipped = Variant("he", 1.3, clip=Clip("norm", 10), label="Clipped at 10")
        return self._experiment([Variant("he", 1.3, label="Not clipped"), clipped])


@dataclass(frozen=True)
class ZeroInit(Training):
    prefix = "z"
    start: str = Choice.setting(
        "All weights start at",
        "The initial value that all weights share.",
        "zeros",
        {"zeros": "zero", "constant": f"constant {CONSTANT}"},
    )
    noise: float = Scale.setting(
        "Comparison: zero + noise",
        "Zero weights plus Gaussian noise with this standard deviation.",
        0.1,
        round_numbers(1e-8, 1, 2),
    )
    biases: float = Scale.setting(
        "Comparison: zero + random biases",
        "Zero weights and Gaussian biases with this standard deviation.",
        0.1,
        round_numbers(1e-3, 1, 2),
    )
    activation: str = common_fields.activation("sigmoid")
    depth: int = common_fields.depth(2)
    width: int = common_fields.width(64)
    dataset: str = common_fields.dataset()
    learning_rate: float = common_fields.learning_rate(0.5)
    batch_size: int = common_fields.batch_size()
    steps: int = common_fields.steps(100)
    seeds: int = common_fields.seeds(5)
    seed: int = common_fields.seed()

    @cached_property
    def experiment(self) -> Experiment:
        variants = (
            Variant(self.start),
            Variant("zeros", bias_std=self.biases, label="Zero + random biases"),
            Variant("zeros", noise=self.noise, label=f"Zero + noise {wording.format_setting(self.noise)}"),
            Variant("he"),
        )
        return self._experiment(variants)

    @cached_property
    def linear(self) -> Experiment:
        return self._experiment([Variant("zeros", label=LINEAR)], hidden=(), activation=Experiment.activation)

    @cached_property
    def experiments(self) -> tuple[Experiment, ...]:
        return self.experiment, self.linear

    def verdict(self, run: Run) -> Verdict:
        return verdicts.symmetry(run(self.experiment), run(self.linear))


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
        subject = Variant(self.initializer, self.std, mean=read_number(self.mean), bias_std=self.biases)
        reference = Variant("he")
        return self._experiment((subject,) if subject == reference else (subject, reference))
