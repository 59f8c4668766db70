"""Theory: wide networks start as it predicts."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from core import Experiment, Variant, run
from core.activations import ACTIVATIONS
from core.datasets import dataset
from core.theory.agreement import predict_first_step
from core.theory.expectations import mean_squares
from core.theory.mean_field import parameter_variances, predict

SIGNALS = ("activation_rms", "dz_rms")
NORMS = ("weight_gradient_norm", "bias_gradient_norm")
DIGITS = dataset("digits")
WIDE = (64, *(512,) * 8, 10)
# One draw strays from the root mean square of all by up to 17 % (GELU): so many seeds bring the standard error
# under half of the bound for ReLU, whose spread is log-normal and wide, and under a third of it for all others.
SEEDS = {"relu": 24, "gelu": 16, "gelu_exact": 16, "leaky_relu": 14}
# Between layers of one width Glorot is Xavier: it is tried with tanh alone.
WITHIN_FIVE_PERCENT = {
    *((name, start) for name in ("tanh", "sigmoid", "relu") for start in ("he", "xavier")),
    ("tanh", "glorot"),
}
WITHIN_TEN_PERCENT = {
    *((name, start) for name in ("linear", "leaky_relu", "elu", "selu") for start in ("he", "xavier")),
    *((name, "xavier") for name in ("gelu", "gelu_exact", "silu", "softplus")),
}


def draw(seed, sizes=WIDE, m=8):
    """A batch of digits X and Y, and standard normal matrices for all layers, in float32."""
    rng = np.random.default_rng(seed)
    batch = rng.choice(len(DIGITS.X_train), m, replace=False)
    matrices = [rng.standard_normal((n, k), dtype=np.float32) for k, n in pairwise(sizes)]
    return DIGITS.X_train[batch].T.astype(np.float32), DIGITS.Y_train[batch].T.astype(np.float32), matrices


def size(signal):
    return np.sqrt((signal.astype(float) ** 2).mean())


def propagate(g, stds, X, Y, matrices):
    """Sizes of A and of dZ (2, hidden layer) in a network with these weights and no biases, and dZ of its output."""
    A, sizes, slopes = X, [], []
    for std, W in zip(stds[:-1], matrices, strict=False):
        Z = std * (W @ A)
        A = g.function(Z)
        sizes.append(size(A))
        slopes.append(g.derivative(Z, A))
    Z = stds[-1] * (matrices[-1] @ A)
    output = np.exp(Z - Z.max(axis=0))
    dZ = last = (output / output.sum(axis=0) - Y) / Y.shape[1]
    errors = []
    for std, W, slope in zip(stds[:0:-1], matrices[:0:-1], slopes[::-1], strict=True):
        dZ = std * (W.T @ dZ) * slope
        errors.insert(0, size(dZ))
    return np.array([sizes, errors]), last


def test_eight_wide_layers_start_as_theory_predicts():
    """All from the same draws. But for GELU, SiLU and softplus under He, whose dZ of the first layers is up to 13, 13
    and 18 % larger: there the gradient at the output depends on the last weights, which then carry it back; theory
    takes the two as independent.
    """
    logs = {case: [] for case in WITHIN_FIVE_PERCENT | WITHIN_TEN_PERCENT}
    for seed in range(max(SEEDS.values())):
        X, Y, matrices = draw(seed)
        for activation, start in (case for case in logs if seed < SEEDS.get(case[0], 8)):
            g = ACTIVATIONS[activation]
            variances, _ = parameter_variances(Variant(start), WIDE, g)
            found, dZ = propagate(g, np.sqrt(variances).astype(np.float32), X, Y, matrices)
            prediction = predict(WIDE, g, variances, np.zeros(9), X.astype(float), dZ.astype(float))
            logs[activation, start].append(np.log(found / [prediction.median(name)[:-1] for name in SIGNALS]))
    off = {case: np.abs(np.exp(np.mean(found, axis=0)) - 1).max() for case, found in logs.items()}
    bounds = {case: 0.05 if case in WITHIN_FIVE_PERCENT else 0.1 for case in logs}
    assert {case: apart for case, apart in off.items() if not apart < bounds[case]} == {}


def deviations(result):
    """{quantity: geometric mean over the seeds of measured over predicted median, less 1 (variant, hidden layer)}."""
    predictions = [predict_first_step(result, variant) for variant in range(len(result.experiment.variants))]
    return {
        name: np.exp(
            np.log(getattr(result, name)[:, :, 0] / [each.median(name) for each in predictions])[..., :-1].mean(axis=1)
        )
        - 1
        for name in (*SIGNALS, *NORMS)
    }


def worst(found, names):
    return max(np.abs(found[name]).max() for name in names)


def started(activation, *variants, width, depth=5, data=DIGITS, seeds=8, **settings):
    """Of a first step, tested on a single example."""
    data = replace(data, X_test=data.X_test[:1], Y_test=data.Y_test[:1])
    return run(Experiment(data, (width,) * depth, activation, variants, seeds, steps=1, **settings))


@pytest.mark.parametrize(
    ("activation", "width", "variants"),
    [
        (
            "tanh",
            256,
            [
                *(Variant(name) for name in ("he_uniform", "xavier_uniform", "keras_default")),
                *(Variant(name) for name in ("orthogonal", "lsuv", "pytorch_default")),
                Variant("sklearn_default"),
                Variant("lsuv", gain=1.5),
                Variant("normal", gain=0.05),
                Variant("zeros", noise=0.05),
                Variant("constant", gain=0, noise=0.05),
                Variant("xavier", gain=0.5, noise=0.03),
                Variant("he", bias_std=0.5),
            ],
        ),
        ("sigmoid", 512, [Variant("sklearn_default"), Variant("pytorch_default", gain=2, bias_std=0.2)]),
    ],
)
def test_every_other_start_is_predicted_by_its_variances_alone(activation, width, variants):
    found = deviations(started(activation, *variants, width=width, batch_size=64))
    assert worst(found, SIGNALS) < 0.03
    assert worst(found, NORMS) < 0.08


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_lsuv_is_predicted_where_the_mean_of_z_is_not_zero_too(activation):
    found = deviations(started(activation, Variant("lsuv"), width=512, batch_size=64))
    assert worst(found, ["activation_rms"]) < 0.03
    assert worst(found, ["dz_rms"]) < 0.1


@pytest.mark.parametrize(("activation", "data"), [("sigmoid", "curve"), ("relu", "moons")])
def test_lsuv_is_predicted_of_a_single_output_and_with_biases(activation, data):
    """What is fitted is the variance of W A, over examples alone where there is one unit: theory took a second moment
    of Z, and was off by a factor of ten to a thousand. The fit of one unit strays far: hence the bound by the error.
    """
    variants = Variant("lsuv"), Variant("lsuv", bias_std=0.5)
    result = started(activation, *variants, width=64, depth=4, data=dataset(data), seeds=50, batch_size=32)
    for variant in range(2):
        prediction = predict_first_step(result, variant)
        for name in (*SIGNALS, *NORMS):
            logs = np.log(getattr(result, name)[variant, :, 0] / prediction.median(name))[:, :-1]
            error = logs.std(axis=0, ddof=1) / np.sqrt(50)
            assert (np.abs(logs.mean(axis=0)) < np.maximum(0.02, 3 * error)).all()
            assert (error < 0.2).all()


def test_gradients_of_saturated_units_are_predicted_where_examples_are_alike():
    """The slopes of examples that lie along a curve go together, as the few units do that are not saturated."""
    found = deviations(started("tanh", Variant("normal", gain=3), width=200, depth=2, data=dataset("curve"), seeds=50))
    assert worst(found, SIGNALS) < 0.1
    assert worst(found, NORMS) < 0.1


def test_the_signal_of_tanh_and_xavier_falls_as_one_over_twice_the_depth():
    """q − 2q² is the mean square of tanh at a small q: so that the mean square, times 2l, tends to 1."""
    depth, tanh = 4000, ACTIVATIONS["tanh"]
    square = np.empty(depth)
    for layer in range(depth):
        square[layer], _ = mean_squares(tanh, square[layer - 1] if layer else 1.0)
    slopes = [np.log10(square[10 * n - 1] / square[n - 1]) for n in (4, 40, 400)]
    np.testing.assert_allclose(slopes, -1, atol=0.03)
    np.testing.assert_allclose(slopes[2], -1, atol=0.002)
    assert 2 * depth * square[-1] == pytest.approx(1, abs=0.002)
    few = predict((1,) * 202, tanh, np.ones(201), np.zeros(201), *np.ones((2, 1, 1)))
    np.testing.assert_allclose(few.activation_rms[:-1] ** 2, square[:200], rtol=1e-9)


def test_sixty_wide_layers_of_tanh_and_xavier_follow_that_power_of_depth():
    sizes, tanh = (64, *(512,) * 60, 10), ACTIVATIONS["tanh"]
    variances, _ = parameter_variances(Variant("xavier"), sizes, tanh)
    squares = []
    for seed in range(6):
        X, Y, matrices = draw(seed, sizes, m=16)
        (found, _), dZ = propagate(tanh, np.sqrt(variances).astype(np.float32), X, Y, matrices)
        squares.append(found**2)
    square, depths = np.mean(squares, axis=0), np.arange(1, 61)
    predicted = predict(sizes, tanh, variances, np.zeros(61), X.astype(float), dZ).activation_rms[:-1]
    np.testing.assert_allclose(np.sqrt(square) / predicted, 1, atol=0.05)
    np.testing.assert_allclose((2 * depths * square)[9:], 1, atol=0.1)
    assert np.polyfit(np.log(depths[9:]), np.log(square[9:]), 1)[0] == pytest.approx(-1, abs=0.06)


def test_a_constant_start_has_no_variance_to_go_by():
    sizes, tanh = (4, 8, 2), ACTIVATIONS["tanh"]
    assert parameter_variances(Variant("constant", noise=0.1), sizes, tanh) is None
    assert parameter_variances(Variant("he", mean=0.1), sizes, tanh) is None
    np.testing.assert_allclose(parameter_variances(Variant("constant", 0, noise=0.1), sizes, tanh)[0], 0.01)


def test_variances_add_up():
    sizes, tanh = (4, 8, 2), ACTIVATIONS["tanh"]
    weights, biases = parameter_variances(Variant("he", 3, noise=0.1, bias_std=0.1), sizes, tanh)
    np.testing.assert_allclose(weights, [4.51, 2.26])
    np.testing.assert_allclose(biases, 0.01)
    _, biases = parameter_variances(Variant("pytorch_default", bias_std=0.1), sizes, tanh)
    np.testing.assert_allclose(biases, [1 / 12 + 0.01, 1 / 24 + 0.01])


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_zero_weights_are_predicted_to_carry_exactly_nothing(activation):
    X, dZ = np.ones((4, 3)), np.full((2, 3), 0.5)
    found = predict((4, 8, 2), ACTIVATIONS[activation], np.zeros(2), np.zeros(2), X, dZ)
    np.testing.assert_array_equal(found.activation_rms, [0, np.nan])
    np.testing.assert_allclose(found.dz_rms, [0, 0.5])
    np.testing.assert_array_equal(found.weight_gradient_norm, [0, 0])
    np.testing.assert_allclose(found.bias_gradient_norm, [0, np.linalg.norm(dZ.sum(axis=1))])
