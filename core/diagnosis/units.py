"""What a matrix does by itself: units that are alike or cut off, and how far it stretches and shrinks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.diagnosis.layers import Layer
from core.engine import probes

Array = np.ndarray

SPECTRUM_WORK = 2e8  # multiplications of a factorization, all layers together: about a second
_BLOCK, _STEPS = 8, 20  # of the iteration that finds the largest singular value where all would take too long


@dataclass(frozen=True)
class Spectrum:
    """Singular values in descending order, 0 where rounding hides them; only the largest of a matrix too large."""

    values: Array
    whole: bool
    rank: int | None

    @property
    def condition(self) -> float:
        """The largest over the smallest singular value: ∞ where the rank is deficient, NaN where it is not known."""
        if not self.whole:
            return np.nan
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(self.values[0] / self.values[-1])


def work(W: Array) -> float:
    """Multiply-adds, in order of size, that all singular values of W (n_out, fan_in) take."""
    return float(min(W.shape)) ** 2 * max(W.shape)


def spectrum(W: Array, whole: bool) -> Spectrum:
    """The singular values of W (n_out, fan_in), all or only the largest; the entries have to be finite."""
    scale = float(np.abs(W).max()) or 1.0  # so that no product overflows or underflows
    scaled = W / W.dtype.type(scale)
    if not whole:
        return Spectrum(np.array([scale * _largest(scaled)]), False, None)
    values = scale * np.linalg.svd(scaled, compute_uv=False).astype(np.float64)
    values[values <= values[0] * max(W.shape) * np.finfo(W.dtype).eps] = 0
    return Spectrum(values, True, int(np.count_nonzero(values)))


def _largest(W: Array) -> float:
    """By block power iteration: at most the true value, and near it."""
    A = W if W.shape[0] <= W.shape[1] else W.T
    v = np.random.default_rng(0).standard_normal((len(A), _BLOCK)).astype(W.dtype)
    for _ in range(_STEPS):
        v = np.linalg.qr(A @ (A.T @ v))[0]
    return float(np.linalg.norm(A.T @ v, 2))


def distinct(layer: Layer) -> int:
    """Groups of identical units, by the measure and the tolerance that training is probed with."""
    theta = layer.W if layer.b is None else np.column_stack([layer.W, layer.b])
    columns = probes.extremes(theta[None])
    _, _, groups = probes.unit_symmetry(theta[None], columns, probes.largest(*columns))
    return int(groups[0])


def cut_off(layer: Layer) -> int:
    """Units none of whose incoming weights differs from 0: they pass on their bias, whatever the input."""
    return int((~layer.W.any(axis=1)).sum())
