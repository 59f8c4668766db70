"""Where something is so, in words that are read off a sweep: other measurements give other words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.claims.claim import FAILS, HOLDS, ONLY_IF
from core.wording import join_words

Array = np.ndarray

_FAR = 700.0  # a logarithm beyond all that a float holds: it stands for 0 and for ∞


def all_some_none(cases: Sequence[Any] | Array) -> str:
    """Holds in all cases, in some, or in none."""
    return HOLDS if np.all(cases) else ONLY_IF if np.any(cases) else FAILS


def condition_prefix(verdict: str, where: Sequence[str]) -> str:
    """What a sentence opens with where its claim holds only in some cases; in single seeds, where no case is told."""
    if verdict != ONLY_IF:
        return ""
    told = [case for case in where if case] or ["in single seeds"]
    return f"Only {'; '.join(told) if any(' and ' in case for case in told) else join_words(told)}: "


def crossings(xs: Sequence[float], ratios: Array, level: float) -> Array:
    """Where ratios (x, seed) first cross a level, by straight lines through the logarithms (seed,); NaN where none."""
    with np.errstate(divide="ignore"):
        logs = np.clip(np.log(ratios / level), -_FAR, _FAR)
    places = np.log(np.asarray(xs, dtype=float))
    return np.exp([_root(places, line) for line in logs.T])


def region(xs: Sequence[float], cases: Sequence[bool] | Array, what: str) -> str:
    """The part of a rising sweep in which something is so, by the values tried: `up to width 32`, `from width 64 on`.

    A place read off between two of them would be another with every draw. Nothing where it is so nowhere.
    """
    steps = np.flatnonzero(np.diff([False, *map(bool, cases), False]))
    return join_parts([_between(xs, first, end - 1, what) for first, end in zip(steps[::2], steps[1::2], strict=True)])


def format_values_where(xs: Sequence[float], cases: Sequence[bool] | Array, what: str) -> str:
    """The values of a sweep in which something is so: `at all rates tried`, `at rates 0.01 and 0.1`; `` for none."""
    chosen = [f"{x:g}" for x, case in zip(xs, cases, strict=True) if case]
    if not chosen:
        return ""
    if len(chosen) == len(xs):
        return f"at all {what}s tried"
    return f"at {what}{'s' if len(chosen) > 1 else ''} {join_words(chosen)}"


def grouped(said: Mapping[str, str], link: str) -> list[str]:
    """What is said of cases, each thing said once: what is said, a link, and the cases."""
    return [
        f"{words} {link} {join_words([c for c in said if said[c] == words])}"
        for words in dict.fromkeys(said.values())
        if words
    ]


def other_readings(verdict: str, judged: Mapping[str, str]) -> str:
    """What follows a sentence whose verdict turns on its reading: how others judge the claim, where otherwise."""
    outcomes = {HOLDS: "it would hold", ONLY_IF: "it would hold in part", FAILS: "it would not hold"}
    return "".join(f"; {reading} {outcomes[other]}" for reading, other in judged.items() if other != verdict)


def join_parts(parts: Sequence[str]) -> str:
    """Those that say something, as a list in words; nothing for none."""
    return join_words(found) if (found := [part for part in parts if part]) else ""


def _root(x: Array, y: Array) -> float:
    """Where straight lines through (x, y) first change their sign; NaN where they do not."""
    i = np.flatnonzero((y[:-1] > 0) != (y[1:] > 0))[:1]
    return float((x[i] + (x[i + 1] - x[i]) * y[i] / (y[i] - y[i + 1]))[0]) if len(i) else float("nan")


def _between(xs: Sequence[float], first: int, last: int, what: str) -> str:
    if last - first == len(xs) - 1:
        return f"at all {what}s tried"
    if first == last:
        return f"at {what} {xs[first]:g}"
    if first == 0:
        return f"up to {what} {xs[last]:g}"
    return f"from {what} {xs[first]:g} {'on' if last == len(xs) - 1 else f'to {xs[last]:g}'}"
