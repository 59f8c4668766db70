"""Conditions: the words for where something is so follow the cases, and so does what other base seeds change."""

from dataclasses import replace

import pytest

from core import Experiment
from core.claims import CLAIMS, Case, store
from core.claims.__main__ import describe_stability
from core.claims.conditions import describe_where, region
from core.claims.evidence import judge

XS = (1, 10, 100)


@pytest.mark.parametrize(
    ("cases", "words"),
    [
        ((1, 1, 1), "at every width tried"),
        ((0, 0, 0), ""),
        ((1, 1, 0), "up to width 10"),
        ((1, 0, 0), "at width 1"),
        ((0, 1, 1), "from width 10 on"),
        ((0, 1, 0), "at width 10"),
        ((1, 0, 1), "at width 1 and at width 100"),
    ],
)
def test_a_region_is_named_by_the_values_tried(cases, words):
    assert region(XS, cases, "width") == words


def test_a_region_within_has_both_its_ends():
    assert region((1, 2, 3, 4), (0, 1, 1, 0), "width") == "from width 2 to 3"


def cases(**met):
    """Of each series, in which of its places it is so."""
    return {Case(name, x, Experiment()): bool(is_met) for name, found in met.items() for x, is_met in found.items()}


def test_series_that_are_alike_are_named_together():
    found = cases(tanh={1: 1, 2: 1}, ReLU={1: 1, 2: 1}, sigmoid={1: 1, 2: 0}, linear={1: 0, 2: 0})
    assert describe_where(found, "width") == "tanh and ReLU (at every width tried); sigmoid (at width 1)"
    named = cases(tanh={"He": 1, "Xavier": 0, "zeros": 1}, ReLU={"He": 1})
    assert describe_where(named, "") == "tanh (He and zeros); ReLU (in all cases tried)"
    assert describe_where(cases(tanh={"He": 0}), "") == ""


FIRST = judge(CLAIMS["C04"], store.read()[1]["C04"])
NARROWER = {case: met and case.x < 128 for case, met in FIRST.cases.items()}


@pytest.mark.parametrize(
    ("other", "marks"),
    [
        (FIRST, ()),
        (replace(FIRST, cases=NARROWER), ("DRIFTS", "64")),
        (replace(FIRST, verdict="holds"), ("FLIPS",)),
        (replace(FIRST, claim=replace(FIRST.claim, applies=lambda e: False)), ("DRIFTS", "So it is in")),
    ],
)
def test_what_other_base_seeds_change_is_marked(other, marks):
    line = describe_stability([FIRST, other])
    assert all(mark in line for mark in marks)
    assert [mark for mark in ("FLIPS", "DRIFTS") if mark in line] == [*marks[:1]]
