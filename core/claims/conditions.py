"""Where a claim is so, in words that are read off the cases: other measurements give other words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.claims.claim import Case
from core.wording import join_words


def describe_where(cases: Mapping[Case, bool], across: str) -> str:
    """The cases in which it is so: "tanh and ReLU (at every width tried)"; `across` is what their numbers count."""
    by_region: dict[str, list[str]] = {}
    for series in dict.fromkeys(case.series for case in cases):
        own = {case.x: met for case, met in cases.items() if case.series == series}
        if any(own.values()):
            by_region.setdefault(_describe(own, across), []).append(series)
    return "; ".join(
        f"{join_words(series)} ({places})" if series != [""] else places for places, series in by_region.items()
    )


def region(xs: Sequence[float], cases: Sequence[bool], what: str) -> str:
    """The part of a rising sweep in which something is so, by the values tried: `up to width 32`, `from width 64 on`.

    A place read off between two of them would be another with every draw. Nothing where it is so nowhere.
    """
    steps = np.flatnonzero(np.diff([False, *map(bool, cases), False]))
    parts = [_between(xs, first, end - 1, what) for first, end in zip(steps[::2], steps[1::2], strict=True)]
    return join_words(parts) if parts else ""


def _describe(own: Mapping[str | float, bool], across: str) -> str:
    if across:
        return region([float(x) for x in own], list(own.values()), across)
    return "in all cases tried" if all(own.values()) else join_words([str(x) for x, met in own.items() if met])


def _between(xs: Sequence[float], first: int, last: int, what: str) -> str:
    if last - first == len(xs) - 1:
        return f"at every {what} tried"
    if first == last:
        return f"at {what} {xs[first]:g}"
    if first == 0:
        return f"up to {what} {xs[last]:g}"
    return f"from {what} {xs[first]:g} {'on' if last == len(xs) - 1 else f'to {xs[last]:g}'}"
