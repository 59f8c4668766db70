"""The code in Flax: jax.nn's initializers, with the normal laws as they are, not cut at two standard deviations."""

from core.advice.snippets.design import Design, read_words, write_lsuv

_WORDS = read_words("libraries")["flax"]
_ZEROS = "nn.initializers.zeros"


def write(initializer: str, sizes: tuple[int, ...], activation: str, design: Design) -> str:
    """See core.advice.snippets.snippet; the network is `model`, its weights are in `parameters`."""
    start = _WORDS["starts"][initializer].format(factor=2 if activation == "sigmoid" else 6)
    own = start.startswith("uniform(")
    averages = ', "batch_stats": averages' if design.normalization == "batch" else ""
    held = f'{{"params": parameters{averages}}}'
    lsuv = write_lsuv(_WORDS["templates"], sizes[0], design, held=held) if initializer == "lsuv" else ""
    head = f"""import jax
from flax import linen as nn

sizes = {list(sizes)}
{design.skips(sizes)}activation = {_WORDS["activations"].get(activation, f"nn.{activation}")}
{_WORDS["templates"]["uniform"] if own else ""}
"""
    if not design.is_plain:
        return head + _module(design, start, own) + lsuv
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
    return code + lsuv


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
