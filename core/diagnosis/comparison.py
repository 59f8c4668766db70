"""Two files of weights, before and after: which arrays differ, look drawn anew, or did not move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.diagnosis import laws
from core.diagnosis.layers import to_single
from core.wording import join_words, number

Array = np.ndarray

# What can become of an array, in the order in which it is told.
CHANGES = (
    "looks drawn anew",
    "changed its shape",
    "is in one file only",
    "moved",
    "did not move",
    "differs by rounding",
)
_UNRELATED = 4.0  # standard errors of the correlation of two independent draws
_ROUNDING = 2.0**-8  # relative, of bfloat16


@dataclass(frozen=True)
class Comparison:
    """What became of each array: name, one of CHANGES, and ‖W′ − W‖/‖W‖ (NaN where it has no meaning)."""

    rows: tuple[tuple[str, str, float], ...]

    def sentences(self) -> list[str]:
        """A sentence for each kind of change, with the names of at most three arrays, those that moved most first."""
        sentences = []
        for kind in CHANGES:
            found = sorted(
                (row for row in self.rows if row[1] == kind),
                key=lambda row: -np.nan_to_num(row[2]) * (row[1] == "moved"),
            )
            names = [f"`{name[-40:].replace('`', '')}`" for name, *_ in found]
            names = names if len(names) < 4 else [*names[:2], f"{len(names) - 2} more"]
            most = f", by up to {number(found[0][2])} of its length" if kind == "moved" and found[0:1] else ""
            sentences += [f"{kind.capitalize()}{most}: {join_words(names)}."] if names else []
        return sentences


def compare(before: Mapping[str, Array], after: Mapping[str, Array]) -> Comparison:
    """Compare two files array by array, by name, in the first file's order and then the second's."""
    names = [*before, *(name for name in after if name not in before)]
    with np.errstate(all="ignore"):
        return Comparison(tuple((name, *_change(before.get(name), after.get(name))) for name in names))


def _change(old: Array | None, new: Array | None) -> tuple[str, float]:
    if old is None or new is None:
        return "is in one file only", np.nan
    if old.shape != new.shape:
        return "changed its shape", np.nan
    if old.dtype == new.dtype and old.tobytes() == new.tobytes():
        return "did not move", 0.0
    if not (np.issubdtype(old.dtype, np.floating) and np.issubdtype(new.dtype, np.floating)):
        return "moved", np.nan
    a, b = to_single(old).ravel(), to_single(new).ravel()
    if np.array_equal(a, b, equal_nan=True):
        return "did not move", 0.0
    size = float(np.linalg.norm(b - a) / np.linalg.norm(a))
    if laws.rounding(a) != laws.rounding(b) and (np.abs(a - b) <= _ROUNDING * np.abs(a) + 1e-7).all():
        return "differs by rounding", size
    related = abs(float(np.corrcoef(a, b)[0, 1])) if a.size >= laws.FEWEST else 1.0
    W = to_single(new).reshape(len(new), -1) if new.ndim > 1 else b[None]
    anew = related < _UNRELATED / a.size**0.5 and laws.fit(W, W.shape[1], len(W)).drawn
    return ("looks drawn anew" if anew else "moved"), size
