"""A claim: what is said, the experiments that test it, and the rule that turns their numbers into a finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps

import numpy as np

from core.experiment import Experiment, Result, run

VERDICTS = HOLDS, ONLY_IF, FAILS = "holds", "holds only if", "does not hold"

_KEPT = 64  # results of experiments that claims share; the eighteen have fewer than twice as many
_results: dict[Experiment, Result] = {}


@dataclass(frozen=True)
class Point:
    """One mark of a finding's chart: a value with the range over its seeds."""

    series: str
    x: float | str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Bound:
    """A value that a finding's chart is to be read against, and what it means."""

    value: float
    said: str


@dataclass(frozen=True)
class Finding:
    """What the numbers say of a claim: one of VERDICTS, a sentence made from them, and the deciding quantity."""

    verdict: str
    sentence: str
    value: float
    low: float
    high: float
    points: tuple[Point, ...]
    axis: str  # of the points' values, with symbol
    across: str  # of the points' x
    log: bool  # whether values span decades
    bounds: tuple[Bound, ...] = ()

    @property
    def condition(self) -> str:
        """What the sentence opens with where the claim holds only in some cases; nothing otherwise."""
        return self.sentence.partition(": ")[0] if self.verdict == ONLY_IF else ""


Judge = Callable[[dict[str, Result]], Finding]


@dataclass(frozen=True)
class Claim:
    """A statement of the article in our words, and how it is tested."""

    id: str
    said: str
    rule: str  # quantity, threshold and its reason
    quantity: str  # the deciding number
    page: str  # the page it bears on most
    experiments: Callable[[int], dict[str, Experiment]]  # for a base seed
    judge: Judge
    shown: str  # the experiment that the page opens with `settings`
    settings: Mapping[str, object]


def examine(claim: Claim, seed: int = 0, tick: Callable[[float], object] = lambda fraction: None) -> Finding:
    """Run a claim's experiments from a base seed and judge them; `tick(fraction)` as in `run`."""
    experiments = claim.experiments(seed)
    results = {}
    for done, (name, experiment) in enumerate(experiments.items()):
        results[name] = _result(experiment, _part(tick, done, len(experiments)))
    return claim.judge(results)


def judging(judge: Judge) -> Judge:
    """A judge whom overflow and NaN do not disturb, as some claims are about them, and who writes whole sentences."""

    @wraps(judge)
    def judged(results: dict[str, Result]) -> Finding:
        with np.errstate(all="ignore"):
            finding = judge(results)
        return replace(finding, sentence=finding.sentence[:1].upper() + finding.sentence[1:])

    return judged


def forget() -> None:
    """Drop the results that are kept: the next finding is computed anew."""
    _results.clear()


def _part(tick: Callable[[float], object], done: int, parts: int) -> Callable[[float], object]:
    return lambda fraction: tick((done + fraction) / parts)


def _result(experiment: Experiment, tick: Callable[[float], object]) -> Result:
    found = _results.get(experiment)
    if found is None:
        found = run(experiment, tick)
        if len(_results) >= _KEPT:
            _results.clear()
        _results[experiment] = found
    return found
