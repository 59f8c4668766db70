"""What a banner shows, and the words that several verdicts share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.experiment import Result
from core.wording import seeds_of


@dataclass(frozen=True)
class Verdict:
    """`status` is good, bad, mixed or neutral; `sentence` is Markdown."""

    status: str
    sentence: str


def when_diverged(result: Result, variant: int) -> str:
    """In how many seeds a variant diverged, and where first; some seed has."""
    at = result.diverged_at[variant]
    hit = at >= 0
    layer = result.diverged_layer[variant][hit][np.argmin(at[hit])]
    return f"in {seeds_of(int(hit.sum()), len(at))}, first at step {at[hit].min()} in layer {layer}"
