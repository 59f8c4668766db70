"""What a rule finds: a sentence about some of the layers, and how these are called in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.diagnosis.diagnosis import Diagnosis, Examined
from core.verdicts.verdict import Status
from core.wording import listed


@dataclass(frozen=True)
class Finding:
    """One sentence in Markdown, its status as in a Verdict, and the layers it is about."""

    status: Status
    sentence: str
    layers: tuple[int, ...] = ()


def hidden(diagnosis: Diagnosis) -> list[Examined]:
    """All layers but the output, of those whose numbers are finite."""
    return [each for each in diagnosis.layers[:-1] if each.finite]


def finite(diagnosis: Diagnosis) -> list[Examined]:
    """The layers whose numbers are finite."""
    return [each for each in diagnosis.layers if each.finite]


def numbers(examined: Sequence[Examined]) -> tuple[int, ...]:
    """The layers' numbers, from 1 on."""
    return tuple(each.outline.number for each in examined)


def called(layers: Sequence[int], word: str = "Layer") -> str:
    """Layer 3; Layers 1 and 4; Layers 1, 2 and 5 to 9."""
    if len(layers) == 1:
        return f"{word} {layers[0]}"
    breaks = [i for i in range(1, len(layers)) if layers[i] != layers[i - 1] + 1]
    runs = [layers[i:j] for i, j in pairwise([0, *breaks, len(layers)])]
    parts = [[f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(n) for n in run] for run in runs]
    return f"{word}s {listed([part for run in parts for part in run])}"
