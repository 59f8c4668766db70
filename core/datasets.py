"""The data that networks are trained on: handwritten digits, small synthetic sets, or one's own."""

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Array = np.ndarray
_EXAMPLES = 1536  # of a synthetic set
_SEED = 20170813  # fixes the splits and the synthetic sets: data are the same for every experiment

PLANE = 40  # rows and columns of points over the plane of two inputs
PER_CLASS = 2  # test images of each digit that are watched

SCALINGS = ("standardized", "0 to 1", "raw")  # of each input, by the training set


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Examples in rows, in float64. Data sets are equal when their names and numbers are."""

    name: str
    label: str
    loss: str  # a name in LOSSES
    X_train: Array  # (examples, n_0), scaled by the training set
    Y_train: Array  # (examples, n_L): one-hot, 0 and 1, or standardized targets
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
        """The SHA-256 of the names and all numbers, in hexadecimal."""
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
    """A read-only Dataset of X (examples, n_0) and Y (examples, n_L), the first `test` for tests.

    In `order`, which is random where it is not given. A constant input becomes 0, unless `scaling` is raw.
    """
    if scaling not in SCALINGS:
        raise ValueError(f"scaling is {scaling!r}; allowed: {', '.join(SCALINGS)}")
    if order is None:
        order = np.random.default_rng(_SEED).permutation(len(X))
    X, Y = X[order].astype(np.float64), Y[order].astype(np.float64)
    if scaling != "raw":
        known = X[test:]
        shift, size = known.mean(axis=0), known.std(axis=0)
        if scaling == "0 to 1":
            shift, size = known.min(axis=0), np.ptp(known, axis=0)
        X = (X - shift) / np.where(size > 0, size, 1.0)
        X[:, size == 0] = 0
    data = Dataset(name, label, loss, X[test:], Y[test:], X[:test], Y[:test])
    for array in (data.X_train, data.Y_train, data.X_test, data.Y_test):
        array.flags.writeable = False
    return data


def digit_images() -> tuple[Array, Array]:
    """The UCI digits (data/README.md): pixels (1797, 64) from 0 to 16, classes (1797,)."""
    with np.load(Path(__file__).parent / "data" / "digits.npz", allow_pickle=False) as stored:
        return stored["pixels"], stored["classes"]


def _pixels(rng: np.random.Generator) -> tuple[Array, Array]:
    pixels, classes = digit_images()
    return pixels / 16, classes


def _circles(rng: np.random.Generator) -> tuple[Array, Array]:
    y = np.arange(_EXAMPLES) % 2
    angle = rng.uniform(0, 2 * np.pi, _EXAMPLES)
    radius = np.where(y == 1, 0.5, 1.0) + rng.normal(0, 0.08, _EXAMPLES)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), y


def _moons(rng: np.random.Generator) -> tuple[Array, Array]:
    y = np.arange(_EXAMPLES) % 2
    angle = rng.uniform(0, np.pi, _EXAMPLES)
    X = np.column_stack([np.cos(angle), np.sin(angle)])
    X[y == 1] = np.array([1.0, 0.5]) - X[y == 1]
    return X + rng.normal(0, 0.12, X.shape), y


def _xor(rng: np.random.Generator) -> tuple[Array, Array]:
    X = rng.uniform(-1, 1, (_EXAMPLES, 2))
    return X, (X[:, 0] * X[:, 1] > 0).astype(int)


def _spirals(rng: np.random.Generator) -> tuple[Array, Array]:
    y = np.arange(_EXAMPLES) % 2
    turn = np.sqrt(rng.uniform(0.02, 1, _EXAMPLES))
    angle = 3 * np.pi * turn + np.pi * y
    X = np.column_stack([turn * np.cos(angle), turn * np.sin(angle)])
    return X + rng.normal(0, 0.02, X.shape), y


def _curve(rng: np.random.Generator) -> tuple[Array, Array]:
    x = rng.uniform(-1, 1, _EXAMPLES)
    y = np.sin(4 * x) + 0.5 * np.sin(11 * x) + rng.normal(0, 0.1, x.size)
    return x[:, None], (y - y.mean()) / y.std()


def _noise(rng: np.random.Generator) -> tuple[Array, Array]:
    return rng.standard_normal((2560, 64)), rng.integers(0, 10, 2560)


Maker = Callable[[np.random.Generator], tuple[Array, Array]]  # X, and classes or targets

# Label, loss, how many examples are for testing, and what makes all.
_CATALOGUE: dict[str, tuple[str, str, int, Maker]] = {
    "digits": ("handwritten digits", "softmax", 360, lambda rng: digit_images()),
    "circles": ("two circles", "sigmoid", 512, _circles),
    "moons": ("two moons", "sigmoid", 512, _moons),
    "xor": ("XOR", "sigmoid", 512, _xor),
    "spirals": ("two spirals", "sigmoid", 512, _spirals),
    "curve": ("curve (regression)", "squared", 512, _curve),
    "noise": ("Gaussian noise, random labels", "softmax", 512, _noise),
    "pixels": ("handwritten digits, pixels from 0 to 1", "softmax", 360, _pixels),
}

DATASETS: tuple[str, ...] = tuple(_CATALOGUE)


def dataset(chosen: str | Dataset, scaling: str | None = None) -> Dataset:
    """The set of that name, standardized but for pixels where `scaling` is not given; or one's own."""
    if isinstance(chosen, Dataset):
        return chosen
    return _generate(chosen, scaling or ("raw" if chosen == "pixels" else "standardized"))


@functools.cache
def _generate(name: str, scaling: str) -> Dataset:
    label, loss, test, make = _CATALOGUE[name]
    X, y = make(np.random.default_rng(_SEED))
    Y = np.eye(10)[y] if loss == "softmax" else y[:, None]
    return assemble(name, label, loss, X, Y, test, scaling)


def plane(data: Dataset) -> tuple[Array, Array]:
    """The lowest and the highest point (2,) of the plane around all examples of two inputs."""
    X = np.vstack([data.X_train, data.X_test])
    margin = 0.05 * np.ptp(X, axis=0)
    return X.min(axis=0) - margin, X.max(axis=0) + margin


def watched_examples(chosen: str | Dataset) -> Array:
    """Inputs (examples, n_0) about which a network is asked as it trains; none of data of one's own.

    Of digits, PER_CLASS test images of each class in turn; of two inputs, the centers of
    PLANE × PLANE cells, from left to right and from the top down; else none.
    """
    return np.empty((0, chosen.inputs)) if isinstance(chosen, Dataset) else _watched(chosen)


@functools.cache
def _watched(name: str) -> Array:
    data = dataset(name)
    if name == "digits":
        return data.X_test[_first_of_each_class(data)]
    if data.inputs != 2:
        return np.empty((0, data.inputs))
    low, high = plane(data)
    x, y = (low + (high - low) * ((np.arange(PLANE) + 0.5) / PLANE)[:, None]).T
    return np.column_stack([np.tile(x, PLANE), np.repeat(y[::-1], PLANE)])


def watched_digits() -> tuple[Array, Array]:
    """The watched images of digits: pixels (images, 8, 8) from 0 to 16, classes (images,)."""
    data = dataset("pixels")  # the same images in the same order
    chosen = _first_of_each_class(data)
    return 16 * data.X_test[chosen].reshape(-1, 8, 8), data.Y_test[chosen].argmax(axis=1)


def _first_of_each_class(data: Dataset) -> Array:
    classes = data.Y_test.argmax(axis=1)
    return np.concatenate([np.flatnonzero(classes == digit)[:PER_CLASS] for digit in range(10)])
