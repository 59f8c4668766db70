"""The code in Flax: jax.nn's initializers, with the normal laws as they are, not cut at two standard deviations."""

from __future__ import annotations

from core.advice.snippets.design import Design, read_words

_WORDS = read_words("libraries")["flax"]
_ZEROS = "nn.initializers.zeros"


_UNIFORM = """
def uniform(bound):  # jax.nn.initializers.uniform is one-sided
    return lambda key, shape, dtype: jax.random.uniform(key, shape, dtype, -bound, bound)

"""


def write(initializer: str, sizes: tuple[int, ...], activation: str, design: Design) -> str:
    """See core.advice.snippets.snippet; the network is `model`, its weights are in `parameters`."""
    start = _WORDS["starts"][initializer].format(factor=2 if activation == "sigmoid" else 6)
    own = start.startswith("uniform(")
    head = f"""import jax
from flax import linen as nn

sizes = {list(sizes)}
{design.skips(sizes)}activation = {_WORDS["activations"].get(activation, f"nn.{activation}")}
{_UNIFORM if own else ""}
"""
    if not design.is_plain:
        return head + _module(design, start, own) + (_lsuv_by_layer(sizes, design) if initializer == "lsuv" else "")
    code = f"""{head}class Model(nn.Module):
    @nn.compact
    def __call__(self, A):
        for layer, (n_in, n_out) in enumerate(zip(sizes, sizes[1:])):
            if layer > 0:
                A = activation(A)
            kernel_init = {start}
            A = nn.Dense(n_out, kernel_init=kernel_init, bias_init={"kernel_init" if own else _ZEROS})(A)
        return A


model = Model()
parameters = model.init(jax.random.key(0), jax.numpy.ones((1, sizes[0])))["params"]
"""
    return code + (_lsuv(sizes) if initializer == "lsuv" else "")


def _module(design: Design, start: str, own: bool) -> str:
    steps = design.hidden_layer(
        _WORDS["normalized"].get(design.normalization, ""), "activation(Z)", "{a} + {b}", " " * 12
    )
    averages = 'averages = variables["batch_stats"]\n' if design.normalization == "batch" else ""
    return f"""class Model(nn.Module):
    @nn.compact
    def __call__(self, A, train=False):
{design.begin("        ")}        for layer, (n_in, n_out) in enumerate(zip(sizes, sizes[1:]), start=1):
            kernel_init = {start}
            Z = nn.Dense(n_out, kernel_init=kernel_init, bias_init={"kernel_init" if own else _ZEROS})(A)
            if layer == len(sizes) - 1:
                return Z
{steps}

model = Model()
variables = model.init(jax.random.key(0), jax.numpy.ones((1, sizes[0])))
parameters = variables["params"]
{averages}"""


def _lsuv_by_layer(sizes: tuple[int, ...], design: Design) -> str:
    averages = ', "batch_stats": averages' if design.normalization == "batch" else ""
    held = f'{{"params": parameters{averages}}}'
    return f"""
X = jax.random.normal(jax.random.key(1), (256, {sizes[0]}))  # put a batch of your own inputs here
for layer in range(len(sizes) - 1):
    kept = {{"capture_intermediates": True, "mutable": ["intermediates", "batch_stats"]}}
    _, seen = model.apply({held}, X, True, **kept)
    parameters[f"Dense_{{layer}}"]["kernel"] /= seen["intermediates"][f"Dense_{{layer}}"]["__call__"][0].std()
"""


def _lsuv(sizes: tuple[int, ...]) -> str:
    return f"""
A = X = jax.random.normal(jax.random.key(1), (256, {sizes[0]}))  # put a batch of your own inputs here
for layer in range(len(sizes) - 1):
    theta = parameters[f"Dense_{{layer}}"]
    theta["kernel"] /= (A @ theta["kernel"]).std()
    A = activation(A @ theta["kernel"])
"""
