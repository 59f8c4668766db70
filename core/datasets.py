"""The data that networks are trained on: real handwritten digits first, then small synthetic sets, or one's own."""

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Array = np.ndarray
_TEST_DIGITS = 360
_SEED = 20170813  # fixes the splits and the synthetic sets: data are the same for every experiment

PLANE = 40  # rows and columns of points over the plane of two inputs
PER_CLASS = 2  # test images of each digit that are watched

SCALINGS = ("standardized", "0 to 1", "raw")  # of the inputs, each by itself, with the training set's statistics


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Examples in rows, in float64: X (examples, n_0), scaled with the training set's statistics.

    Y (examples, n_L) is one-hot for `softmax`, one column of 0 and 1 for `sigmoid`, the standardized target for
    `squared`. Data sets are equal when their names and numbers are.
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
        """n_0, the features of an example."""
        return self.X_train.shape[1]

    @property
    def outputs(self) -> int:
        """n_L, the numbers that are asked for of an example."""
        return self.Y_train.shape[1]

    @functools.cached_property
    def digest(self) -> str:
        """Of the names and all numbers, in hexadecimal."""
        known = hashlib.sha256(f"{self.name}\0{self.label}\0{self.loss}".encode())
        for array in (self.X_train, self.Y_train, self.X_test, self.Y_test):
            known.update(f"\0{array.shape}\0".encode() + np.ascontiguousarray(array).tobytes())
        return known.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dataset) and (self is other or self.digest == other.digest)

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"Dataset({self.name!r}, {self.digest[:16]})"


def assemble(
    name: str,
    label: str,
    loss: str,
    X: Array,
    Y: Array,
    test: int,
    scaling: str = "standardized",
    order: Array | None = None,
) -> Dataset:
    """A Dataset of X (examples, n_0) and Y (examples, n_L): the first `test` of them in an order, at random, for tests.

    A constant input becomes 0, unless `scaling` (one of SCALINGS) leaves it raw. The arrays are read-only.
    """
    if order is None:
        order = _order(len(X))
    X, Y = X[order].astype(np.float64), Y[order].astype(np.float64)
    X = _scaled(X, X[test:], scaling)
    data = Dataset(name, label, loss, X[test:], Y[test:], X[:test], Y[:test])
    for array in (data.X_train, data.Y_train, data.X_test, data.Y_test):
        array.flags.writeable = False
    return data


def _order(examples: int) -> Array:
    return np.random.default_rng(_SEED).permutation(examples)


def _scaled(X: Array, known: Array, scaling: str) -> Array:
    if scaling not in SCALINGS:
        raise ValueError(f"scaling is {scaling!r}; allowed: {', '.join(SCALINGS)}")
    if scaling == "raw":
        return X
    shift, size = known.mean(axis=0), known.std(axis=0)
    if scaling == "0 to 1":
        shift, size = known.min(axis=0), np.ptp(known, axis=0)
    X = (X - shift) / np.where(size > 0, size, 1.0)
    X[:, size == 0] = 0
    return X


def digit_images() -> tuple[Array, Array]:
    """The UCI handwritten digits as they come: pixels (1797, 64) from 0 to 16, classes (1797,). See data/README.md."""
    with np.load(Path(__file__).parent / "data" / "digits.npz", allow_pickle=False) as stored:
        return stored["pixels"], stored["classes"]


Raw = tuple[str, str, Array, Array, int]  # label, loss, X, Y, how many of the examples are for testing


def _digits() -> Raw:
    pixels, classes = digit_images()
    return "handwritten digits", "softmax", pixels, np.eye(10)[classes], _TEST_DIGITS


def _two_classes(label: str, points: Callable[[np.random.Generator, int], tuple[Array, Array]]) -> Raw:
    X, y = points(np.random.default_rng(_SEED), 1536)
    return label, "sigmoid", X, y[:, None], 512


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


def _curve() -> Raw:
    rng = np.random.default_rng(_SEED)
    x = rng.uniform(-1, 1, 1536)
    y = np.sin(4 * x) + 0.5 * np.sin(11 * x) + rng.normal(0, 0.1, x.size)
    return "curve (regression)", "squared", x[:, None], ((y - y.mean()) / y.std())[:, None], 512


def _noise() -> Raw:
    rng = np.random.default_rng(_SEED)
    X, y = rng.standard_normal((2560, 64)), rng.integers(0, 10, 2560)
    return "Gaussian noise, random labels", "softmax", X, np.eye(10)[y], 512


def _pixels() -> Raw:
    pixels, classes = digit_images()
    return "handwritten digits, pixels from 0 to 1", "softmax", pixels / 16, np.eye(10)[classes], 360


_MAKERS: dict[str, Callable[[], Raw]] = {
    "digits": _digits,
    "circles": lambda: _two_classes("two circles", _circles),
    "moons": lambda: _two_classes("two moons", _moons),
    "xor": lambda: _two_classes("XOR", _xor),
    "spirals": lambda: _two_classes("two spirals", _spirals),
    "curve": _curve,
    "noise": _noise,
    "pixels": _pixels,
}

DATASETS: tuple[str, ...] = tuple(_MAKERS)


def dataset(chosen: str | Dataset, scaling: str | None = None) -> Dataset:
    """The data set of that name in DATASETS, made or read once a process; data of one's own as they are.

    Inputs are standardized where `scaling` says nothing else, and pixels left as they are.
    """
    if isinstance(chosen, Dataset):
        return chosen
    return _generate(chosen, scaling or ("raw" if chosen == "pixels" else "standardized"))


@functools.cache
def _generate(name: str, scaling: str) -> Dataset:
    label, loss, X, Y, test = _MAKERS[name]()
    return assemble(name, label, loss, X, Y, test, scaling)


def plane(data: Dataset) -> tuple[Array, Array]:
    """The lowest and the highest point (2,) of the plane around all examples of two inputs."""
    X = np.vstack([data.X_train, data.X_test])
    margin = 0.05 * np.ptp(X, axis=0)
    return X.min(axis=0) - margin, X.max(axis=0) + margin


def watched_examples(chosen: str | Dataset) -> Array:
    """Inputs (examples, n_0) about which a network is asked as it trains: none where the data are somebody's own.

    Of digits, PER_CLASS test images of each class in turn; of two inputs, the centers of PLANE × PLANE cells, from left
    to right and from the top down; else none.
    """
    return np.empty((0, chosen.inputs)) if isinstance(chosen, Dataset) else _watched(chosen)


@functools.cache
def _watched(name: str) -> Array:
    data = dataset(name)
    if name == "digits":
        return data.X_test[_watched_places(data.Y_test.argmax(axis=1))]
    if data.inputs != 2:
        return np.empty((0, data.inputs))
    low, high = plane(data)
    x, y = (low + (high - low) * ((np.arange(PLANE) + 0.5) / PLANE)[:, None]).T
    return np.column_stack([np.tile(x, PLANE), np.repeat(y[::-1], PLANE)])


def watched_digits() -> tuple[Array, Array]:
    """The watched images of digits as they come: pixels (images, 8, 8) from 0 to 16, classes (images,)."""
    pixels, classes = digit_images()
    tested = _order(len(pixels))[:_TEST_DIGITS]
    chosen = tested[_watched_places(classes[tested])]
    return pixels[chosen].reshape(-1, 8, 8), classes[chosen]


def _watched_places(classes: Array) -> Array:
    return np.concatenate([np.flatnonzero(classes == digit)[:PER_CLASS] for digit in range(10)])
