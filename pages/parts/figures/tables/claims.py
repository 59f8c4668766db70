"""Tables about claims: the points of a finding, and the experiments that decide it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from core import Experiment
from core.claims import Finding


def points(finding: Finding) -> pd.DataFrame:
    """What a finding shows: series, x, low, middle, high, and whether x counts or names."""
    return pd.DataFrame(
        [{"series": p.series, "x": p.x, "low": p.low, "middle": p.value, "high": p.high} for p in finding.points]
    )


def experiments(named: Mapping[str, Experiment]) -> pd.DataFrame:
    """The experiments of a claim: all that decides how they train; a row for those alike but in layers.

    Starts go by their settings: a variant's own label may leave some out.
    """
    rows = pd.DataFrame(
        [
            {
                "activation": e.activation,
                "hidden layers": " · ".join(map(str, e.hidden)) if len(set(e.hidden)) > 1 else _repeated(e.hidden),
                "starts": _join_distinct(replace(v, label="", clip=None).label for v in e.variants),
                "learning rate": _join_distinct(f"{v.learning_rate:g}" for v in e.variants),
                "clipped": _join_distinct(
                    f"by {v.clip.kind} at {v.clip.threshold:g}" if v.clip else "no" for v in e.variants
                ),
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


def _join_distinct(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words))


def _repeated(hidden: Sequence[int]) -> str:
    return f"{len(hidden)} × {hidden[0]}" if hidden else "none"
