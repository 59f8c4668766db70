"""Settings and experiments of Heuristics, Clipping, Modern networks: what helps."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from core import Clip, Experiment, Variant, verdicts, wording
from core.verdicts import Verdict
from pages.parts.settings import common_fields
from pages.parts.settings.base import Run, Training
from pages.parts.settings.fields import Choice, Toggle, TypedNumber, read_number

# By code: a design's label, what a banner calls it after "with", and what it sets.
DESIGNS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "plain": ("Plain layers", "plain layers", {}),
    "batch": ("Batch normalization", "batch normalization", {"normalization": "batch"}),
    "layer": ("Layer normalization", "layer normalization", {"normalization": "layer"}),
    "skips": ("Skip connections", "skip connections", {"skip": 2}),
    "both": ("Batch norm and skips", "batch normalization and skips", {"normalization": "batch", "skip": 2}),
}
DESIGN_LABELS = {code: label for code, (label, _, _) in DESIGNS.items()}


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
        return self._experiment([Variant(name, read_number(self.gain)) for name in self.initializers])

    @cached_property
    def by_activation(self) -> list[Experiment]:
        hidden = (min(self.width, 32),) * max(1, self.depth // 2)
        small = replace(self.experiment, hidden=hidden, seeds=min(self.seeds, 2), steps=min(self.steps, 40))
        return [replace(small, activation=name) for name in ("sigmoid", "tanh", "relu", "leaky_relu")]

    @cached_property
    def experiments(self) -> tuple[Experiment, ...]:
        return self.experiment, *(self.by_activation if self.matrix else ())


@dataclass(frozen=True)
class Clipping(Training):
    prefix = "c"
    judge = staticmethod(verdicts.clipping)
    threshold: float = common_fields.threshold(10.0)
    kind: str = Choice.setting(
        "Clipping rule",
        "What is compared with the threshold: the norm of all gradients together, the norm of each layer's gradient, "
        "or each entry by itself.",
        "norm",
        {"norm": "by global norm", "layer_norm": "by norm of each layer", "value": "by value"},
    )
    initializer: str = common_fields.initializer("he")
    gain: float = common_fields.gain(1.5)
    activation: str = common_fields.activation("relu")
    depth: int = common_fields.depth(10)
    width: int = common_fields.width(100)
    dataset: str = common_fields.dataset()
    learning_rate: float = common_fields.any_learning_rate(0.1)
    batch_size: int = common_fields.batch_size()
    steps: int = common_fields.steps(200)
    seeds: int = common_fields.seeds(4)
    seed: int = common_fields.seed()

    @cached_property
    def experiment(self) -> Experiment:
        not_clipped = Variant(self.initializer, self.gain, label="Not clipped")
        return self._experiment([not_clipped, self._clipped("Clipped at", self.threshold)])

    @cached_property
    def other_thresholds(self) -> Experiment:
        others = sorted({0.1, 1.0, 10.0, 100.0} - {self.threshold})
        return self._experiment([self._clipped("at", other) for other in others], seeds=min(self.seeds, 2))

    @cached_property
    def experiments(self) -> tuple[Experiment, ...]:
        return self.experiment, self.other_thresholds

    def _clipped(self, word: str, threshold: float) -> Variant:
        label = f"{word} {wording.format_setting(threshold)}"
        return Variant(self.initializer, self.gain, clip=Clip(self.kind, threshold), label=label)


@dataclass(frozen=True)
class ModernNetworks(Training):
    prefix = "n"
    design: str = Choice.setting(
        "Design in detail", "The design that the banner and the charts below the first show.", "batch", DESIGN_LABELS
    )
    depth: int = common_fields.depth(10)
    initializers: tuple[str, ...] = common_fields.initializers(("zeros", "normal", "he", "xavier", "pytorch_default"))
    activation: str = common_fields.activation("relu")
    width: int = common_fields.width(32)
    dataset: str = common_fields.dataset()
    learning_rate: float = common_fields.learning_rate(0.1)
    optimizer: str = common_fields.optimizer("sgd")
    batch_size: int = common_fields.batch_size()
    steps: int = common_fields.steps(80)
    seeds: int = common_fields.seeds(3)
    seed: int = common_fields.seed()

    @property
    def experiment(self) -> Experiment:
        return self.by_design[self.design]

    @cached_property
    def by_design(self) -> dict[str, Experiment]:
        starts = [Variant(name) for name in self.initializers]
        return {code: self._experiment(starts, **design) for code, (_, _, design) in DESIGNS.items()}

    @cached_property
    def experiments(self) -> tuple[Experiment, ...]:
        return self.experiment, *(each for each in self.by_design.values() if each != self.experiment)

    @property
    def built(self) -> dict[str, str]:
        """What the design in detail sets, as other pages' settings."""
        return {name: str(value) for name, value in DESIGNS[self.design][2].items()}

    def verdict(self, run: Run) -> Verdict:
        results = {DESIGNS[code][1]: run(experiment) for code, experiment in self.by_design.items()}
        return verdicts.judge_designs(results, DESIGNS[self.design][1])
