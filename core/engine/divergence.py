"""A run's first number that is not finite: at which step and in which layer it is found, as it is trained."""

from collections.abc import Sequence

import numpy as np

from core.activations import Array
from core.engine.network import Network


def suspicious_size(dtype: np.dtype) -> float:
    """The norm or loss past which something may overflow in a step, so that every number of it is to be looked at."""
    return float(np.sqrt(np.finfo(dtype).max)) * 1e-4


def record_nonfinite(
    arrays: dict[str, Array], step: int, order: Sequence[tuple[int, tuple[Array, ...]]], rows: Array
) -> None:
    """Note, for the runs in `rows` (runs,), the first layer of the order with a number that is not finite.

    `order` holds pairs of a layer and its arrays, each (runs, …). Runs that diverged before keep what was noted.
    """
    at, where = arrays["diverged_at"], arrays["diverged_layer"]
    for layer, signals in order:
        for signal in signals:
            broken = rows & (at < 0) & ~np.isfinite(signal.reshape(len(signal), -1)).all(axis=1)
            at[broken], where[broken] = step, layer


def record_nonfinite_in_passes(
    arrays: dict[str, Array],
    step: int,
    network: Network,
    theta: Sequence[Array],
    batch: tuple[Array, Array],
    gradient: Sequence[Array],
    rows: Array,
) -> None:
    """Run the step again and note, for the runs in `rows`, the first layer with a number that is not finite.

    theta, the batch (X, Y) and gradient are as Network takes them; the gradient is written again.
    """
    trace = network.forward(theta, *batch)
    forward = [*zip(trace.Z, trace.A, strict=True)]
    record_nonfinite(arrays, step, [*enumerate(forward, 1), (len(forward), (trace.loss,))], rows)
    network.backward(theta, trace, batch[1], gradient)
    norms = arrays["layer_gradient_norm"][:, step].T
    backward = [*zip(trace.Z, gradient, norms, strict=True)]
    record_nonfinite(arrays, step, [*enumerate(backward, 1)][::-1], rows)


def record_nonfinite_in_memory(
    arrays: dict[str, Array], step: int, states: Sequence[Array], layers: Sequence[slice], rows: Array
) -> None:
    """Note, for the runs in `rows`, the last layer of which the optimizer remembers a number that is not finite.

    `states` (runs, parameters) are what it remembers, `layers` the columns of each. The square of a finite gradient may
    overflow: from then on its weight would stand still, without a trace.
    """
    by_layer = [tuple(state[:, columns] for state in states) for columns in layers]
    record_nonfinite(arrays, step, [*enumerate(by_layer, 1)][::-1], rows)
