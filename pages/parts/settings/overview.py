"""Settings of the Overview page, and the four experiments it shows."""

from dataclasses import dataclass
from functools import cached_property

from core import Clip, Experiment, Variant, verdicts
from pages.parts.settings import common_fields
from pages.parts.settings.base import Training


@dataclass(frozen=True)
class Overview(Training):
    prefix = "o"
    judge = staticmethod(verdicts.contrast)
    depth: int = common_fields.depth(10, high=30)
    steps: int = common_fields.steps(60, high=500)
    seeds: int = common_fields.seeds(3)
    seed: int = common_fields.seed()

    @cached_property
    def experiment(self) -> Experiment:
        return self._digits("he", "xavier", "zeros", "normal")

    @cached_property
    def experiments(self) -> tuple[Experiment, ...]:
        return self.experiment, self.zero_and_he, self.first_step, self.clipped

    @cached_property
    def zero_and_he(self) -> Experiment:
        variants = (Variant("zeros", learning_rate=0.5), Variant("he", learning_rate=0.5))
        return self._experiment(variants, hidden=(64, 64), activation="sigmoid", batch_size=64)

    @cached_property
    def first_step(self) -> Experiment:
        return self._digits("normal", "he", "xavier", hidden=(100,) * self.depth, steps=1)

    @cached_property
    def clipped(self) -> Experiment:
        variants = (
            Variant("he", 1.3, label="Not clipped"),
            Variant("he", 1.3, clip=Clip("norm", 10), label="Clipped at 10"),
        )
        return self._experiment(variants, batch_size=64)

    @property
    def hidden(self) -> tuple[int, ...]:
        return (64,) * self.depth

    def _digits(self, *initializers: str, **other: object) -> Experiment:
        return self._experiment([Variant(name) for name in initializers], **{"batch_size": 64, **other})
