"""Probes: each measure is its plain definition, and units are identical up to rounding and no further."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.activations import ACTIVATIONS
from core.engine import probes

EPS = np.finfo(np.float32).eps
shapes = st.tuples(st.integers(1, 3), st.integers(1, 6), st.integers(1, 6))
signals = shapes.flatmap(lambda shape: arrays(np.float32, shape, elements=st.floats(-(2.0**99), 2.0**99, width=32)))
slopes = shapes.flatmap(lambda shape: arrays(np.float64, shape, elements=st.sampled_from([0.0, 1e-9, 0.001, 0.3, 1.0])))


def symmetry(theta):
    """Of a layer at the first record: its scale is that of these weights."""
    return probes.unit_symmetry(theta, np.zeros(theta.shape[:-2]))


def planted(groups, copies, columns, dtype, seed=0):
    """[W b] of one run with `groups` well apart, each `copies` times, in shuffled order."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(groups, columns)).astype(dtype)
    return rows[rng.permutation(np.repeat(np.arange(groups), copies))][None]


def nearby(theta, amount, seed=1):
    """The same with every entry moved by up to `amount` tolerances; the largest weight is not."""
    _, tolerance, _ = symmetry(theta)
    moves = np.random.default_rng(seed).uniform(-amount, amount, theta.shape) * tolerance[0]
    return (theta + moves).astype(theta.dtype)


def naive_groups(rows, tolerance):
    """Groups of rows of which any two are within the tolerance, for rows where that is transitive."""
    firsts = []
    for row in rows.astype(float):
        if not any(np.abs(row - first).max() <= tolerance for first in firsts):
            firsts.append(row)
    return len(firsts)


@given(signals)
def test_norm_and_rms_are_right_to_rounding_where_squares_overflow_or_vanish_too(A):
    squares = [sum(float(a) ** 2 for a in run.ravel()) for run in A]
    with np.errstate(over="ignore"):
        norm, rms = probes.norms([A[:, None]])[:, 0], probes.rms([A])[:, 0]
    np.testing.assert_allclose(norm, np.sqrt(squares), rtol=4 * EPS)
    np.testing.assert_allclose(rms, np.sqrt(np.array(squares) / A[0].size), rtol=4 * EPS)


def test_the_norms_of_layers_are_those_of_their_parts_wherever_they_lie():
    gradient = np.random.default_rng(0).normal(size=(2, 20)).astype(np.float32)
    gradient[0, :6] *= 1e-25
    gradient[1, 6:] *= 1e25
    stacks = [gradient[:, :12].reshape(2, 2, 2, 3)[..., :-1], gradient[:, None, None, 12:]]
    out = np.empty((2, 5, 3))
    with np.errstate(over="ignore"):
        found = probes.norms(stacks, out=out[:, 1])
    layers = [stacks[0][:, 0], stacks[0][:, 1], stacks[1][:, 0]]
    expected = [[np.linalg.norm(layer[run].astype(float)) for layer in layers] for run in range(2)]
    np.testing.assert_allclose(found, expected, rtol=4 * EPS)
    np.testing.assert_array_equal(out[:, 1], found)


@given(slopes)
def test_saturated_and_dead_are_shares_of_pairs_and_of_units(slope):
    activation = ACTIVATIONS["tanh"]
    for run, saturated, dead in zip(slope, probes.saturated(slope, activation), probes.dead(slope), strict=True):
        pairs = [s < 0.01 * activation.max_slope for unit in run for s in unit]
        units = [all(s == 0 for s in unit) for unit in run]
        assert saturated == pytest.approx(sum(pairs) / len(pairs))
        assert dead == pytest.approx(sum(units) / len(units))


def test_saturation_is_measured_against_the_activations_own_largest_slope():
    slope = np.full((1, 1, 1), 0.005)
    assert probes.saturated(slope, ACTIVATIONS["tanh"])[0] == 1
    assert probes.saturated(slope, ACTIVATIONS["sigmoid"])[0] == 0


@given(shapes.flatmap(lambda shape: arrays(np.float64, shape, elements=st.floats(-1e3, 1e3))))
def test_unit_spread_is_the_largest_difference_between_two_units(theta):
    spread, _, _ = symmetry(theta)
    for run, seen in zip(theta, spread, strict=True):
        assert seen == max(np.abs(a - b).max() for a in run for b in run)


@given(shapes.flatmap(lambda shape: arrays(np.float64, shape, elements=st.sampled_from([-1.0, 0.0, 0.5, 1.0]))))
def test_distinct_units_are_the_distinct_rows(theta):
    _, tolerance, distinct = symmetry(theta)
    for run, limit, seen in zip(theta, tolerance, distinct, strict=True):
        assert seen == len({tuple(row) for row in run}) == naive_groups(run, limit)


@given(
    groups=st.integers(1, 8),
    copies=st.integers(1, 5),
    columns=st.integers(1, 9),
    dtype=st.sampled_from(["float32", "float64"]),
    seed=st.integers(0, 99),
)
def test_units_within_rounding_of_each_other_are_one_wherever_they_stand(groups, copies, columns, dtype, seed):
    theta = nearby(planted(groups, copies, columns, dtype, seed), 0.4)
    _, tolerance, distinct = symmetry(theta)
    assert distinct[0] == naive_groups(theta[0], tolerance[0]) == groups


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("column", [0, 3, 8])
def test_one_weight_beyond_rounding_makes_a_unit_distinct(column, dtype):
    theta = planted(4, 3, 9, dtype)
    _, tolerance, _ = symmetry(theta)
    theta[0, 5, column] += 4 * tolerance[0]
    assert symmetry(theta)[2][0] == 5


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_tolerance_is_in_units_of_epsilon_and_of_the_layers_largest_weight(dtype):
    theta = planted(4, 3, 9, dtype)
    expected = probes.IDENTICAL_EPS * np.finfo(dtype).eps * np.abs(theta).max()
    assert symmetry(theta)[1][0] == pytest.approx(expected, rel=1e-6)
    scaled = theta * np.array(1024, dtype)
    assert symmetry(scaled)[1][0] == 1024 * symmetry(theta)[1][0]
    assert symmetry(nearby(scaled, 0.4))[2][0] == 4


def test_a_layer_of_zeros_or_of_one_unit_is_one_group():
    for theta in (np.zeros((1, 5, 4)), np.ones((1, 1, 4))):
        spread, _, distinct = symmetry(theta)
        assert spread[0] == 0
        assert distinct[0] == 1


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_weights_that_are_not_finite_make_no_groups_and_leave_other_runs_alone(bad):
    theta = np.concatenate([planted(4, 3, 9, "float32")] * 2)
    theta[0, 2, 5] = bad
    with np.errstate(invalid="ignore"):
        spread, _, distinct = symmetry(theta)
    np.testing.assert_array_equal(distinct, [0, 4])
    np.testing.assert_array_equal(np.isfinite(spread), [False, True])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_histogram_counts_every_finite_value_once_and_zeros_apart(name):
    activation = ACTIVATIONS[name]
    A = activation.function(np.random.default_rng(0).normal(0, 2, (2, 40, 25)))
    A[0, :10] = 0
    A[1, :3], A[1, 3] = np.nan, np.inf
    shares = probes.histogram(A, activation)
    edges = probes.histogram_edges(activation)
    assert shares.shape == (2, len(edges))
    np.testing.assert_allclose(shares.sum(axis=1), [1, 0.9], rtol=1e-12)
    np.testing.assert_allclose(shares[:, -1], (A == 0).mean(axis=(1, 2)), rtol=1e-12)
    for run, seen in zip(A, shares, strict=True):
        values = run[np.isfinite(run) & (run != 0)]
        bounded = np.isfinite(activation.limits).all()
        values = np.clip(values if bounded else np.log10(np.abs(values)), edges[0], edges[-1])
        np.testing.assert_allclose(seen[:-1], np.histogram(values, edges)[0] / run.size, rtol=1e-12)


def test_histograms_of_unbounded_activations_are_by_decade_open_at_both_ends():
    relu = ACTIVATIONS["relu"]
    shares = probes.histogram(np.array([[[1e-30, 1e30, 1.0, 1e38]]], np.float32), relu)[0]
    assert shares[0] == 0.25
    assert shares[-2] == 0.5
    edges = probes.histogram_edges(relu)
    assert shares[np.searchsorted(edges, 0, side="right") - 1] == 0.25


def test_histograms_of_bounded_activations_span_their_range():
    assert probes.histogram_edges(ACTIVATIONS["tanh"])[[0, -1]].tolist() == [-1, 1]
    assert probes.histogram_edges(ACTIVATIONS["sigmoid"])[[0, -1]].tolist() == [0, 1]
