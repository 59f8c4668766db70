"""The networks that are asked about: bundled data, noise, and real tables that ship with scikit-learn."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from sklearn import datasets as tables

from core.advice import NOISE, Question
from core.datasets import Dataset, assemble, dataset


def _table(load: Callable[[], object]) -> Dataset:
    """A table that ships with scikit-learn, a fifth of it for validation; of several targets the first."""
    found = load()
    y = np.asarray(found.target)
    y, name = y[:, 0] if y.ndim > 1 else y, load.__name__.removeprefix("load_")
    if name in ("diabetes", "linnerud"):
        Y, loss = ((y - y.mean()) / y.std())[:, None], "squared"
    else:
        Y, loss = (y[:, None], "sigmoid") if y.max() == 1 else (np.eye(y.max() + 1)[y], "softmax")
    return assemble(name, name, loss, found.data, Y, len(y) // 5)


def resplit(data: Dataset, seed: int) -> Dataset:
    """The same rows, as many but other ones of them to test on."""
    X, Y = np.vstack([data.X_train, data.X_test]), np.vstack([data.Y_train, data.Y_test])
    order = np.random.default_rng(seed).permutation(len(X))
    tests, rest = order[: len(data.X_test)], order[len(data.X_test) :]
    return Dataset(data.name, data.label, data.loss, X[rest], Y[rest], X[tests], Y[tests])


_BUNDLED = (
    ("digits", (64,), "relu", "adam"),
    ("digits", (48,) * 16, "relu", "sgd"),
    ("digits", (48,) * 12, "tanh", "momentum"),
    ("digits", (48, 48), "sigmoid", "adam"),
    ("digits", (48,) * 10, "selu", "adam"),
    ("digits", (48,) * 6, "linear", "sgd"),
    ("moons", (32, 32), "tanh", "adam"),
    ("spirals", (32, 32, 32), "relu", "adam"),
    ("circles", (16, 16), "silu", "rmsprop"),
    ("curve", (64, 64), "elu", "adam"),
)
_DESIGNED = (  # with normalization and skips
    ("digits", (32,) * 10, "relu", "sgd", "batch", 0),
    ("digits", (32,) * 10, "relu", "sgd", "batch", 2),
    ("digits", (32,) * 10, "tanh", "adam", "layer", 0),
    ("digits", (32,) * 11, "relu", "adam", "none", 2),
    ("digits", (32,) * 6, "sigmoid", "momentum", "batch", 1),
    ("digits", (48, 48, 32, 32), "gelu", "adam", "layer", 1),
    ("moons", (16,) * 6, "tanh", "adam", "batch", 0),
    ("spirals", (24,) * 5, "relu", "adam", "none", 1),
    ("circles", (16,) * 3, "silu", "rmsprop", "layer", 2),
    ("curve", (32,) * 5, "elu", "adam", "none", 2),
)
_REAL = (
    (tables.load_iris, (32, 32), "relu", "adam"),
    (tables.load_iris, (16,), "tanh", "sgd"),
    (tables.load_wine, (32, 32), "relu", "adam"),
    (tables.load_wine, (32, 32, 32), "gelu", "momentum"),
    (tables.load_breast_cancer, (32, 32), "relu", "adam"),
    (tables.load_breast_cancer, (64,) * 6, "relu", "sgd"),
    (tables.load_diabetes, (32, 32), "relu", "adam"),
    (tables.load_diabetes, (64, 32), "leaky_relu", "rmsprop"),
    (tables.load_digits, (64, 64), "relu", "adam"),
    (tables.load_digits, (48,) * 4, "softplus", "adam"),
    (tables.load_linnerud, (8,), "relu", "adam"),
)


def questions() -> Iterator[Question]:
    """Ten on bundled data, one on noise, eleven on real tables; then ten with normalization or skips."""
    for name, hidden, activation, optimizer in _BUNDLED:
        data = dataset(name)
        yield Question((data.inputs, *hidden, data.outputs), activation, data.loss, name, optimizer=optimizer)
    yield Question((100, 100, 100, 10), "gelu", data=NOISE)
    for load, hidden, activation, optimizer in _REAL:
        data = _table(load)
        yield Question((data.inputs, *hidden, data.outputs), activation, data.loss, data, optimizer=optimizer)
    for name, hidden, activation, optimizer, normalization, skip in _DESIGNED:
        data, design = dataset(name), {"normalization": normalization, "skip": skip}
        sizes = (data.inputs, *hidden, data.outputs)
        yield Question(sizes, activation, data.loss, name, optimizer=optimizer, **design)
