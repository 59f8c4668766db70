"""Theory: wide networks start as it predicts."""

import numpy as np
import pytest

from core import Experiment, Variant, run
from core.activations import ACTIVATIONS
from core.agreement import expected
from core.initializers import INITIALIZERS
from core.theory import bias_variances, predict, weight_variances

SIGNALS = ("activation_rms", "dz_rms")
NORMS = ("weight_gradient_norm", "bias_gradient_norm")
ARTICLES = ("he", "xavier", "glorot")
# One draw strays from the root mean square of all by up to 17 % (GELU): so many seeds bring the standard error
# under half of the bound for ReLU, whose spread is log-normal and wide, and under a third of it for all others.
SEEDS = {"relu": 30, "gelu": 26, "gelu_exact": 26, "leaky_relu": 18, "silu": 10}
# Between layers of one width Glorot is Xavier: it is tried with the activations of the article alone.
OTHERS = [
    *[(name, start) for name in ("linear", "leaky_relu", "elu", "selu") for start in ("he", "xavier")],
    *[(name, "xavier") for name in ("gelu", "gelu_exact", "silu", "softplus")],
]


def experiment(activation, *variants, depth=12, width=512, seeds=8, **settings):
    return Experiment("digits", (width,) * depth, activation, variants, seeds, steps=1, **settings)


def deviations(started):
    """{quantity: geometric mean over the seeds of measured over predicted median, less 1, hidden layer by layer}."""
    result = run(started)
    prediction = expected(result, 0)
    return {
        name: np.exp(np.log(getattr(result, name)[0, :, 0] / prediction.median(name))[:, :-1].mean(axis=0)) - 1
        for name in (*SIGNALS, *NORMS)
    }


def worst(found, names):
    return max(np.abs(found[name]).max() for name in names)


@pytest.mark.parametrize("start", ARTICLES)
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
def test_twelve_wide_layers_are_within_five_percent(activation, start):
    started = experiment(activation, Variant(start), seeds=SEEDS.get(activation, 8))
    assert worst(deviations(started), SIGNALS) < 0.05


@pytest.mark.parametrize(("activation", "start"), OTHERS)
def test_twelve_wide_layers_of_every_other_activation_are_within_ten_percent(activation, start):
    """But for GELU, SiLU and softplus under He, whose dZ of the first layers is up to 13, 13 and 18 % larger: there the
    gradient at the output depends on the last weights, which then carry it back; theory takes the two as independent.
    """
    started = experiment(activation, Variant(start), seeds=SEEDS.get(activation, 8))
    assert worst(deviations(started), SIGNALS) < 0.1


@pytest.mark.parametrize(
    ("activation", "variant"),
    [
        *[("tanh", Variant(f"{name}_uniform")) for name in ARTICLES],
        *[("tanh", Variant(name)) for name in ("orthogonal", "lsuv", "pytorch_default", "keras_default")],
        *[(name, Variant("sklearn_default")) for name in ("tanh", "sigmoid")],
        ("tanh", Variant("lsuv", gain=1.5)),
        ("tanh", Variant("normal", gain=0.05)),
        ("tanh", Variant("zeros", noise=0.05)),
        ("tanh", Variant("constant", gain=0, noise=0.05)),
        ("tanh", Variant("xavier", gain=0.5, noise=0.03)),
        ("tanh", Variant("he", bias_std=0.5)),
        ("sigmoid", Variant("pytorch_default", gain=2, bias_std=0.2)),
    ],
    ids=lambda value: getattr(value, "label", value),
)
def test_every_other_start_is_predicted_by_its_variances_alone(activation, variant):
    found = deviations(experiment(activation, variant, depth=5))
    assert worst(found, SIGNALS) < 0.03
    assert worst(found, NORMS) < 0.08


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_lsuv_is_predicted_where_the_mean_of_z_is_not_zero_too(activation):
    found = deviations(experiment(activation, Variant("lsuv"), depth=5))
    assert worst(found, ["activation_rms"]) < 0.03
    assert worst(found, ["dz_rms"]) < 0.1


@pytest.mark.parametrize("bias_std", [0, 0.5])
@pytest.mark.parametrize(("activation", "data"), [("sigmoid", "curve"), ("tanh", "curve"), ("relu", "moons")])
def test_lsuv_is_predicted_of_a_single_output_and_with_biases(activation, data, bias_std):
    """What is fitted is the variance of W A, over examples alone where there is one unit: theory took a second moment
    of Z, and was off by a factor of ten to a thousand. The fit of one unit strays far: hence the bound by the error.
    """
    started = Experiment(data, (64,) * 4, activation, (Variant("lsuv", bias_std=bias_std),), 50, steps=1)
    result, prediction = run(started), expected(run(started), 0)
    for name in (*SIGNALS, *NORMS):
        logs = np.log(getattr(result, name)[0, :, 0] / prediction.median(name))[:, :-1]
        error = logs.std(axis=0, ddof=1) / np.sqrt(50)
        assert (np.abs(logs.mean(axis=0)) < np.maximum(0.02, 3 * error)).all()
        assert (error < 0.2).all()


def test_gradients_of_saturated_units_are_predicted_where_examples_are_alike():
    """The slopes of examples that lie along a curve go together, as the few units do that are not saturated."""
    started = Experiment("curve", (200, 200), "tanh", (Variant("normal", gain=3),), 50, steps=1)
    found = deviations(started)
    assert worst(found, SIGNALS) < 0.1
    assert worst(found, NORMS) < 0.1


def test_the_signal_of_tanh_and_xavier_falls_as_one_over_twice_the_depth():
    """q − 2q² is the mean square of tanh at a small q: so that the mean square, times 2l, tends to 1."""
    depth = 4000
    found = predict(
        (1,) * (depth + 2), ACTIVATIONS["tanh"], np.ones(depth + 1), np.zeros(depth + 1), *np.ones((2, 1, 1))
    )
    square = found.activation_rms[:-1] ** 2
    slopes = [np.log10(square[10 * n - 1] / square[n - 1]) for n in (4, 40, 400)]
    np.testing.assert_allclose(slopes, -1, atol=0.03)
    np.testing.assert_allclose(slopes[2], -1, atol=0.002)
    assert 2 * depth * square[-1] == pytest.approx(1, abs=0.002)


def test_sixty_wide_layers_of_tanh_and_xavier_follow_that_power_of_depth():
    result = run(experiment("tanh", Variant("xavier"), depth=60, seeds=6, batch_size=32))
    square = (result.activation_rms[0, :, 0, :-1] ** 2).mean(axis=0)
    depths = np.arange(1, 61)
    np.testing.assert_allclose(np.sqrt(square) / expected(result, 0).activation_rms[0, :-1], 1, atol=0.05)
    np.testing.assert_allclose((2 * depths * square)[9:], 1, atol=0.1)
    assert np.polyfit(np.log(depths[9:]), np.log(square[9:]), 1)[0] == pytest.approx(-1, abs=0.06)


def test_a_constant_start_has_no_variance_to_go_by():
    sizes, tanh = (4, 8, 2), ACTIVATIONS["tanh"]
    assert weight_variances(INITIALIZERS["constant"], sizes, tanh, noise=0.1) is None
    np.testing.assert_allclose(weight_variances(INITIALIZERS["constant"], sizes, tanh, 0, 0.1), 0.01)


def test_variances_add_up():
    sizes, tanh = (4, 8, 2), ACTIVATIONS["tanh"]
    np.testing.assert_allclose(weight_variances(INITIALIZERS["he"], sizes, tanh, 3, 0.1), [4.51, 2.26])
    np.testing.assert_allclose(bias_variances(INITIALIZERS["he"], sizes, tanh, 0.1), 0.01)
    np.testing.assert_allclose(
        bias_variances(INITIALIZERS["pytorch_default"], sizes, tanh, 0.1), [1 / 12 + 0.01, 1 / 24 + 0.01]
    )


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_zero_weights_are_predicted_to_carry_exactly_nothing(activation):
    X, dZ = np.ones((4, 3)), np.full((2, 3), 0.5)
    found = predict((4, 8, 2), ACTIVATIONS[activation], np.zeros(2), np.zeros(2), X, dZ)
    np.testing.assert_array_equal(found.activation_rms, [0, np.nan])
    np.testing.assert_allclose(found.dz_rms, [0, 0.5])
    np.testing.assert_array_equal(found.weight_gradient_norm, [0, 0])
    np.testing.assert_allclose(found.bias_gradient_norm, [0, np.linalg.norm(dZ.sum(axis=1))])
