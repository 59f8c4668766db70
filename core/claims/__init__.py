"""The article's eighteen claims, each with the networks that test it and a verdict from their numbers."""

from core.claims.claim import VERDICT_LABELS, Case, Check, Claim, Evidence, Row
from core.claims.measurements import examine
from core.claims.rules import gradients, heuristics, symmetry

_RULES = (symmetry, gradients, heuristics)
_DECLARED = [value for rules in _RULES for value in vars(rules).values() if isinstance(value, Claim)]

CLAIMS: dict[str, Claim] = {claim.id: claim for claim in sorted(_DECLARED, key=lambda claim: claim.id)}
