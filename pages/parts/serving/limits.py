"""What this installation allows: a bound on the cost of a run and on what is kept, set by the environment."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from core.engine.budget import Bound

MEGA, GIGA = 1e6, 1e9


@dataclass(frozen=True)
class Limits:
    """Of one run, and, in bytes, of all results that are kept."""

    run: Bound
    cache_bytes: float

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """As the environment says. ValueError, rather than a default, where it says what cannot be meant."""
        default = Bound()
        return cls(
            run=Bound(
                _amount(environment, "RUN_GIGAWORK", default.work, GIGA),
                _amount(environment, "RUN_MEGABYTES", default.bytes, MEGA),
            ),
            cache_bytes=_amount(environment, "RESULTS_MEGABYTES", 96 * MEGA, MEGA),
        )


def _amount(environment: Mapping[str, str], name: str, default: float, unit: float) -> float:
    text = environment.get(name, "")
    if not text:
        return default
    try:
        amount = float(text)
    except ValueError:
        amount = math.nan
    if not 0 < amount < math.inf:
        raise ValueError(f"{name} is {text!r} in the environment; allowed: a number above 0")
    return amount * unit


LIMITS = Limits.read(os.environ)
