"""Judging: measurements become rows, rows a verdict, and the verdict a sentence."""

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from core.claims.claim import Case, Check, Claim, ClaimVerdict
from core.claims.criteria import Summary, summarize
from core.claims.quantities import Quantity, Run
from core.experiment import Experiment, Result, run

Measurements = list[list[np.ndarray]]  # of a claim's checks, of their cases: (…, seed)

run_shared = functools.lru_cache(maxsize=64)(run)  # claims share experiments; they have fewer than twice as many


@dataclass(frozen=True)
class Row:
    """A quantity of a case, and whether it is as the claim says; None where it decides nothing."""

    case: Case
    quantity: Quantity
    summary: Summary
    meets: bool | None


@dataclass(frozen=True)
class Evidence:
    """What the numbers say of a claim."""

    claim: Claim
    verdict: ClaimVerdict
    rows: tuple[Row, ...]  # all that was measured
    cases: Mapping[Case, bool]  # those that test the claim, and whether it is so in them
    readings: Mapping[str, ClaimVerdict]  # what other readings of the claim would give

    def select(self, *words: str, of: Quantity | None = None) -> list[Row]:
        """The rows of a quantity, by default the pictured, whose case's name has these words."""
        rows = [row for row in self.rows if row.quantity is (of or self.claim.pictured)]
        return [row for row in rows if all(word in f"{row.case.series}, {row.case.x}" for word in words)]

    def values(self, *words: str, of: Quantity | None = None) -> list[float]:
        return [row.summary.value for row in self.select(*words, of=of)]

    def count(self, *words: str, of: Quantity | None = None) -> tuple[int, int]:
        """In how many runs of these rows it is so, of a share, and how many runs there are."""
        found = [row.summary for row in self.select(*words, of=of)]
        return sum(s.count for s in found), sum(s.values.size for s in found)

    @property
    def sentence(self) -> str:
        """What was found: the claim's own words where they are true, else how many cases there are."""
        if self.claim.applies(self):
            return self.claim.sentence.format(*self.claim.numbers(self))
        if not self.cases:
            return "None of the networks tried puts it to the test."
        return f"The claim holds in {sum(self.cases.values())} of the {len(self.cases)} conditions tried."

    def explain(self) -> list[str]:
        """The rule, and what other readings of the claim would give, a sentence each."""
        would = {"holds": "would hold", "holds only if": "would hold in part", "does not hold": "would not hold"}
        readings = [f"Read {words}, the claim {would[verdict]}." for words, verdict in self.readings.items()]
        return [self.claim.rule, *readings]

    def table(self) -> list[tuple[str, str, str, str, str]]:
        """Rows of words: condition, what was measured, value, interval, whether it is so."""
        answers = {True: "yes", False: "no", None: "–"}
        return [
            (row.case.describe(self.claim.across), row.quantity.name, *row.summary.describe(), answers[row.meets])
            for row in self.rows
        ]


def examine(claim: Claim, seed: int = 0, run: Callable[[Experiment], Result] = run_shared) -> Evidence:
    """Run a claim's experiments from a base seed and judge them."""
    return judge(claim, measure(claim, {experiment: run(experiment) for experiment in claim.experiments(seed)}))


def measure(claim: Claim, results: Mapping[Experiment, Result]) -> Measurements:
    """All that a claim measures of its experiments' results, which may be of any base seed."""
    found = {replace(experiment, seed=0): result for experiment, result in results.items()}
    measurements: Measurements = []
    with np.errstate(all="ignore"):  # some claims are about overflow
        for check in claim.all_checks:
            measurements.append([])
            for case in check.cases or claim.cases:
                reference = found[case.reference or case.experiment]
                case_run = Run(found[case.experiment], case.variant, case.layer, reference, case.baseline)
                measurements[-1].append(np.asarray(check.quantity.measure(case_run), float))
    return measurements


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
    rows: dict[tuple[Quantity, Case], Row] = {}  # each once, though another reading may judge it as well
    for check, summary_by_case in found.items():
        for case, summary in summary_by_case.items():
            meets = check.criterion.is_met(summary) if check in claim.checks and case in cases else None
            rows.setdefault((check.quantity, case), Row(case, check.quantity, summary, meets))
    readings = {words: _name_verdict(decide(checks)) for words, checks in claim.readings.items()}
    return Evidence(claim, _name_verdict(cases), tuple(rows.values()), cases, readings)


def _name_verdict(cases: Mapping[Case, bool]) -> ClaimVerdict:
    """So in all cases, in some, or in none; what nothing tests does not hold."""
    if not any(cases.values()):
        return "does not hold"
    return "holds" if all(cases.values()) else "holds only if"
