"""Tables about claims: the points of a finding, and the experiments that decide it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from core import Experiment
from core.claims import Finding


def points(finding: Finding) -> pd.DataFrame:
    """What a finding shows: series, x, low, middle, high, and whether x counts or names."""
    return pd.DataFrame(
        [{"series": p.series, "x": p.x, "low": p.low, "middle": p.value, "high": p.high} for p in finding.points]
    )


def experiments(named: Mapping[str, Experiment]) -> pd.DataFrame:
    """The experiments of a claim: what was trained, how often and for how long; a row for those alike but in layers."""
    rows = pd.DataFrame(
        [
            {
                "activation": e.activation,
                "hidden layers": " · ".join(map(str, e.hidden)) if len(set(e.hidden)) > 1 else _repeated(e.hidden),
                "starts": ", ".join(e.labels),
                "seeds": e.seeds,
                "steps": e.steps,
                "batch": e.batch_size,
                "format": e.dtype,
                "data": e.dataset,
            }
            for e in named.values()
        ]
    )
    alike = [column for column in rows if column != "hidden layers"]
    return rows.groupby(alike, sort=False, as_index=False).agg(", ".join)[list(rows)]


def _repeated(hidden: Sequence[int]) -> str:
    return f"{len(hidden)} × {hidden[0]}" if hidden else "none"
