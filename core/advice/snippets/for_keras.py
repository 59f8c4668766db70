"""The code in Keras 3: an initializer a layer, because one that is used twice draws the same numbers again."""

from core.advice.snippets.design import Design, read_words, write_lsuv

_WORDS = read_words("libraries")["keras"]
_ZEROS = "initializers.Zeros()"


def write(initializer: str, sizes: tuple[int, ...], activation: str, design: Design) -> str:
    """See core.advice.snippets.snippet; the network is `model`."""
    bound, bias = "", _ZEROS
    lsuv = write_lsuv(_WORDS["templates"], sizes[0], design) if initializer == "lsuv" else ""
    if initializer in _WORDS["bounds"]:
        factor = 2 if activation == "sigmoid" else 6
        bound = f"    bound = {_WORDS['bounds'][initializer].format(factor=factor)}\n"
        bias = _WORDS["starts"][initializer]
    if not design.is_plain:
        draws = f"{bound}    start, bias = {_WORDS['starts'][initializer]}, {bias}"
        return _graph(sizes, activation, design, draws) + lsuv
    code = f"""import keras
from keras import initializers, layers

sizes = {list(sizes)}
model = keras.Sequential([keras.Input((sizes[0],))])
for n_in, n_out in zip(sizes, sizes[1:]):
{bound}    model.add(
        layers.Dense(
            n_out,
            kernel_initializer={_WORDS["starts"][initializer]},
            bias_initializer={bias},
        )
    )
    model.add(layers.Activation({_activation(activation)}))
model.pop()  # no activation after the last layer
"""
    return code + lsuv


def _activation(name: str) -> str:
    return str(_WORDS["activations"].get(name, f'"{name}"'))


def _graph(sizes: tuple[int, ...], activation: str, design: Design, draws: str) -> str:
    activate = f"layers.Activation({_activation(activation)})(Z)"
    steps = design.hidden_layer(
        _WORDS["normalized"].get(design.normalization, ""), activate, "layers.Add()([{a}, {b}])", " " * 4
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
