"""Activations: each derivative belongs to its function, and neither hides nor invents a non-finite number."""

import jax
import numpy as np
import pytest
from scipy.special import ndtr

from core.activations import ACTIVATIONS

jax.config.update("jax_enable_x64", True)

PEERS = {
    "linear": lambda z: z,
    "sigmoid": jax.nn.sigmoid,
    "tanh": jax.numpy.tanh,
    "relu": jax.nn.relu,
    "leaky_relu": lambda z: jax.nn.leaky_relu(z, 0.01),
    "elu": jax.nn.elu,
    "selu": jax.nn.selu,
    "gelu": lambda z: jax.nn.gelu(z, approximate=True),
    "gelu_exact": lambda z: jax.nn.gelu(z, approximate=False),
    "silu": jax.nn.silu,
    "softplus": jax.nn.softplus,
}
# Where a slope is the small difference of larger numbers (GELU: up to 61 at |z| = 8) their rounding is left over.
LOST = 64
# An even number of points keeps 0, where some have a kink, half a spacing away.
GRID = np.linspace(-8, 8, 320)
DENSE = np.linspace(-30, 30, 600_001)
STEPWISE = {"linear", "relu", "leaky_relu"}  # their slope is a constant or a step: it has no NaN to pass on

every_activation = pytest.mark.parametrize("g", ACTIVATIONS.values(), ids=ACTIVATIONS)


@pytest.fixture(autouse=True)
def _overflow_is_data():
    """As in training: exp may overflow on its way to a right answer."""
    with np.errstate(all="ignore"):
        yield


def test_the_catalogue_holds_them_by_their_names():
    assert set(ACTIVATIONS) == set(PEERS)
    assert all(g.name == name for name, g in ACTIVATIONS.items())


@every_activation
def test_derivative_is_the_slope_of_the_function(g):
    h = 1e-6
    slope = (g.function(GRID + h) - g.function(GRID - h)) / (2 * h)
    np.testing.assert_allclose(g.derivative(GRID), slope, rtol=0, atol=2e-9)


@pytest.fixture(scope="module")
def of_jax():
    """{name: its values and slopes on the grid}, compiled as one."""
    return jax.jit(lambda z: {name: (peer(z), jax.vmap(jax.grad(peer))(z)) for name, peer in PEERS.items()})(GRID)


@every_activation
def test_function_and_derivative_are_those_of_jax(g, of_jax):
    lost = 4 * LOST * np.finfo("float64").eps  # on either side, in its own way
    for seen, expected in zip((g.function(GRID), g.derivative(GRID)), of_jax[g.name], strict=True):
        np.testing.assert_allclose(seen, expected, rtol=1e-12, atol=lost)


@every_activation
def test_float32_is_float64_but_for_rounding(g):
    Z = GRID.astype(np.float32)
    assert g.function(Z).dtype == g.derivative(Z).dtype == np.float32
    lost = LOST * np.finfo("float32").eps
    np.testing.assert_allclose(g.function(Z), g.function(Z.astype(float)), rtol=1e-6, atol=lost)
    np.testing.assert_allclose(g.derivative(Z), g.derivative(Z.astype(float)), rtol=1e-6, atol=lost)


@every_activation
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_writing_into_the_input_gives_the_same_bits(g, dtype):
    Z = np.random.default_rng(1).normal(0, 3, (2, 7, 11)).astype(dtype)
    A, slope = g.function(Z), g.derivative(Z)
    for expected, call in (
        (A, lambda out: g.function(out, out=out)),
        (slope, lambda out: g.derivative(out, out=out)),
        (slope, lambda out: g.derivative(out, A, out=out)),
    ):
        buffer = Z.copy()
        assert call(buffer) is buffer
        assert buffer.tobytes() == expected.tobytes()


@every_activation
def test_the_arguments_are_left_alone(g):
    Z = GRID.copy()
    A = g.function(Z)
    g.derivative(Z, A)
    np.testing.assert_array_equal(Z, GRID)
    np.testing.assert_array_equal(A, g.function(GRID))


@every_activation
def test_max_slope_is_the_largest_slope_there_is(g):
    assert np.abs(g.derivative(DENSE)).max() == pytest.approx(g.max_slope, abs=1e-3)


@every_activation
def test_values_stay_within_the_limits_and_come_near_them(g):
    A, (low, high) = g.function(DENSE), g.limits
    digit = 5e-5  # minima that have no closed form are given to four decimals
    assert A.min() >= low - digit
    assert A.max() <= high + digit
    assert A.min() == pytest.approx(low, abs=1e-3) or (low == -np.inf and A.min() < -0.1)
    assert A.max() == pytest.approx(high, abs=1e-3) or (high == np.inf and A.max() > 20)


@every_activation
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_huge_numbers_give_finite_ones(g, dtype):
    huge = np.array([1e30, -1e30, 3e38, -3e38, 100, -100, 1e4, -1e4], dtype)
    assert np.isfinite(g.function(huge)).all()
    slope = g.derivative(huge)
    assert np.isfinite(slope).all()
    assert (np.abs(slope) <= g.max_slope * (1 + 1e-6)).all()


@every_activation
def test_nan_is_never_hidden(g):
    Z = np.array([[0.5, np.nan, -2.0]])
    np.testing.assert_array_equal(np.isnan(g.function(Z)), np.isnan(Z))
    if g.name not in STEPWISE:
        np.testing.assert_array_equal(np.isnan(g.derivative(Z)), np.isnan(Z))


def test_each_gelu_is_named_after_the_form_that_it_computes():
    for name, exact in (("gelu", False), ("gelu_exact", True)):
        g = ACTIVATIONS[name]
        strays = np.abs(g.function(DENSE) - DENSE * ndtr(DENSE)).max()
        assert strays == 0 if exact else 4e-4 < strays < 5e-4
        assert ("exact" in g.label, "tanh" in g.label) == (exact, not exact)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_far_out_the_slope_of_the_exact_gelu_is_zero_or_one(dtype):
    far = np.array([-np.inf, -1e30, -40, 40, 1e30, np.inf], dtype)
    np.testing.assert_array_equal(ACTIVATIONS["gelu_exact"].derivative(far), [0, 0, 0, 1, 1, 1])


@pytest.mark.parametrize("name", ["relu", "leaky_relu"])
def test_at_the_kink_the_slope_is_the_left_one(name):
    g = ACTIVATIONS[name]
    assert g.derivative(np.zeros(1))[0] == g.derivative(np.array([-1.0]))[0]
