"""Two files of weights, before and after: which arrays differ, look drawn anew, or did not change."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.diagnosis import laws
from core.diagnosis.layers import to_single
from core.diagnosis.report import quote_names
from core.wording import percent

Array = np.ndarray

# What can become of an array, in the order in which it is said.
CHANGES = ("Drawn anew, it seems", "Another shape", "In one file only", "Changed", "Unchanged", "Changed by rounding")
_UNRELATED = 4.0  # standard errors of the correlation of two independent draws
_ROUNDING = 2.0**-8  # relative, of bfloat16


def compare(before: Mapping[str, Array], after: Mapping[str, Array]) -> list[str]:
    """A sentence for each of CHANGES that there is, with the names of its arrays, those that changed most first."""
    with np.errstate(all="ignore"):
        outcomes = [(*_classify(before.get(name), after.get(name)), name) for name in {**before, **after}]
    sentences = []
    for kind in CHANGES:
        changes = sorted((change for change in outcomes if change[0] == kind), key=lambda change: -change[1])
        most = f", by up to {percent(changes[0][1])} of the norm" if kind == "Changed" and changes else ""
        sentences += [f"{kind}{most}: {quote_names([name for *_, name in changes])}."] if changes else []
    return sentences


def _classify(old: Array | None, new: Array | None) -> tuple[str, float]:
    """One of CHANGES, and ‖W′ − W‖ over the larger norm, 0 where it has no meaning."""
    if old is None or new is None:
        return "In one file only", 0.0
    if old.shape != new.shape:
        return "Another shape", 0.0
    if old.dtype == new.dtype and old.tobytes() == new.tobytes():
        return "Unchanged", 0.0
    if not (np.issubdtype(old.dtype, np.floating) and np.issubdtype(new.dtype, np.floating)):
        return "Changed", 0.0
    a, b = to_single(old).ravel(), to_single(new).ravel()
    if np.array_equal(a, b, equal_nan=True):
        return "Unchanged", 0.0
    size = float(np.nan_to_num(np.linalg.norm(b - a) / max(np.linalg.norm(a), np.linalg.norm(b))))
    if laws.rounding(a) != laws.rounding(b) and (np.abs(a - b) <= _ROUNDING * np.abs(a) + 1e-7).all():
        return "Changed by rounding", size
    related = abs(float(np.corrcoef(a, b)[0, 1])) if a.size >= laws.FEWEST else 1.0
    W = to_single(new).reshape(len(new), -1) if new.ndim > 1 else b[None]
    is_draw = related < _UNRELATED / a.size**0.5 and laws.fit(W, W.shape[1], len(W)).is_draw
    return ("Drawn anew, it seems" if is_draw else "Changed"), size
