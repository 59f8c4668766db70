"""What the name of a stored array says of it: weight or bias, of which layer, or something that is no layer at all."""

from __future__ import annotations

import re

_WEIGHTS = {"weight", "weights", "kernel", "w", "coef", "coefs"}
_BIASES = {"bias", "biases", "b", "intercept", "intercepts"}
OUTPUTS_LAST = {"kernel", "coef", "coefs"}  # Keras, Flax and scikit-learn store (in, out)
OUTPUTS_FIRST = {"weight"}  # PyTorch stores (out, in)

# What is recognized by a word in its name and left out, and why.
_APART = (
    (
        {"bn", "ln", "batchnorm", "layernorm", "groupnorm", "rmsnorm", "norm", "normalization", "batchnormalization"}
        | {"gamma", "beta", "running", "moving", "tracked", "scale"},
        "a normalization's parameter or statistic: it starts at 0 or 1, whatever the initializer",
    ),
    (
        {"embed", "embedding", "embeddings", "wte", "wpe"},
        "an embedding: its rows are looked up, not multiplied, so that no fan of it matters",
    ),
    (
        {"recurrent", "ih", "hh", "lstm", "gru", "rnn"},
        "a recurrent layer's, several matrices in one array: read only for layers that feed forward",
    ),
    ({"optimizer", "momentum", "velocity"}, "the optimizer's own memory"),
)


def tokens(name: str) -> tuple[tuple[str | int, ...], ...]:
    """The parts of a path, each as its lower-case words and its numbers: "Net/dense_1/W" → (net), (dense, 1), (w)."""
    parts = (re.findall(r"[A-Za-z]+|\d+", part) for part in re.split(r"[./]", name))
    return tuple(tuple(int(t) if t.isdigit() else t.lower() for t in part) for part in parts if part)


def words(name: str) -> list[str]:
    """The words of a name, in order, without its numbers."""
    return [token for part in tokens(name) for token in part if isinstance(token, str)]


def order(name: str) -> tuple[tuple[tuple[bool, int, str], ...], ...]:
    """A key that sorts names as people number layers: 2.weight before 10.weight, dense before dense_1."""
    return tuple(tuple((True, 0, t) if isinstance(t, str) else (False, t, "") for t in part) for part in tokens(name))


def exclusion_reason(name: str) -> str | None:
    """Why an array of this name is no layer's weight or bias; None where nothing says so."""
    said = words(name)
    for marks, reason in _APART:
        if marks & set(said):
            return reason
    return None


def role(name: str) -> str:
    """weight, bias, or nothing where the name says neither; the last such word counts."""
    for word in reversed(words(name)):
        if word in _WEIGHTS:
            return "weight"
        if word in _BIASES:
            return "bias"
    return ""


def stem(name: str) -> tuple[str | int, ...]:
    """What a layer's weight and bias have in common: the name without the word that tells them apart."""
    flat = [token for part in tokens(name) for token in part]
    for place in range(len(flat) - 1, -1, -1):
        if flat[place] in _WEIGHTS | _BIASES:
            return tuple(flat[:place] + flat[place + 1 :])
    return tuple(flat)
