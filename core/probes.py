"""What is measured in a layer: sizes of signals and gradients, saturated, dead and identical units. All in float64."""

from __future__ import annotations

import numpy as np

from core.activations import Activation

Array = np.ndarray

# Two units are identical when no incoming weight (bias included) differs by more than this many ε of the dtype, times
# the largest weight of the layer: the size of error a few hundred rounded additions leave, far below any learnt weight.
IDENTICAL_EPS = 32
SATURATED_SLOPE = 0.01  # a (unit, example) pair counts as saturated under this share of the activation's largest slope
HISTOGRAM_BINS = 48
DECADES = (-12.0, 12.0)  # what the histograms of unbounded activations span


def norms(gradient: Array, scratch: Array, out: Array) -> Array:
    """Frobenius norms (runs,) of (runs, rows, columns) into `out`; `scratch` is float64 (runs, ≥ rows · columns)."""
    wide = scratch[:, : gradient.shape[1] * gradient.shape[2]]
    np.copyto(wide.reshape(gradient.shape), gradient)
    np.vecdot(wide, wide, out=out)
    return np.sqrt(out, out=out)


def frobenius(matrix: Array) -> Array:
    """Frobenius norms (runs,) of (runs, rows, columns), accumulated in float64."""
    return np.linalg.norm(matrix.astype(np.float64), axis=(1, 2))


def rms(signal: Array) -> Array:
    """Root of the mean square over units and examples (runs,) of (runs, n_l, m)."""
    wide = signal.astype(np.float64)
    return np.sqrt((wide * wide).mean(axis=(1, 2)))


def saturated(slope: Array, activation: Activation) -> Array:
    """The share (runs,) of (unit, example) pairs with |g′(z)| under 1 % of its maximum; slope: g′(Z) (runs, n_l, m)."""
    return (np.abs(slope) < SATURATED_SLOPE * activation.max_slope).mean(axis=(1, 2))


def dead(slope: Array) -> Array:
    """The share (runs,) of units whose slope is zero on every example of the batch."""
    return (slope == 0).all(axis=2).mean(axis=1)


def unit_spread(theta: Array) -> Array:
    """Largest difference (runs,) between two units' incoming weights or biases; theta (runs, n_l, n_{l−1} + 1)."""
    wide = theta.astype(np.float64)
    return (wide.max(axis=1) - wide.min(axis=1)).max(axis=1)


def rounding(theta: Array) -> Array:
    """The difference (runs,) up to which two units count as identical, for a layer of that dtype and scale."""
    return IDENTICAL_EPS * np.finfo(theta.dtype).eps * np.abs(theta).max(axis=(1, 2)).astype(np.float64)


def distinct_units(theta: Array) -> Array:
    """How many groups of identical units each run (runs,) has; 0 where weights are not finite."""
    tolerances = rounding(theta)
    return np.array([_groups(rows, limit) for rows, limit in zip(theta.astype(np.float64), tolerances, strict=True)])


def _groups(rows: Array, tolerance: float) -> int:
    """Groups of rows within the tolerance of a group's first member.

    Identical rows have nearby sums, so only rows in one run of nearby sums are compared: usually none or all of them.
    """
    if not np.isfinite(rows).all():
        return 0
    if (rows.max(axis=0) - rows.min(axis=0)).max() <= tolerance:
        return 1
    signs = np.where(np.arange(rows.shape[1]) % 3 == 0, -1.0, 1.0)
    sums = rows @ signs
    order = np.argsort(sums, kind="stable")
    apart = np.diff(sums[order]) > tolerance * rows.shape[1]
    edges = np.concatenate([[0], np.flatnonzero(apart) + 1, [len(rows)]])
    lengths = np.diff(edges)
    chains = [order[edges[i] : edges[i + 1]] for i in np.flatnonzero(lengths > 1)]
    return int((lengths == 1).sum()) + sum(_groups_of(rows[chain], tolerance) for chain in chains)


def _groups_of(rows: Array, tolerance: float) -> int:
    count = 0
    while len(rows):
        rows = rows[np.abs(rows - rows[0]).max(axis=1) > tolerance]
        count += 1
    return count


def histogram_edges(activation: Activation) -> Array:
    """The bins' edges: values of A over its range where g is bounded, else decades of |A|, both ends open."""
    low, high = activation.limits if np.isfinite(activation.limits).all() else DECADES
    return np.linspace(low, high, HISTOGRAM_BINS + 1)


def histogram(A: Array, activation: Activation) -> Array:
    """How much of A (runs, n_l, m) falls into each bin, and is exactly zero: shares (runs, bins + 1), zeros last.

    Values beyond an edge count in the bin at that edge; non-finite values count nowhere, so shares may sum to under 1.
    """
    edges = histogram_edges(activation)
    flat = A.reshape(len(A), -1)
    usable = np.isfinite(flat) & (flat != 0)
    values = np.where(usable, flat, 1.0).astype(np.float64)
    if not np.isfinite(activation.limits).all():
        values = np.log10(np.abs(values))
    place = (values - edges[0]) * (HISTOGRAM_BINS / (edges[-1] - edges[0]))
    index = np.clip(place, 0, HISTOGRAM_BINS - 1).astype(np.int64)
    index[flat == 0] = HISTOGRAM_BINS
    width = HISTOGRAM_BINS + 2  # the last bin takes what is not finite, and is dropped
    index[~np.isfinite(flat)] = HISTOGRAM_BINS + 1
    index += width * np.arange(len(A))[:, None]
    counts = np.bincount(index.ravel(), minlength=width * len(A)).reshape(len(A), width)
    return counts[:, :-1] / flat.shape[1]
