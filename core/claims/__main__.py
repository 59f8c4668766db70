"""The command `python -m core.claims`: a line a claim, or what flips and drifts from one base seed to another."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from core.claims import CLAIMS, Claim, Finding, examine, forget, store


def main() -> None:
    """Print verdicts and sentences, or with --flips the verdicts of so many base seeds."""
    parser = argparse.ArgumentParser(prog="python -m core.claims", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="the base seed (the first of them, with --flips)")
    parser.add_argument("--only", nargs="+", choices=list(CLAIMS), metavar="C01", help="these claims alone")
    parser.add_argument("--flips", type=int, default=0, metavar="N", help="judge with N base seeds; print what changes")
    parser.add_argument("--keep", action="store_true", help="keep what is found of all claims for the page to show")
    chosen = parser.parse_args()
    claims = [CLAIMS[key] for key in chosen.only or CLAIMS]
    if chosen.flips:
        _flips(claims, range(chosen.seed, chosen.seed + chosen.flips))
        return
    found = {}
    for claim in claims:
        finding = found[claim.id] = examine(claim, chosen.seed)
        print(f"{claim.id}  {finding.verdict}  {finding.sentence}", flush=True)
    if chosen.keep and chosen.seed == 0 and len(found) == len(CLAIMS):
        store.save(found)


def _flips(claims: list[Claim], seeds: range) -> None:
    found: dict[str, list[Finding]] = {claim.id: [] for claim in claims}
    for seed in seeds:
        for claim in claims:
            found[claim.id].append(examine(claim, seed))
        forget()
    print(f"claim  verdicts over {len(seeds)} base seeds, the deciding number, and what of the first's words drifts")
    for key, findings in found.items():
        print(f"{key}    {describe_stability(findings)}")


def describe_stability(findings: Sequence[Finding]) -> str:
    """How far findings of other base seeds are as the first's: FLIPS where a verdict is another, DRIFTS where the
    words of a condition, its numbers among them, are others, or an interval lies wholly beside the first's."""
    counts = Counter(finding.verdict for finding in findings)
    verdicts = ", ".join(f"{verdict} {count}" for verdict, count in counts.most_common())
    values = [finding.value for finding in findings]
    first, *others = findings
    drifts = dict.fromkeys(
        changed for other in others if other.verdict == first.verdict for changed in _drifts(first, other)
    )
    marks = ("  FLIPS" if len(counts) > 1 else "") + (f"  DRIFTS {'; '.join(drifts)}" if drifts else "")
    return f"{verdicts}  ({min(values):.3g} to {max(values):.3g}){marks}"


def _drifts(first: Finding, other: Finding) -> list[str]:
    """What is said otherwise: the words of the condition that differ, and the deciding number where it is beside."""
    old, new = first.condition.split(), other.condition.split()
    changes = [
        f"“{' '.join(old[a:b])}” → “{' '.join(new[c:d])}”"
        for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if kind != "equal"
    ]
    if other.low > first.high or other.high < first.low:
        changes.append(f"{first.low:.3g} to {first.high:.3g} → {other.low:.3g} to {other.high:.3g}")
    return changes


if __name__ == "__main__":
    main()
