"""What a non-linearity makes of Gaussian numbers: its integrals, at every scale and for every pair."""

import numpy as np
import pytest
from scipy import integrate

from core.activations import ACTIVATIONS
from core.theory import expectations as module
from core.theory.expectations import HOMOGENEOUS, mean_squares
from core.theory.mean_field import predict

SCALES = 10.0 ** np.arange(-6, 9)  # of the variance q of z


def density(u):
    return np.exp(-u * u / 2) / np.sqrt(2 * np.pi)


def expectations(name, q, p=None, correlation=1.0):
    """E[g(z) g(z′)] and E[g′(z) g′(z′)] for variances q and p, as the theory has them.

    A network of one hidden unit and two examples tells them: ‖dW^[2]‖² is the sum of K^[1] over the pairs with an
    error, ‖db^[1]‖² that of G^[1]. The sum over both examples, less each alone, leaves the pair.
    """
    p = q if p is None else p
    X = np.array([[1, correlation], [0, np.sqrt(1 - correlation**2)]]) * np.sqrt([q, p])
    sums = []
    for errors in ([1, 1], [1, 0], [0, 1]):
        found = predict((2, 1, 1), ACTIVATIONS[name], np.ones(2), np.zeros(2), X, np.array([errors], float))
        sums.append((found.weight_gradient_norm[1] ** 2, found.bias_gradient_norm[0] ** 2))
    both, first, second = np.array(sums)
    return (both - first - second) / 2


def integral(f, q):
    """E[f(z)] for z ~ N(0, q); the pieces meet where f of a large q turns."""
    corners = np.outer([-1, 1], [1e-2, 0.1, 0.3, 1, 3, 10, 30, 100]).ravel() / np.sqrt(q)
    corners = [0, -3, -1, 1, 3, *corners[np.abs(corners) < 12]]
    value, _ = integrate.quad(
        lambda u: f(np.sqrt(q) * u) * density(u), -12, 12, points=corners, limit=800, epsabs=0, epsrel=1e-10
    )
    return value


def at_point(function):
    return lambda z: float(function(np.array([[z]]))[0, 0])


@pytest.mark.parametrize("q", SCALES)
def test_half_of_a_gaussian_passes_relu(q):
    square, slope = expectations("relu", q)
    assert square == pytest.approx(q / 2, rel=1e-12)
    assert slope == pytest.approx(1 / 2, rel=1e-12)


@pytest.mark.parametrize("q", SCALES)
def test_all_of_a_gaussian_passes_a_linear_unit(q):
    for correlation in (-1, -0.3, 0, 0.8, 1):
        square, slope = expectations("linear", q, 9 * q, correlation)
        assert square == pytest.approx(3 * q * correlation, rel=1e-10, abs=1e-12 * q)
        assert slope == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_mean_squares_are_the_integrals_at_every_scale(name):
    """The slope is the harder one: at q = 10⁸ all of it lies within 10⁻⁴ of a standard deviation."""
    g = ACTIVATIONS[name]
    for q in SCALES[::2]:
        square, slope = expectations(name, q)
        with np.errstate(over="ignore"):
            assert square == pytest.approx(integral(lambda z: at_point(g.function)(z) ** 2, q), rel=1e-9)
            assert slope == pytest.approx(integral(lambda z: at_point(g.derivative)(z) ** 2, q), rel=1e-4)


@pytest.mark.parametrize("correlation", [-1, -0.5, 0, 0.2, 0.7, 0.95, 1])
@pytest.mark.parametrize("name", HOMOGENEOUS)
def test_pairs_through_two_rays_are_the_integrals_around_the_circle(name, correlation):
    """Such a g does not ask how far out a point of the plane is: of that, only E[r²] = 2 is left."""
    g, angle = ACTIVATIONS[name], np.arccos(correlation)
    around = (np.arange(100_000) + 0.5) * (2 * np.pi / 100_000)
    first, second = np.cos(around), np.cos(around - angle)
    square, slope = expectations(name, 2.0, 3.0, correlation)
    mean = 2 * (g.function(first) * g.function(second)).mean()
    assert square == pytest.approx(np.sqrt(6) * mean, abs=1e-8)
    assert slope == pytest.approx((g.derivative(first) * g.derivative(second)).mean(), abs=2e-5)


@pytest.mark.parametrize("name", HOMOGENEOUS)
def test_an_example_that_is_zero_has_the_slope_at_zero(name):
    """Beside one that is not zero, and beside itself."""
    g = ACTIVATIONS[name]
    at_zero, usual = float(g.derivative(np.zeros(1))[0]), g.derivative(np.array([-1.0, 1.0])).mean()
    assert expectations(name, 0.0, 1.0, 0.0) == pytest.approx((0, at_zero * usual))
    assert expectations(name, 0.0, 0.0, 0.0) == pytest.approx((0, at_zero**2))


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "gelu", "gelu_exact", "silu", "softplus"])
def test_pairs_through_smooth_activations_are_the_double_integrals(name):
    """By Gauss–Hermite quadrature in two dimensions."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    weights /= weights.sum()
    u, v = np.meshgrid(nodes, nodes)
    for correlation in (-0.6, 0, 0.4, 0.9):
        first, second = u, correlation * u + np.sqrt(1 - correlation**2) * v
        g = ACTIVATIONS[name]
        for seen, f in zip(expectations(name, 1.0, 1.0, correlation), (g.function, g.derivative), strict=True):
            assert seen == pytest.approx(weights @ (f(first) * f(second)) @ weights, abs=1e-5)


def over_the_plane(name, s, p, correlation):
    """E[g(z) g(z′)] and E[g′(z) g′(z′)] for scales s and p, by the trapezoidal rule along z ± z′ at equal scales."""
    t = np.linspace(-6, 6, 601)
    weights = density(t) * (t[1] - t[0])
    along, across = np.sqrt((1 + correlation) / 2) * t[:, None], np.sqrt((1 - correlation) / 2) * t
    first, second = s * (along + across), p * (along - across)
    g = ACTIVATIONS[name]
    return [weights @ (f(first) * f(second)) @ weights for f in (g.function, g.derivative)]


@pytest.mark.parametrize("scales", [(0.1, 0.1), (1, 3), (10, 10), (30, 30), (10, 30)], ids=str)
@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name not in HOMOGENEOUS])
def test_pairs_of_alike_examples_are_the_double_integrals_where_they_saturate_too(name, scales):
    bound = 1e-4 if name in ("tanh", "sigmoid") else 0.015
    for correlation in (-0.5, 0.999):
        found = expectations(name, scales[0] ** 2, scales[1] ** 2, correlation)
        np.testing.assert_allclose(found, over_the_plane(name, *scales, correlation), rtol=bound)


@pytest.mark.parametrize("variance", [1e-6, 1.0, 300.0])
def test_what_a_layer_passes_on_has_its_closed_form_where_there_is_one(variance):
    assert mean_squares(ACTIVATIONS["relu"], variance) == pytest.approx((variance / 2, 0.5), rel=1e-6)
    assert mean_squares(ACTIVATIONS["linear"], variance) == pytest.approx((variance, 1.0), rel=1e-6)


def test_the_logistic_density_is_a_mixture_of_these_gaussians():
    """By Gauss's quadrature in log κ, a = 2κ, where κ has Kolmogorov's distribution."""
    t = np.linspace(np.log(0.15), np.log(4), 2000)  # log κ
    square = np.exp(2 * t)
    # P(κ < x) = √(2π)/x Σ exp(−c/x²), of which this is the derivative by log x.
    c = np.arange(1, 60, 2)[:, None] ** 2 * np.pi**2 / 8
    weights = ((2 * c / square - 1) * np.exp(-c / square)).sum(axis=0) / np.sqrt(square)
    weights /= weights.sum()
    # The nodes are the eigenvalues of log κ among the polynomials that are orthonormal under its density.
    basis, _ = np.linalg.qr(np.sqrt(weights)[:, None] * np.vander(t, len(module._WIDTHS)))
    nodes, vectors = np.linalg.eigh(basis.T @ (t[:, None] * basis))
    np.testing.assert_allclose(module._WIDTHS, 2 * np.exp(nodes), rtol=1e-12)
    np.testing.assert_allclose(module._SHARES, (vectors.T @ (basis.T @ np.sqrt(weights))) ** 2, rtol=1e-10)
