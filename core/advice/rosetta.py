"""One law, five languages: how large each law makes the weights of these layers, and what each library calls it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from core.initializers import INITIALIZERS

SOURCES = {
    "PyTorch": "https://docs.pytorch.org/docs/stable/nn.init.html",
    "Keras": "https://keras.io/api/layers/initializers/",
    "JAX / Flax": "https://docs.jax.dev/en/latest/jax.nn.initializers.html",
    "Caffe": "https://caffe.berkeleyvision.org/",
    "the article": "https://medium.com/usf-msds/deep-learning-best-practices-1-weight-initialization-14e5c0295b94",
}  # of each library's names
LIBRARIES = tuple(SOURCES)


@dataclass(frozen=True)
class Name:
    """What a library calls a law. `word` is the name apart from its spelling, by which libraries can be compared."""

    library: str  # one of LIBRARIES
    initializer: str  # a name in INITIALIZERS
    written: str  # as in code
    word: str
    truncated: bool = False  # a normal law cut at two standard deviations, and widened to the law's own again


_NAMES = (
    Name("PyTorch", "zeros", "zeros_", "zeros"),
    Name("Keras", "zeros", "Zeros", "zeros"),
    Name("JAX / Flax", "zeros", "zeros", "zeros"),
    Name("Caffe", "zeros", "constant", "constant"),
    Name("the article", "zeros", "zeros", "zeros"),
    Name("PyTorch", "constant", "constant_", "constant value"),
    Name("Keras", "constant", "Constant", "constant value"),
    Name("JAX / Flax", "constant", "constant", "constant value"),
    Name("Caffe", "constant", "constant, value", "constant value"),
    Name("PyTorch", "normal", "normal_", "normal"),
    Name("Keras", "normal", "RandomNormal(stddev=1.0)", "normal, std 1"),
    Name("JAX / Flax", "normal", "normal(1.0)", "normal, std 1"),
    Name("Caffe", "normal", "gaussian", "normal"),
    Name("the article", "normal", "standard normal", "normal"),
    Name("PyTorch", "he", "kaiming_normal_", "he normal"),
    Name("Keras", "he", "HeNormal", "he normal", truncated=True),
    Name("JAX / Flax", "he", "he_normal", "he normal", truncated=True),
    Name("Caffe", "he", "msra", "msra"),
    Name("the article", "he", "He", "he normal"),
    Name("PyTorch", "xavier", "kaiming_normal_(nonlinearity='linear')", "kaiming linear normal"),
    Name("Keras", "xavier", "LecunNormal", "lecun normal", truncated=True),
    Name("JAX / Flax", "xavier", "lecun_normal", "lecun normal", truncated=True),
    Name("the article", "xavier", "Xavier", "xavier normal"),
    Name("PyTorch", "glorot", "xavier_normal_", "xavier normal"),
    Name("Keras", "glorot", "GlorotNormal", "glorot normal", truncated=True),
    Name("JAX / Flax", "glorot", "xavier_normal, glorot_normal", "xavier normal", truncated=True),
    Name("the article", "glorot", "Glorot average", "glorot normal"),
    Name("PyTorch", "he_uniform", "kaiming_uniform_", "he uniform"),
    Name("Keras", "he_uniform", "HeUniform", "he uniform"),
    Name("JAX / Flax", "he_uniform", "he_uniform", "he uniform"),
    Name("PyTorch", "xavier_uniform", "kaiming_uniform_(nonlinearity='linear')", "kaiming linear uniform"),
    Name("Keras", "xavier_uniform", "LecunUniform", "lecun uniform"),
    Name("JAX / Flax", "xavier_uniform", "lecun_uniform", "lecun uniform"),
    Name("Caffe", "xavier_uniform", "xavier", "xavier uniform"),
    Name("PyTorch", "glorot_uniform", "xavier_uniform_", "xavier uniform"),
    Name("Keras", "glorot_uniform", "GlorotUniform", "glorot uniform"),
    Name("JAX / Flax", "glorot_uniform", "xavier_uniform, glorot_uniform", "xavier uniform"),
    Name("Caffe", "glorot_uniform", "xavier, variance_norm: AVERAGE", "xavier average uniform"),
    Name("PyTorch", "orthogonal", "orthogonal_", "orthogonal"),
    Name("Keras", "orthogonal", "Orthogonal", "orthogonal"),
    Name("JAX / Flax", "orthogonal", "orthogonal", "orthogonal"),
    Name("PyTorch", "pytorch_default", "nn.Linear", "default of PyTorch"),
    Name("Keras", "keras_default", "Dense", "default of Keras"),
)


@dataclass(frozen=True)
class Entry:
    """A law on given layers: `stds` (layer,) of a weight, and its name in each of LIBRARIES, empty without one."""

    initializer: str
    stds: tuple[float, ...]
    names: tuple[str, ...]


def rosetta(sizes: tuple[int, ...], activation: str = "relu") -> tuple[Entry, ...]:
    """Every law on layers of the sizes n_0 … n_L; a name that means something else elsewhere ends in *, a truncated †.

    LSUV's std is that before it looks at the data; `activation` matters to scikit-learn's default alone.
    """
    return tuple(
        Entry(
            name,
            tuple(initializer.std(*fans, activation) for fans in pairwise(sizes)),
            tuple(" ".join(_marked(each) for each in names_of(name, library)) for library in LIBRARIES),
        )
        for name, initializer in INITIALIZERS.items()
    )


def names_of(initializer: str, library: str) -> list[Name]:
    """What a library calls a law: at most one name, and none where it has no word for it."""
    return [name for name in _NAMES if name.initializer == initializer and name.library == library]


def clashes(name: Name) -> list[Name]:
    """The same word in other libraries, where it means another law, or the same one cut at two standard deviations."""
    meaning = _meaning(name)
    return [other for other in _NAMES if other.word == name.word and _meaning(other) != meaning]


@cache
def clash_sentences() -> tuple[str, ...]:
    """Each word that means different things, and what it means where."""
    sentences = []
    for word in dict.fromkeys(name.word for name in _NAMES if clashes(name)):
        uses = [f"`{name.written}` in {name.library}: {_law(name)}" for name in _NAMES if name.word == word]
        sentences.append("; ".join(uses) + ".")
    return tuple(sentences)


def _meaning(name: Name) -> tuple[str, bool]:
    return name.initializer, name.truncated


def _law(name: Name) -> str:
    initializer = INITIALIZERS[name.initializer]
    kind = "truncated normal" if name.truncated else initializer.sampler
    return f"{kind}, variance ${initializer.formula}$"


def _marked(name: Name) -> str:
    return name.written + ("†" if name.truncated else "") + ("*" if clashes(name) else "")
