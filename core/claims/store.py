"""Measurements stored beside the code that made them: numbers alone, which are judged when they are read.

They are stale when the engine, what is measured, or the networks change. Under another version of NumPy they may be
used where a quick check of a few claims agrees.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from core.claims import quantities
from core.claims.claim import Claim
from core.claims.evidence import Evidence, Measurements, examine, judge

CORE = Path(__file__).resolve().parents[1]
STORED = Path(__file__).with_name("measurements.json")
QUICK = ("C05", "C09", "C17")  # a second together: what shrinks, what overflows, and short trainings


@functools.cache
def version() -> dict[str, str]:
    """What results depend on: the SHA-256 of the code that makes them, and NumPy's version."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(path.relative_to(CORE).as_posix().encode() + b"\0" + statements(path) + b"\0")
    return {"code": digest.hexdigest(), "numpy": np.__version__}


def sources() -> list[Path]:
    """The engine's files, and what claims measure; the rest of core may change freely."""
    catalogues = (path for path in CORE.glob("*.py") if path.stem != "wording")
    return sorted([*catalogues, *CORE.glob("engine/*.py"), CORE / "claims" / "quantities.py"])


def statements(path: Path) -> bytes:
    """A Python file without what changes no number: strings with a space in them, comments, and blank lines."""
    lines = path.read_bytes().split(b"\n")
    nodes = list(ast.walk(ast.parse(b"\n".join(lines))))
    formatted = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in sorted(nodes, key=lambda node: getattr(node, "lineno", 0), reverse=True):
        if isinstance(node, ast.Constant) and " " in str(node.value) and id(node) not in formatted:
            first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
            lines[first : last + 1] = [lines[first][: node.col_offset] + lines[last][node.end_col_offset :]]
    return b"\n".join(line for line in lines if line.strip() and not line.lstrip().startswith(b"#"))


def describe_networks(claims: Mapping[str, Claim]) -> str:
    """The SHA-256 of what is measured of which networks; what they are called is not in it."""
    cases = [(check, case) for claim in claims.values() for check in claim.all_checks for case in claim.cases_of(check)]
    networks = [(c.experiment, c.variant, c.layer, c.reference, c.baseline) for _, c in cases]
    names = {quantity: name for name, quantity in vars(quantities).items() if isinstance(quantity, quantities.Quantity)}
    measured = [names[check.quantity] for check, _ in cases]
    return hashlib.sha256(repr((measured, networks)).encode()).hexdigest()


def load(
    claims: Mapping[str, Claim], path: Path = STORED, examine: Callable[[Claim], Evidence] = examine
) -> dict[str, Evidence]:
    """The evidence in what is stored, by claim; none where other code made it, or it cannot be read.

    Where another NumPy made it, `examine` has to give the verdicts of the claims in QUICK.
    """
    try:
        made_by, measurements = read(path)
        found = {name: judge(claim, measurements[name]) for name, claim in claims.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    now = version() | {"networks": describe_networks(claims)}
    if {**made_by, "numpy": ""} != {**now, "numpy": ""}:
        return {}
    agrees = made_by["numpy"] == now["numpy"] or all(examine(claims[n]).verdict == found[n].verdict for n in QUICK)
    return found if agrees else {}


def read(path: Path = STORED) -> tuple[dict[str, str], dict[str, Measurements]]:
    """What made the measurements, and these by claim, whether or not they are still to be believed."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    measured = stored["measurements"].items()
    return stored["version"], {n: [[np.array(v, float) for v in check] for check in checks] for n, checks in measured}


def save(claims: Mapping[str, Claim], measurements: Mapping[str, Measurements], path: Path = STORED) -> None:
    """Store measurements, a line a check, with what made them."""
    made_by = json.dumps(version() | {"networks": describe_networks(claims)}, indent=1)
    checks = {n: ",\n".join(json.dumps(_rounded(check)) for check in found) for n, found in measurements.items()}
    lines = ",\n".join(f'"{name}": [\n{found}\n]' for name, found in checks.items())
    path.write_text(f'{{"version": {made_by},\n"measurements": {{\n{lines}\n}}}}\n', encoding="utf-8")


def _rounded(values: object) -> object:
    """To six digits, whole numbers as such."""
    if isinstance(values, list | np.ndarray):
        return [_rounded(value) for value in values]
    value = float(f"{values:.6g}")
    return int(value) if value.is_integer() else value
