"""One variance law, many names: how the starting weights of a layer are drawn."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

Law = Callable[[int, int, str], float]  # (fan_in, fan_out, activation) → variance

CONSTANT = 0.1  # the value of every weight under `constant`


@dataclass(frozen=True)
class Initializer:
    """A variance law and the distribution it scales; fan_in is n_{l−1}, fan_out is n_l."""

    name: str
    label: str
    formula: str  # LaTeX, of the variance or the value
    source: str
    sampler: str  # normal, uniform, orthogonal or constant
    variance: Law
    bias_variance: Law | None = None  # uniform biases, as the framework draws them; None: zeros
    fits_data: bool = False  # the draw is rescaled on the first batch (LSUV)

    def std(self, fan_in: int, fan_out: int, activation: str = "relu") -> float:
        """The standard deviation of one weight."""
        return math.sqrt(self.variance(fan_in, fan_out, activation))

    def draw(self, rng: np.random.Generator, fan_in: int, fan_out: int, activation: str = "relu") -> np.ndarray:
        """Weights (fan_out, fan_in) in float64. Normal laws scale the very same draw of `rng`."""
        shape = (fan_out, fan_in)
        if self.sampler == "constant":
            return np.full(shape, CONSTANT if self.name == "constant" else 0.0)
        if self.sampler == "orthogonal":
            return _orthogonal(rng, shape)
        std = self.std(fan_in, fan_out, activation)
        if self.sampler == "uniform":
            return rng.uniform(-1, 1, shape) * (math.sqrt(3) * std)
        return rng.standard_normal(shape) * std

    def draw_bias(self, rng: np.random.Generator, fan_in: int, fan_out: int, activation: str = "relu") -> np.ndarray:
        """Biases (fan_out,) in float64: zeros, or uniform where a framework's default says so."""
        if self.bias_variance is None:
            return np.zeros(fan_out)
        bound = math.sqrt(3 * self.bias_variance(fan_in, fan_out, activation))
        return rng.uniform(-bound, bound, fan_out)


def _orthogonal(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Orthonormal rows or columns (Saxe et al. 2013), uniform by their signs (Mezzadri 2007)."""
    tall = (max(shape), min(shape))
    q, r = np.linalg.qr(rng.standard_normal(tall))
    q *= np.where(np.diag(r) < 0, -1.0, 1.0)
    return np.ascontiguousarray(q if shape == tall else q.T)


def _scaled(scale: float, fan: Literal["in", "mean", "max"]) -> Law:
    """scale / n, where n is the fan in, or the mean or maximum of both fans."""

    def law(fan_in: int, fan_out: int, activation: str) -> float:
        return scale / {"in": fan_in, "mean": (fan_in + fan_out) / 2, "max": max(fan_in, fan_out)}[fan]

    return law


def _value(variance: float) -> Law:
    return lambda fan_in, fan_out, activation: variance


def _sklearn(fan_in: int, fan_out: int, activation: str) -> float:
    """U(±√(f/(n_in + n_out))), with f = 2 for the logistic function and 6 otherwise."""
    return (2 if activation == "sigmoid" else 6) / 3 / (fan_in + fan_out)


_pytorch = _scaled(1 / 3, "in")

_HE = "He et al. 2015, Delving Deep into Rectifiers"
_XAVIER = "LeCun et al. 1998, Efficient BackProp; the article and Caffe call it Xavier"
_GLOROT = "Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural networks"
_SAXE = "Saxe et al. 2013, Exact solutions to the nonlinear dynamics of learning"
_MISHKIN = "Mishkin & Matas 2015, All you need is a good init"
_TORCH = "torch.nn.Linear: kaiming_uniform_(a=√5), biases U(±1/√n_in)"
_KERAS = "keras.layers.Dense: Glorot uniform, zero biases"
_SCIKIT = "sklearn.neural_network.MLPClassifier: a third of it for the logistic function; biases alike"
_BOTH_FANS = r"2/(n_{l-1}+n_l)"

_CATALOGUE = (
    Initializer("zeros", "Zero", "0", "the pitfall", "constant", _value(0)),
    Initializer("constant", "Constant", f"{CONSTANT}", "the pitfall", "constant", _value(0)),
    Initializer("normal", "Standard normal", "1", "the pitfall", "normal", _value(1)),
    Initializer("he", "He", r"2/n_{l-1}", _HE, "normal", _scaled(2, "in")),
    Initializer("xavier", "Xavier", r"1/n_{l-1}", _XAVIER, "normal", _scaled(1, "in")),
    Initializer("glorot", "Glorot average", _BOTH_FANS, _GLOROT, "normal", _scaled(1, "mean")),
    Initializer("he_uniform", "He uniform", r"2/n_{l-1}", _HE, "uniform", _scaled(2, "in")),
    Initializer("xavier_uniform", "Xavier uniform", r"1/n_{l-1}", _XAVIER, "uniform", _scaled(1, "in")),
    Initializer("glorot_uniform", "Glorot uniform", _BOTH_FANS, _GLOROT, "uniform", _scaled(1, "mean")),
    Initializer("orthogonal", "Orthogonal", r"1/\max(n_{l-1},n_l)", _SAXE, "orthogonal", _scaled(1, "max")),
    Initializer("lsuv", "LSUV", r"\text{Var}\,Z^{[l]}=1", _MISHKIN, "orthogonal", _scaled(1, "max"), fits_data=True),
    Initializer("pytorch_default", "PyTorch default", r"1/(3\,n_{l-1})", _TORCH, "uniform", _pytorch, _pytorch),
    Initializer("keras_default", "Keras default", _BOTH_FANS, _KERAS, "uniform", _scaled(1, "mean")),
    Initializer("sklearn_default", "scikit-learn default", _BOTH_FANS, _SCIKIT, "uniform", _sklearn, _sklearn),
)

INITIALIZERS: dict[str, Initializer] = {initializer.name: initializer for initializer in _CATALOGUE}

_RULES = {"linear": ("xavier", "glorot"), "tanh": ("xavier", "glorot"), "sigmoid": ("glorot",), "selu": ("xavier",)}


def suited_to(activation: str) -> tuple[str, ...]:
    """The rule of thumb's initializers, preferred first: He's for all activations that pass about half, like ReLU."""
    return _RULES.get(activation, ("he",))
