"""Measures a stack of runs as they are trained, and fills the arrays of a Result."""

from collections.abc import Iterator, Sequence

import numpy as np

from core.activations import Activation, Array
from core.engine import probes
from core.engine.network import Network, Trace

STACK_BYTES = 1_000_000


def accuracy(prediction: Array, Y: Array) -> Array:
    """The share (runs,) of (runs, n_L, m) in the right class; NaN where ŷ is not finite."""
    if Y.shape[1] == 1:
        right = (prediction > 0.5) == (Y > 0.5)
    else:
        right = prediction.argmax(axis=1) == Y.argmax(axis=1)
    share = right.reshape(len(Y), -1).mean(axis=1)
    return np.where(np.isfinite(prediction).all(axis=(1, 2)), share, np.nan)


def _stacks(signals: Sequence[Array]) -> Iterator[tuple[slice, Array]]:
    """Successive layers of one shape, as many as a cache holds, together: (layers · runs, n_l, m)."""
    first = 0
    for end in range(1, len(signals) + 1):
        one = signals[first]
        if end == len(signals) or signals[end].shape != one.shape or (end + 1 - first) * one.nbytes > STACK_BYTES:
            yield slice(first, end), one if end == first + 1 else np.concatenate(signals[first:end])
            first = end


class Recorder:
    """Fills arrays at recorded steps; the loop calls its methods in the order they stand in."""

    def __init__(self, arrays: dict[str, Array], activation: Activation, has_classes: bool) -> None:
        self.arrays, self.activation, self.has_classes = arrays, activation, has_classes
        runs, records, layers = arrays["activation_rms"].shape
        self.last, self.in_full = records - 1, "unit_spread" in arrays
        # What rounding errors are in proportion to: the largest weight or bias so far and, in runs that
        # began with identical units, the largest term of an update; the sum itself can be much smaller.
        self.scale = np.zeros((runs, layers))
        self.began_alike = np.zeros(runs, dtype=bool)

    def select_runs(self, rows: Array, arrays: dict[str, Array]) -> None:
        """Go on with the runs in `rows` alone, whose arrays are handed in."""
        self.arrays = arrays
        self.scale, self.began_alike = self.scale[rows], self.began_alike[rows]

    def forward(self, k: int, trace: Trace, theta: Sequence[Array], Y: Array) -> None:
        """Measure record k after the forward pass; theta is in stacks, as all parameters here."""
        arrays, runs = self.arrays, len(self.scale)
        if self.has_classes:
            arrays["train_accuracy"][:, k] = accuracy(trace.A[-1], Y)
        arrays["activation_rms"][:, k] = probes.rms(trace.A)
        if not self.in_full:
            return
        self._weights(k, theta)
        moments = [moment for moment, record in enumerate((0, self.last)) if record == k]
        # The output has no activation function of its own.
        signals = (trace.activated, trace.Z[:-1]) if self.activation.slope_takes_Z else (trace.activated,)
        for (layers, A), *Z in zip(*map(_stacks, signals), strict=True):
            slope = self.activation.derivative(Z[0][1] if Z else A, A)
            np.abs(slope, out=slope)
            arrays["saturated"][:, k, layers] = probes.saturated(slope, self.activation).reshape(-1, runs).T
            arrays["dead"][:, k, layers] = probes.dead(slope).reshape(-1, runs).T
            if moments:
                shares = probes.histogram(A, self.activation)
                by_layer = shares.reshape(-1, runs, shares.shape[-1]).swapaxes(0, 1)
                arrays["histograms"][:, moments, layers] = by_layer[:, None]

    def _weights(self, k: int, theta: Sequence[Array]) -> None:
        arrays, end = self.arrays, 0
        arrays["weight_norm"][:, k] = probes.norms([stack[..., :-1] for stack in theta])
        for stack in theta:
            layers = slice(end, end := end + stack.shape[1])
            spread, rounding, groups = probes.unit_symmetry(stack, self.scale[:, layers])
            arrays["unit_spread"][:, k, layers] = spread
            arrays["rounding"][:, k, layers] = rounding
            arrays["distinct_units"][:, k, layers] = groups
        if k == 0:
            several = np.concatenate([np.full(stack.shape[1], stack.shape[2] > 1) for stack in theta])
            self.began_alike = ((arrays["distinct_units"][:, 0] == 1) & several)[:, :-1].any(axis=1)

    def follow_rounding(self, trace: Trace, learning_rates: Array) -> None:
        """Keep the scale of the terms that updates sum up, after every backward pass."""
        runs = np.flatnonzero(self.began_alike)
        for layer, (dZ, A) in enumerate(zip(trace.Z, trace.inputs, strict=True)):
            largest = [np.abs(factor[runs]).max(axis=(1, 2)).astype(np.float64) for factor in (dZ, A)]
            terms = learning_rates[runs] * largest[0] * largest[1]
            self.scale[runs, layer] = np.maximum(self.scale[runs, layer], terms)

    def backward(self, k: int, trace: Trace, gradient: Sequence[Array]) -> None:
        """Measure record k after the backward pass, before clipping."""
        if k == 0 and self.in_full:
            self.arrays["output_gradient"][:] = trace.Z[-1]
        self.arrays["dz_rms"][:, k] = probes.rms(trace.Z)
        if self.in_full:
            self.arrays["weight_gradient_norm"][:, k] = probes.norms([stack[..., :-1] for stack in gradient])
            self.arrays["bias_gradient_norm"][:, k] = probes.norms([stack[..., -1:] for stack in gradient])

    def test(self, k: int, prediction: Array, loss: Array, Y: Array) -> None:
        """Record the test set's loss (runs,) and accuracy at record k."""
        self.arrays["test_loss"][:, k] = loss
        if self.has_classes:
            self.arrays["test_accuracy"][:, k] = accuracy(prediction, Y)

    def update(self, k: int, changes: Sequence[Array]) -> None:
        """The norm of the update's change of W over that of W, by layer. Weights of norm zero give NaN or ∞."""
        moved = probes.norms([stack[..., :-1] for stack in changes])
        self.arrays["update_ratio"][:, k] = moved / self.arrays["weight_norm"][:, k]


def record_nonfinite(
    arrays: dict[str, Array], step: int, signals: Sequence[Sequence[Array]], rows: Array, *, backward: bool = False
) -> None:
    """Note the first layer with a signal (runs, …) that is not finite, last layer first if `backward`."""
    steps, layers = arrays["diverged_at"], arrays["diverged_layer"]
    order = [*enumerate(signals, start=1)]
    for layer, of_layer in reversed(order) if backward else order:
        for signal in of_layer:
            broken = rows & (steps < 0) & ~np.isfinite(signal.reshape(len(signal), -1)).all(axis=1)
            steps[broken], layers[broken] = step, layer


def record_nonfinite_in_passes(
    arrays: dict[str, Array],
    step: int,
    network: Network,
    theta: Sequence[Array],
    batch: tuple[Array, Array],
    gradient: Sequence[Array],
    rows: Array,
) -> None:
    """Run the step again, and note the first layer that is not finite, of the runs in `rows`."""
    trace = network.forward(theta, *batch)
    *hidden, output = zip(trace.Z, trace.A, strict=True)
    record_nonfinite(arrays, step, [*hidden, (*output, trace.loss)], rows)
    network.backward(theta, trace, batch[1], gradient)
    norms = arrays["layer_gradient_norm"][:, step].T
    record_nonfinite(arrays, step, [*zip(trace.Z, gradient, norms, strict=True)], rows, backward=True)
