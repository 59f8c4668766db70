"""Stuck losses: each number that people ask about is told as what it is, and one that is none of them is not."""

import math

import numpy as np
import pytest

from core.advice.stuck_losses import CAUSES, KNOWN, MOST_CLASSES, explain
from core.losses import constant_loss

ASKED = {
    "2.3026": ("ln 10", "guessing"),
    "2.30": ("ln 10", "guessing"),
    "2,3026": ("ln 10", "guessing"),
    "0.6931": ("fair coin", "guessing"),
    "0.25": ("variance of a fair coin", "guessing"),
    "1.0986": ("ln 3", "guessing"),
    "2.31": ("ln 10", "guessing"),
    "4.605": ("ln 100", "guessing"),
    "4.997": ("if your data have 148 classes", "guessing"),
    "6.9078": ("ln 1000", "guessing"),
    "6.907755374908447": ("ln 1000", "guessing"),  # as float32 prints it
    "87.3365": ("smallest normal float32", "certain"),
    "16.118": ("Keras", "certain"),
    "27.631": ("10⁻¹²", "certain"),
    "100": ("BCELoss", "certain"),
    "NaN": ("not a number", "overflow"),
    "inf": ("infinite", "overflow"),
}


@pytest.mark.parametrize(("text", "answer"), ASKED.items())
def test_a_loss_that_people_ask_about_is_told_as_what_it_is(text, answer):
    found = explain(text)
    assert answer[0] in found.meaning
    assert found.cause == answer[1]
    assert CAUSES[found.cause].endswith(".")


@pytest.mark.parametrize("text", ["0.5", "0", "-2.3", "40", "1.2"])
def test_any_other_loss_is_not_explained(text):
    assert explain(text) is None


@pytest.mark.parametrize("text", ["4.0", "4.6", "5.0", "5.5", "6", "6.9"])
def test_too_few_digits_to_tell_the_number_of_classes_are_not_explained(text):
    assert explain(text) is None


def test_what_is_no_number_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="as a number"):
        explain("<b>two</b>")


def test_the_values_are_what_guessing_costs():
    for classes in (2, 3, 10, MOST_CLASSES):
        found = explain(str(constant_loss("softmax", np.eye(classes))))
        assert found.value == pytest.approx(math.log(classes))
        assert f"{classes} classes" in found.meaning
    coin = np.array([[0.0], [1.0]])
    assert explain(str(constant_loss("sigmoid", coin))).value == pytest.approx(math.log(2))
    assert explain(str(constant_loss("squared", coin))).value == 0.25
    assert len({known.value for known in KNOWN}) == len(KNOWN)
