"""Conditions: the words for where something is so follow the sweep, and so does whether anything is said at all."""

import numpy as np
import pytest

from core.claims.conditions import (
    all_some_none,
    condition_prefix,
    crossings,
    format_values_where,
    grouped,
    other_readings,
    region,
)

XS = (1, 10, 100)


@pytest.mark.parametrize(
    ("cases", "words"),
    [
        ((1, 1, 1), "at all widths tried"),
        ((0, 0, 0), ""),
        ((1, 1, 0), "up to width 10"),
        ((1, 0, 0), "at width 1"),
        ((0, 1, 1), "from width 10 on"),
        ((0, 0, 1), "at width 100"),
        ((0, 1, 0), "at width 10"),
        ((1, 0, 1), "at width 1 and at width 100"),
    ],
)
def test_a_region_is_named_by_the_values_tried(cases, words):
    assert region(XS, cases, "width") == words


def test_a_region_within_has_both_its_ends():
    assert region((1, 2, 3, 4), (0, 1, 1, 0), "width") == "from width 2 to 3"


def test_every_seed_crosses_a_level_where_its_own_line_does():
    ratios = np.array([[0.1, 0.01, 2], [10, 100, 2], [100, 100, 2]])
    np.testing.assert_allclose(crossings(XS, ratios, 1.0), [10**0.5, 10**0.5, np.nan])
    assert crossings(XS, ratios, 5.0)[0] > 10**0.5


def test_a_crossing_is_found_beside_nothing_and_overflow():
    assert 1 < crossings(XS, np.array([[0.0], [1e9], [np.inf]]), 1.0)[0] < 10


def test_only_a_reading_that_turns_the_verdict_is_mentioned():
    judged = {"by speed": "holds", "by size": "does not hold", "by both": "holds only if"}
    assert other_readings("holds only if", judged) == "; by speed it would hold; by size it would not hold"
    assert other_readings("holds", {"by speed": "holds"}) == ""


@pytest.mark.parametrize(
    ("cases", "said"),
    [([1, 1, 1], "at all rates tried"), ([0, 1, 0], "at rate 10"), ([1, 0, 1], "at rates 1 and 100"), ([0, 0, 0], "")],
)
def test_values_of_a_sweep_are_listed(cases, said):
    assert format_values_where(XS, cases, "rate") == said


def test_equal_conditions_are_grouped():
    said = {"He": "with ReLU", "normal": "", "LSUV": "with ReLU", "Xavier": "with tanh"}
    assert grouped(said, "from") == ["with ReLU from He and LSUV", "with tanh from Xavier"]


def test_only_a_verdict_with_a_condition_opens_with_one():
    assert condition_prefix("holds", ["with tanh"]) == condition_prefix("does not hold", ["with tanh"]) == ""
    assert condition_prefix("holds only if", ["", "with tanh"]) == "Only with tanh: "
    assert condition_prefix("holds only if", ["with tanh", "with ReLU"]) == "Only with tanh and with ReLU: "
    assert condition_prefix("holds only if", ["with tanh and He", "with ReLU"]) == "Only with tanh and He; with ReLU: "
    assert condition_prefix("holds only if", [""]) == "Only in single seeds: "


@pytest.mark.parametrize(
    ("cases", "verdict"), [([True, True], "holds"), ([True, False], "holds only if"), ([False], "does not hold")]
)
def test_all_some_or_none(cases, verdict):
    assert all_some_none(cases) == verdict
