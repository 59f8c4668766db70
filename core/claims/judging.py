"""The verdict on a claim and the evidence for it, from what was measured of its checks and cases."""

from collections.abc import Iterable, Mapping

import numpy as np

from core.claims.claim import Case, Check, Claim, ClaimVerdict, Evidence, Row
from core.claims.criteria import Summary, summarize
from core.claims.quantities import Quantity

Measurements = list[list[np.ndarray]]  # of a claim's checks, of their cases: (…, seed)


def judge(claim: Claim, measurements: Measurements) -> Evidence:
    """The evidence for a claim, from what `measure` found of its checks and cases."""
    found: dict[Check, dict[Case, Summary]] = {}
    with np.errstate(all="ignore"):
        for check, values in zip(claim.all_checks, measurements, strict=True):
            summaries = [summarize(check.quantity.kind, value, len(values)) for value in values]
            found[check] = dict(zip(check.cases or claim.cases, summaries, strict=True))
    excluded: set[Case] = set()

    def decide(checks: Iterable[Check]) -> dict[Case, bool]:
        """The cases that the premise leaves, and whether they meet all these criteria."""
        outcomes: dict[Case, bool] = {}
        for check in checks:
            for case, summary in found[check].items():
                outcomes[case] = outcomes.get(case, True) and check.criterion.is_met(summary)
        return {case: met for case, met in outcomes.items() if case not in excluded}

    if claim.premise:
        excluded = {case for case, met in decide([claim.premise]).items() if not met}
    cases = decide(claim.checks)
    rows: dict[tuple[Quantity, Case], Row] = {}  # each once, though readings judge it as well
    for check, summary_by_case in found.items():
        for case, summary in summary_by_case.items():
            meets = check.criterion.is_met(summary) if check in claim.checks and case in cases else None
            rows.setdefault((check.quantity, case), Row(case, check.quantity, summary, meets))
    readings = {words: _name_verdict(decide(checks)) for words, checks in claim.readings.items()}
    return Evidence(claim, _name_verdict(cases), tuple(rows.values()), cases, readings)


def _name_verdict(cases: Mapping[Case, bool]) -> ClaimVerdict:
    """The verdict where the claim holds in all cases, in some, or in none; what nothing tests does not hold."""
    if not any(cases.values()):
        return "does not hold"
    return "holds" if all(cases.values()) else "holds only if"
