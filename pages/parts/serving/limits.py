"""What this installation allows of a run, and keeps of results: set by the environment."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from core.engine.budget import Bound


@dataclass(frozen=True)
class Limits:
    run: Bound
    cache_bytes: float

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """As the environment says. ValueError where it says what cannot be meant."""
        bound = Bound()
        defaults = {"RUN_GIGAWORK": bound.work / 1e9, "RUN_MEGABYTES": bound.bytes / 1e6, "RESULTS_MEGABYTES": 96}
        amounts = {}
        for name, default in defaults.items():
            text = environment.get(name, "")
            try:
                amounts[name] = float(text or default)
            except ValueError:
                amounts[name] = math.nan
            if not 0 < amounts[name] < math.inf:
                raise ValueError(f"{name} is {text!r} in the environment; allowed: a number above 0")
        work, run_bytes, cache_bytes = amounts.values()
        return cls(Bound(work * 1e9, run_bytes * 1e6), cache_bytes * 1e6)


LIMITS = Limits.read(os.environ)
