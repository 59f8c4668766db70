"""The code in NumPy: W[l] of shape (n_out, n_in) and b[l] as a column, as in Z = W A + b."""

from __future__ import annotations

from core.advice.snippets.design import Design

_NORMAL = "rng.standard_normal((n_out, n_in)) * ({variance}) ** 0.5"
_UNIFORM = "rng.uniform(-1, 1, (n_out, n_in)) * (3 * {variance}) ** 0.5"
_STARTS = {
    "zeros": "np.zeros((n_out, n_in))",
    "constant": "np.full((n_out, n_in), 0.1)",
    "normal": "rng.standard_normal((n_out, n_in))",
    "he": _NORMAL.format(variance="2 / n_in"),
    "xavier": _NORMAL.format(variance="1 / n_in"),
    "glorot": _NORMAL.format(variance="2 / (n_in + n_out)"),
    "he_uniform": _UNIFORM.format(variance="2 / n_in"),
    "xavier_uniform": _UNIFORM.format(variance="1 / n_in"),
    "glorot_uniform": _UNIFORM.format(variance="2 / (n_in + n_out)"),
    "keras_default": _UNIFORM.format(variance="2 / (n_in + n_out)"),
    "pytorch_default": "rng.uniform(-1, 1, (n_out, n_in)) * n_in**-0.5",
    "sklearn_default": "rng.uniform(-1, 1, (n_out, n_in)) * ({factor} / (n_in + n_out)) ** 0.5",
    "orthogonal": "orthogonal(n_out, n_in)",
    "lsuv": "orthogonal(n_out, n_in)",
}
_BIASES = {
    "pytorch_default": "rng.uniform(-1, 1, (n_out, 1)) * n_in**-0.5",
    "sklearn_default": "rng.uniform(-1, 1, (n_out, 1)) * ({factor} / (n_in + n_out)) ** 0.5",
}
_ORTHOGONAL = """

def orthogonal(n_out, n_in):
    q, r = np.linalg.qr(rng.standard_normal((max(n_out, n_in), min(n_out, n_in))))
    q *= np.sign(np.diag(r))
    return q if n_out >= n_in else q.T

"""
_ACTIVATIONS = {
    "linear": "z",
    "sigmoid": "1 / (1 + np.exp(-z))",
    "tanh": "np.tanh(z)",
    "relu": "np.maximum(0, z)",
    "leaky_relu": "np.maximum(0.01 * z, z)",
    "elu": "np.where(z > 0, z, np.expm1(np.minimum(z, 0)))",
    "selu": "1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(np.minimum(z, 0)))",
    "gelu": "0.5 * z * (1 + np.tanh(0.7978845608028654 * (z + 0.044715 * z**3)))",
    "gelu_exact": "z * ndtr(z)",
    "silu": "z / (1 + np.exp(-z))",
    "softplus": "np.logaddexp(0, z)",
}


def write(initializer: str, sizes: tuple[int, ...], activation: str, design: Design) -> str:
    """See core.advice.snippets.snippet; the parameters are the lists `W` and `b`, and `gamma` and `beta` if any."""
    factor = 2 if activation == "sigmoid" else 6
    start = _STARTS[initializer].format(factor=factor)
    bias = _BIASES.get(initializer, "np.zeros((n_out, 1))").format(factor=factor)
    ndtr = "from scipy.special import ndtr\n" if initializer == "lsuv" and activation == "gelu_exact" else ""
    code = f"""import numpy as np
{ndtr}
rng = np.random.default_rng()
sizes = {list(sizes)}
{_ORTHOGONAL if start.startswith("orthogonal") else ""}
fans = list(zip(sizes, sizes[1:]))
W = [{start} for n_in, n_out in fans]
b = [{bias} for n_in, n_out in fans]
"""
    if design.normalization != "none":
        code += """gamma, beta = ([make((n, 1)) for n in sizes[1:-1]] for make in (np.ones, np.zeros))  # train as well
"""
    return code + (_lsuv(sizes, activation, design) if initializer == "lsuv" else "")


def _lsuv(sizes: tuple[int, ...], activation: str, design: Design) -> str:
    if not design.is_plain:
        axis = 1 if design.normalization == "batch" else 0
        moments = f"(Z - Z.mean({axis}, keepdims=True)) / np.sqrt(Z.var({axis}, keepdims=True) + 1e-5)"
        steps = design.hidden_layer(moments, "g(Z)", "{a} + {b}", " " * 4)
        return f"""
g = lambda z: {_ACTIVATIONS[activation]}
{design.skips(sizes)}
A = X = rng.standard_normal(({sizes[0]}, 256))  # put a batch of your own inputs here, an example a column
{design.begin("")}for layer in range(1, len(sizes)):
    W[layer - 1] /= (W[layer - 1] @ A).std()
    Z = W[layer - 1] @ A
{steps}"""
    return f"""
A = X = rng.standard_normal(({sizes[0]}, 256))  # put a batch of your own inputs here, an example a column
for l in range(len(W)):
    W[l] /= (W[l] @ A).std()
    z = W[l] @ A
    A = {_ACTIVATIONS[activation]}
"""
