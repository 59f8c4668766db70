"""The command `python -m core.claims`: a line a claim, or how often verdicts flip from one base seed to another."""

from __future__ import annotations

import argparse
from collections import Counter

from core.claims import CLAIMS, Claim, Finding, examine, forget, store


def main() -> None:
    """Print verdicts and sentences, or with --flips the verdicts of so many base seeds."""
    parser = argparse.ArgumentParser(prog="python -m core.claims", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="the base seed (the first of them, with --flips)")
    parser.add_argument("--only", nargs="+", choices=list(CLAIMS), metavar="C01", help="these claims alone")
    parser.add_argument("--flips", type=int, default=0, metavar="N", help="judge with N base seeds; print what flips")
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
    print(f"claim  verdicts over {len(seeds)} base seeds, and the deciding number")
    for key, findings in found.items():
        counts = Counter(finding.verdict for finding in findings)
        verdicts = ", ".join(f"{verdict} {count}" for verdict, count in counts.most_common())
        values = [finding.value for finding in findings]
        mark = "" if len(counts) == 1 else "  FLIPS"
        print(f"{key}    {verdicts}{mark}  ({min(values):.3g} to {max(values):.3g})")


if __name__ == "__main__":
    main()
