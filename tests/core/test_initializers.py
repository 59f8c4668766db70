"""Initializers: each draws by its own law, with enough weights to tell it from every other law."""

from itertools import combinations

import numpy as np
import pytest

from core.initializers import INITIALIZERS

# Written down anew, from the papers and the frameworks' documentation: the variance of a weight by (n_in, n_out).
LAWS = {
    "normal": lambda n_in, n_out: 1.0,
    "he": lambda n_in, n_out: 2 / n_in,
    "xavier": lambda n_in, n_out: 1 / n_in,
    "glorot": lambda n_in, n_out: 2 / (n_in + n_out),
    "he_uniform": lambda n_in, n_out: 2 / n_in,
    "xavier_uniform": lambda n_in, n_out: 1 / n_in,
    "glorot_uniform": lambda n_in, n_out: 2 / (n_in + n_out),
    "pytorch_default": lambda n_in, n_out: 1 / (3 * n_in),
    "keras_default": lambda n_in, n_out: 2 / (n_in + n_out),
    "sklearn_default": lambda n_in, n_out: 2 / (n_in + n_out),
    "orthogonal": lambda n_in, n_out: 1 / max(n_in, n_out),
    "lsuv": lambda n_in, n_out: 1 / max(n_in, n_out),
}
NORMAL = ("normal", "he", "xavier", "glorot")
UNIFORM = ("he_uniform", "xavier_uniform", "glorot_uniform", "pytorch_default", "keras_default", "sklearn_default")
ORTHOGONAL = ("orthogonal", "lsuv")
FANS = ((200, 500), (500, 200))
TOLERANCE = 4 / np.sqrt(
    2 * 200 * 500
)  # four standard errors of a normal sample's std, relative; a uniform one has less

unequal_fans = pytest.mark.parametrize("fans", FANS, ids=str)


def draw(name, fans, seed=0, activation="relu"):
    return INITIALIZERS[name].draw(np.random.default_rng(seed), *fans, activation)


def test_every_initializer_has_its_law_here():
    assert {*LAWS, "zeros", "constant"} == set(INITIALIZERS)
    assert {*NORMAL, *UNIFORM, *ORTHOGONAL} == set(LAWS)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_weights_are_fan_out_by_fan_in_in_float64(name):
    W = draw(name, (3, 5))
    assert W.shape == (5, 3)
    assert W.dtype == np.float64


@unequal_fans
@pytest.mark.parametrize("name", LAWS)
def test_std_is_the_law(name, fans):
    assert INITIALIZERS[name].std(*fans) == pytest.approx(np.sqrt(LAWS[name](*fans)), rel=1e-12)


@unequal_fans
@pytest.mark.parametrize("name", LAWS)
def test_draws_have_mean_zero_and_the_std_of_the_law(name, fans):
    W, std = draw(name, fans), np.sqrt(LAWS[name](*fans))
    assert W.std() == pytest.approx(std, rel=TOLERANCE)
    assert abs(W.mean()) < 4 * std / np.sqrt(W.size)


@unequal_fans
def test_the_tolerance_tells_any_two_laws_apart(fans):
    stds = {round(float(np.sqrt(law(*fans))), 12) for law in LAWS.values()}
    assert len(stds) >= 5
    for a, b in combinations(stds, 2):
        assert abs(a - b) > 2 * TOLERANCE * max(a, b)


@pytest.mark.parametrize("name", NORMAL + UNIFORM)
def test_the_fourth_moment_tells_normal_from_uniform(name):
    W = draw(name, (200, 500))
    expected = 3.0 if name in NORMAL else 1.8
    assert (W**4).mean() / (W**2).mean() ** 2 == pytest.approx(expected, abs=0.1)


@unequal_fans
@pytest.mark.parametrize("name", UNIFORM)
def test_uniform_draws_fill_their_bounds(name, fans):
    bound = np.sqrt(3 * LAWS[name](*fans))
    largest = np.abs(draw(name, fans)).max()
    assert 0.999 * bound < largest <= bound


@pytest.mark.parametrize("fans", [*FANS, (30, 30), (1, 7), (7, 1)], ids=str)
@pytest.mark.parametrize("name", ORTHOGONAL)
def test_orthogonal_draws_have_orthonormal_rows_or_columns(name, fans):
    W = draw(name, fans)
    gram = W @ W.T if fans[1] <= fans[0] else W.T @ W
    np.testing.assert_allclose(gram, np.eye(min(fans)), rtol=0, atol=1e-12)


def test_orthogonal_draws_are_uniform_over_all_rotations():
    """Without the correction of signs, the diagonal of a QR's Q leans to one side."""
    rng = np.random.default_rng(0)
    corners = np.array([INITIALIZERS["orthogonal"].draw(rng, 2, 2).diagonal() for _ in range(4000)])
    assert (np.abs(corners.mean(axis=0)) < 4 * np.sqrt(0.5 / 4000)).all()


def test_zeros_are_zero_and_a_constant_is_one_value():
    assert not draw("zeros", (5, 7)).any()
    values = np.unique(draw("constant", (5, 7)))
    assert values.size == 1
    assert values[0] != 0
    assert INITIALIZERS["zeros"].std(5, 7) == INITIALIZERS["constant"].std(5, 7) == 0


def test_scikit_learn_draws_less_for_the_logistic_function():
    std = INITIALIZERS["sklearn_default"].std(200, 500, "sigmoid")
    assert std == pytest.approx(np.sqrt(2 / 3 / 700), rel=1e-12)
    assert draw("sklearn_default", (200, 500), activation="sigmoid").std() == pytest.approx(std, rel=TOLERANCE)


@pytest.mark.parametrize(
    ("name", "activation", "bound"),
    [
        ("pytorch_default", "relu", np.sqrt(1 / 200)),
        ("sklearn_default", "relu", np.sqrt(6 / 20200)),
        ("sklearn_default", "sigmoid", np.sqrt(2 / 20200)),
    ],
)
def test_framework_biases_fill_the_bounds_of_that_framework(name, activation, bound):
    b = INITIALIZERS[name].draw_bias(np.random.default_rng(0), 200, 20000, activation)
    assert b.shape == (20000,)
    assert 0.999 * bound < np.abs(b).max() <= bound
    assert b.std() == pytest.approx(bound / np.sqrt(3), rel=4 / np.sqrt(2 * 20000))


@pytest.mark.parametrize("name", sorted(set(INITIALIZERS) - {"pytorch_default", "sklearn_default"}))
def test_all_other_biases_start_at_zero(name):
    b = INITIALIZERS[name].draw_bias(np.random.default_rng(0), 20, 30)
    assert b.shape == (30,)
    assert not b.any()


@pytest.mark.parametrize("name", INITIALIZERS)
def test_a_draw_depends_on_its_generator_alone(name):
    np.testing.assert_array_equal(draw(name, (4, 6), seed=3), draw(name, (4, 6), seed=3))
    if name not in ("zeros", "constant"):
        assert (draw(name, (4, 6), seed=3) != draw(name, (4, 6), seed=4)).all()


@pytest.mark.parametrize("name", INITIALIZERS)
def test_labels_formulas_and_sources_are_given(name):
    initializer = INITIALIZERS[name]
    assert initializer.name == name
    assert initializer.label
    assert initializer.formula
    assert initializer.source
    assert sum(other.label == initializer.label for other in INITIALIZERS.values()) == 1
