"""The non-linear functions g^[l] and their derivatives, side by side."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Array = np.ndarray

LEAK = 0.01  # Maas et al. 2013
SELU_ALPHA = 1.6732632423543772  # Klambauer et al. 2017, from the fixed point (0, 1)
SELU_SCALE = 1.0507009873554805
_SELU_SLOPE = SELU_ALPHA * SELU_SCALE  # at 0 from below, and how far it goes down
_GELU_C = 0.7978845608028654  # √(2/π)
_GELU_K = 0.044715
_NORMAL_PEAK = 0.3989422804014327  # φ(0) = 1/√(2π)


@dataclass(frozen=True)
class Activation:
    """An element-wise non-linearity; `out` may be Z itself, so that training allocates nothing."""

    name: str
    label: str
    max_slope: float  # the largest |g′(z)| over all z
    limits: tuple[float, float]  # infimum and supremum of g
    _function: Callable[[Array, Array], object]  # of Z and out
    _derivative: Callable[[Array, Array, Array], object]  # of Z, A = g(Z) and out
    slope_takes_Z: bool = False  # whether g′ is computed from Z too, not from A alone

    @property
    def bounded(self) -> bool:
        return bool(np.isfinite(self.limits).all())

    def function(self, Z: Array, out: Array | None = None) -> Array:
        """g(Z), of Z's shape and dtype."""
        out = np.empty_like(Z) if out is None else out
        self._function(Z, out)
        return out

    def derivative(self, Z: Array, A: Array | None = None, out: Array | None = None) -> Array:
        """g′(Z), of Z's shape and dtype, at a kink from the left; pass A = g(Z) where it is known."""
        A = self.function(Z) if A is None else A
        out = np.empty_like(Z) if out is None else out
        self._derivative(Z, A, out)
        return out


# With an array of zeros np.maximum is several times as fast as with a scalar.
def _relu(Z: Array, out: Array) -> None:
    np.maximum(Z, _zeros(Z.shape[-2:], Z.dtype), out=out)


@functools.lru_cache(maxsize=32)
def _zeros(shape: tuple[int, ...], dtype: np.dtype) -> Array:
    return np.zeros(shape, dtype)


def _sigmoid(Z: Array, out: Array) -> Array:
    np.negative(Z, out=out)
    np.exp(out, out=out)
    out += 1
    return np.reciprocal(out, out=out)


def _sigmoid_derivative(Z: Array, A: Array, out: Array) -> None:
    np.multiply(A, A, out=out)
    np.subtract(A, out, out=out)


def _tanh_derivative(Z: Array, A: Array, out: Array) -> None:
    np.multiply(A, A, out=out)
    np.subtract(1, out, out=out)


def _relu_derivative(Z: Array, A: Array, out: Array) -> None:
    np.greater(A, 0, out=out, casting="unsafe")


def _leaky_relu(Z: Array, out: Array) -> None:
    np.maximum(Z, Z * LEAK, out=out)


def _leaky_relu_derivative(Z: Array, A: Array, out: Array) -> None:
    np.greater(A, 0, out=out, casting="unsafe")
    np.maximum(out, LEAK, out=out)


def _elu(Z: Array, out: Array) -> None:
    np.maximum(Z, np.expm1(np.minimum(Z, 0)), out=out)


def _elu_derivative(Z: Array, A: Array, out: Array) -> None:
    np.minimum(A, 0, out=out)
    out += 1


def _selu(Z: Array, out: Array) -> None:
    negative = np.expm1(np.minimum(Z, 0)) * SELU_ALPHA
    np.maximum(Z, 0, out=out)
    out += negative
    out *= SELU_SCALE


def _selu_derivative(Z: Array, A: Array, out: Array) -> None:
    slope = np.exp(np.minimum(Z, 0)) * _SELU_SLOPE
    np.copyto(slope, SELU_SCALE, where=Z > 0)
    out[...] = slope


def _gelu_gate(Z: Array) -> Array:
    gate = Z * Z
    gate *= _GELU_K
    gate += 1
    gate *= Z
    gate *= _GELU_C
    return np.tanh(gate, out=gate)


def _gelu(Z: Array, out: Array) -> None:
    half = _gelu_gate(Z)
    half += 1
    half *= 0.5
    np.multiply(Z, half, out=out)


def _gelu_derivative(Z: Array, A: Array, out: Array) -> None:
    # Far out the slope is exactly 0 or 1; limiting z keeps 0 · ∞ out of the product below.
    z = np.clip(Z, -30, 30)
    gate = _gelu_gate(z)
    slope = (1 - gate * gate) * (z * _GELU_C) * (1 + 3 * _GELU_K * z * z)
    out[...] = 0.5 * (1 + gate + slope) + 0 * Z


def _gelu_exact(Z: Array, out: Array) -> None:
    from scipy.special import ndtr  # on demand: it takes 0.3 s and 28 MB

    np.multiply(Z, ndtr(Z), out=out)


def _gelu_exact_derivative(Z: Array, A: Array, out: Array) -> None:
    # Φ(z) is A/z, which takes a tenth of the time, but around 0, and beyond 40: there it is 0 or 1.
    z = np.clip(Z, -40, 40)
    size = np.abs(z)
    cdf = np.clip(Z, -0.5, 0.5) + 0.5
    np.divide(A, Z, out=cdf, where=(size > 1e-18) & (size < 40))
    np.add(cdf, z * np.exp(-0.5 * z * z) * _NORMAL_PEAK, out=out)


def _silu(Z: Array, out: Array) -> None:
    np.multiply(Z, _sigmoid(Z, np.empty_like(Z)), out=out)


def _silu_derivative(Z: Array, A: Array, out: Array) -> None:
    gate = _sigmoid(Z, np.empty_like(Z))
    out[...] = gate + A * (1 - gate)


def _softplus(Z: Array, out: Array) -> None:
    tail = np.log1p(np.exp(-np.abs(Z)))
    np.maximum(Z, 0, out=out)
    out += tail


_INF = float("inf")
# A new one appears on every page by itself; how other libraries write it is in core/advice/network_code.toml.
_CATALOGUE = (
    Activation("linear", "linear", 1.0, (-_INF, _INF), np.positive, lambda Z, A, out: out.fill(1)),
    Activation("sigmoid", "sigmoid", 0.25, (0.0, 1.0), _sigmoid, _sigmoid_derivative),
    Activation("tanh", "tanh", 1.0, (-1.0, 1.0), np.tanh, _tanh_derivative),
    Activation("relu", "ReLU", 1.0, (0.0, _INF), _relu, _relu_derivative),
    Activation("leaky_relu", "leaky ReLU", 1.0, (-_INF, _INF), _leaky_relu, _leaky_relu_derivative),
    # Clevert et al. 2016, α = 1
    Activation("elu", "ELU", 1.0, (-1.0, _INF), _elu, _elu_derivative),
    Activation("selu", "SELU", _SELU_SLOPE, (-_SELU_SLOPE, _INF), _selu, _selu_derivative, True),
    # Hendrycks & Gimpel 2016: z/2 (1 + tanh(√(2/π) (z + 0.044715 z³))), which is JAX's default, and
    # z Φ(z), PyTorch's and Keras's, from which the first strays by up to 5·10⁻⁴.
    Activation("gelu", "GELU (tanh form)", 1.1290, (-0.1700, _INF), _gelu, _gelu_derivative, True),
    Activation("gelu_exact", "GELU (exact)", 1.1289, (-0.1700, _INF), _gelu_exact, _gelu_exact_derivative, True),
    # Ramachandran et al. 2017 (also called swish)
    Activation("silu", "SiLU", 1.0998, (-0.2785, _INF), _silu, _silu_derivative, True),
    Activation("softplus", "softplus", 1.0, (0.0, _INF), _softplus, lambda Z, A, out: _sigmoid(Z, out), True),
)

ACTIVATIONS: dict[str, Activation] = {activation.name: activation for activation in _CATALOGUE}
