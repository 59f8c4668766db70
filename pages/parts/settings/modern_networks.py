"""Settings of the Modern networks page, and its experiments: the same starts in each of five designs."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from core import Experiment, Variant, verdicts
from core.verdicts import Verdict
from pages.parts.settings import common_fields
from pages.parts.settings.base import Run, Training
from pages.parts.settings.fields import Choice

# By their codes in a link: a design's label, what a banner calls it after "with", and what it sets.
DESIGNS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "plain": ("Plain layers", "plain layers", {}),
    "batch": ("Batch normalization", "batch normalization", {"normalization": "batch"}),
    "layer": ("Layer normalization", "layer normalization", {"normalization": "layer"}),
    "skips": ("Skip connections", "skip connections", {"skip": 2}),
    "both": ("Batch norm and skips", "batch normalization and skips", {"normalization": "batch", "skip": 2}),
}
DESIGN_LABELS = {code: label for code, (label, _, _) in DESIGNS.items()}


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

    @cached_property
    def experiment(self) -> Experiment:
        return self._designed(self.design)

    @cached_property
    def by_design(self) -> dict[str, Experiment]:
        return {code: self._designed(code) for code in DESIGNS}

    @cached_property
    def experiments(self) -> tuple[Experiment, ...]:
        return self.experiment, *(each for each in self.by_design.values() if each != self.experiment)

    @property
    def built(self) -> dict[str, str]:
        """What the design in detail sets of a network, as the settings of other pages have it."""
        return {name: str(value) for name, value in DESIGNS[self.design][2].items()}

    def verdict(self, run: Run) -> Verdict:
        results = {DESIGNS[code][1]: run(experiment) for code, experiment in self.by_design.items()}
        return verdicts.judge_designs(results, DESIGNS[self.design][1])

    def _designed(self, code: str) -> Experiment:
        starts = [Variant(name, learning_rate=self.learning_rate) for name in self.initializers]
        return self._experiment(starts, **DESIGNS[code][2])
