"""Tables about claims: what the picture shows, the evidence, and the experiments with every setting that decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from core import Experiment
from core.claims import Evidence


def pictured(evidence: Evidence) -> pd.DataFrame:
    """What the claim's picture shows: series, x, low, middle, high; differences of shares in points."""
    rows = [(row.case, row.summary) for row in evidence.select()]
    table = pd.DataFrame([(c.series, c.x, s.low, s.value, s.high) for c, s in rows])
    table.columns = ["series", "x", "low", "middle", "high"]
    return (
        table if evidence.claim.drawn.kind != "difference" else table.assign(**100 * table[["low", "middle", "high"]])
    )


def evidence(found: Evidence) -> pd.DataFrame:
    """A row a case and quantity, in words."""
    columns = ["condition", "measured", "value", "interval", "meets the rule"]
    return pd.DataFrame(found.table(), columns=columns).set_index("condition")


def experiments(tried: Iterable[Experiment]) -> pd.DataFrame:
    """Every setting that decides how networks train, starts by theirs, a row for those alike but in layers."""
    rows = pd.DataFrame(
        [
            {
                "activation": e.activation,
                "hidden layers": _describe_layers(e.hidden),
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
            for e in tried
        ]
    )
    alike = [column for column in rows if column != "hidden layers"]
    return rows.groupby(alike, sort=False, as_index=False).agg(", ".join)[list(rows)].set_index("activation")


def _join_distinct(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words))


def _describe_layers(hidden: Sequence[int]) -> str:
    if len(set(hidden)) > 1:
        return " · ".join(map(str, hidden))
    return f"{len(hidden)} × {hidden[0]}" if hidden else "none"
