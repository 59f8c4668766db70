"""Theory's border on a map, and the map in a sentence."""

from dataclasses import replace

import numpy as np
import pytest

from core.settings import Experiment, Variant
from core.sweep import Axis, Sweep, SweepResult
from core.sweep.border import border, verdict
from core.theory.gains import find_fixed_point
from core.wording import number
from tests.core.theory.test_gains import DEPTH_SCALES

GAINS = Axis.parse("gain", "0.5:2:5")
DEPTHS = Axis("depth", (2, 4, 8))
RATES = Axis.parse("learning_rate", "0.01:1:3")


def sweep(x, y, activation="tanh", initializer="xavier", bias_std=0.0, depth=4):
    variant = Variant(initializer, bias_std=bias_std)
    base = Experiment("digits", (16,) * depth, activation, (variant,), seeds=2, steps=5, batch_size=16)
    return Sweep(base, x, y)


def test_the_border_of_tanh_is_that_of_the_literature():
    """σ_b² = 0.05, and σ_w² = gain² of Xavier's weights."""
    gains = Axis("gain", (0.9, 2.0))
    found = border(sweep(gains, DEPTHS, bias_std=np.sqrt(0.05)))
    assert found.critical == pytest.approx([np.sqrt(1.761)], rel=1e-3)
    for variance, layers in DEPTH_SCALES.items():
        nearest = np.abs(found.x - np.sqrt(variance)).argmin()
        at = np.sqrt(variance)
        low, high = sorted((found.y[nearest - 1], found.y[nearest + 1]))
        assert low <= 6 * layers <= high, at
    assert f"changed {number(np.exp(6 / 2))}-fold (Schoenholz" in found.sentence


def test_a_border_lies_along_whichever_axis_is_depth():
    upward, sideways = border(sweep(GAINS, DEPTHS, "relu")), border(sweep(DEPTHS, GAINS, "relu"))
    np.testing.assert_array_equal(upward.x, sideways.y)
    np.testing.assert_array_equal(upward.y, sideways.x)
    assert upward.critical == pytest.approx([np.sqrt(2)], rel=1e-3)


def test_without_depth_the_border_is_where_the_limit_is_the_networks_depth():
    found = border(sweep(GAINS, RATES, "relu", depth=10))
    assert found.x == pytest.approx(np.sqrt(2 * np.exp([-0.6, 0.6])), rel=1e-3)  # 6/|ln χ| = 10, χ = gain²/2
    assert "10 hidden layers" in found.sentence
    assert "under 60 hidden layers everywhere" in border(sweep(Axis("gain", (0.5, 0.8)), RATES, depth=60)).sentence
    level = border(sweep(RATES, DEPTHS, "relu", "he"))
    assert len(level.critical) == 0
    assert (level.y > 1e3).all()  # He's weights keep the gradient


@pytest.mark.parametrize(
    ("activation", "spread", "variance"), [("tanh", 0.05, 1.761), ("relu", 0.0, 2), ("relu", 1.0, 2)]
)
def test_over_gain_and_biases_the_border_is_the_critical_line(activation, spread, variance):
    """σ_b² = 0.05 with tanh: Schoenholz et al. 2017; ReLU's slope is 1 on half of its inputs whatever the biases."""
    gains, biases = Axis("gain", (0.9, 2.0)), Axis("bias_std", (0.0, np.sqrt(0.05), 1.0))
    found, turned = border(sweep(gains, biases, activation)), border(sweep(biases, gains, activation))
    at_spread = np.interp(np.sqrt(spread), found.y, found.x)
    assert at_spread**2 == pytest.approx(variance, rel=2e-3)
    np.testing.assert_array_equal((found.x, found.y), (turned.y, turned.x))
    assert "keeps its size" in found.sentence


def test_the_critical_line_passes_through_a_value_that_is_critical_itself():
    """He's weights with ReLU at gain 1, and the standard normal's at width 2."""
    found = border(sweep(Axis("gain", (0.5, 1.0, 2.0)), Axis("bias_std", (0.0, 1.0)), "relu", "he"))
    assert found.x == pytest.approx(np.ones(len(found.x)))
    assert len(found.x) > 2
    widths = border(sweep(Axis("width", (1, 8)), Axis("bias_std", (0.0, 1.0)), "relu", "normal"))
    assert widths.x == pytest.approx(np.full(len(widths.x), 2))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (sweep(Axis("threshold", (1, 2)), RATES), "no limit for learning rate and clipping threshold"),
        (sweep(GAINS, DEPTHS, initializer="constant"), "no limit for Constant weights"),
        (sweep(Axis("gain", (0.5, 0.8)), Axis("bias_std", (0, 1))), "not on this map"),
    ],
)
def test_where_there_is_no_border_a_sentence_says_so(given, words):
    found = border(given)
    assert words in found.sentence
    assert len(found.x) == len(found.y) == len(found.critical) == 0


def filled(of, loss):
    result = SweepResult(of)
    result.add(of.cells, {name: np.zeros((len(of.cells), 2)) for name in ("forward_factor", "backward_factor")} | loss)
    return result


def test_the_border_is_of_plain_layers_alone():
    plain = sweep(GAINS, DEPTHS, "relu")
    designed = Sweep(replace(plain.base, normalization="batch"), plain.x, plain.y)
    assert len(border(plain).x)
    assert not len(border(designed).x)
    assert "without normalization and skips" in border(designed).sentence
    assert Sweep.from_dict(designed.to_dict()) == designed


def test_the_banner_counts_networks_and_says_how_deep_they_learn():
    of = sweep(GAINS, DEPTHS, bias_std=np.sqrt(0.05))
    loss = np.array([[0.1 if row < 2 else 5.0] * 2 for row, _ in of.cells])
    result = filled(of, {"final_loss": loss, "accuracy": loss * 0, "diverged_at": loss * 0 - 1})
    assert verdict(result, border(of)).sentence == (
        "**67\N{NO-BREAK SPACE}% of networks learn**; at gain 1 up to 4 layers (theory: 22)."
    )
    details = verdict(result, border(of)).details
    assert "20 learn" in details
    limits = [6 * find_fixed_point("tanh", gain, np.sqrt(0.05)).depth_scale for gain in GAINS.values[:2]]
    ratios = " to ".join(number(4 / limit) for limit in reversed(limits))
    assert "At 2 values of gain theory's depth limit is on the map; " in details
    assert f"the deepest networks that learn have {ratios} times that depth." in details


def test_the_banner_counts_what_is_counted():
    of = sweep(Axis("width", (4, 8, 16)), DEPTHS, initializer="normal")
    loss = np.full((len(of.cells), 2), 0.1)
    result = filled(of, {"final_loss": loss, "accuracy": loss, "diverged_at": loss * 0 - 1})
    assert "learn**; with 8 units up to 8 layers" in verdict(result, border(of)).sentence


def test_without_depth_the_banner_says_how_the_others_end():
    of = sweep(GAINS, RATES)
    lost = np.array([[row == 2] * 2 for row, _ in of.cells])
    loss = np.where(lost, np.nan, 0.1)
    result = filled(of, {"final_loss": loss, "accuracy": loss, "diverged_at": np.where(lost, 3.0, -1.0)})
    sentence = verdict(result, border(of)).sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert sentence == "**67 % of networks learn**; 33 % overflow."


def test_of_zero_weights_it_names_no_limit_below_a_layer_and_no_depth_that_is_not_reached():
    of = sweep(GAINS, DEPTHS, initializer="zeros")
    loss = np.full((len(of.cells), 2), 5.0)
    found = verdict(filled(of, {"final_loss": loss, "accuracy": loss * 0, "diverged_at": loss * 0 - 1}), border(of))
    assert found.sentence.endswith("at gain 1 none does (theory: under 1).")
    assert found.details.endswith("30 stall (no better than guessing).")


def test_one_network_learns_and_two_learn():
    of = sweep(Axis("gain", (0.5,)), Axis("learning_rate", (0.1, 0.2)))
    ends = {"final_loss": [[0.1, 5], [2, np.nan]], "accuracy": [[1, 0.1], [0.5, 0]], "diverged_at": [[-1, -1], [-1, 2]]}
    result = filled(of, {name: np.array(values, dtype=float) for name, values in ends.items()})
    details = verdict(result, border(of)).details
    for words in ("Of 4 networks, 1 learns (", "1 overflows and 1 stalls (", "The other one ends in between."):
        assert words in details


def test_where_no_network_learns_its_depth_is_no_share_of_theorys():
    of = sweep(GAINS, DEPTHS, bias_std=np.sqrt(0.05))
    loss = np.full((len(of.cells), 2), 5.0)
    found = verdict(filled(of, {"final_loss": loss, "accuracy": loss * 0, "diverged_at": loss * 0 - 1}), border(of))
    assert found.details.endswith("theory's depth limit is on the map, and no network learns there.")
