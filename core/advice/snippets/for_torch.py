"""The code in PyTorch: layers as nn.Linear makes them, then weights and biases overwritten in place."""

from core.advice.snippets.design import Design, read_words, write_lsuv

_WORDS = read_words("libraries")["torch"]


def write(initializer: str, sizes: tuple[int, ...], activation: str, design: Design) -> str:
    """See core.advice.snippets.snippet; the network is `model`."""
    parts = [_network(sizes, activation) if design.is_plain else _module(sizes, activation, design)]
    if initializer == "lsuv":
        parts.append(write_lsuv(_WORDS["templates"], sizes[0], design))
    elif initializer == "pytorch_default":
        parts.append(
            "# Nothing to add: nn.Linear draws weights and biases from U(-bound, bound), bound = 1 / n_in ** 0.5."
        )
    else:
        factor = 2 if activation == "sigmoid" else 6
        lines = "\n        ".join(line.format(factor=factor) for line in _WORDS["starts"][initializer])
        every = "model" if design.is_plain else "model.modules()"
        parts.append(f"for layer in {every}:\n    if isinstance(layer, nn.Linear):\n        {lines}")
    return "\n\n".join(parts) + "\n"


def _network(sizes: tuple[int, ...], activation: str) -> str:
    return f"""import torch
from torch import nn

sizes = {list(sizes)}
layers = []
for n_in, n_out in zip(sizes, sizes[1:]):
    layers += [nn.Linear(n_in, n_out), {_WORDS["activations"][activation]}]
model = nn.Sequential(*layers[:-1])"""


def _module(sizes: tuple[int, ...], activation: str, design: Design) -> str:
    kind = _WORDS["normalized"].get(design.normalization)
    norms = f"\n        self.norms = nn.ModuleList({kind}(n) for n in sizes[1:-1])" if kind else ""
    steps = design.hidden_layer("self.norms[layer - 1](Z)", "self.activation(Z)", "{a} + {b}", " " * 12)
    return f"""import torch
from torch import nn

sizes = {list(sizes)}
{design.skips(sizes)}

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.ModuleList(nn.Linear(n_in, n_out) for n_in, n_out in zip(sizes, sizes[1:])){norms}
        self.activation = {_WORDS["activations"][activation]}

    def forward(self, A):
{design.begin("        ")}        for layer, linear in enumerate(self.linear[:-1], start=1):
            Z = linear(A)
{steps}        return self.linear[-1](A)


model = Model()"""
