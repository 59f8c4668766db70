"""The pictures of claims: every condition is drawn at its value, once, and what has no number is named."""

import numpy as np
import pytest
import vl_convert

from core.claims import CLAIMS, measurements
from core.claims.judging import judge
from pages.parts.figures.charts import claims

from .drawn import DARK, LIGHT, VERSION

MEASURED = measurements.read()[1]


def spec(key, change=lambda values: values, theme=LIGHT):
    """The picture of a claim whose pictured numbers are changed."""
    claim = CLAIMS[key]
    measured = [
        [change(values) if check.quantity is claim.pictured else values for values in found]
        for check, found in zip(claim.all_checks, MEASURED[key], strict=True)
    ]
    return claims.chart(claims.tabulate(judge(claim, measured)), claim, theme).to_dict()


def rows(drawn, mark, **having):
    """The rows of the layers with this mark, and with these properties of it."""
    layers = [layer for layer in drawn["layer"] if {"type": mark, **having}.items() <= layer["mark"].items()]
    return [row for layer in layers for row in drawn["datasets"][(layer.get("data") or drawn["data"])["name"]]]


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_condition_is_drawn_once(claim, theme):
    drawn = spec(claim.id, theme=theme)
    table = claims.tabulate(judge(claim, MEASURED[claim.id]))
    marks = rows(drawn, "point")
    known = table.dropna()
    assert sorted((row["series"], str(row["x"])) for row in marks) == sorted(
        zip(known["series"], map(str, known["x"]), strict=True)
    )
    assert len(rows(drawn, "text", text="overflows")) == len(table) - len(known)
    limits = {row["limit"] for row in rows(drawn, "rule", strokeDash=[5, 4])}
    assert limits == {*claim.drawn_limits}
    assert vl_convert.vegalite_to_vega(drawn, vl_version=VERSION)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_an_initializer_has_its_own_color_and_no_color_stands_for_two(theme):
    scales = [spec(key, theme=theme)["layer"][-1]["encoding"]["color"]["scale"] for key in CLAIMS]
    drawn = dict(zip(CLAIMS, scales, strict=True))["C15"]
    own = {"He": "he", "Xavier": "xavier", "Glorot average": "glorot", "Standard normal": "normal"}
    assert dict(zip(drawn["domain"], drawn["range"], strict=True)) == {
        label: theme.initializer(name) for label, name in own.items()
    }
    assert all(len({*scale["range"]}) == len(scale["domain"]) for scale in scales)


def test_titles_and_statements_are_all_different():
    assert len({claim.title for claim in CLAIMS.values()}) == len({claim.statement for claim in CLAIMS.values()}) == 18


def test_over_numbers_a_line_and_beside_names_a_bar():
    assert len(rows(spec("C12"), "line")) == 5
    assert len(rows(spec("C05"), "rule", strokeWidth=3)) == 4


@pytest.mark.parametrize(("key", "shape"), [("C12", "triangle-down"), ("C05", "triangle-left")])
def test_an_exact_zero_is_a_mark_of_its_own_at_the_end_of_a_log_axis(key, shape):
    low = min(values.min() for values in MEASURED[key][1 if key == "C05" else 0])
    drawn = spec(key, lambda values: np.where(values.min() == low, 0.0, values))
    (zero,) = (row for row in rows(drawn, "point") if row["shape"] == shape)
    assert 0 < zero["middle"] < low


def test_what_is_no_number_is_named_and_a_picture_of_nothing_else_can_be_drawn():
    for key in ("C05", "C18"):
        drawn = spec(key, lambda values: np.full_like(values, np.nan))
        assert len(rows(drawn, "text", text="overflows")) == len(claims.tabulate(judge(CLAIMS[key], MEASURED[key])))
        assert vl_convert.vegalite_to_vega(drawn, vl_version=VERSION)


def test_a_picture_is_as_high_as_its_rows_and_its_legend():
    one, two = (claims.tabulate(judge(CLAIMS[key], MEASURED[key])) for key in ("C05", "C18"))
    assert claims.height(one) < claims.height(two)
    assert claims.height(two[two["series"] == "ReLU"]) < claims.height(two)
