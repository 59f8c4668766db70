"""What is measured in a layer: norms, and saturated, dead and identical units."""

import math
from collections.abc import Sequence

import numpy as np

from core.activations import Activation, Array

# Two units are identical when no incoming weight or bias differs by more than this many ε of the
# dtype, times the layer's largest weight so far: what the rounding of some hundred additions leaves,
# whose terms are often larger than their sum. That weight counts as at least so many smallest normal
# numbers: below that, terms underflow.
IDENTICAL_EPS = 256
SMALLEST_SCALE = 128
SATURATED_SLOPE = 0.01  # of an activation's largest slope: below, a (unit, example) pair is saturated
HISTOGRAM_BINS = 48
HISTOGRAM_EXAMPLES = 32  # of the batch: enough values for a picture of a layer
DECADES = (-12.0, 12.0)  # what the histograms of unbounded activations span


def norms(stacks: Sequence[Array], out: Array | None = None) -> Array:
    """Frobenius norms (runs, L) in float64 of the layers in stacks (runs, layers, rows, columns)."""
    squares = [np.vecdot(stack, stack).astype(np.float64).sum(axis=2) for stack in stacks]
    out = np.concatenate(squares, axis=1, out=out)
    precision = np.finfo(stacks[0].dtype)
    unsure = ~((out > float(precision.smallest_normal) / float(precision.eps) ** 2) & (out < np.inf))
    if unsure.any():  # squares overflowed or vanished in the stacks' own dtype
        end = 0
        for stack in stacks:
            layers = slice(end, end := end + stack.shape[1])
            wide = stack[unsure[:, layers]].astype(np.float64)
            out[:, layers][unsure[:, layers]] = np.vecdot(wide, wide).sum(axis=1)
    return np.sqrt(out, out=out)


def rms(signals: Sequence[Array]) -> Array:
    """Root of the mean square over units and examples (runs, L) of signals, each (runs, n_l, m)."""
    sizes = [signal.shape[1] * signal.shape[2] for signal in signals]
    return norms([signal[:, None] for signal in signals]) / np.sqrt(sizes)


def saturated(slope: Array, activation: Activation) -> Array:
    """The share (runs,) of (unit, example) pairs that are saturated, of |g′(Z)| (runs, n_l, m)."""
    flat = slope < SATURATED_SLOPE * activation.max_slope
    # Run by run, because NumPy counts along an axis many times slower than in a whole array.
    return np.array([np.count_nonzero(run) for run in flat]) / (slope.shape[1] * slope.shape[2])


def dead(slope: Array) -> Array:
    """The share (runs,) of units whose |g′(Z)| (runs, n_l, m) is zero on every example."""
    return (~(slope != 0).any(axis=2)).mean(axis=1)


def unit_symmetry(theta: Array, scale: Array) -> tuple[Array, Array, Array]:
    """How alike the units of layers θ (…, n_l, n_{l−1} + 1) are, each (…).

    The largest difference of two units' weights or biases; the one up to which they count as identical,
    by the largest entry so far, kept in `scale`; and their groups, 0 where a weight is not finite.
    """
    highest, lowest = theta.max(axis=-2).astype(np.float64), theta.min(axis=-2).astype(np.float64)
    np.maximum(scale, np.maximum(highest.max(axis=-1), -lowest.min(axis=-1)), out=scale)
    spreads = highest - lowest
    widest = spreads.argmax(axis=-1)
    spread = spreads.max(axis=-1)
    precision = np.finfo(theta.dtype)
    smallest = SMALLEST_SCALE * float(precision.smallest_normal)
    tolerance = IDENTICAL_EPS * float(precision.eps) * np.maximum(scale, smallest)
    # Units far apart in one column are not identical: only neighbors in the widest may be.
    keys = np.take_along_axis(theta, widest[..., None, None], axis=-1)[..., 0].astype(np.float64)
    distinct = np.full(spread.shape, float(theta.shape[-2]))
    distinct[spread <= tolerance] = 1
    for place in zip(*np.nonzero(_may_be_alike(theta, keys, tolerance) & (spread > tolerance)), strict=True):
        distinct[place] = _groups(theta[place].astype(np.float64), keys[place], tolerance[place])
    distinct[~np.isfinite(spread)] = 0
    return spread, tolerance, distinct


def _may_be_alike(theta: Array, keys: Array, tolerance: Array) -> Array:
    """Which layers (…) have two neighboring `keys` (…, n_l) of equal rows, or three in tolerance."""
    order = np.argsort(keys, axis=-1)
    close = np.diff(np.take_along_axis(keys, order, axis=-1), axis=-1) <= tolerance[..., None]
    alike = np.asarray((close[..., 1:] & close[..., :-1]).any(axis=-1))
    *where, places = np.nonzero(close)
    layers = tuple(where)
    one, other = theta[*layers, order[*layers, places]], theta[*layers, order[*layers, places + 1]]
    distances = np.abs(one.astype(np.float64) - other).max(axis=-1)
    alike[tuple(index[distances <= tolerance[layers]] for index in layers)] = True
    return alike


def _groups(rows: Array, keys: Array, tolerance: float) -> int:
    """Groups of rows within the tolerance of their first; these lie in one chain of near keys."""
    order = np.argsort(keys, kind="stable")
    edges = np.concatenate([[0], np.flatnonzero(np.diff(keys[order]) > tolerance) + 1, [len(rows)]])
    lengths = np.diff(edges)
    groups = int((lengths == 1).sum())
    for i in np.flatnonzero(lengths > 1):
        chain = rows[order[edges[i] : edges[i + 1]]]
        while len(chain):
            chain = chain[np.abs(chain - chain[0]).max(axis=1) > tolerance]
            groups += 1
    return groups


def histogram_edges(activation: Activation) -> Array:
    """The bins' edges: values of A where g is bounded, else decades of |A|, both ends open."""
    low, high = activation.limits if activation.bounded else DECADES
    return np.linspace(low, high, HISTOGRAM_BINS + 1)


def histogram(A: Array, activation: Activation) -> Array:
    """Shares of A (runs, n_l, m) in each bin (runs, bins + 1), of exact zeros last.

    Of the first HISTOGRAM_EXAMPLES examples. Values beyond an edge count in the bin there; those that
    are not finite count nowhere, so shares may sum to under 1.
    """
    edges = histogram_edges(activation)
    low, per_bin = float(edges[0]), HISTOGRAM_BINS / float(edges[-1] - edges[0])
    flat = A[:, :, :HISTOGRAM_EXAMPLES].reshape(len(A), -1)
    finite, zero = np.isfinite(flat), flat == 0
    all_finite = finite.all()
    # Choosing entry by entry, as np.where does, takes longer than all the rest.
    values = flat if all_finite else np.where(finite, flat, 0)
    if not activation.bounded:
        with np.errstate(divide="ignore"):
            values = np.log(np.abs(values)) * math.log10(math.e)  # many times as fast as log10
    index = np.clip((values - low) * per_bin, 0, HISTOGRAM_BINS - 1).astype(np.int32)
    index += zero * np.int32(HISTOGRAM_BINS - (int(-low * per_bin) if activation.bounded else 0))
    width = HISTOGRAM_BINS + 2  # the last bin takes what is not finite, and is dropped
    if not all_finite:
        index[~finite] = HISTOGRAM_BINS + 1
    index += width * np.arange(len(A), dtype=np.int32)[:, None]
    counts = np.bincount(index.ravel(), minlength=width * len(A)).reshape(len(A), width)
    return counts[:, :-1] / flat.shape[1]
