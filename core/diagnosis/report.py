"""A diagnosis to read: how layers are named in a sentence, and a table with a row an array, for page and command."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite, prod

from core.diagnosis.diagnosis import Diagnosis, Part
from core.wording import join_words, number, percent


def name_layers(parts: Sequence[Part]) -> str:
    """Layer 3 (`fc.weight`); Layers 1, 2 and 5 to 9; of arrays that are not in the stack their names."""
    numbers, names = sorted(part.number for part in parts), quote_names([part.name for part in parts])
    if len(parts) == 1 or not all(numbers):
        return f"Layer {numbers[0]} ({names})" if all(numbers) else names
    breaks = [i for i, (a, b) in enumerate(pairwise(numbers), 1) if b != a + 1]
    runs = [numbers[i:j] for i, j in pairwise([0, *breaks, len(numbers)])]
    spans = [[f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(n) for n in run] for run in runs]
    return f"Layers {join_words([span for run in spans for span in run])}"


def quote_names(names: Sequence[str]) -> str:
    """At most three names of arrays, shortened and safe within backquotes: `a`, `b` and 4 more."""
    plain = ["".join(c for c in name if c.isprintable() and c != "`") for name in names]
    quoted = [f"`{name if len(name) <= 40 else f'…{name[-39:]}'}`" for name in plain]
    return join_words(quoted if len(quoted) < 4 else [*quoted[:2], f"{len(quoted) - 2} more"])


def likely_law(part: Part, stack: Sequence[Part]) -> str:
    """Of the laws that an array fits, the one that most of the stack fits; the plainest of several; "" without any."""
    return max(part.fit.laws, key=lambda law: sum(law in other.fit.laws for other in stack), default="")


def describe_law(part: Part, stack: Sequence[Part]) -> str:
    """The law that an array fits, or what else its numbers look like, in a few words."""
    return likely_law(part, stack) or {
        "draw": f"{part.fit.family}, at no known law's std",
        "off center": part.fit.family,
        "none": "no draw: trained or changed",
        "few": f"too few numbers to tell: {prod(part.stored):,}" if part.units else "",
        "constant": f"all {number(part.fit.mean, 3)}",
        "zeros": "all 0",
        "not finite": "NaN or infinity",
    }.get(part.fit.kind, "")


def rows(diagnosis: Diagnosis) -> list[dict[str, str]]:
    """What was found, a row an array: the stack first, in its order; columns and cells as they are read."""
    stack, signal = diagnosis.stack, diagnosis.signal
    return [
        {
            "layer": str(part.number or ""),
            "array": part.name,
            "what it is": part.role,
            "stored as": " × ".join(map(str, part.stored)),
            "output axis": part.axis,
            "fan in → out": "{} → {}".format(*part.fans) if part.units else "",
            "mean": number(part.fit.mean) if isfinite(part.fit.mean) else "",
            "std": number(part.fit.std, 3) if isfinite(part.fit.std) else "",
            "law": describe_law(part, stack),
            "biases": part.biases,
            "slopes of 0": percent(signal.off[part.number - 1]) if signal and 0 < part.number < len(stack) else "",
        }
        for part in [*stack, *(part for part in diagnosis.parts if not part.number)]
    ]
