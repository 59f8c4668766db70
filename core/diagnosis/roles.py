"""What a stored array is for, read off its name and axes in a table of patterns."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

_WEIGHT = r"\b(weights?|kernel|w|coefs?)\b"
_BIAS = rf"\b(bias|biases|b|intercepts?)\b(?!.*{_WEIGHT})"
_NORM = r"(norm|\b(bn|ln|gn|gamma|beta|scale|ls)\b)"
_POSITION = r"\b(pos|positions?|positional|wpe|posemb|relative|rel)\b|(cls|class|mask|register) token"
# (role, a pattern of the name in lower case, words and numbers parted by single spaces): the first that fits counts.
_ANY_SHAPE = (
    ("optimizer state", r"\b(optimizer|optim|momentum|velocity|exp avg)\b"),
    ("mask or constant table", r"\b(mask|masked bias|inv freq|tracked|rope|seed generator)\b"),
    ("magnitude of a weight norm", r"\bweight g\b|parametrizations .*original 0\b|magnitude"),
)
_VECTORS = (
    ("singular vector of a spectral norm", r"\bweight( 0)? [uv]$"),
    ("running statistic of a normalization", r"\b(running|moving) "),
    ("normalization shift", rf"{_NORM}.*{_BIAS}|\bbeta\b"),
    ("normalization scale", _NORM),
    ("bias", _BIAS),
    ("slopes of a PReLU", "prelu"),
    ("position table", _POSITION),
    ("scale of a normalization or PReLU", _WEIGHT),
    ("vector", ""),
)
_MATRICES = (
    ("LoRA A", r"\blora (\w+ )?(a|down)\b|\blora( \d+)? down\b"),
    ("LoRA B", r"\blora (\w+ )?(b|up)\b|\blora( \d+)? up\b"),
    ("position table", _POSITION),
    ("embedding", r"\b(embed|embedder|embeddings?|emb|wte|codebook)\b(?!.*\b(proj|linear|dense|fc|mlp|conv)\b)"),
    ("bias", rf"(lstm|gru|rnn|attn|attention|\b[ih]h\b).*{_BIAS}"),
    ("recurrent gates", r"lstm|\bgru|grucell|rnn|recurrent|\b(ih|hh)\b"),
    ("attention projection", r"attn|attention|\b(qkv|query|to [qkv]|[qkvo] proj|[qkv] lin)\b"),
)
_BRANCHES = (
    r"block|shortcut|downsample|\b(skip|res|residual|resnet|branch|expert|experts|tower|actor|critic|policy|pi|vf|qf|"
    r"mu|logvar|generator|discriminator|target|heads)\b|\b(up|down|gate|c) proj\b|"
    r"\blayers? \d+ ([a-z]+ [a-z]+ (\d+ )?[a-z]|\d+ (?!weight|kernel)[a-z])"  # several layers in a layer: a block
)

LAYERS = ("dense", "convolution")
MATRICES = (*LAYERS, "attention projection", "recurrent gates", "LoRA A", "LoRA B")


def role(name: str, array: np.ndarray) -> str:
    """What the array is for, such as dense, bias or embedding; "vector" where neither name nor shape says it."""
    spaced, named_weight = spell(name), re.search(_WEIGHT, spell(name))
    if not np.issubdtype(array.dtype, np.floating):
        return "whole numbers: a counter, or quantized"
    if array.size == 0:
        return "empty"
    flat = array.size == max(array.shape, default=1)  # all axes but one have length 1
    is_vector = array.ndim < 2 or (flat and (array.ndim > 2 or re.search(_BIAS, spaced)) and not named_weight)
    for label, pattern in (*_ANY_SHAPE, *(_VECTORS if is_vector else _MATRICES)):
        stacked = label == "embedding" and array.ndim > 2 and len(array) > 1  # patches: a convolution
        if re.search(pattern, spaced) and not stacked:
            return label
    return {2: "dense", 3: "convolution", 4: "convolution", 5: "convolution"}.get(array.ndim, "more than 5 axes")


def spell(name: str) -> str:
    """The words and numbers of a name, in lower case, parted by single spaces."""
    return " ".join(re.findall(r"[a-z]+|\d+", name.lower()))


def natural_key(name: str) -> list[tuple[bool, int, str]]:
    """Sorts names as people number layers: 2.weight before 10.weight, dense before dense_1."""
    return [(t.isdigit(), int(t) if t.isdigit() else 0, t) for t in spell(name).split()]


@lru_cache(maxsize=4096)
def stem(name: str) -> str:
    """What a layer's weight and bias have in common: the name without the last word that tells them apart."""
    whole = re.sub(r"weight v\b|parametrizations weight original 1", "weight", spell(name))
    return re.sub(rf"(.*)({_WEIGHT}|\b(bias|biases|b|intercepts?)\b) ?", r"\1", whole).strip()


def named_layout(name: str) -> str:
    """The output's axis by a name: "last" of Keras, Flax and scikit-learn, "first" of PyTorch, "" of others."""
    match = re.search(r"\b(?:(kernel|coefs?|vars)|weight)\b", spell(name))
    return ("last" if match[1] else "first") if match else ""


def names_weights(name: str) -> bool:
    """Whether a name says weight, or what libraries number weights by."""
    return re.search(rf"{_WEIGHT}|\b(vars|arr)\b", spell(name)) is not None


def has_branches(name: str) -> bool:
    """Whether a name speaks of blocks, shortcuts or several heads: layers that are no plain chain."""
    return re.search(_BRANCHES, spell(name)) is not None
