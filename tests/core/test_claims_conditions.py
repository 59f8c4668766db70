"""Conditions: the words for where something is so follow the sweep, and so does whether anything is said at all."""

import numpy as np
import pytest

from core.claims.conditions import all_some_none, at, crossings, grouped, only, region

XS = (1, 10, 100)


def swept(*values):
    """One seed's ratios (x, 1)."""
    return np.array(values, dtype=float)[:, None]


@pytest.mark.parametrize(
    ("ratios", "below", "above"),
    [
        ((0.1, 0.1, 0.1), "throughout", ""),
        ((2, 2, 2), "", "throughout"),
        ((0.1, 10, 10), "below width 3.2", "above width 3.2"),
        ((10, 10, 0.1), "above width 32", "below width 32"),
        ((0.1, 10, 0.1), "below width 3.2 and above width 32", "between width 3.2 and 32"),
        ((0, 1e9, np.inf), "below width 9.4", "above width 9.4"),
    ],
)
def test_a_region_is_told_by_its_bounds(ratios, below, above):
    assert region(XS, swept(*ratios), "width", above=False) == below
    assert region(XS, swept(*ratios), "width", above=True) == above


def test_a_region_is_measured_from_its_level():
    assert region(XS, swept(0.001, 0.1, 10), "scale", 0.01, above=True) == "above scale 3.2"


def test_a_crossing_comes_with_those_of_the_seeds():
    ratios = np.array([[0.1, 0.01], [10, 100], [100, 100]])
    (found,) = crossings(XS, ratios)
    np.testing.assert_allclose(found, [10**0.5] * 3)


def test_a_seed_that_never_crosses_has_no_place():
    ratios = np.array([[0.1, 2], [10, 2], [100, 2]])
    (found,) = crossings(XS, ratios)
    assert len(found) == 2


@pytest.mark.parametrize(
    ("cases", "said"),
    [([1, 1, 1], "at all rates tried"), ([0, 1, 0], "at rate 10"), ([1, 0, 1], "at rates 1 and 100"), ([0, 0, 0], "")],
)
def test_values_of_a_sweep_are_listed(cases, said):
    assert at(XS, cases, "rate") == said


def test_a_thing_is_said_once_of_all_it_is_true_of():
    said = {"He": "with ReLU", "normal": "", "LSUV": "with ReLU", "Xavier": "with tanh"}
    assert grouped(said, "from") == ["with ReLU from He and LSUV", "with tanh from Xavier"]


def test_a_condition_is_told_only_where_there_is_one():
    assert only("holds", ["with tanh"]) == only("does not hold", ["with tanh"]) == ""
    assert only("holds only if", ["", "with tanh"]) == "Only with tanh: "
    assert only("holds only if", ["with tanh", "with ReLU"]) == "Only with tanh and with ReLU: "
    assert only("holds only if", ["with tanh and He", "with ReLU"]) == "Only with tanh and He; with ReLU: "
    assert only("holds only if", [""]) == "Only in single seeds: "


@pytest.mark.parametrize(
    ("cases", "verdict"), [([True, True], "holds"), ([True, False], "holds only if"), ([False], "does not hold")]
)
def test_all_some_or_none(cases, verdict):
    assert all_some_none(cases) == verdict
