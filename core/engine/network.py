"""Forward and backward propagation of a stack of L-layer networks, in the article's notation.

The biases are one more column of the weights, θ^[l] = [W^[l] b^[l]], against a row of ones under
A^[l−1]: Z^[l] = W^[l] A^[l−1] + b^[l] and (dW^[l], db^[l]) are one matrix product each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np

from core.activations import Array
from core.engine.hidden_layers import HiddenLayers
from core.engine.normalization import Scales
from core.losses import Loss


def parameter_slices(sizes: Sequence[int], normalized: bool = False) -> list[slice]:
    """The slices of θ^[1] … θ^[L] in a flat vector, each with its γ and β last, for sizes n_0 … n_L."""
    lengths = [fan_out * (fan_in + 1 + 2 * normalized) for fan_in, fan_out in pairwise(sizes)]
    ends = np.cumsum([*lengths[:-1], sizes[-1] * (sizes[-2] + 1)])
    return [slice(int(start), int(end)) for start, end in pairwise([0, *ends])]


def parameter_views(flat: Array, sizes: Sequence[int], normalized: bool = False) -> list[Array]:
    """θ^[1] … θ^[L], each (runs, n_l, n_{l−1} + 1), as views of `flat` (runs, parameters)."""
    starts = [layer.start for layer in parameter_slices(sizes, normalized)]
    shapes = [(len(flat), fan_out, fan_in + 1) for fan_in, fan_out in pairwise(sizes)]
    return [flat[:, s : s + n * k].reshape(runs, n, k) for s, (runs, n, k) in zip(starts, shapes, strict=True)]


def scale_views(flat: Array, sizes: Sequence[int]) -> Scales:
    """γ and β of the hidden layers, each (runs, n_l, 1), as views of `flat` (runs, parameters)."""
    layers = zip(parameter_slices(sizes, normalized=True)[:-1], sizes[1:-1], strict=True)
    return [(flat[:, s.stop - 2 * n : s.stop - n, None], flat[:, s.stop - n : s.stop, None]) for s, n in layers]


def parameter_stacks(flat: Array, sizes: Sequence[int], normalized: bool) -> tuple[list[Array], list[Array]]:
    """Successive layers of one shape: rows (runs, layers, 1, …); θ (runs, layers, n_l, n_{l−1} + 1)."""
    rows, stacks = [], []
    layers = zip(parameter_slices(sizes, normalized), pairwise(sizes), strict=True)
    for (k, n, length), equal in groupby(layers, key=lambda each: (*each[1], each[0].stop - each[0].start)):
        places = [place for place, _ in equal]
        row = flat[:, places[0].start : places[-1].stop].reshape(len(flat), len(places), 1, length)
        rows.append(row)
        stacks.append(row[:, :, 0, : n * (k + 1)].reshape(len(flat), len(places), n, k + 1))
    return rows, stacks


@dataclass
class Trace:
    """Everything a forward pass computed, by layer: Z[l−1] is Z^[l] (runs, n_l, m) and so on.

    The backward pass turns each Z into dZ, in place. Where Z is not kept, A overwrites it in all
    layers but the last, and dZ goes into two buffers in turns.
    """

    inputs: list[Array]  # A^[l−1] with its row of ones (runs, n_{l−1} + 1, m)
    Z: list[Array]  # what g takes, normalized
    A: list[Array]  # the last one is ŷ
    activated: list[Array]  # g(Z^[l]) of hidden layers, which is A^[l] where no skip is added
    loss: Array  # (runs,): the batch's mean, in float64


class Network:
    """Propagates batches of m examples, forward and backward, in buffers that are made once."""

    def __init__(self, hidden: HiddenLayers, loss: Loss, m: int, checkpoint: Callable[[], None] = lambda: None) -> None:
        self.hidden, self.loss, self.checkpoint = hidden, loss, checkpoint
        sizes, runs, dtype = hidden.sizes, hidden.runs, hidden.dtype
        self._inputs = [np.ones((runs, n + 1, m), dtype) for n in sizes[1:-1]]
        self._prediction = np.empty((runs, sizes[-1], m), dtype)
        self._Z = [np.empty((runs, n, m), dtype) for n in sizes[1:]]
        widest = max(sizes[1:])
        self._dA = np.empty(runs * widest * m, dtype)
        self._alternating = np.empty((2, runs * widest * m), dtype)
        self.resize(runs)

    def resize(self, runs: int) -> None:
        """Go on with so many networks, in the buffers of the first of them."""
        self._inputs = [a[:runs] for a in self._inputs]
        self._prediction = self._prediction[:runs]
        self._A = [a[:, :-1] for a in self._inputs] + [self._prediction]
        self._Z = [z[:runs] for z in self._Z]
        # In turns in two buffers: going back, dZ^[l] and dZ^[l−1] are in use at the same time.
        self._passing = [self._alternating[layer % 2, : Z.size].reshape(Z.shape) for layer, Z in enumerate(self._Z)]

    def forward(self, theta: Sequence[Array], X: Array, Y: Array, *, keep_Z: bool = True) -> Trace:
        """Propagate X (runs, n_0 + 1, m) for Y (runs, n_L, m); `keep_Z` is for who looks at Z or dZ."""
        A_is_plain = not (self.hidden.skip or self.hidden.normalization)  # g(Z) alone
        keep_Z = keep_Z or self.hidden.activation.slope_takes_Z or not A_is_plain
        inputs, Zs, activated = [X, *self._inputs], self._Z if keep_Z else self._passing, []
        for layer, parameters in enumerate(theta[:-1]):
            Z = np.matmul(parameters, inputs[layer], out=Zs[layer] if keep_Z else self._A[layer])
            activated.append(self.hidden.forward(layer, Z, inputs[layer][:, :-1], self._A[layer]))
            self.checkpoint()
        Z = np.matmul(theta[-1], inputs[-1], out=Zs[-1])
        return Trace(inputs, Zs, self._A, activated, self.loss.forward(Z, Y, self._A[-1]))

    def backward(self, theta: Sequence[Array], trace: Trace, Y: Array, gradient: Sequence[Array]) -> None:
        """Write [dW^[l] db^[l]] of the batch's mean loss into `gradient`, shaped like theta.

        dZ^[l] = dA^[l] ⊙ g′(Z^[l]), in the trace's Z^[l], with dA^[l−1] = W^[l]ᵀ dZ^[l].
        """
        dZ = self.loss.gradient(trace.A[-1], Y, out=trace.Z[-1])
        for layer in reversed(range(len(theta))):
            np.matmul(dZ, trace.inputs[layer].swapaxes(1, 2), out=gradient[layer])
            if layer:
                W, Z = theta[layer][:, :, :-1], trace.Z[layer - 1]
                dA = np.matmul(W.swapaxes(1, 2), dZ, out=self._dA[: Z.size].reshape(Z.shape))
                dZ = self.hidden.backward(layer - 1, dA, Z, trace.activated[layer - 1])
            self.checkpoint()


class Predictor:
    """Propagates forward, and keeps nothing but ŷ: layers take turns in two buffers."""

    def __init__(
        self, hidden: HiddenLayers, loss: Loss, runs: int, m: int, checkpoint: Callable[[], None] = lambda: None
    ) -> None:
        self.hidden, self.loss, self.m, self.checkpoint = hidden, loss, m, checkpoint
        sizes, dtype = hidden.sizes, hidden.dtype
        self._buffers = [np.empty((runs, (max(sizes[1:]) + 1) * m), dtype) for _ in range(2)]
        self._prediction = np.empty((runs, sizes[-1], m), dtype)

    def predict(
        self, theta: Sequence[Array], X: Array, Y: Array, rows: slice = slice(None), units: Array | None = None
    ) -> tuple[Array, Array]:
        """ŷ (runs, n_L, m), which the next call overwrites, and the mean loss (runs,).

        `rows` says which of the stack's networks these are; `units` (layers, units) takes the first
        one's A of the first example, as far as it goes.
        """
        runs = len(theta[0])
        A, prediction = X, self._prediction[:runs]
        current, other = (buffer[:runs] for buffer in self._buffers)
        for layer, parameters in enumerate(theta[:-1]):
            n = parameters.shape[1]
            padded = current[:, : (n + 1) * self.m].reshape(runs, n + 1, self.m)
            Z = np.matmul(parameters, A, out=padded[:, :-1])
            self.hidden.predict(layer, Z, A[:, :-1], rows)
            if units is not None:
                units[layer, :n] = Z[0, : units.shape[1], 0]
            padded[:, -1] = 1
            A, current, other = padded, other, current
            self.checkpoint()
        n = theta[-1].shape[1]
        Z = np.matmul(theta[-1], A, out=current[:, : n * self.m].reshape(runs, n, self.m))
        return prediction, self.loss.forward(Z, Y, prediction)
