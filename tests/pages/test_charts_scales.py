"""Scales: an axis contains its numbers, ticks are few and on it, and labels keep their order and their distance."""

import ast
import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.settings import MAX_STEPS
from core.wording import number
from pages.parts.figures.charts.marks.scales import LogAxis, spread_labels, whole_ticks

positive = st.floats(min_value=5e-324, allow_nan=False, allow_infinity=False)
anything = st.one_of(positive, st.sampled_from([0.0, math.inf, math.nan]))
place = st.floats(0, 1)


@given(st.lists(anything, max_size=6))
@example([1e-320])
@example([5e-324, 1.7976931348623157e308])
@example([1e308, math.inf])
@example([5e-324, 0.0])
@example([1e-10, 1e-10 * (1 + 1e-12)])
def test_a_logarithmic_axis_contains_its_numbers(values):
    axis = LogAxis.spanning(values)
    assert 0 < axis.low < axis.high < math.inf
    assert all(axis.low <= value <= axis.high for value in values if 0 < value < math.inf)
    assert (axis.has_zero, axis.has_overflow) == (0.0 in values, math.inf in values)


@given(st.lists(anything, max_size=6))
@example([5e-324])
@example([1.7976931348623157e308, 1.7976931348623157e308])
def test_a_logarithmic_axis_has_a_few_ticks_all_of_them_on_it(values):
    axis = LogAxis.spanning(values)
    ticks = axis.axis().to_dict()["values"]
    assert 2 <= len(ticks) <= 12
    assert all(axis.low <= tick <= axis.high for tick in ticks)
    assert ticks == sorted(set(ticks))


@given(st.lists(anything, max_size=6))
@example([3e-7, 2e4])
@example([0.4, 0.9])
def test_every_tick_has_words_of_its_own_that_say_its_number(values):
    axis = LogAxis.spanning(values).axis().to_dict()
    lists = re.fullmatch(r"(\[.*\])\[indexof\((\[.*\]), datum.value\)\]", axis["labelExpr"])
    words, ticks = map(ast.literal_eval, lists.groups())
    assert ticks == axis["values"]
    assert len(set(words)) == len(words)
    assert words == [number(tick, 1) for tick in ticks]


@given(st.lists(anything, min_size=1, max_size=6))
def test_every_number_is_placed_on_the_axis_and_what_is_not_one_nowhere(values):
    axis, column = LogAxis.spanning(values), pd.Series(values, dtype=float)
    placed = axis.place(column)
    assert placed.isna().equals(column.isna())
    assert placed.dropna().between(axis.low, axis.high).all()
    inner = column[(column > 0) & np.isfinite(column)]
    assert placed[inner.index].equals(inner)


@given(st.lists(positive, min_size=1, max_size=4), place)
def test_a_position_and_its_number_are_inverse(values, position):
    axis = LogAxis.spanning(values)
    assert axis.position(axis.low) == 0
    assert axis.position(axis.high) == pytest.approx(1)
    if axis.low > 1e-300:  # below, numbers are coarser than positions
        assert axis.position(axis.value_at(position)) == pytest.approx(position, abs=1e-9)


@given(st.lists(place, min_size=1, max_size=14), st.floats(0, 0.3))
def test_labels_keep_their_order_their_gap_and_to_the_chart(positions, gap):
    placed = np.array(spread_labels(positions, gap))
    order = np.argsort(positions, kind="stable")
    apart = np.diff(placed[order])
    least = min(gap, 1 / max(1, len(positions) - 1))
    assert (apart >= least - 1e-9).all()
    assert placed.min() >= 0
    assert placed.max() <= 1


@given(st.lists(place, min_size=1, max_size=8), st.floats(0, 0.1))
def test_labels_with_room_enough_stay(positions, gap):
    apart = np.diff(sorted(positions))
    if (apart >= gap).all():
        assert spread_labels(positions, gap) == pytest.approx(positions, abs=1e-12)


@given(place, st.floats(0.01, 0.3))
def test_two_labels_share_the_move(position, gap):
    middle = 0.2 + 0.6 * position
    assert spread_labels([middle, middle], gap) == pytest.approx([middle - gap / 2, middle + gap / 2])


def test_no_label_is_nothing_to_move():
    assert spread_labels([], 0.1) == []


@given(st.integers(0, 100), st.integers(0, MAX_STEPS), st.integers(4, 16))
def test_whole_ticks_are_few_and_within(low, more, most):
    ticks = whole_ticks(low, low + more, most)
    assert ticks == sorted(set(ticks))
    assert 1 <= len(ticks) <= most + 2
    assert all(low <= tick <= low + more for tick in ticks)
    assert len(ticks) > 1 or more < 2 * max(1, low)
