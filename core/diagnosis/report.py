"""A diagnosis as rows to read, one an array; for the page's table and the command."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, prod

from core.diagnosis.diagnosis import Diagnosis, Part
from core.diagnosis.findings import likely_law
from core.wording import number, percent


def rows(diagnosis: Diagnosis) -> list[dict[str, str]]:
    """What was found, a row an array: the stack first, in its order; columns and cells as they are read."""
    rest = [part for part in diagnosis.parts if not part.number]
    return [_row(part, diagnosis) for part in [*diagnosis.stack, *rest]]


def _row(part: Part, diagnosis: Diagnosis) -> dict[str, str]:
    fit, layer = part.fit, part.units > 0
    off = diagnosis.signal.off[part.number - 1] if diagnosis.signal is not None and part.number else 0.0
    return {
        "layer": str(part.number or ""),
        "array": part.name,
        "what it is": part.role,
        "stored as": " × ".join(map(str, part.stored)),
        "output axis": part.axis,
        "fan in → out": f"{part.fans[0]} → {part.fans[1]}" if layer else "",
        "mean": number(fit.mean) if isfinite(fit.mean) else "",
        "std": number(fit.std, 3) if isfinite(fit.std) else "",
        "law": describe_law(part, diagnosis.stack),
        "biases": part.biases,
        "slopes of 0": percent(off) if off else "",
    }


def describe_law(part: Part, stack: Sequence[Part]) -> str:
    """The law that an array fits, in a few words; of several the one that most of the stack fits."""
    fit = part.fit
    return likely_law(part, stack) or {
        "draw": f"{fit.family}, at no known law's std",
        "none": "no draw: trained or changed",
        "few": f"too few numbers to tell: {prod(part.stored):,}" if part.units else "",
        "constant": f"all {number(fit.mean, 3)}",
        "zeros": "all 0",
        "not finite": "NaN or infinity",
    }.get(fit.kind, "")
