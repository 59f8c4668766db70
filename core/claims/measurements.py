"""Measurements of claims, made of results, and stored until engine, quantities or networks change."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from core.claims import quantities
from core.claims.claim import Claim, Evidence
from core.claims.judging import Measurements, judge
from core.claims.quantities import Quantity, Run
from core.experiment import Experiment, Result, run
from core.version import hash_code, version

STORED = Path(__file__).with_name("measurements.json")
QUICK = ("C05", "C09", "C17")  # a second together
run_shared = lru_cache(maxsize=64)(run)  # claims share experiments


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


def fingerprint(claims: Mapping[str, Claim]) -> dict[str, str]:
    """What measurements depend on: engine, NumPy, what is measured, and of which networks by any name."""
    names = {quantity: name for name, quantity in vars(quantities).items() if isinstance(quantity, Quantity)}
    written = []
    for claim in claims.values():
        for check in claim.all_checks:
            cases = check.cases or claim.cases
            tried = [(c.experiment, c.variant, c.layer, c.reference, c.baseline) for c in cases]
            written.append((names[check.quantity], tried))
    networks = hashlib.sha256(repr(written).encode()).hexdigest()
    return version() | {"quantities": hash_code(Path(quantities.__file__)), "networks": networks}


def load(
    claims: Mapping[str, Claim], path: Path = STORED, examine: Callable[[Claim], Evidence] = examine
) -> dict[str, Evidence]:
    """The evidence in what is stored, by claim; none where other code made it, or it cannot be read."""
    try:
        then, measurements = read(path)
        found = {name: judge(claim, measurements[name]) for name, claim in claims.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    now = fingerprint(claims)  # what another NumPy made may be used where the claims in QUICK agree
    if {**then, "numpy": ""} != {**now, "numpy": ""}:
        return {}
    agrees = then["numpy"] == now["numpy"] or all(examine(claims[n]).verdict == found[n].verdict for n in QUICK)
    return found if agrees else {}


def read(path: Path = STORED) -> tuple[dict[str, str], dict[str, Measurements]]:
    """What made the measurements, and these by claim, whether or not they are still to be believed."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    measured = stored["measurements"].items()
    return stored["version"], {n: [[np.array(v, float) for v in check] for check in checks] for n, checks in measured}


def save(claims: Mapping[str, Claim], measurements: Mapping[str, Measurements], path: Path = STORED) -> None:
    """Store measurements to six digits, a line a claim, with what made them."""
    found = {name: [[values.tolist() for values in check] for check in checks] for name, checks in measurements.items()}
    rounded = json.loads(json.dumps(found), parse_float=lambda text: float(f"{float(text):.6g}"))
    stored = json.dumps({"version": fingerprint(claims), "measurements": rounded})
    path.write_text(stored.replace('"C', '\n"C') + "\n", encoding="utf-8")
