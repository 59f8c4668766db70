"""The code in Flax: jax.nn's initializers, with the normal laws as they are, not cut at two standard deviations."""

from core.advice.snippets.design import Design, read_words, write_lsuv

_WORDS = read_words("libraries")["flax"]


def write(initializer: str, sizes: tuple[int, ...], activation: str, design: Design) -> str:
    """See core.advice.snippets.snippet; the network is `model`, its weights are in `parameters`."""
    start = _WORDS["starts"][initializer].format(factor=2 if activation == "sigmoid" else 6)
    own, over_batches = start.startswith("uniform("), design.normalization == "batch"
    bias = "kernel_init" if own else "nn.initializers.zeros"
    averages = 'averages = variables["batch_stats"]\n' if over_batches else ""
    variables = '{"params": parameters, "batch_stats": averages}' if over_batches else '{"params": parameters}'
    lsuv = write_lsuv(_WORDS["templates"], sizes[0], design, held=variables) if initializer == "lsuv" else ""
    normalize = _WORDS["normalized"].get(design.normalization, "")
    steps = design.hidden_layer(normalize, "activation(Z)", "{a} + {b}", " " * 12)
    return f"""import jax
from flax import linen as nn

sizes = {list(sizes)}
{design.skips(sizes)}activation = {_WORDS["activations"].get(activation, f"nn.{activation}")}
{_WORDS["templates"]["uniform"] if own else ""}
class Model(nn.Module):
    @nn.compact
    def __call__(self, A{"" if design.is_plain else ", train=False"}):
{design.begin("        ")}        for layer, (n_in, n_out) in enumerate(zip(sizes, sizes[1:]), start=1):
            kernel_init = {start}
            Z = nn.Dense(n_out, kernel_init=kernel_init, bias_init={bias})(A)
            if layer == len(sizes) - 1:
                return Z
{steps}

model = Model()
variables = model.init(jax.random.key(0), jax.numpy.ones((1, sizes[0])))
parameters = variables["params"]
{averages}{lsuv}"""
