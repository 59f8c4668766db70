"""The article's eighteen claims, each with the experiments that test it and a verdict computed from their numbers."""

from core.claims.claim import VERDICTS, Bound, Claim, Finding, Point, examine, forget
from core.claims.rules import (
    aims,
    averages,
    biases,
    clipping,
    exploding,
    rectifiers,
    scale,
    speed,
    suited,
    symmetry,
    vanishing,
)

__all__ = ["CLAIMS", "VERDICTS", "Bound", "Claim", "Finding", "Point", "examine", "forget"]

_GROUPS = (symmetry, biases, scale, vanishing, exploding, rectifiers, suited, averages, speed, aims, clipping)

CLAIMS: dict[str, Claim] = {
    claim.id: claim for claim in sorted((c for group in _GROUPS for c in group.CLAIMS), key=lambda claim: claim.id)
}
