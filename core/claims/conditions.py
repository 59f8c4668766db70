"""Where something is so, in words that are read off a sweep: other measurements give other words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from core.claims.claim import FAILS, HOLDS, ONLY_IF
from core.wording import listed, number

Array = np.ndarray

_FAR = 700.0  # a logarithm beyond all that a float holds: it stands for 0 and for ∞


def all_some_none(cases: Sequence[Any] | Array) -> str:
    """Holds in all cases, in some, or in none."""
    return HOLDS if np.all(cases) else ONLY_IF if np.any(cases) else FAILS


def only(verdict: str, where: Sequence[str]) -> str:
    """What a sentence opens with where its claim holds only in some cases; in single seeds, where no case is told."""
    if verdict != ONLY_IF:
        return ""
    told = [case for case in where if case] or ["in single seeds"]
    return f"Only {'; '.join(told) if any(' and ' in case for case in told) else listed(told)}: "


def crossings(xs: Sequence[float], ratios: Array, level: float = 1.0) -> list[Array]:
    """Where the geometric mean of ratios (x, seed) crosses a level, by the logarithms: for each time from left to
    right the place of the mean's crossing and of those of the seeds that cross nearest to it, (1 + seeds,)."""
    lines = _logs(ratios, level)
    at = np.log(np.asarray(xs, dtype=float))
    own = [_roots(at, line) for line in lines.T]
    found = []
    for root in _roots(at, lines.mean(axis=1)):
        nearest = [roots[np.abs(roots - root).argmin()] for roots in own if roots.size]
        found.append(np.exp([root, *nearest]))
    return found


def region(xs: Sequence[float], ratios: Array, what: str, level: float = 1.0, *, above: bool) -> str:
    """The part of a sweep in which the geometric mean of ratios (x, seed) lies above a level, or below it: `below
    width 100`, `throughout` where it does everywhere, and nothing where it does nowhere."""
    inside = bool((_logs(ratios, level)[0].mean() > 0) == above)
    edges = [float(found[0]) for found in crossings(xs, ratios, level)]
    bounds = [None, *edges, None]
    parts = []
    for low, high in pairwise(bounds):
        if inside:
            parts.append(_between(low, high, what))
        inside = not inside
    return listed(parts) if parts else ""


def at(xs: Sequence[float], cases: Sequence[bool] | Array, what: str) -> str:
    """The values of a sweep in which something is so: `at all rates tried`, `at rates 0.01 and 0.1`; `` for none."""
    chosen = [f"{x:g}" for x, case in zip(xs, cases, strict=True) if case]
    if not chosen:
        return ""
    if len(chosen) == len(xs):
        return f"at all {what}s tried"
    return f"at {what}{'s' if len(chosen) > 1 else ''} {listed(chosen)}"


def grouped(said: Mapping[str, str], link: str) -> list[str]:
    """What is said of cases, each thing said once: what is said, a link, and the cases."""
    return [
        f"{words} {link} {listed([c for c in said if said[c] == words])}"
        for words in dict.fromkeys(said.values())
        if words
    ]


def _logs(ratios: Array, level: float) -> Array:
    with np.errstate(divide="ignore"):
        return np.clip(np.log(ratios / level), -_FAR, _FAR)


def _roots(x: Array, y: Array) -> Array:
    """Where straight lines through (x, y) change their sign."""
    i = np.flatnonzero((y[:-1] > 0) != (y[1:] > 0))
    return x[i] + (x[i + 1] - x[i]) * y[i] / (y[i] - y[i + 1])


def _between(low: float | None, high: float | None, what: str) -> str:
    if low is None and high is None:
        return "throughout"
    if low is None or high is None:
        return f"below {what} {number(high)}" if high is not None else f"above {what} {number(low or 0.0)}"
    return f"between {what} {number(low)} and {number(high)}"
