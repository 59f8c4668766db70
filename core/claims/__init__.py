"""The article's eighteen claims, each with the networks that test it and a verdict from their numbers."""

from core.claims.claim import VERDICT_LABELS, Case, Check, Claim, Evidence, Row
from core.claims.declarations import gradients, heuristics, symmetry
from core.claims.measurements import examine

_MODULES = (symmetry, gradients, heuristics)
_DECLARED = [value for module in _MODULES for value in vars(module).values() if isinstance(value, Claim)]

CLAIMS: dict[str, Claim] = {claim.id: claim for claim in sorted(_DECLARED, key=lambda claim: claim.id)}
