"""The command `python -m core.claims`: a line a claim, or the evidence of one."""

import argparse

from core.claims import CLAIMS, VERDICT_LABELS, Evidence, measurements
from core.claims.judging import judge
from core.wording import align_columns


def main() -> None:
    """Measure the claims that are asked for and print their verdicts, or all that decides one."""
    parser = argparse.ArgumentParser(prog="python -m core.claims", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="the base seed")
    parser.add_argument("--evidence", choices=list(CLAIMS), metavar="C06", help="print all that decides this claim")
    parser.add_argument("--keep", action="store_true", help="store what is measured of all claims for the page")
    chosen = parser.parse_args()
    if chosen.evidence:
        print(format_evidence(measurements.examine(CLAIMS[chosen.evidence], chosen.seed)))
    else:
        found = {}
        for claim in CLAIMS.values():
            results = {e: measurements.run_shared(e) for e in claim.experiments(chosen.seed)}
            found[claim.id] = measurements.measure(claim, results)
            print(format_line(judge(claim, found[claim.id])), flush=True)
        if chosen.keep and chosen.seed == 0:
            measurements.save(CLAIMS, found)


def format_line(evidence: Evidence) -> str:
    return f"{evidence.claim.id}  {VERDICT_LABELS[evidence.verdict]}: {evidence.sentence}"


def format_evidence(evidence: Evidence) -> str:
    table = align_columns([("condition", "measured", "value", "interval", "meets the rule"), *evidence.table()])
    return "\n".join([evidence.claim.statement, format_line(evidence), "", table, "", *evidence.explain()])


if __name__ == "__main__":
    main()
