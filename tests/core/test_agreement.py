"""Agreement: the sentence says what the measured and the predicted numbers say, and gives the reason that applies."""

import re
from dataclasses import fields

import numpy as np
import pytest
from scipy import stats

from core import Experiment, Variant, run
from core.activations import ACTIVATIONS
from core.agreement import NARROW, TOLERANCE, expected, sentence
from core.datasets import dataset
from core.draws import batch_indices
from core.initializers import INITIALIZERS
from core.theory import Prediction, bias_variances, predict, weight_variances
from core.wording import number, percent

QUANTITIES = ("activation_rms", "dz_rms", "weight_gradient_norm", "bias_gradient_norm")
every_quantity = pytest.mark.parametrize("quantity", QUANTITIES)


def judged(quantity, variant, **settings):
    """The sentence, and what it is about: measured (seed, hidden layer) and predicted (hidden layer,)."""
    result = run(Experiment(variants=(variant,), steps=1, **settings))
    prediction = expected(result, 0)
    said = sentence(result, quantity, [prediction])
    measured = getattr(result, quantity)[0, :, 0, :-1]
    return said, measured, None if prediction is None else getattr(prediction, quantity)[:-1]


def logarithms(measured, theory):
    """Means over the seeds of log(measured / theory), and half of their 95 % intervals, by layer."""
    logs = np.log(measured / theory)
    half = stats.t.ppf(0.975, len(logs) - 1) * stats.sem(logs, axis=0)
    return logs.mean(axis=0), half


def layer_named(said):
    return int(said.split("in layer ")[1].split()[0].rstrip(","))


@every_quantity
def test_wide_layers_agree_and_the_largest_difference_is_named(quantity):
    said, measured, theory = judged(quantity, Variant("xavier"), hidden=(256,) * 4, activation="tanh")
    means, half = logarithms(measured, theory)
    assert (np.abs(means) <= np.maximum(half, np.log1p(TOLERANCE))).all()
    assert said.startswith("Xavier: theory and measurement agree")
    assert f"{percent(np.expm1(np.abs(means).max()))} apart" in said


@every_quantity
def test_narrow_layers_are_named_with_their_width_and_the_layer_that_strays_most(quantity):
    said, measured, theory = judged(quantity, Variant("xavier"), hidden=(4,) * 20, activation="tanh")
    means, half = logarithms(measured, theory)
    layer = int(np.argmax(np.abs(means) - np.maximum(half, np.log1p(TOLERANCE))))
    assert f"measured is {number(np.exp(means[layer]))} times the theory in layer {layer + 1}," in said
    assert "layers of 4 units are narrow for 20 layers" in said


def test_saturated_layers_are_named():
    start, wide = Variant("normal", gain=10), (512,) * 5
    said, measured, theory = judged("bias_gradient_norm", start, hidden=wide, activation="sigmoid", seeds=20)
    assert sum(1 / n for n in wide) < NARROW
    means, _ = logarithms(measured, theory)
    layer = layer_named(said)
    assert f"measured is {number(np.exp(means[layer - 1]))} times the theory in layer {layer}," in said
    assert "most units are saturated" in said


def test_weights_that_go_both_ways_are_the_reason_that_is_left():
    """Softplus keeps its sign, so that the last weights decide the output's gradient, and then carry it back."""
    start, wide = Variant("he"), (256,) * 12
    said, measured, theory = judged("dz_rms", start, hidden=wide, activation="softplus", seeds=20)
    assert sum(1 / n for n in wide) < NARROW
    means, _ = logarithms(measured, theory)
    layer = layer_named(said)
    assert f"measured is {number(np.exp(means[layer - 1]))} times the theory in layer {layer}," in said
    assert "share their weights" in said


@pytest.mark.parametrize("quantity", QUANTITIES[1:])
def test_a_gradient_below_the_smallest_number_underflows_in_float32(quantity):
    settings = {"hidden": (64,) * 50, "activation": "sigmoid", "seeds": 2}
    said, measured, theory = judged(quantity, Variant("normal", gain=0.001), **settings)
    assert (theory > 0).all()
    assert "float32 underflows" in said
    assert (measured[:, layer_named(said) - 1] < np.finfo("float32").tiny).any()
    assert (measured[:, -1] > 0).all()
    said, measured, _ = judged(quantity, Variant("normal", gain=0.001), **settings, dtype="float64")
    assert (measured > 0).all()
    assert "flows" not in said


def test_a_signal_above_the_largest_number_overflows_in_the_layer_named():
    settings = {"hidden": (100,) * 50, "activation": "relu"}
    said, measured, theory = judged("activation_rms", Variant("normal", gain=3), **settings)
    layer = layer_named(said)
    assert "float32 overflows" in said
    assert np.isfinite(measured[:, : layer - 1]).all()
    assert not np.isfinite(measured[:, layer - 1]).all()
    assert np.isfinite(theory).all()
    assert (np.diff(np.log(theory)) > 0).all()


@every_quantity
def test_zero_weights_are_exactly_what_theory_has(quantity):
    said, measured, theory = judged(quantity, Variant("zeros"))
    assert not measured.any()
    assert not theory.any()
    assert said == "Zero: exactly 0, and theory's number is 0 as well."


@every_quantity
def test_a_common_value_has_no_theory(quantity):
    said, _, theory = judged(quantity, Variant("constant"))
    assert theory is None
    assert "says nothing of a common value" in said


def test_a_constant_of_which_nothing_is_left_has_the_theory_of_its_noise():
    _, _, theory = judged("dz_rms", Variant("constant", gain=0, noise=0.1))
    _, _, zeros = judged("dz_rms", Variant("zeros", noise=0.1))
    np.testing.assert_array_equal(theory, zeros)


def test_it_is_the_variant_asked_for_that_is_judged():
    variants = (Variant("constant"), Variant("xavier"), Variant("zeros", label="none"))
    result = run(Experiment(variants=variants, activation="tanh", hidden=(256,) * 2, steps=1))
    said = sentence(result, "dz_rms", [expected(result, i) for i in range(3)])
    assert re.fullmatch(r"Constant: .*common value\. Xavier: .*agree.*\. none: exactly 0.*\.", said)


def test_variants_of_which_the_same_is_to_be_said_share_a_sentence():
    result = run(Experiment(variants=(Variant("zeros"), Variant("he"), Variant("zeros", label="none")), steps=1))
    said = sentence(result, "dz_rms", [expected(result, i) for i in range(3)])
    assert said.startswith("Zero and none: exactly 0")
    assert " He: " in said
    assert said.count("exactly 0") == 1


@pytest.mark.parametrize(
    "variant", [Variant("he", gain=1.5, noise=0.1, bias_std=0.3), Variant("lsuv", gain=2), Variant("pytorch_default")]
)
def test_what_is_expected_is_the_root_mean_square_over_the_seeds_of_each_ones_prediction(variant):
    experiment = Experiment("moons", (9, 7), "tanh", (variant,), seeds=3, steps=1, batch_size=16, seed=5)
    result, X = run(experiment), dataset("moons").X_train
    initializer, g, sizes = INITIALIZERS[variant.initializer], ACTIVATIONS["tanh"], experiment.sizes
    weights = weight_variances(initializer, sizes, g, variant.gain, variant.noise)
    biases = bias_variances(initializer, sizes, g, variant.bias_std)
    predictions = []
    for index in range(3):
        batch = batch_indices((5, index), len(X), 16, 1)[0]
        fitted = variant.gain**2 if initializer.fits_data else None
        dZ = result.output_gradient[0, index]
        predictions.append(predict(sizes, g, weights, biases, X[batch].T, dZ, unit_variance=fitted))
    found = expected(result, 0)
    for name in (field.name for field in fields(Prediction)):
        squares = np.array([getattr(prediction, name) for prediction in predictions]) ** 2
        np.testing.assert_allclose(getattr(found, name), np.sqrt(squares.mean(axis=0)), rtol=1e-12, err_msg=name)


@pytest.mark.parametrize("gain", [1e4, 1.5e4, 1.8e4, 2e4, 2.4e4])
def test_where_squares_leave_the_range_of_float64_it_is_said_to_overflow(gain):
    """Theory may do so before what is measured does, or after."""
    start, settings = Variant("normal", gain=gain), {"hidden": (100,) * 30, "dtype": "float64"}
    said, measured, theory = judged("activation_rms", start, **settings)
    gone = not np.isfinite(measured).all() or not np.isfinite(theory).all()
    assert ("float64 overflows" in said) == gone
    assert "not a number" not in said


@pytest.mark.parametrize("quantity", QUANTITIES[1:])
def test_where_squares_vanish_in_float64_it_is_said_to_underflow(quantity):
    start, settings = Variant("normal", gain=0.001), {"activation": "sigmoid", "dtype": "float64"}
    said, _, theory = judged(quantity, start, hidden=(64,) * 64, **settings)
    assert theory[0] == 0
    assert theory[-1] > 0
    assert "in layer 1 float64 underflows" in said
