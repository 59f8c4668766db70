"""What a claim is made of: its statement, the networks that test it, what is measured, and the criterion."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from core.activations import ACTIVATIONS
from core.claims.criteria import MEASURED, Criterion
from core.claims.quantities import Quantity
from core.experiment import Experiment, Variant

if TYPE_CHECKING:
    from core.claims.evidence import Evidence

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
