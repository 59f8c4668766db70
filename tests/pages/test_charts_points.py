"""The small charts of findings: every point is drawn at its value, once, and what has none is named."""

import math
from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree

import pytest
import vl_convert

from core.claims import CLAIMS, Bound, Finding, Point, store
from pages.parts.figures import tables
from pages.parts.figures.charts import points, sketches
from pages.parts.figures.charts.sketches import svg
from pages.parts.figures.charts.sketches.ticks import WIDTH

from .drawn import DARK, LIGHT, VERSION

_, KEPT = store.read()
every_claim = pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)


def finding(*given, log=True):
    """A finding of which only the points matter: (series, x, value)."""
    marks = tuple(Point(series, x, value, value * 0.9, value * 1.1) for series, x, value in given)
    return Finding("holds", "It is 1.", 1.0, 0.9, 1.1, marks, "size", "width", log)


def spec(found, theme=LIGHT):
    return points.chart(tables.points(found), found, theme).to_dict()


def rows(drawn, mark, **having):
    """The rows of the layers with this mark, and with these properties of it."""
    layers = [layer for layer in drawn["layer"] if {"type": mark, **having}.items() <= layer["mark"].items()]
    return [row for layer in layers for row in drawn["datasets"][(layer.get("data") or drawn["data"])["name"]]]


@every_claim
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_point_of_a_finding_is_drawn_once(claim, theme):
    found = KEPT[claim.id]
    drawn = spec(found, theme)
    known = sorted(point.value for point in found.points if not math.isnan(point.value))
    zero = [value for value in known if value == 0 and found.log]
    assert len(rows(drawn, "circle")) + len(zero) == len(known)
    if not found.log:
        assert sorted(row["middle"] for row in rows(drawn, "circle")) == known
    assert vl_convert.vegalite_to_vega(drawn, vl_version=VERSION)


@every_claim
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_small_picture_has_every_point_and_every_name(claim, theme):
    found = KEPT[claim.id]
    drawn = ElementTree.fromstring(sketches.picture(tables.points(found), found, theme))
    counts = Counter(element.tag.rpartition("}")[2] for element in drawn.iter())
    zeros = sum(point.value == 0 for point in found.points) if found.log else 0
    names = {point.series for point in found.points}
    assert counts["circle"] == len(found.points) - zeros
    assert counts["path"] == zeros
    said = " ".join(element.text for element in drawn.iter() if element.text)  # a long name is told in two lines
    assert all(name in said for name in names) or len(names) == 1
    assert all(bound.said in said for bound in found.bounds)
    assert all(point.x in said for point in found.points if isinstance(point.x, str))
    place = [float(v) for e in drawn.iter() for name, v in e.attrib.items() if name in ("cx", "x", "x1", "x2")]
    assert all(0 <= x <= WIDTH for x in place)


@every_claim
def test_the_words_of_the_small_picture_stand_apart_and_within_it(claim):
    drawn = ElementTree.fromstring(sketches.picture(tables.points(KEPT[claim.id]), KEPT[claim.id], LIGHT))
    places = []
    for element in drawn.iter():
        if element.text:
            x, y, width = float(element.get("x")), float(element.get("y")), 7.0 * len(element.text)
            left = x - {"start": 0, "middle": 0.5, "end": 1}[element.get("text-anchor")] * width
            assert y > svg.SIZE - 3
            assert left > -7
            assert left + width < WIDTH + 7
            places.append((left, y, width))
    for i, (left, y, width) in enumerate(places):
        for other, below, wide in places[:i]:
            assert abs(y - below) >= 11 or left > other + wide - 4 or other > left + width - 4


def test_the_small_picture_names_what_is_no_number_and_takes_text_as_text():
    lost = finding(("<b>", 1, 1.0), ("gone", 1, math.nan))
    drawn = sketches.picture(tables.points(lost), lost, LIGHT)
    assert "gone: not a number" in drawn
    assert "&lt;b&gt;" in drawn
    for log in (True, False):
        nothing = finding(("gone", 1, math.nan), log=log)
        assert ElementTree.fromstring(sketches.picture(tables.points(nothing), nothing, LIGHT)) is not None


def test_over_numbers_a_line_and_beside_names_a_bar():
    numbers, names = finding(("a", 1, 1.0), ("a", 2, 3.0)), finding(("a", "one", 1.0), ("a", "two", 3.0))
    assert [row["middle"] for row in rows(spec(numbers), "line")] == [1.0, 3.0]
    assert [row["high"] for row in rows(spec(names), "rule")] == pytest.approx([1.1, 3.3])


@pytest.mark.parametrize(("x", "shape"), [(1, "triangle-down"), ("one", "triangle-left")])
def test_an_exact_zero_is_a_mark_of_its_own_at_the_end_of_a_log_axis(x, shape):
    drawn = spec(finding(("a", x, 0.0), ("b", x, 1e-5)))
    (zero,) = rows(drawn, "point", shape=shape)
    assert 0 < zero["middle"] < 1e-5
    assert [row["middle"] for row in rows(drawn, "circle")] == [1e-5]


@pytest.mark.parametrize(("x", "axis"), [(1, "y"), ("one", "x")])
def test_what_values_are_read_against_is_a_line_with_its_meaning(x, axis):
    plain = finding(("a", x, 10.0))
    drawn = spec(replace(plain, bounds=(Bound(1e-3, "vanished below"),)))
    (rule,) = [layer for layer in drawn["layer"] if layer["mark"].get("strokeDash")]
    assert rule["encoding"][axis]["field"] == "bound"
    assert rule["encoding"][axis]["scale"]["domain"][0] <= 1e-3
    assert [row["words"] for row in rows(drawn, "text", color=LIGHT.quiet)] == ["vanished below"]
    assert "strokeDash" not in str(spec(plain))


def test_what_is_no_number_is_named():
    drawn = spec(finding(("fine", 1, 1.0), ("gone", 1, math.nan)))
    assert [row["words"] for row in rows(drawn, "text")] == ["gone: not a number"]


def test_a_finding_of_nothing_but_nan_can_be_drawn():
    for log in (True, False):
        assert vl_convert.vegalite_to_vega(spec(finding(("gone", 1, math.nan), log=log)), vl_version=VERSION)


def test_series_named_after_initializers_have_their_colors_and_no_two_look_alike():
    chosen = points.colors(["He", "sigmoid", "Standard normal", "tanh"], LIGHT)
    assert chosen[0] == LIGHT.initializer("he")
    assert chosen[2] == LIGHT.initializer("normal")
    assert len(set(chosen)) == 4
