"""What Clipping is set to, and its experiments: the same start with and without clipping, and other thresholds."""

from __future__ import annotations

from dataclasses import dataclass

from core import Clip, Experiment, Variant, verdicts
from core.clipping import KINDS
from core.verdicts import Verdict
from pages.parts.settings import usual
from pages.parts.settings.base import Run, Training
from pages.parts.settings.fields import choice


@dataclass(frozen=True)
class Clipping(Training):
    threshold: float = usual.threshold(10)
    kind: str = choice("Clip", tuple(KINDS), "norm", "; ".join(f"{name}: {what}" for name, what in KINDS.items()) + ".")
    initializer: str = usual.initializer("he")
    gain: float = usual.gain(1.5)
    activation: str = usual.activation("relu")
    depth: int = usual.depth(10)
    width: int = usual.width(100)
    dataset: str = usual.dataset()
    learning_rate: float = usual.learning_rate(0.1)
    batch_size: int = usual.batch_size()
    steps: int = usual.steps(200)
    seeds: int = usual.seeds(4)
    seed: int = usual.seed()

    @property
    def experiment(self) -> Experiment:
        clip = Clip(self.kind, self.threshold)
        return self._trained((self._start(None, "Not clipped"), self._start(clip, f"Clipped at {self.threshold:g}")))

    @property
    def sweep(self) -> Experiment:
        """Other thresholds, with fewer seeds."""
        others = sorted({0.1, 1.0, 10.0} - {self.threshold})
        starts = [self._start(Clip(self.kind, other), f"at {other:g}") for other in others]
        return self._trained(starts, seeds=min(self.seeds, 2))

    def verdict(self, run: Run) -> Verdict:
        return verdicts.clipping(run(self.experiment))

    def _start(self, clip: Clip | None, label: str) -> Variant:
        return Variant(self.initializer, self.gain, learning_rate=self.learning_rate, clip=clip, label=label)
