"""The code in Keras 3: an initializer a layer, because one that is used twice draws the same numbers again."""

from core.advice.snippets.design import Design, read_words

_WORDS = read_words("libraries")["keras"]


def write(initializer: str, sizes: tuple[int, ...], activation: str, design: Design) -> str:
    """See core.advice.snippets.snippet; the network is `model`."""
    start, bound, bias = _WORDS["starts"][initializer], "", "initializers.Zeros()"
    if initializer in _WORDS["bounds"]:
        factor = 2 if activation == "sigmoid" else 6
        bound = f"    bound = {_WORDS['bounds'][initializer].format(factor=factor)}\n"
        bias = start
    activation = _WORDS["activations"].get(activation, f'"{activation}"')
    normalize = _WORDS["normalized"].get(design.normalization, "")
    steps = design.hidden_layer(normalize, f"layers.Activation({activation})(Z)", "layers.Add()([{a}, {b}])", " " * 4)
    lsuv = _WORDS["templates"]["lsuv"].format(inputs=sizes[0]) if initializer == "lsuv" else ""
    return f"""import keras
from keras import initializers, layers

sizes = {list(sizes)}
{design.skips(sizes)}A = inputs = keras.Input((sizes[0],))
{design.begin("")}for layer, (n_in, n_out) in enumerate(zip(sizes, sizes[1:]), start=1):
{bound}    start, bias = {start}, {bias}
    Z = layers.Dense(n_out, kernel_initializer=start, bias_initializer=bias)(A)
    if layer == len(sizes) - 1:
        break
{steps}model = keras.Model(inputs, Z)
{lsuv}"""
