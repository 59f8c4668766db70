"""What a stored array is for, read off its name and its number of axes; `layers` takes the weights among them."""

from __future__ import annotations

import re

import numpy as np

WEIGHTS = {"weight", "weights", "kernel", "w", "coef", "coefs"}
BIASES = {"bias", "biases", "b", "intercept", "intercepts"}
NAMED_LAYOUT = {"kernel": "last", "coef": "last", "coefs": "last", "vars": "last", "weight": "first"}

# By role: a pattern of the name in lower case, words parted by single spaces; the first that fits counts.
_PATTERNS = (
    ("optimizer state", r"\b(optimizer|optim|momentum|velocity|exp avg)\b"),
    ("mask or constant table", r"\b(mask|masked bias|inv freq|tracked|rope|seed generator)\b"),
    ("LoRA A", r"\blora (\w+ )?(a|down)\b|\blora( \d+)? down\b"),
    ("LoRA B", r"\blora (\w+ )?(b|up)\b|\blora( \d+)? up\b"),
    ("magnitude of a weight norm", r"\bweight g\b|parametrizations .*original 0\b|magnitude"),
    (
        "position table",
        r"\b(pos|position|positions|positional|wpe|posemb|relative|rel)\b|(cls|class|mask|register) token",
    ),
    ("embedding", r"\b(embed|embedder|embeddings?|emb|wte|codebook)\b(?!.*\b(proj|linear|dense|fc|mlp|conv)\b)"),
    ("recurrent gates", r"lstm|\bgru|grucell|rnn|recurrent|\b(ih|hh)\b"),
    ("attention projection", r"attn|attention|\b(qkv|query|to [qkv]|[qkvo] proj|[qkv] lin)\b"),
)
_NORMALIZATION = r"norm|\b(bn|ln|gn|gamma|beta|running|moving|scale|ls)\b"
_STATISTIC = r"\b(running|moving) "
_BRANCHES = (
    r"block|shortcut|downsample|\b(skip|res|residual|resnet|branch|expert|experts|tower|actor|critic|policy|pi|vf|qf|"
    r"mu|logvar|generator|discriminator|target|heads)\b"
)

LAYERS = ("dense", "convolution")


def _spaced(name: str) -> str:
    return " ".join(re.findall(r"[a-z]+|\d+", name.lower()))


def words(name: str) -> list[str]:
    """The words of a name in lower case, in order, without its numbers."""
    return re.findall(r"[a-z]+", name.lower())


def natural_key(name: str) -> list[tuple[bool, int, str]]:
    """Sorts names as people number layers: 2.weight before 10.weight, dense before dense_1."""
    return [(t.isdigit(), int(t) if t.isdigit() else 0, t) for t in _spaced(name).split()]


def stem(name: str) -> str:
    """What a layer's weight and bias have in common: the name without the word that tells them apart."""
    parts = re.sub(r"weight v\b|parametrizations weight original 1", "weight", _spaced(name)).split()
    last = max((i for i, word in enumerate(parts) if word in WEIGHTS | BIASES), default=len(parts))
    return " ".join(parts[:last] + parts[last + 1 :])


def is_bias(name: str) -> bool:
    """Whether the last telling word of a name says bias."""
    return next((word in BIASES for word in reversed(words(name)) if word in WEIGHTS | BIASES), False)


def is_vector(array: np.ndarray) -> bool:
    """Whether all axes but one have length 1."""
    return array.ndim < 2 or array.size == max(array.shape)


def role(name: str, array: np.ndarray) -> str:
    """What the array is for, such as dense, bias or embedding; "vector" where neither name nor shape says it."""
    spaced = _spaced(name)
    if not np.issubdtype(array.dtype, np.floating):
        return "whole numbers: a counter, or quantized"
    if array.size == 0:
        return "empty"
    found = next((role for role, pattern in _PATTERNS if re.search(pattern, spaced)), "")
    if found in ("optimizer state", "mask or constant table", "magnitude of a weight norm"):
        return found
    if array.ndim < 2 or (array.ndim > 2 and is_vector(array) and not set(words(name)) & WEIGHTS):
        if re.search(_STATISTIC, spaced):
            return "running statistic of a normalization"
        if re.search(_NORMALIZATION, spaced):
            return "normalization shift" if is_bias(name) or "beta" in spaced.split() else "normalization scale"
        if is_bias(name):
            return "bias"
        if found == "position table":
            return found
        if "prelu" in spaced:
            return "slopes of a PReLU"
        return "normalization scale" if set(words(name)) & WEIGHTS else "vector"
    if is_bias(name) and (is_vector(array) or found == "attention projection" or found == "recurrent gates"):
        return "bias"
    if found == "embedding" and array.ndim > 2 and array.shape[0] > 1:
        found = ""
    return found or ("dense" if array.ndim == 2 else "convolution" if array.ndim <= 5 else "more than 5 axes")


def has_branches(name: str) -> bool:
    """Whether a name speaks of blocks, shortcuts or several heads: layers that are no plain chain."""
    return re.search(_BRANCHES, _spaced(name)) is not None
