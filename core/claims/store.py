"""Findings kept beside the code that made them, and only believed while that code and NumPy are the same."""

from __future__ import annotations

import ast
import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np

from core.claims.claim import Bound, Finding, Point

CORE = Path(__file__).resolve().parents[1]
KEPT = Path(__file__).with_name("findings.json")


@functools.cache
def version() -> dict[str, str]:
    """What findings depend on: the sources they are made by, by their SHA-256, and NumPy's version."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(path.relative_to(CORE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return {"code": digest.hexdigest(), "numpy": np.__version__}


def sources() -> list[Path]:
    """The files of core that the claims import, directly or by way of others; the rest of core may change freely."""
    found: set[Path] = set()
    ahead = {CORE / "claims" / "__init__.py"}
    while ahead:
        path = ahead.pop()
        found.add(path)
        ahead |= {file for name in _imported(path) for file in _files(name)} - found
    return sorted(found)


def _imported(path: Path) -> set[str]:
    """Every module a file may import: `from core import a` counts as core and as core.a."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def _files(module: str) -> list[Path]:
    """The files that importing a module of core runs; none for other modules."""
    first, *rest = module.split(".")
    if first != CORE.name:
        return []
    packages = [CORE.joinpath(*rest[:i], "__init__.py") for i in range(len(rest) + 1)]
    return [path for path in (*packages, CORE.joinpath(*rest).with_suffix(".py")) if path.is_file()]


def load(path: Path = KEPT) -> dict[str, Finding]:
    """The findings kept, by claim; none where they were made by other code, or cannot be read."""
    try:
        made_by, findings = read(path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return findings if made_by == version() else {}


def read(path: Path = KEPT) -> tuple[dict[str, str], dict[str, Finding]]:
    """The versions that made the findings, and the findings by claim, whether or not they are still to be believed."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    return kept["version"], {name: _finding(fields) for name, fields in kept["findings"].items()}


def save(findings: Mapping[str, Finding], path: Path = KEPT) -> None:
    """Keep the findings, with the versions they depend on."""
    kept = {"version": version(), "findings": {name: asdict(finding) for name, finding in findings.items()}}
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _finding(fields: dict) -> Finding:
    parts = {"points": Point, "bounds": Bound}
    return Finding(**fields | {name: tuple(part(**each) for each in fields[name]) for name, part in parts.items()})
