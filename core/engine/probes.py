"""What is measured in a layer: sizes of signals and gradients, saturated, dead and identical units."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.activations import Activation

Array = np.ndarray

# Two units are identical when no incoming weight (bias included) differs by more than this many ε of the dtype, times
# the layer's scale, its largest weight so far: what the rounding of some hundred additions leaves, whose terms are
# often larger than their sum. The scale is at least so many smallest normal numbers: below that, terms underflow.
IDENTICAL_EPS = 256
SMALLEST_SCALE = 128
SATURATED_SLOPE = 0.01  # a (unit, example) pair counts as saturated under this share of the activation's largest slope
HISTOGRAM_BINS = 48
HISTOGRAM_EXAMPLES = 32  # of the batch: enough values for a picture of a layer
DECADES = (-12.0, 12.0)  # what the histograms of unbounded activations span


def norms(matrices: Array, out: Array | None = None) -> Array:
    """Frobenius norms (runs,) of (runs, rows, columns), in float64.

    Rows are multiplied in the matrices' own dtype; a run whose squares overflow or vanish in it is taken again in
    float64.
    """
    squares = np.vecdot(matrices, matrices).astype(np.float64).sum(axis=1, out=out)
    unsure = _unsure(squares, matrices.dtype)
    if unsure.any():
        squares[unsure] = _wide_squares(matrices[unsure].reshape(np.count_nonzero(unsure), -1))
    return np.sqrt(squares, out=squares)


def layer_norms(gradient: Array, layers: Sequence[slice], out: Array) -> Array:
    """Norms of the layers of a flat gradient (runs, parameters), as in `norms`, written into `out` (runs, L)."""
    parts = [gradient[:, columns] for columns in layers]
    for layer, part in enumerate(parts):
        out[:, layer] = np.vecdot(part, part)
    unsure = _unsure(out, gradient.dtype)
    for place in np.flatnonzero(unsure.any(axis=0)):
        runs = unsure[:, place]
        out[runs, place] = _wide_squares(parts[place][runs])
    return np.sqrt(out, out=out)


def _unsure(squares: Array, dtype: np.dtype) -> Array:
    """Which sums of squares are too small or too large to be known in the dtype, 0 and NaN among them."""
    precision = np.finfo(dtype)
    return ~((squares > float(precision.smallest_normal) / float(precision.eps) ** 2) & (squares < np.inf))


def _wide_squares(vectors: Array) -> Array:
    wide = vectors.astype(np.float64)
    return np.vecdot(wide, wide)


def rms(signal: Array) -> Array:
    """Root of the mean square over units and examples (runs,) of (runs, n_l, m)."""
    return norms(signal) / np.sqrt(signal.shape[1] * signal.shape[2])


def saturated(slope: Array, activation: Activation) -> Array:
    """The share (runs,) of (unit, example) pairs with |g′| under 1 % of its maximum, of |g′(Z)| (runs, n_l, m)."""
    flat = slope < SATURATED_SLOPE * activation.max_slope
    # Run by run, because NumPy counts along an axis many times slower than in a whole array.
    return np.array([np.count_nonzero(run) for run in flat]) / (slope.shape[1] * slope.shape[2])


def dead(slope: Array) -> Array:
    """The share (runs,) of units whose slope |g′(Z)| (runs, n_l, m) is zero on every example of the batch."""
    return (~(slope != 0).any(axis=2)).mean(axis=1)


def extremes(matrices: Array) -> tuple[Array, Array]:
    """The highest and the lowest entry of every column of (runs, rows, columns), each (runs, columns) in float64."""
    return matrices.max(axis=1).astype(np.float64), matrices.min(axis=1).astype(np.float64)


def largest(highest: Array, lowest: Array) -> Array:
    """The largest absolute entry (runs,), from the columns' extremes."""
    return np.maximum(highest.max(axis=1), -lowest.min(axis=1))


def unit_symmetry(theta: Array, columns: tuple[Array, Array], scale: Array) -> tuple[Array, Array, Array]:
    """How alike the units of a layer are.

    theta is [W b] (runs, n_l, n_{l−1} + 1), `columns` its extremes, scale its largest entry so far (runs,). Returns,
    each (runs,): the spread, which is the largest difference between two units' incoming weights or biases;
    the difference up to which units count as identical; and how many groups of identical units there are (0 where a
    weight is not finite).
    """
    highest, lowest = columns
    spreads = highest - lowest
    widest = spreads.argmax(axis=1)
    spread = spreads.max(axis=1)
    precision = np.finfo(theta.dtype)
    smallest = SMALLEST_SCALE * float(precision.smallest_normal)
    tolerance = IDENTICAL_EPS * float(precision.eps) * np.maximum(scale, smallest)
    # Units far apart in one column are not identical: only neighbors in the widest column need a closer look.
    keys = theta[np.arange(len(theta)), :, widest].astype(np.float64)
    distinct = np.full(len(theta), float(theta.shape[1]))
    distinct[spread <= tolerance] = 1
    for run in np.flatnonzero(_may_be_alike(theta, keys, tolerance) & (spread > tolerance)):
        distinct[run] = _groups(theta[run].astype(np.float64), keys[run], tolerance[run])
    distinct[~np.isfinite(spread)] = 0
    return spread, tolerance, distinct


def _may_be_alike(theta: Array, keys: Array, tolerance: Array) -> Array:
    """Which runs (runs,) may hold identical units, with none left out; `keys` (runs, n_l) are one weight of each unit.

    Those with two neighboring keys of equal rows, or with three keys within the tolerance of each other.
    """
    order = np.argsort(keys, axis=1)
    close = np.diff(np.take_along_axis(keys, order, axis=1), axis=1) <= tolerance[:, None]
    alike = np.asarray((close[:, 1:] & close[:, :-1]).any(axis=1))
    runs, places = np.nonzero(close)
    one, other = theta[runs, order[runs, places]], theta[runs, order[runs, places + 1]]
    distances = np.abs(one.astype(np.float64) - other).max(axis=1)
    alike[runs[distances <= tolerance[runs]]] = True
    return alike


def _groups(rows: Array, keys: Array, tolerance: float) -> int:
    """Groups of rows within the tolerance of the group's first; identical rows lie in one chain of near keys."""
    order = np.argsort(keys, kind="stable")
    edges = np.concatenate([[0], np.flatnonzero(np.diff(keys[order]) > tolerance) + 1, [len(rows)]])
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
    low, high = activation.limits if activation.bounded else DECADES
    return np.linspace(low, high, HISTOGRAM_BINS + 1)


def histogram(A: Array, activation: Activation) -> Array:
    """How much of A (runs, n_l, m) falls into each bin, and is exactly zero: shares (runs, bins + 1), zeros last.

    Of the first HISTOGRAM_EXAMPLES examples. Values beyond an edge count in the bin at that edge; non-finite values
    count nowhere, so shares may sum to under 1.
    """
    edges = histogram_edges(activation)
    low, bin_width = float(edges[0]), float(edges[-1] - edges[0]) / HISTOGRAM_BINS
    flat = A[:, :, :HISTOGRAM_EXAMPLES].reshape(len(A), -1)
    usable = np.isfinite(flat) & (flat != 0)
    values = np.where(usable, flat, 1)
    if not activation.bounded:
        values = np.log(np.abs(values)) / np.log(10)  # several times as fast as log10
    place = (values - low) / bin_width
    index = np.clip(place, 0, HISTOGRAM_BINS - 1).astype(np.int64)
    np.copyto(index, HISTOGRAM_BINS, where=flat == 0)
    width = HISTOGRAM_BINS + 2  # the last bin takes what is not finite, and is dropped
    np.copyto(index, HISTOGRAM_BINS + 1, where=~np.isfinite(flat))
    index += width * np.arange(len(A))[:, None]
    counts = np.bincount(index.ravel(), minlength=width * len(A)).reshape(len(A), width)
    return counts[:, :-1] / flat.shape[1]
