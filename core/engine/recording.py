"""What training records of a stack of runs: which arrays, on which axes, and when the loop fills each."""

from collections.abc import Iterator, Sequence

import numpy as np

from core.activations import Activation, Array
from core.engine import probes
from core.engine.network import Trace

# Measuring a step in full costs as much as training it: one step in ten is, within these bounds.
FEWEST_RECORDS, RECORDS = 3, 11
STACK_BYTES = 1_000_000
SYMMETRY = ("unit_spread", "rounding", "distinct_units")

# Every array of a Result by the axes that follow its (variant, seed).
AXES: dict[str, tuple[str, ...]] = {
    "loss": ("step",),
    "gradient_norm": ("step",),
    "applied_norm": ("step",),
    "clip_cosine": ("step",),
    "layer_gradient_norm": ("step", "layer"),
    "train_accuracy": ("record",),
    "test_loss": ("record",),
    "test_accuracy": ("record",),
    "activation_rms": ("record", "layer"),
    "dz_rms": ("record", "layer"),
    "weight_gradient_norm": ("record", "layer"),
    "bias_gradient_norm": ("record", "layer"),
    "weight_norm": ("record", "layer"),
    "update_ratio": ("record", "layer"),
    "saturated": ("record", "layer"),
    "dead": ("record", "layer"),
    "unit_spread": ("record", "layer"),
    "distinct_units": ("record", "layer"),
    "rounding": ("record", "layer"),
    "histograms": ("moment", "layer", "bin"),
    "output_gradient": ("output", "example"),
    "diverged_at": (),
    "diverged_layer": (),
}

# Those that are left where only the ends are recorded: how runs start, and how they end. The rest costs as much as
# several steps of training in a deep network.
ENDS = (
    *("loss", "gradient_norm", "applied_norm", "clip_cosine", "layer_gradient_norm"),
    *("train_accuracy", "test_loss", "test_accuracy", "activation_rms", "dz_rms", "diverged_at", "diverged_layer"),
)


def recorded_steps(steps: int, record: str = "full") -> Array:
    """The steps that are measured (record,), as integers: evenly spread, or the first and the last alone ("ends")."""
    records = 2 if record == "ends" else min(RECORDS, max(FEWEST_RECORDS, steps // 10 + 1))
    return np.unique(np.round(np.linspace(0, steps - 1, records)).astype(np.int64))


def allocate(runs: int, steps: int, m: int, sizes: Sequence[int], record: str = "full") -> dict[str, Array]:
    """An array for each name that is recorded, runs first: NaN until measured, −1 and 0 for one that has not diverged.

    m examples a batch, layer sizes n_0 … n_L.
    """
    recorded = recorded_shapes(steps, m, sizes, record)
    arrays = {name: np.full((runs, *shape), np.nan) for name, shape in recorded.items()}
    arrays["diverged_at"] = np.full(runs, -1)
    arrays["diverged_layer"] = np.zeros(runs, dtype=int)
    return arrays


def shapes(steps: int, m: int, sizes: Sequence[int], record: str) -> dict[str, tuple[int, ...]]:
    """The shape of each array of a Result without its runs; the names in it are those in AXES."""
    lengths = {
        "step": steps,
        "record": len(recorded_steps(steps, record)),
        "layer": len(sizes) - 1,
        "output": sizes[-1],
        "example": m,
        "moment": 2,
        "bin": probes.HISTOGRAM_BINS + 1,
    }
    return {name: tuple(lengths[axis] for axis in axes) for name, axes in AXES.items()}


def recorded_shapes(steps: int, m: int, sizes: Sequence[int], record: str) -> dict[str, tuple[int, ...]]:
    """The shapes of the arrays that are recorded."""
    all_shapes = shapes(steps, m, sizes, record)
    return {name: all_shapes[name] for name in ENDS} if record == "ends" else all_shapes


def accuracy(prediction: Array, Y: Array) -> Array:
    """The share (runs,) of examples put into the right class; NaN where ŷ is not finite. ŷ and Y are (runs, n_L, m)."""
    if Y.shape[1] == 1:
        right = (prediction > 0.5) == (Y > 0.5)
    else:
        right = prediction.argmax(axis=1) == Y.argmax(axis=1)
    share = right.reshape(len(Y), -1).mean(axis=1)
    return np.where(np.isfinite(prediction).all(axis=(1, 2)), share, np.nan)


def _stacks(signals: Sequence[Array]) -> Iterator[tuple[slice, Array]]:
    """Layers (runs, n_l, m) of one shape that follow each other: which, and all runs of the first, then of the next …

    As many as a cache holds, (layers · runs, n_l, m): measuring them together saves calls.
    """
    first = 0
    for end in range(1, len(signals) + 1):
        one = signals[first]
        if end == len(signals) or signals[end].shape != one.shape or (end + 1 - first) * one.nbytes > STACK_BYTES:
            yield slice(first, end), one if end == first + 1 else np.concatenate(signals[first:end])
            first = end


class Recorder:
    """Fills a block's rows of the arrays at recorded steps; the loop calls its methods in the order they stand in."""

    def __init__(self, arrays: dict[str, Array], activation: Activation, has_classes: bool, last: int) -> None:
        self.arrays, self.activation, self.has_classes, self.last = arrays, activation, has_classes, last
        runs, _, layers = arrays["activation_rms"].shape
        self.in_full = "unit_spread" in arrays
        # What rounding errors are in proportion to: the largest weight or bias so far and, in runs that began with
        # identical units, the largest term summed up in an update; the sum itself can be much smaller.
        self.scale = np.zeros((runs, layers))
        self.began_alike = np.zeros(runs, dtype=bool)

    def select_runs(self, rows: Array, arrays: dict[str, Array]) -> None:
        """Go on with the runs in `rows` alone, whose arrays are handed in."""
        self.arrays = arrays
        self.scale, self.began_alike = self.scale[rows], self.began_alike[rows]

    def forward(self, k: int, trace: Trace, theta: Sequence[Array], Y: Array) -> None:
        """After the forward pass of record k, before Z is overwritten; theta is in stacks, as all parameters here."""
        if self.has_classes:
            self.arrays["train_accuracy"][:, k] = accuracy(trace.A[-1], Y)
        self.arrays["activation_rms"][:, k] = probes.rms(trace.A)
        if self.in_full:
            self._weights(k, theta)
            # The output has no activation function of its own.
            signals = (trace.activated, trace.Z[:-1]) if self.activation.slope_takes_Z else (trace.activated,)
            for (layers, A), *Z in zip(*map(_stacks, signals), strict=True):
                self._units(k, layers, Z[0][1] if Z else A, A)

    def _write_stack(self, name: str, k: int, layers: slice, values: Array) -> None:
        """Write the values (layers · runs,) of the layers of a stack."""
        self.arrays[name][:, k, layers] = values.reshape(-1, len(self.began_alike)).T

    def _units(self, k: int, layers: slice, Z: Array, A: Array) -> None:
        slope = self.activation.derivative(Z, A)
        np.abs(slope, out=slope)
        self._write_stack("saturated", k, layers, probes.saturated(slope, self.activation))
        self._write_stack("dead", k, layers, probes.dead(slope))
        moments = [moment for moment, at in enumerate((0, self.last)) if at == k]
        if moments:
            shares = probes.histogram(A, self.activation)
            by_layer = shares.reshape(-1, len(self.began_alike), shares.shape[-1])
            self.arrays["histograms"][:, moments, layers] = by_layer.swapaxes(0, 1)[:, None]

    def _weights(self, k: int, theta: Sequence[Array]) -> None:
        arrays, end = self.arrays, 0
        arrays["weight_norm"][:, k] = probes.norms([stack[..., :-1] for stack in theta])
        for stack in theta:
            layers = slice(end, end := end + stack.shape[1])
            columns, scale = probes.extremes(stack), self.scale[:, layers]
            np.maximum(scale, probes.largest(*columns), out=scale)
            for name, found in zip(SYMMETRY, probes.unit_symmetry(stack, columns, scale), strict=True):
                arrays[name][:, k, layers] = found
        if k == 0:
            several = np.concatenate([np.full(stack.shape[1], stack.shape[2] > 1) for stack in theta])
            self.began_alike = ((arrays["distinct_units"][:, 0] == 1) & several)[:, :-1].any(axis=1)

    def follow_rounding(self, trace: Trace, learning_rates: Array) -> None:
        """After every backward pass, where runs began alike: keep the scale of the terms that updates sum up."""
        runs = np.flatnonzero(self.began_alike)
        for layer, (dZ, A) in enumerate(zip(trace.Z, trace.inputs, strict=True)):
            largest = [probes.largest(*probes.extremes(factor[runs])) for factor in (dZ, A)]
            terms = learning_rates[runs] * largest[0] * largest[1]
            self.scale[runs, layer] = np.maximum(self.scale[runs, layer], terms)

    def backward(self, k: int, trace: Trace, gradient: Sequence[Array]) -> None:
        """After the backward pass of record k, before clipping."""
        if k == 0 and self.in_full:
            self.arrays["output_gradient"][:] = trace.Z[-1]
        self.arrays["dz_rms"][:, k] = probes.rms(trace.Z)
        if self.in_full:
            self.arrays["weight_gradient_norm"][:, k] = probes.norms([stack[..., :-1] for stack in gradient])
            self.arrays["bias_gradient_norm"][:, k] = probes.norms([stack[..., -1:] for stack in gradient])

    def test(self, k: int, prediction: Array, loss: Array, Y: Array) -> None:
        """The test set's loss (runs,) and accuracy at record k."""
        self.arrays["test_loss"][:, k] = loss
        if self.has_classes:
            self.arrays["test_accuracy"][:, k] = accuracy(prediction, Y)

    def update(self, k: int, changes: Sequence[Array]) -> None:
        """After the update of record k: by how much θ changed, by layer. A weight of norm zero gives NaN or ∞."""
        moved = probes.norms([stack[..., :-1] for stack in changes])
        self.arrays["update_ratio"][:, k] = moved / self.arrays["weight_norm"][:, k]
