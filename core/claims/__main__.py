"""The command `python -m core.claims`: a line a claim, the evidence of one, or what changes with the base seed."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence

from core.claims import CLAIMS, VERDICT_LABELS, Claim, Evidence, store
from core.claims.conditions import describe_where
from core.claims.evidence import examine, judge, measure, run_shared


def main() -> None:
    """Print verdicts and sentences, or with --flips the verdicts of so many base seeds."""
    parser = argparse.ArgumentParser(prog="python -m core.claims", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="the base seed (the first of them, with --flips)")
    parser.add_argument("--only", nargs="+", choices=list(CLAIMS), metavar="C01", help="these claims alone")
    parser.add_argument("--evidence", choices=list(CLAIMS), metavar="C06", help="print all that decides this claim")
    parser.add_argument("--flips", type=int, default=0, metavar="N", help="judge with N base seeds; print what changes")
    parser.add_argument("--keep", action="store_true", help="store what is measured of all claims for the page")
    chosen = parser.parse_args()
    claims = [CLAIMS[key] for key in chosen.only or CLAIMS]
    if chosen.evidence:
        print(format_evidence(examine(CLAIMS[chosen.evidence], chosen.seed)))
    elif chosen.flips:
        _print_flips(claims, range(chosen.seed, chosen.seed + chosen.flips))
    else:
        found = {}
        for claim in claims:
            found[claim.id] = measure(claim, {e: run_shared(e) for e in claim.experiments(chosen.seed)})
            print(format_line(judge(claim, found[claim.id])), flush=True)
        if chosen.keep and chosen.seed == 0 and len(found) == len(CLAIMS):
            store.save(CLAIMS, found)


def format_line(evidence: Evidence) -> str:
    """A claim's verdict and sentence."""
    return f"{evidence.claim.id}  {VERDICT_LABELS[evidence.verdict]}: {evidence.sentence}"


def format_evidence(evidence: Evidence) -> str:
    """A claim with all that was measured, a row a case, then the rule and the other readings."""
    rows = [("condition", "measured", "value", "interval", "meets the rule"), *evidence.table()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([evidence.claim.statement, format_line(evidence), "", *table, "", *evidence.explain()])


def _print_flips(claims: list[Claim], seeds: range) -> None:
    found: dict[str, list[Evidence]] = {claim.id: [] for claim in claims}
    for seed in seeds:
        for claim in claims:
            found[claim.id].append(examine(claim, seed))
        run_shared.cache_clear()
    print(f"claim  verdicts over {len(seeds)} base seeds, and what drifts of the first's condition or sentence")
    for key, evidence in found.items():
        print(f"{key}    {describe_stability(evidence)}")


def describe_stability(found: Sequence[Evidence]) -> str:
    """How far evidence of other base seeds is as the first's: FLIPS where a verdict is another, DRIFTS where the
    condition is another, or the sentence does not apply any more."""
    first, counts = found[0], Counter(VERDICT_LABELS[evidence.verdict] for evidence in found)
    verdicts = ", ".join(f"{verdict} {count}" for verdict, count in counts.most_common())
    alike = [each for each in found if each.verdict == first.verdict]
    conditions = dict.fromkeys(describe_where(each.cases, each.claim.across) for each in alike)
    sentences = {each.applies: each.sentence for each in alike}
    drifts = "".join(f"  DRIFTS {' → '.join(words)}" for words in (conditions, sentences.values()) if len(words) > 1)
    return verdicts + ("  FLIPS" if len(counts) > 1 else "") + drifts


if __name__ == "__main__":
    main()
