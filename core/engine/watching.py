"""Records more of a few runs: their first layer's weights, and their activations and predictions on a few examples."""

from collections.abc import Callable, Sequence

import numpy as np

from core.activations import Array
from core.engine.hidden_layers import HiddenLayers
from core.losses import Loss

WATCHED_UNITS = 64  # of a layer, at the most
NAMES = ("first_weights", "example_predictions", "example_activations")


def shapes(sizes: Sequence[int], records: int, examples: int) -> dict[str, tuple[int, ...]]:
    """The axes of each array after that of the runs, for layer sizes n_0 … n_L."""
    hidden = sizes[1:-1] if examples else ()
    return {
        "first_weights": (records, min(sizes[1], WATCHED_UNITS), sizes[0] + 1),
        "example_predictions": (records, sizes[-1], examples),
        "example_activations": (records, len(hidden), min(max(hidden, default=0), WATCHED_UNITS)),
    }


class ExampleRecorder:
    """Fills the rows of the watched runs, one run at a time, so that its numbers do not depend on the others.

    `examples` (m, n_0) are propagated once more; none are where m is 0. `checkpoint` is called between layers.
    """

    def __init__(
        self,
        arrays: dict[str, Array],
        hidden: HiddenLayers,
        loss: Loss,
        examples: Array,
        checkpoint: Callable[[], None],
    ) -> None:
        self.arrays, self.hidden, self.loss, self.checkpoint = arrays, hidden, loss, checkpoint
        self.X = np.vstack([examples.T, np.ones(len(examples))]).astype(hidden.dtype)[None]

    def watch(self, row: int, k: int, stack: Sequence[Array], place: int) -> None:
        """Record k of the run in this row, which is at this place in the stack's θ^[l] (runs, n_l, n_{l−1} + 1)."""
        one = slice(place, place + 1)
        theta = [parameters[one] for parameters in stack]
        weights = self.arrays["first_weights"]
        weights[row, k] = theta[0][0, : weights.shape[2]]
        A, ones = self.X, self.X[:, -1:]
        if not A.shape[2]:
            return
        activations = self.arrays["example_activations"][row, k]
        for layer, parameters in enumerate(theta[:-1]):
            Z = np.matmul(parameters, A)
            self.hidden.predict(layer, Z, A[:, :-1], one)
            units = Z[0, : activations.shape[1], 0]
            activations[layer, : len(units)] = units
            A = np.concatenate([Z, ones], axis=1)
            self.checkpoint()
        Z = np.matmul(theta[-1], A)
        prediction = np.empty_like(Z)
        self.loss.forward(Z, np.zeros_like(Z), prediction)
        self.arrays["example_predictions"][row, k] = prediction[0]
