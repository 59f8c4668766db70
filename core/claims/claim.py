"""What a claim is made of, the networks that test it, and the evidence for it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from core.activations import ACTIVATIONS
from core.claims.criteria import MEASURED, Criterion, Summary
from core.claims.quantities import Quantity
from core.experiment import Experiment, Variant

ClaimVerdict = Literal["holds", "holds only if", "does not hold"]
TEN = (64,) * 10  # hidden layers of many networks that test claims

VERDICT_LABELS: dict[ClaimVerdict, str] = {verdict: verdict for verdict in get_args(ClaimVerdict)}
VERDICT_LABELS["holds only if"] = "holds in part"  # its code is that of old links


@dataclass(frozen=True)
class Case:
    """A condition under which a claim is tested: a network, and its name in tables and charts."""

    series: str  # empty where there is one alone
    x: str | float  # a name, or a number of what the claim is swept along
    experiment: Experiment
    variant: int = 0
    layer: int = 0  # up to which the signal is followed; 0: the last hidden layer
    reference: Experiment | None = None  # of the network that it is compared with; None: the same
    baseline: int = 0  # the variant that it is compared with

    def describe(self, across: str) -> str:
        """The condition in words; `across` is what its number counts."""
        place = self.x if isinstance(self.x, str) else f"{across} {self.x:g}"
        return f"{self.series}, {place}" if self.series else place


@dataclass(frozen=True)
class Check:
    """A quantity that is measured of some cases, with the criterion that they have to meet."""

    quantity: Quantity
    criterion: Criterion = MEASURED
    cases: tuple[Case, ...] = ()  # empty: the claim's

    def describe(self, *, why: bool = False) -> str:
        return f"{self.quantity.name} {self.criterion.words}" + (f", because {self.criterion.reason}" if why else "")


@dataclass(frozen=True)
class Claim:
    """A statement of the article in our words, and how it is tested."""

    id: str
    statement: str
    sentence: str  # what was found, with braces for numbers
    title: str  # of the picture: what is seen
    pictured: Quantity
    page: str  # the page that shows its experiment
    settings: Mapping[str, Any]  # of that page, beside those that all pages share
    cases: tuple[Case, ...]
    checks: tuple[Check, ...]  # it is so in a case that meets all of these
    numbers: Callable[[Evidence], tuple[object, ...]]  # that go into the sentence
    applies: Callable[[Evidence], bool]  # whether all that the sentence says without a number is so
    opened: Case  # by the page that shows its experiment
    across: str = ""  # what the numbers of its cases count
    premise: Check | None = None  # which cases test the claim at all
    context: tuple[Check, ...] = ()  # measured for comparison
    readings: Mapping[str, tuple[Check, ...]] = field(default_factory=dict)  # other ways to read the statement

    @property
    def all_checks(self) -> list[Check]:
        """Every check, in the order in which measurements are stored."""
        premise = [self.premise] if self.premise else []
        readings = (check for checks in self.readings.values() for check in checks)
        return list(dict.fromkeys([*premise, *self.checks, *self.context, *readings]))

    def experiments(self, seed: int = 0) -> list[Experiment]:
        """All that has to be run for a base seed, each once."""
        cases = [case for check in self.all_checks for case in check.cases or self.cases]
        found = dict.fromkeys(e for case in cases for e in (case.experiment, case.reference) if e)
        return [replace(experiment, seed=seed) for experiment in found]

    @property
    def drawn_limits(self) -> tuple[float, ...]:
        """The values that those of the picture are held against."""
        return next((c.criterion.limits for c in self.checks if c.quantity is self.pictured), ())

    @property
    def rule(self) -> str:
        """What decides, in one sentence with the reasons."""
        premise = f" in which {self.premise.describe()}," if self.premise else ""
        return f"It holds if in every condition{premise} {'; and '.join(c.describe(why=True) for c in self.checks)}."

    @property
    def page_settings(self) -> dict[str, Any]:
        """The page set to the opened case; pages train for ten steps at the least."""
        e = self.opened.experiment
        shared = {"depth": len(e.hidden), "width": e.hidden[0], "activation": e.activation, "steps": max(10, e.steps)}
        return {**shared, "learning_rate": e.variants[0].learning_rate, "seeds": e.seeds, **self.settings}


@dataclass(frozen=True)
class Row:
    """A quantity of a case, and whether it is as the claim says; None where it decides nothing."""

    case: Case
    quantity: Quantity
    summary: Summary
    meets: bool | None


@dataclass(frozen=True)
class Evidence:
    """What the numbers say of a claim."""

    claim: Claim
    verdict: ClaimVerdict
    rows: tuple[Row, ...]  # all that was measured
    cases: Mapping[Case, bool]  # those that test the claim, and whether it is so in them
    readings: Mapping[str, ClaimVerdict]  # what other readings of the claim would give

    def select(self, *words: str, quantity: Quantity | None = None) -> list[Row]:
        """The rows of a quantity, by default the pictured, whose case's name has these words."""
        rows = [row for row in self.rows if row.quantity is (quantity or self.claim.pictured)]
        return [row for row in rows if all(word in f"{row.case.series}, {row.case.x}" for word in words)]

    def values(self, *words: str, quantity: Quantity | None = None) -> list[float]:
        return [row.summary.value for row in self.select(*words, quantity=quantity)]

    def count(self, *words: str, quantity: Quantity | None = None) -> tuple[int, int]:
        """In how many runs of these rows it is so, of a share, and how many runs there are."""
        found = [row.summary for row in self.select(*words, quantity=quantity)]
        return sum(s.count for s in found), sum(s.values.size for s in found)

    @property
    def sentence(self) -> str:
        """What was found: the claim's own words where they are true, else how many cases there are."""
        if self.claim.applies(self):
            return self.claim.sentence.format(*self.claim.numbers(self))
        if not self.cases:
            return "None of the networks tried puts it to the test."
        return f"The claim holds in {sum(self.cases.values())} of the {len(self.cases)} conditions tried."

    def explain(self) -> list[str]:
        would = {"holds": "would hold", "holds only if": "would hold in part", "does not hold": "would not hold"}
        readings = [f"Read {words}, the claim {would[verdict]}." for words, verdict in self.readings.items()]
        return [self.claim.rule, *readings]

    def table(self) -> list[tuple[str, str, str, str, str]]:
        """Rows of words: condition, what was measured, value, interval, whether it is so."""
        answers = {True: "yes", False: "no", None: "–"}
        return [
            (row.case.describe(self.claim.across), row.quantity.name, *row.summary.describe(), answers[row.meets])
            for row in self.rows
        ]


_WORDS = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def declare(key: str, **declared: Any) -> Claim:
    """The claim of this id, with its words; the first case and check are shown if no other."""
    first = {"opened": declared["cases"][0], "pictured": declared["checks"][0].quantity}
    return Claim(id=key, **_WORDS[key], **first | declared)


def network(*variants: Variant, hidden: tuple[int, ...], activation: str, **more: Any) -> Experiment:
    """An experiment on the digits in batches of 64, by default of one step and three seeds."""
    settings = {"steps": 1, "seeds": 3, "batch_size": 64, **more}
    return Experiment(hidden=hidden, activation=activation, variants=variants, **settings)


def each_variant(series: str, experiment: Experiment) -> tuple[Case, ...]:
    return tuple(Case(series, name, experiment, v) for v, name in enumerate(experiment.labels))


def label(activation: str) -> str:
    return ACTIVATIONS[activation].label
