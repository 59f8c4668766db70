"""Losses: the right value however large the logits, and the gradient that belongs to it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.losses import LOSSES, constant_loss, constant_output

SOFTMAX, SIGMOID, SQUARED = (LOSSES[name] for name in ("softmax", "sigmoid", "squared"))
RUNS, CLASSES, M = 2, 4, 3
logits = arrays(np.float64, (RUNS, CLASSES, M), elements=st.floats(-50, 50))
classes = arrays(np.int64, (RUNS, M), elements=st.integers(0, CLASSES - 1))


def one_hot(labels):
    return np.eye(CLASSES)[labels].swapaxes(1, 2)


def value(loss, Z, Y):
    """The loss (runs,) and ŷ, with overflow on the way allowed, as in training."""
    prediction = np.empty_like(Z)
    with np.errstate(all="ignore"):
        return loss.forward(Z, Y, prediction), prediction


def slope(loss, Z, Y, h=1e-5):
    numeric = np.empty_like(Z)
    for index in np.ndindex(Z.shape[1:]):
        step = np.zeros_like(Z)
        step[:, *index] = h
        numeric[:, *index] = (value(loss, Z + step, Y)[0] - value(loss, Z - step, Y)[0]) / (2 * h)
    return numeric


@given(logits, classes)
def test_softmax_loss_is_log_sum_exp_less_the_chosen_logit(Z, labels):
    loss, prediction = value(SOFTMAX, Z, one_hot(labels))
    total = np.logaddexp.reduce(Z, axis=1)
    chosen = np.take_along_axis(Z, labels[:, None], axis=1)[:, 0]
    np.testing.assert_allclose(loss, (total - chosen).mean(axis=1), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(prediction, np.exp(Z - total[:, None]), rtol=1e-12)
    np.testing.assert_allclose(prediction.sum(axis=1), 1, rtol=1e-12)


@given(arrays(np.float64, (RUNS, 1, M), elements=st.floats(-50, 50)), arrays(np.bool_, (RUNS, 1, M)))
def test_sigmoid_loss_is_log_one_plus_exp_less_the_logit_of_the_ones(Z, Y):
    loss, prediction = value(SIGMOID, Z, Y.astype(float))
    expected = np.logaddexp(0, np.where(Y, -Z, Z)).mean(axis=(1, 2))
    np.testing.assert_allclose(loss, expected, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(prediction, np.exp(-np.logaddexp(0, -Z)), rtol=1e-12)


@given(logits, logits)
def test_squared_loss_is_the_mean_over_outputs_and_examples(Z, Y):
    loss, prediction = value(SQUARED, Z, Y)
    np.testing.assert_allclose(loss, ((Z - Y) ** 2).sum(axis=(1, 2)) / (CLASSES * M), rtol=1e-12)
    np.testing.assert_array_equal(prediction, Z)


@pytest.mark.parametrize("name", LOSSES)
def test_gradient_is_the_slope_of_the_mean_loss(name):
    rng = np.random.default_rng(0)
    outputs = 1 if name == "sigmoid" else CLASSES
    Z = rng.normal(0, 2, (RUNS, outputs, M))
    Y = rng.normal(size=Z.shape)
    if name == "softmax":
        Y = one_hot(rng.integers(0, CLASSES, (RUNS, M)))
    elif name == "sigmoid":
        Y = rng.integers(0, 2, Z.shape).astype(float)
    loss = LOSSES[name]
    buffer = np.full_like(Z, np.nan)
    gradient = loss.gradient(value(loss, Z, Y)[1], Y, out=buffer)
    assert gradient is buffer
    np.testing.assert_allclose(gradient, slope(loss, Z, Y), rtol=0, atol=1e-9)


@pytest.mark.parametrize("size", [1e3, 1e10, 1e30])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_extreme_logits_do_not_overflow(dtype, size):
    Z = np.zeros((1, CLASSES, 2), dtype)
    Z[0, 0] = size
    right, wrong = (one_hot(np.full((1, 2), label)).astype(dtype) for label in (0, 1))
    for Y, expected in ((right, 0), (wrong, size)):
        loss, prediction = value(SOFTMAX, Z, Y)
        np.testing.assert_allclose(loss, expected, rtol=1e-6)
        np.testing.assert_array_equal(prediction[0, :, 0], [1, 0, 0, 0])
    two = np.full((1, 1, 2), size, dtype)
    for Z, Y, expected in ((two, 1, 0), (two, 0, size), (-two, 0, 0), (-two, 1, size)):
        loss, prediction = value(SIGMOID, Z, np.full_like(two, Y))
        np.testing.assert_allclose(loss, expected, rtol=1e-6)
        assert np.isfinite(prediction).all()


def test_a_common_shift_of_the_logits_changes_nothing():
    rng = np.random.default_rng(0)
    Z, Y = rng.normal(size=(RUNS, CLASSES, M)), one_hot(rng.integers(0, CLASSES, (RUNS, M)))
    np.testing.assert_allclose(value(SOFTMAX, Z, Y)[0], value(SOFTMAX, Z + 100, Y)[0], rtol=1e-12)


def test_a_confident_float32_loss_keeps_the_difference_of_large_logits():
    Z = np.array([[[1e8], [1e8 - 8]]], np.float32)
    Y = np.array([[[0], [1]]], np.float32)
    assert value(SOFTMAX, Z, Y)[0][0] == pytest.approx(8 + np.log1p(np.exp(-8)), rel=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_nan_is_never_hidden_and_stays_in_its_run(name):
    Z = np.zeros((RUNS, 1 if name == "sigmoid" else CLASSES, M))
    Y = np.zeros_like(Z)
    Y[:, 0] = 1
    Z[1, 0, 1] = np.nan
    loss, prediction = value(LOSSES[name], Z, Y)
    np.testing.assert_array_equal(np.isnan(loss), [False, True])
    np.testing.assert_array_equal(np.isnan(prediction).any(axis=(1, 2)), [False, True])


@pytest.mark.parametrize("name", LOSSES)
def test_the_loss_is_float64_and_the_prediction_is_not(name):
    Z = np.zeros((RUNS, 1, M), np.float32)
    loss, prediction = value(LOSSES[name], Z, np.ones_like(Z))
    assert loss.dtype == np.float64
    assert loss.shape == (RUNS,)
    assert prediction.dtype == np.float32


@pytest.mark.parametrize(("dtype", "kept", "lost"), [("float32", -70, -72), ("float64", -670, -675)])
def test_a_share_whose_products_would_underflow_is_none(dtype, kept, lost):
    Z = np.array([0, kept, lost], dtype)[None, :, None]
    prediction = value(SOFTMAX, Z, np.array([1.0, 0, 0])[None, :, None])[1].ravel()
    precision = np.finfo(dtype)
    assert prediction[2] == 0
    assert prediction[1] * precision.eps >= precision.smallest_normal
    np.testing.assert_allclose(prediction[1], np.exp(np.array(kept, dtype)), rtol=4 * precision.eps)


TARGETS = {
    "softmax": np.eye(3)[[0, 0, 0, 1, 0, 2]],
    "sigmoid": np.array([[0.0], [1], [0], [0], [0]]),
    "squared": np.arange(6.0)[:, None] ** 2,
}


@pytest.mark.parametrize("name", LOSSES)
def test_the_best_output_without_an_input_costs_what_guessing_costs(name):
    Y = TARGETS[name]
    Z = np.repeat(constant_output(name, Y)[None, :, None], len(Y), axis=2)
    assert value(LOSSES[name], Z, Y.T[None])[0] == pytest.approx(constant_loss(name, Y))


def test_a_class_without_examples_has_a_finite_output():
    np.testing.assert_allclose(constant_output("softmax", np.eye(3)[[0, 1]]), np.log([0.5, 0.5, 0.25]))
    assert constant_output("sigmoid", np.zeros((4, 1))) == np.log(0.5 / 3.5)
