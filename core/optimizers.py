"""The update rules: from the gradient to the new parameters, in buffers that they own."""

from collections.abc import Callable

import numpy as np

Array = np.ndarray

MOMENTUM = 0.9
RMS_DECAY = 0.9
ADAM_BETAS = (0.9, 0.999)
EPSILON = 1e-8


class GradientDescent:
    """θ ← θ − η g. θ and g are (runs, parameters), η is (runs, 1); g is used up."""

    def __init__(self, theta: Array, learning_rate: Array) -> None:
        self.theta, self.learning_rate = theta, learning_rate

    def step(self, g: Array) -> None:
        """Update θ by the gradient g (runs, parameters), which serves as scratch."""
        np.multiply(g, self.learning_rate, out=g)
        np.subtract(self.theta, g, out=self.theta)

    def state(self) -> tuple[Array, ...]:
        """What is remembered from step to step, each (runs, parameters)."""
        return tuple(array for name, array in vars(self).items() if name in ("velocity", "mean", "square"))

    def select_runs(self, rows: Array) -> None:
        """Go on with the runs in `rows` alone (runs,), a mask, in copies of their arrays."""
        for name, state in list(vars(self).items()):
            if isinstance(state, np.ndarray):
                setattr(self, name, state[rows])


class Momentum(GradientDescent):
    """v ← β v + g; θ ← θ − η v (Polyak 1964)."""

    def __init__(self, theta: Array, learning_rate: Array) -> None:
        super().__init__(theta, learning_rate)
        self.velocity = np.zeros_like(theta)

    def step(self, g: Array) -> None:
        self.velocity *= MOMENTUM
        self.velocity += g
        np.multiply(self.velocity, self.learning_rate, out=g)
        np.subtract(self.theta, g, out=self.theta)


class RMSProp(GradientDescent):
    """s ← ρ s + (1 − ρ) g²; θ ← θ − η g / (√s + ε) (Hinton 2012, lecture 6e)."""

    def __init__(self, theta: Array, learning_rate: Array) -> None:
        super().__init__(theta, learning_rate)
        self.square = np.zeros_like(theta)
        self.scratch = np.empty_like(theta)

    def step(self, g: Array) -> None:
        np.multiply(g, g, out=self.scratch)
        self.scratch *= 1 - RMS_DECAY
        self.square *= RMS_DECAY
        self.square += self.scratch
        np.sqrt(self.square, out=self.scratch)
        self.scratch += EPSILON
        np.divide(g, self.scratch, out=g)
        super().step(g)


class Adam(GradientDescent):
    """m and v with bias correction; θ ← θ − η m̂ / (√v̂ + ε) (Kingma & Ba 2015)."""

    def __init__(self, theta: Array, learning_rate: Array) -> None:
        super().__init__(theta, learning_rate)
        self.mean = np.zeros_like(theta)
        self.square = np.zeros_like(theta)
        self.scratch = np.empty_like(theta)
        self.time = 0

    def step(self, g: Array) -> None:
        first, second = ADAM_BETAS
        self.time += 1
        np.multiply(g, g, out=self.scratch)
        self.scratch *= 1 - second
        self.square *= second
        self.square += self.scratch
        g *= 1 - first
        self.mean *= first
        self.mean += g
        np.divide(self.square, 1 - second**self.time, out=self.scratch)
        np.sqrt(self.scratch, out=self.scratch)
        self.scratch += EPSILON
        np.divide(self.mean, self.scratch, out=g)
        g /= 1 - first**self.time
        super().step(g)


OPTIMIZERS: dict[str, Callable[[Array, Array], GradientDescent]] = {
    "sgd": GradientDescent,
    "momentum": Momentum,
    "rmsprop": RMSProp,
    "adam": Adam,
}
