"""The data that networks are trained on: real handwritten digits first, then small synthetic sets, all standardized."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Array = np.ndarray
_SEED = 20170813  # fixes the splits and the synthetic sets: data are the same for every experiment


@dataclass(frozen=True)
class Dataset:
    """Examples in rows, in float64: X (examples, n_0) standardized with the training set's statistics.

    Y (examples, n_L) is one-hot for `softmax`, one column of 0 and 1 for `sigmoid`, the standardized target for
    `squared`.
    """

    name: str
    label: str
    loss: str  # a name in LOSSES
    X_train: Array
    Y_train: Array
    X_test: Array
    Y_test: Array

    @property
    def inputs(self) -> int:
        return self.X_train.shape[1]

    @property
    def outputs(self) -> int:
        return self.Y_train.shape[1]


def _assemble(name: str, label: str, loss: str, X: Array, Y: Array, test: int) -> Dataset:
    """Split off `test` examples at random and standardize; a constant input becomes 0."""
    order = np.random.default_rng(_SEED).permutation(len(X))
    X, Y = X[order].astype(np.float64), Y[order].astype(np.float64)
    mean, std = X[test:].mean(axis=0), X[test:].std(axis=0)
    X = (X - mean) / np.where(std > 0, std, 1.0)
    X[:, std == 0] = 0
    return Dataset(name, label, loss, X[test:], Y[test:], X[:test], Y[:test])


def digit_images() -> tuple[Array, Array]:
    """The UCI handwritten digits as they come: pixels (1797, 64) from 0 to 16, classes (1797,). See data/README.md."""
    with np.load(Path(__file__).parent / "data" / "digits.npz", allow_pickle=False) as stored:
        return stored["pixels"], stored["classes"]


def _digits() -> Dataset:
    pixels, classes = digit_images()
    return _assemble("digits", "handwritten digits", "softmax", pixels, np.eye(10)[classes], test=360)


def _two_classes(name: str, label: str, points: Callable[[np.random.Generator, int], tuple[Array, Array]]) -> Dataset:
    X, y = points(np.random.default_rng(_SEED), 1536)
    return _assemble(name, label, "sigmoid", X, y[:, None], test=512)


def _circles(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    y = np.arange(n) % 2
    angle = rng.uniform(0, 2 * np.pi, n)
    radius = np.where(y == 1, 0.5, 1.0) + rng.normal(0, 0.08, n)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), y


def _moons(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    y = np.arange(n) % 2
    angle = rng.uniform(0, np.pi, n)
    X = np.column_stack([np.cos(angle), np.sin(angle)])
    X[y == 1] = np.array([1.0, 0.5]) - X[y == 1]
    return X + rng.normal(0, 0.12, X.shape), y


def _xor(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    X = rng.uniform(-1, 1, (n, 2))
    return X, (X[:, 0] * X[:, 1] > 0).astype(int)


def _spirals(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    y = np.arange(n) % 2
    turn = np.sqrt(rng.uniform(0.02, 1, n))
    angle = 3 * np.pi * turn + np.pi * y
    X = np.column_stack([turn * np.cos(angle), turn * np.sin(angle)])
    return X + rng.normal(0, 0.02, X.shape), y


def _curve() -> Dataset:
    rng = np.random.default_rng(_SEED)
    x = rng.uniform(-1, 1, 1536)
    y = np.sin(4 * x) + 0.5 * np.sin(11 * x) + rng.normal(0, 0.1, x.size)
    return _assemble(
        "curve", "curve (regression)", "squared", x[:, None], ((y - y.mean()) / y.std())[:, None], test=512
    )


def _noise() -> Dataset:
    rng = np.random.default_rng(_SEED)
    X, y = rng.standard_normal((2560, 64)), rng.integers(0, 10, 2560)
    return _assemble("noise", "Gaussian noise, random labels", "softmax", X, np.eye(10)[y], test=512)


_MAKERS: dict[str, Callable[[], Dataset]] = {
    "digits": _digits,
    "circles": lambda: _two_classes("circles", "two circles", _circles),
    "moons": lambda: _two_classes("moons", "two moons", _moons),
    "xor": lambda: _two_classes("xor", "XOR", _xor),
    "spirals": lambda: _two_classes("spirals", "two spirals", _spirals),
    "curve": _curve,
    "noise": _noise,
}

DATASETS: tuple[str, ...] = tuple(_MAKERS)


@functools.cache
def dataset(name: str) -> Dataset:
    """The data set of that name in DATASETS, made or read once a process; its arrays are read-only."""
    made = _MAKERS[name]()
    for array in (made.X_train, made.Y_train, made.X_test, made.Y_test):
        array.flags.writeable = False
    return made
