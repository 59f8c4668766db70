"""The code in Keras 3: an initializer a layer, because one that is used twice draws the same numbers again."""

from __future__ import annotations

from core.advice.snippets.design import Design

_ACTIVATIONS = {
    "leaky_relu": "layers.LeakyReLU(0.01)",
    "gelu": "lambda z: keras.activations.gelu(z, approximate=True)",
    "gelu_exact": '"gelu"',
}
_ZEROS = "initializers.Zeros()"


def _scaled(scale: str, mode: str, distribution: str) -> str:
    return f'initializers.VarianceScaling({scale}, "{mode}", "{distribution}")'


_NORMAL = "untruncated_normal"  # HeNormal and its like cut the normal at two standard deviations
_STARTS = {
    "zeros": _ZEROS,
    "constant": "initializers.Constant(0.1)",
    "normal": "initializers.RandomNormal(stddev=1.0)",
    "he": _scaled("2.0", "fan_in", _NORMAL),
    "xavier": _scaled("1.0", "fan_in", _NORMAL),
    "glorot": _scaled("1.0", "fan_avg", _NORMAL),
    "he_uniform": "initializers.HeUniform()",
    "xavier_uniform": "initializers.LecunUniform()",
    "glorot_uniform": "initializers.GlorotUniform()",
    "keras_default": "initializers.GlorotUniform()",
    "orthogonal": "initializers.Orthogonal(gain=1.0)",
    "lsuv": "initializers.Orthogonal(gain=1.0)",
    "pytorch_default": "initializers.RandomUniform(-bound, bound)",
    "sklearn_default": "initializers.RandomUniform(-bound, bound)",
}
_BOUNDS = {"pytorch_default": "n_in ** -0.5", "sklearn_default": "({factor} / (n_in + n_out)) ** 0.5"}


def write(initializer: str, sizes: tuple[int, ...], activation: str, design: Design) -> str:
    """See core.advice.snippets.snippet; the network is `model`."""
    bound, bias = "", _ZEROS
    if initializer in _BOUNDS:
        factor = 2 if activation == "sigmoid" else 6
        bound = f"    bound = {_BOUNDS[initializer].format(factor=factor)}\n"
        bias = _STARTS[initializer]
    if not design.is_plain:
        draws = f"{bound}    start, bias = {_STARTS[initializer]}, {bias}"
        return _graph(sizes, activation, design, draws) + (_lsuv_by_layer(sizes) if initializer == "lsuv" else "")
    code = f"""import keras
from keras import initializers, layers

sizes = {list(sizes)}
model = keras.Sequential([keras.Input((sizes[0],))])
for n_in, n_out in zip(sizes, sizes[1:]):
{bound}    model.add(
        layers.Dense(
            n_out,
            kernel_initializer={_STARTS[initializer]},
            bias_initializer={bias},
        )
    )
    model.add(layers.Activation({_activation(activation)}))
model.pop()  # no activation after the last layer
"""
    return code + (_lsuv(sizes) if initializer == "lsuv" else "")


def _activation(name: str) -> str:
    return _ACTIVATIONS.get(name, f'"{name}"')


_NORMALIZED = {
    "batch": "layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(Z)",
    "layer": "layers.LayerNormalization(epsilon=1e-5)(Z)",
}


def _graph(sizes: tuple[int, ...], activation: str, design: Design, draws: str) -> str:
    activate = f"layers.Activation({_activation(activation)})(Z)"
    steps = design.hidden_layer(
        _NORMALIZED.get(design.normalization, ""), activate, "layers.Add()([{a}, {b}])", " " * 4
    )
    return f"""import keras
from keras import initializers, layers

sizes = {list(sizes)}
{design.skips(sizes)}A = inputs = keras.Input((sizes[0],))
{design.begin("")}for layer, (n_in, n_out) in enumerate(zip(sizes, sizes[1:]), start=1):
{draws}
    Z = layers.Dense(n_out, kernel_initializer=start, bias_initializer=bias)(A)
    if layer == len(sizes) - 1:
        break
{steps}model = keras.Model(inputs, Z)
"""


def _lsuv_by_layer(sizes: tuple[int, ...]) -> str:
    return f"""
X = keras.random.normal((256, {sizes[0]}))  # put a batch of your own inputs here
for layer in model.layers:
    if isinstance(layer, layers.Dense):
        Z = keras.Model(model.inputs, layer.output)(X, training=True)
        layer.kernel.assign(layer.kernel / keras.ops.std(Z))
"""


def _lsuv(sizes: tuple[int, ...]) -> str:
    return f"""
A = X = keras.random.normal((256, {sizes[0]}))  # put a batch of your own inputs here
for layer in model.layers:
    if isinstance(layer, layers.Dense):
        layer.kernel.assign(layer.kernel / keras.ops.std(layer(A)))
    A = layer(A)
"""
