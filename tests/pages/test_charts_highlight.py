"""Highlighting: starts that are not pointed at are faint, and charts without lines of starts stay as they are."""

import pytest

from pages.parts.figures.charts.marks.playing import highlightable

from . import drawn
from .drawn import EXPERIMENTS

LABELS = EXPERIMENTS["usual"].labels


def opacities(spec):
    """Of each name beside its line."""
    names = {text.text: float(text.get("opacity", 1)) for text in drawn.svg(spec).iter() if text.text in LABELS}
    assert set(names) == set(LABELS)
    return names


@pytest.mark.parametrize("name", ["by_step, loss", "by_layer, gradient", "share_by_step"])
@pytest.mark.parametrize("signal", ["pointed", "clicked"])
def test_the_others_are_faint(name, signal):
    spec = drawn.spec("usual", name)
    assert set(opacities(spec).values()) == {1}
    params = [param | ({"value": "Xavier"} if param["name"] == signal else {}) for param in spec["params"]]
    assert opacities(spec | {"params": params}) == {label: 1 if label == "Xavier" else 0.15 for label in LABELS}


@pytest.mark.parametrize("name", ["unit_rows", "ends"])
def test_a_chart_without_lines_of_starts_stays_as_it_is(name):
    chart = drawn.chart("usual", name, drawn.LIGHT).to_dict()
    assert highlightable(chart) == chart
