"""Settings of the Zero init page, and its experiments: equal weights, weights with noise, and a linear model."""

from dataclasses import dataclass
from functools import cached_property

from core import Experiment, Variant, verdicts, wording
from core.initializers import CONSTANT
from core.verdicts import Verdict
from pages.parts.settings import common_fields
from pages.parts.settings.base import Run, Training
from pages.parts.settings.fields import Choice, Scale, round_numbers

LINEAR = "Linear model"  # the label of a network without hidden layers


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
        rate = self.learning_rate
        return self._experiment(
            (
                Variant(self.start, learning_rate=rate),
                Variant("zeros", bias_std=self.biases, learning_rate=rate, label="Zero + random biases"),
                Variant(
                    "zeros",
                    noise=self.noise,
                    learning_rate=rate,
                    label=f"Zero + noise {wording.format_setting(self.noise)}",
                ),
                Variant("he", learning_rate=rate),
            )
        )

    @cached_property
    def linear(self) -> Experiment:
        variant = Variant("zeros", learning_rate=self.learning_rate, label=LINEAR)
        return self._experiment([variant], hidden=(), activation=Experiment.activation)

    @cached_property
    def experiments(self) -> tuple[Experiment, ...]:
        return self.experiment, self.linear

    def verdict(self, run: Run) -> Verdict:
        return verdicts.symmetry(run(self.experiment), run(self.linear))
