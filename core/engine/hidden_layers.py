"""Hidden layers, normalized and skipped on demand: from Z = W A + b to A, and back from dA to dZ.

With skips over one layer, A^[l] = g(Z^[l]) + A^[l−1]. With skips over two, in layers 3, 5, 7, …,
Z^[l] = W^[l] A^[l−1] + b^[l] + Z^[l−2]: pre-activation (He et al. 2016b), with layer 1 as the stem.
Skips join hidden layers of the same width.
"""

from collections.abc import Sequence

import numpy as np

from core.activations import Activation, Array
from core.engine.normalization import Normalization


def skipping_layers(sizes: Sequence[int], skip: int) -> tuple[int, ...]:
    """The hidden layers to which a skip over `skip` layers comes, for sizes n_0 … n_L."""
    candidates = range(skip + 1, len(sizes) - 1, skip) if skip else ()
    return tuple(layer for layer in candidates if sizes[layer] == sizes[layer - skip])


class HiddenLayers:
    """What hidden layers do beside their matrix products; they count from 0 here."""

    def __init__(
        self,
        sizes: Sequence[int],
        activation: Activation,
        runs: int,
        dtype: np.dtype,
        normalization: str = "none",
        skip: int = 0,
    ) -> None:
        self.sizes, self.activation, self.runs, self.dtype, self.skip = tuple(sizes), activation, runs, dtype, skip
        self.normalization = Normalization(normalization, sizes, runs, dtype) if normalization != "none" else None
        self._receivers = {layer - 1 for layer in skipping_layers(sizes, skip)}
        self._senders = {layer - skip for layer in self._receivers}
        self._stream = np.empty(0, dtype)  # what goes round the layers that are skipped
        self._activated: dict[int, Array] = {}  # g(Z) by layer, where it is not A

    def forward(self, layer: int, Z: Array, previous: Array, A: Array) -> Array:
        """Write A for Z = W A + b (runs, n_l, m) and `previous`, the layer before's A; returns g(Z), of the new Z."""
        if self.skip == 2:
            self._join(Z, layer in self._receivers, layer in self._senders)
        if self.normalization:
            self.normalization.forward(layer, Z)
        if self.skip != 1 or layer not in self._receivers:
            return self.activation.function(Z, out=A)
        if layer not in self._activated:
            self._activated[layer] = np.empty_like(Z)
        activated = self.activation.function(Z, out=self._activated[layer][: len(Z)])
        np.add(activated, previous, out=A)
        return activated

    def backward(self, layer: int, dA: Array, Z: Array, activated: Array) -> Array:
        """Return dZ, the gradient by W A + b, in Z's place, from dA, Z and g(Z); dA is used up."""
        if self.skip == 1:
            self._join(dA, layer in self._senders, layer in self._receivers)
        dZ = self.activation.derivative(Z, activated, out=Z)
        dZ *= dA
        if self.normalization:
            self.normalization.backward(layer, dZ)
        if self.skip == 2:
            self._join(dZ, layer in self._senders, layer in self._receivers)
        return dZ

    def predict(self, layer: int, Z: Array, previous: Array, rows: slice) -> None:
        """Turn Z = W A + b of the runs in `rows` into A, in its place, as in predictions."""
        if self.skip == 2:
            self._join(Z, layer in self._receivers, layer in self._senders)
        if self.normalization:
            self.normalization.predict(layer, Z, rows)
        self.activation.function(Z, out=Z)
        if self.skip == 1 and layer in self._receivers:
            Z += previous

    def _join(self, signal: Array, receives: bool, sends: bool) -> None:
        """Add the skipped signal, and keep the sum for the next skip."""
        if not (receives or sends):  # it may be wider: the buffer is in use and must not grow
            return
        if self._stream.size < signal.size:
            self._stream = np.empty(signal.size, signal.dtype)
        stream = self._stream[: signal.size].reshape(signal.shape)
        if receives:
            signal += stream
        if sends:
            np.copyto(stream, signal)
