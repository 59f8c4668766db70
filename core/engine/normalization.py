"""Normalization of Z^[l] over a batch (Ioffe & Szegedy 2015) or over a layer (Ba et al. 2016).

Ẑ = (Z − μ)/√(σ² + ε), and γ ⊙ Ẑ + β takes the place of Z before the activation. μ and σ² are a
unit's over the batch, or an example's over the units of the layer; γ and β are a unit's own.
"""

from collections.abc import Sequence

import numpy as np

Array = np.ndarray
Scales = Sequence[tuple[Array, Array]]  # γ and β by layer, each (runs, n_l, 1)

EPSILON = 1e-5  # as PyTorch has it
NEWEST = 0.1  # the share of the newest batch in a running average, as in PyTorch


class Normalization:
    """The normalization of all hidden layers, over a batch or over a layer; layers count from 0 here."""

    def __init__(self, kind: str, sizes: Sequence[int], runs: int, dtype: np.dtype) -> None:
        self.over_batch = kind == "batch"
        # Of μ and of the unbiased σ²: predictions are normalized by them.
        self._averages = [np.stack([np.zeros((runs, n, 1), dtype), np.ones((runs, n, 1), dtype)]) for n in sizes[1:-1]]
        self._normalized: dict[int, Array] = {}  # Ẑ by layer, (runs, n_l, m)
        self._moments: dict[int, tuple[Array, Array, Array]] = {}  # μ, σ² and 1/√(σ² + ε) by layer
        self._products = np.empty(0, dtype)

    def bind(self, scales: Scales, gradients: Scales) -> None:
        """Take γ and β from these views from now on, and write their gradients into those."""
        self._scales, self._gradients = scales, gradients

    def select_runs(self, rows: Array) -> None:
        """Go on with the runs in `rows` alone (runs,), a mask; `bind` has to follow."""
        self._averages = [averages[:, rows] for averages in self._averages]

    def forward(self, layer: int, Z: Array) -> None:
        """Normalize Z (runs, n_l, m) in place, by the moments of this batch."""
        if layer not in self._normalized or self._normalized[layer].shape[2] != Z.shape[2]:
            self._normalized[layer] = np.empty_like(Z)
        mean = self._mean(Z)
        normalized = np.subtract(Z, mean, out=self._normalized[layer][: len(Z)])
        rest = self._mean(normalized)  # of rounding: where all are equal, 1/σ is large
        normalized -= rest
        mean += rest
        variance = self._mean_product(normalized, normalized)
        inverse = _inverse_root(variance)
        normalized *= inverse
        self._moments[layer] = mean, variance, inverse
        gamma, beta = self._scales[layer]
        np.multiply(normalized, gamma, out=Z)
        Z += beta

    def backward(self, layer: int, dZ: Array) -> None:
        """Turn dZ (runs, n_l, m), the gradient by γ ⊙ Ẑ + β, into that by Z, in place.

        dẐ = γ ⊙ dZ, and dZ = (dẐ − mean dẐ − Ẑ mean(dẐ ⊙ Ẑ))/√(σ² + ε), with means as in μ.
        """
        normalized, (_, _, inverse) = self._normalized[layer][: len(dZ)], self._moments[layer]
        (gamma, _), (d_gamma, d_beta) = self._scales[layer], self._gradients[layer]
        m = dZ.shape[2]
        d_gamma[:], d_beta[:] = _dot(dZ, normalized), _dot(dZ, np.ones(m, dZ.dtype))
        dZ *= gamma
        if self.over_batch:
            mean, along = gamma * d_beta / m, gamma * d_gamma / m
        else:
            mean, along = self._mean(dZ), self._mean_product(dZ, normalized)
        dZ -= mean
        dZ -= np.multiply(normalized, along, out=self._scratch(dZ))
        dZ *= inverse

    def update_averages(self) -> None:
        """Count the last forward pass into the running averages, once a step."""
        for layer, (mean, variance, _) in self._moments.items() if self.over_batch else ():
            m = self._normalized[layer].shape[2]
            averages = self._averages[layer]
            averages[0] += NEWEST * (mean - averages[0])
            averages[1] += NEWEST * (variance * (m / max(1, m - 1)) - averages[1])

    def predict(self, layer: int, Z: Array, rows: slice) -> None:
        """Normalize Z (runs, n_l, m) of the runs in `rows`, over a batch by the running averages."""
        if self.over_batch:
            mean, variance = self._averages[layer][:, rows]
        else:
            mean = self._mean(Z)
            mean += self._mean(Z - mean)
            variance = self._mean(np.square(Z - mean))
        gamma, beta = self._scales[layer]
        Z -= mean
        Z *= _inverse_root(variance)
        Z *= gamma[rows]
        Z += beta[rows]

    def _mean(self, signal: Array) -> Array:
        """The mean of a signal (runs, n_l, m), along what moments are taken over."""
        _, units, m = signal.shape
        if self.over_batch:
            return _dot(signal, np.full(m, 1 / m, signal.dtype))
        # Several times as fast as NumPy's mean.
        return np.matmul(np.full((1, units), 1 / units, signal.dtype), signal)

    def _mean_product(self, one: Array, other: Array) -> Array:
        if self.over_batch:
            return _dot(one, other) / one.shape[2]
        return self._mean(np.multiply(one, other, out=self._scratch(one)))

    def _scratch(self, signal: Array) -> Array:
        if self._products.size < signal.size:
            self._products = np.empty_like(signal).ravel()
        return self._products[: signal.size].reshape(signal.shape)


def _dot(one: Array, other: Array) -> Array:
    """Sums over examples (runs, n_l, 1): equal units have equal sums, to the last bit."""
    return np.vecdot(one, other)[..., None]


def _inverse_root(variance: Array) -> Array:
    """1/√(σ² + ε); NaN where σ² overflows, which would otherwise pass for silence."""
    root = np.where(np.isfinite(variance), 1 / np.sqrt(variance + EPSILON), np.nan)
    return root.astype(variance.dtype, copy=False)
