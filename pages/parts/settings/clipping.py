"""Settings of the Clipping page, and its experiments: one network with and without clipping, and other thresholds."""

from dataclasses import dataclass
from functools import cached_property

from core import Clip, Experiment, Variant, verdicts, wording
from pages.parts.settings import common_fields
from pages.parts.settings.base import Training
from pages.parts.settings.fields import Choice


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
        clip = Clip(self.kind, self.threshold)
        return self._experiment(
            (
                self._variant(None, "Not clipped"),
                self._variant(clip, f"Clipped at {wording.format_setting(self.threshold)}"),
            )
        )

    @cached_property
    def other_thresholds(self) -> Experiment:
        others = sorted({0.1, 1.0, 10.0, 100.0} - {self.threshold})
        variants = [self._variant(Clip(self.kind, other), f"at {wording.format_setting(other)}") for other in others]
        return self._experiment(variants, seeds=min(self.seeds, 2))

    @cached_property
    def experiments(self) -> tuple[Experiment, ...]:
        return self.experiment, self.other_thresholds

    def _variant(self, clip: Clip | None, label: str) -> Variant:
        return Variant(self.initializer, self.gain, learning_rate=self.learning_rate, clip=clip, label=label)
