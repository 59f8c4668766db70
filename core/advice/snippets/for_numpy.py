"""The code in NumPy: W[l] of shape (n_out, n_in) and b[l] as a column, as in Z = W A + b."""

from core.advice.snippets.design import Design, read_words

_WORDS = read_words("libraries")["numpy"]


def write(initializer: str, sizes: tuple[int, ...], activation: str, design: Design) -> str:
    """See core.advice.snippets.snippet; the parameters are the lists `W` and `b`, and `gamma` and `beta` if any."""
    factor = 2 if activation == "sigmoid" else 6
    start = _WORDS["starts"][initializer].format(factor=factor)
    bias = _WORDS["biases"].get(initializer, "np.zeros((n_out, 1))").format(factor=factor)
    ndtr = "from scipy.special import ndtr\n" if initializer == "lsuv" and activation == "gelu_exact" else ""
    code = f"""import numpy as np
{ndtr}
rng = np.random.default_rng()
sizes = {list(sizes)}
{_WORDS["templates"]["orthogonal"] if start.startswith("orthogonal") else ""}
fans = list(zip(sizes, sizes[1:]))
W = [{start} for n_in, n_out in fans]
b = [{bias} for n_in, n_out in fans]
"""
    if design.normalization != "none":
        code += """gamma, beta = ([make((n, 1)) for n in sizes[1:-1]] for make in (np.ones, np.zeros))  # train as well
"""
    if initializer != "lsuv":
        return code
    axis = 1 if design.normalization == "batch" else 0
    moments = f"(Z - Z.mean({axis}, keepdims=True)) / np.sqrt(Z.var({axis}, keepdims=True) + 1e-5)"
    steps = design.hidden_layer(moments, "g(Z)", "{a} + {b}", " " * 4)
    return f"""{code}
g = lambda z: {_WORDS["activations"][activation]}
{design.skips(sizes)}
A = X = rng.standard_normal(({sizes[0]}, 256))  # put a batch of your own inputs here, an example a column
{design.begin("")}for layer in range(1, len(sizes)):
    W[layer - 1] /= (W[layer - 1] @ A).std()
    Z = W[layer - 1] @ A
{steps}"""
