"""What page and command show beside sentences: a table with a row an array, and what differs between two files."""

from collections.abc import Mapping, Sequence
from math import isfinite

import numpy as np

from core.diagnosis import laws
from core.diagnosis.diagnosis import Diagnosis
from core.diagnosis.parts import Array, Part, to_single
from core.wording import join_words, number

_LOOKS = {"none": "no draw: trained or changed", "few": "too few numbers to tell", "zeros": "all 0"}  # by kind of Fit
_UNRELATED = 4.0  # standard errors of the correlation of two independent draws


def quote_names(names: Sequence[str]) -> str:
    """At most three names of arrays, shortened and safe within backquotes: `a`, `b` and 4 more."""
    plain = ["".join(c for c in name if c.isprintable() and c != "`") for name in names]
    quoted = [f"`{name if len(name) <= 40 else f'…{name[-39:]}'}`" for name in plain]
    return join_words(quoted if len(quoted) < 4 else [*quoted[:2], f"{len(quoted) - 2} more"])


def likely_law(part: Part, parts: Sequence[Part]) -> str:
    """Of the laws that an array fits, the one that most parts fit; the plainest of several; "" without any."""
    return max(part.fit.laws, key=lambda law: sum(law in other.fit.laws for other in parts), default="")


def rows(diagnosis: Diagnosis) -> list[dict[str, str]]:
    """What was found, a row an array: the weights first, in their order; columns and cells as they are read."""
    stack = diagnosis.stack
    return [
        {
            "layer": str(stack.index(part) + 1) if part in stack else "",
            "array": part.name,
            "what it is": part.role,
            "law": likely_law(part, stack) or _LOOKS.get(part.fit.kind, part.fit.kind),
            "stored as": " × ".join(map(str, part.stored)),
            "output axis": part.axis,
            "fan in → out": "{} → {}".format(*part.fans) if part.axis else "",
            "mean": number(part.fit.mean) if isfinite(part.fit.mean) else "",
            "std": number(part.fit.std, 3) if isfinite(part.fit.std) else "",
            "biases": part.biases,
        }
        for part in diagnosis.parts
    ]


def compare(before: Mapping[str, Array], after: Mapping[str, Array]) -> list[str]:
    """A sentence for each thing that became of arrays from one file to the other, with their names."""
    changes = {name: _classify_change(before.get(name), after.get(name)) for name in {**before, **after}}
    kinds = sorted(set(changes.values()))
    return [f"{kind}: {quote_names([name for name in changes if changes[name] == kind])}." for kind in kinds]


def _classify_change(old: Array | None, new: Array | None) -> str:
    if old is None or new is None or old.shape != new.shape:
        return "In one file only, or of another shape"
    if not (np.issubdtype(old.dtype, np.floating) and np.issubdtype(new.dtype, np.floating)):
        return "Unchanged" if old.tobytes() == new.tobytes() else "Changed"
    a, b = to_single(old).ravel(), to_single(new).ravel()
    if np.array_equal(a, b, equal_nan=True):
        return "Unchanged"
    with np.errstate(all="ignore"):
        related = abs(np.corrcoef(a, b)[0, 1]) if a.size >= laws.FEWEST else 1.0
    is_draw = related < _UNRELATED / a.size**0.5 and laws.fit(b.reshape(len(new), -1), (1, 1)).kind in laws.DRAWS
    return "Drawn anew, it seems" if is_draw else "Changed"
