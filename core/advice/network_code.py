"""The code that makes a network and draws its weights and biases, a library each; for snippets."""

import tomllib
from pathlib import Path

from core.advice.question import Question
from core.engine.hidden_layers import skipping_layers

_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def write_torch(initializer: str, question: Question) -> str:
    """`model`: layers as nn.Linear makes them, then weights and biases overwritten in place."""
    words, activation = _WORDS["torch"], _WORDS["torch"]["activations"][question.activation]
    if question.is_plain:
        network = f"""layers = []
for n_in, n_out in zip(sizes, sizes[1:]):
    layers += [nn.Linear(n_in, n_out), {activation}]
model = nn.Sequential(*layers[:-1])"""
    else:
        network = _write_module(question, activation)
    template = "lsuv_by_layer" if initializer == "lsuv" and not question.is_plain else initializer
    if template in words["templates"]:
        start = words["templates"][template].format(inputs=question.sizes[0])
    else:
        lines = "\n        ".join(words["starts"][initializer]).format(factor=_sklearn_factor(question))
        every = "model" if question.is_plain else "model.modules()"
        start = f"for layer in {every}:\n    if isinstance(layer, nn.Linear):\n        {lines}"
    return f"""import torch
from torch import nn

sizes = {list(question.sizes)}
{network}

{start}
"""


def _write_module(question: Question, activation: str) -> str:
    kind = _WORDS["torch"]["normalized"].get(question.normalization)
    norms = f"\n        self.norms = nn.ModuleList({kind}(n) for n in sizes[1:-1])" if kind else ""
    steps = _write_hidden_layer(question, "self.norms[layer - 1](Z)", "self.activation(Z)", indent=12)
    return f"""{_list_skips(question)}

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.ModuleList(nn.Linear(n_in, n_out) for n_in, n_out in zip(sizes, sizes[1:])){norms}
        self.activation = {activation}

    def forward(self, A):
{_keep_sums(question, indent=8)}        for layer, linear in enumerate(self.linear[:-1], start=1):
            Z = linear(A)
{steps}        return self.linear[-1](A)


model = Model()"""


def write_keras(initializer: str, question: Question) -> str:
    """`model`, with an initializer a layer: one that is used twice draws the same numbers again."""
    words = _WORDS["keras"]
    start, bound, bias = words["starts"][initializer], "", "initializers.Zeros()"
    if initializer in words["bounds"]:
        bound = f"    bound = {words['bounds'][initializer].format(factor=_sklearn_factor(question))}\n"
        bias = start
    activation = words["activations"].get(question.activation, f'"{question.activation}"')
    normalize = words["normalized"].get(question.normalization, "")
    activate = f"layers.Activation({activation})(Z)"
    steps = _write_hidden_layer(question, normalize, activate, "layers.Add()([{a}, {b}])", indent=4)
    lsuv = words["templates"]["lsuv"].format(inputs=question.sizes[0]) if initializer == "lsuv" else ""
    return f"""import keras
from keras import initializers, layers

sizes = {list(question.sizes)}
{_list_skips(question)}A = inputs = keras.Input((sizes[0],))
{_keep_sums(question)}for layer, (n_in, n_out) in enumerate(zip(sizes, sizes[1:]), start=1):
{bound}    start, bias = {start}, {bias}
    Z = layers.Dense(n_out, kernel_initializer=start, bias_initializer=bias)(A)
    if layer == len(sizes) - 1:
        break
{steps}model = keras.Model(inputs, Z)
{lsuv}"""


def write_flax(initializer: str, question: Question) -> str:
    """`model`, its weights in `parameters`; normal laws are not cut at two standard deviations."""
    words, lsuv, averages = _WORDS["flax"], "", ""
    start = words["starts"][initializer].format(factor=_sklearn_factor(question))
    is_uniform = start.startswith("uniform(")
    bias = "kernel_init" if is_uniform else "nn.initializers.zeros"
    variables = '{"params": parameters}'
    if question.normalization == "batch":
        averages = 'averages = variables["batch_stats"]\n'
        variables = '{"params": parameters, "batch_stats": averages}'
    if initializer == "lsuv":
        template = words["templates"]["lsuv" if question.is_plain else "lsuv_by_layer"]
        lsuv = template.format(inputs=question.sizes[0], variables=variables)
    normalize = words["normalized"].get(question.normalization, "")
    steps = _write_hidden_layer(question, normalize, "activation(Z)", indent=12)
    return f"""import jax
from flax import linen as nn

sizes = {list(question.sizes)}
{_list_skips(question)}activation = {words["activations"].get(question.activation, f"nn.{question.activation}")}
{words["templates"]["uniform"] if is_uniform else ""}
class Model(nn.Module):
    @nn.compact
    def __call__(self, A{"" if question.is_plain else ", train=False"}):
{_keep_sums(question, indent=8)}        for layer, (n_in, n_out) in enumerate(zip(sizes, sizes[1:]), start=1):
            kernel_init = {start}
            Z = nn.Dense(n_out, kernel_init=kernel_init, bias_init={bias})(A)
            if layer == len(sizes) - 1:
                return Z
{steps}

model = Model()
variables = model.init(jax.random.key(0), jax.numpy.ones((1, sizes[0])))
parameters = variables["params"]
{averages}{lsuv}"""


def write_numpy(initializer: str, question: Question) -> str:
    """Lists `W` of (n_out, n_in) and `b` of columns, as in Z = W A + b; `gamma` and `beta` if any."""
    words, factor = _WORDS["numpy"], _sklearn_factor(question)
    start = words["starts"][initializer].format(factor=factor)
    bias = words["biases"].get(initializer, "np.zeros((n_out, 1))").format(factor=factor)
    ndtr, scales, lsuv = "", "", ""
    if question.normalization != "none":
        scales = (
            "gamma, beta = ([make((n, 1)) for n in sizes[1:-1]] for make in (np.ones, np.zeros))  # train as well\n"
        )
    if initializer == "lsuv":
        ndtr = "from scipy.special import ndtr\n" if question.activation == "gelu_exact" else ""
        axis = 1 if question.normalization == "batch" else 0
        moments = f"(Z - Z.mean({axis}, keepdims=True)) / np.sqrt(Z.var({axis}, keepdims=True) + 1e-5)"
        lsuv = f"""
g = lambda z: {words["activations"][question.activation]}
{_list_skips(question)}
A = X = rng.standard_normal(({question.sizes[0]}, 256))  # put a batch of your own inputs here, an example a column
{_keep_sums(question)}for layer in range(1, len(sizes)):
    W[layer - 1] /= (W[layer - 1] @ A).std()
    Z = W[layer - 1] @ A
{_write_hidden_layer(question, moments, "g(Z)", indent=4)}"""
    return f"""import numpy as np
{ndtr}
rng = np.random.default_rng()
sizes = {list(question.sizes)}
{words["templates"]["orthogonal"] if start.startswith("orthogonal") else ""}
fans = list(zip(sizes, sizes[1:]))
W = [{start} for n_in, n_out in fans]
b = [{bias} for n_in, n_out in fans]
{scales}{lsuv}"""


def _sklearn_factor(question: Question) -> int:
    """What scikit-learn's default divides by the fans: less for the logistic function."""
    return 2 if question.activation == "sigmoid" else 6


def _list_skips(question: Question) -> str:
    layers = skipping_layers(question.sizes, question.skip)
    return f"skips = {layers!r}  # the layers, from 1, to which a skip connection comes\n" if question.skip else ""


def _keep_sums(question: Question, indent: int = 0) -> str:
    return f"{' ' * indent}Zs = []\n" if question.skip == 2 else ""


def _write_hidden_layer(
    question: Question, normalize: str, activate: str, add: str = "{a} + {b}", *, indent: int
) -> str:
    """The lines from Z to A; `normalize` and `activate` are the library's expressions of Z."""
    lines = []
    if question.skip == 2:
        lines += ["if layer in skips:", f"    Z = {add.format(a='Z', b='Zs[-2]')}", "Zs.append(Z)"]
    if question.normalization != "none":
        lines.append(f"Z = {normalize}")
    if question.skip == 1:
        lines += [f"before, A = A, {activate}", "if layer in skips:", f"    A = {add.format(a='A', b='before')}"]
    else:
        lines.append(f"A = {activate}")
    return "".join(f"{' ' * indent}{line}\n" for line in lines)
