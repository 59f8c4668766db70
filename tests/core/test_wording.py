"""Wording: numbers read as a person writes them, and no share is rounded to all or nothing."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.wording import (
    count_seeds,
    count_things,
    format_range,
    format_setting,
    join_words,
    number,
    percent,
    whole_span,
)

POWER = re.compile("(?:(.+)·)?10([⁻⁰¹²³⁴-⁹]+)")
PERCENT = "\N{NO-BREAK SPACE}%"
PLAIN = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")


def read(text):
    """What a reader takes the words for."""
    power = POWER.fullmatch(text)
    if power is None:
        return float(text.translate(PLAIN))
    head, exponent = power.groups(default="1")
    return float(f"{head}e{exponent}".translate(PLAIN))


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.32, "0.32"),
        (0.3, "0.30"),
        (41, "41"),
        (1, "1.0"),
        (3e-5, "3·10⁻⁵"),
        (1e-5, "10⁻⁵"),
        (4.2e12, "4.2·10¹²"),
        (-0.5, "−0.50"),
        (0, "0"),
        (-0.0, "0"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "not a number"),
    ],
)
def test_a_number_reads_as_a_person_writes_it(x, text):
    assert number(x) == text


@pytest.mark.parametrize(
    ("x", "text"), [(0.55, "0.55"), (1000.0, "1000"), (1e-8, "10⁻⁸"), (2.5e-6, "2.5·10⁻⁶"), (1e6, "10⁶"), (0.0, "0")]
)
def test_what_somebody_chose_keeps_its_digits(x, text):
    assert format_setting(x) == text


@given(st.floats(1e-300, 1e300), st.sampled_from([1, -1]), st.integers(1, 5))
def test_a_number_is_right_to_its_digits(x, sign, digits):
    assert read(number(sign * x, digits)) == pytest.approx(sign * x, rel=0.5 * 10 ** (1 - digits) * 1.001)


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_a_share_between_none_and_all_reads_as_neither(share):
    assert percent(share).removesuffix(PERCENT) not in ("0", "100", "0.0", "100.0")


def test_none_and_all_read_as_such():
    assert percent(0) == f"0{PERCENT}"
    assert percent(1) == f"100{PERCENT}"
    assert percent(math.nan) == percent(math.inf) == "unknown"


def test_a_span_leaves_out_what_is_not_finite_and_says_one_number_once():
    assert format_range([0.34, math.nan, 0.30, math.inf]) == "0.30 to 0.34"
    assert format_range([0.301, 0.302]) == "0.30"
    assert format_range([math.nan]) == format_range([]) == "none finite"
    assert whole_span([5, 2, math.nan]) == "2 to 5"
    assert whole_span([3, 3]) == "3"


def test_a_single_thing_is_no_plural():
    assert [count_things(n, "unit") for n in (0, 1, 2, 1500)] == ["0 units", "1 unit", "2 units", "1,500 units"]


def test_lists_and_seeds_read_as_english():
    assert join_words(["a"]) == "a"
    assert join_words(["a", "b"]) == "a and b"
    assert join_words(["a", "b", "c"]) == "a, b and c"
    assert count_seeds(5, 5) == "all 5 seeds"
    assert count_seeds(0, 5) == "none of 5 seeds"
    assert count_seeds(3, 5) == "3 of 5 seeds"
    assert count_seeds(1, 1) == "the one seed"
