"""One law, five languages: how large each law makes the weights of these layers, and what each library calls it."""

import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from core.initializers import INITIALIZERS

_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
SOURCES: dict[str, str] = _TABLE["sources"]  # of each library's names
LIBRARIES = tuple(SOURCES)


@dataclass(frozen=True)
class LibraryName:
    """What a library calls a law. `word` is the name apart from its spelling, by which libraries can be compared."""

    library: str  # one of LIBRARIES
    initializer: str  # a name in INITIALIZERS
    written: str  # as in code
    word: str
    truncated: bool = False  # a normal law cut at two standard deviations, and widened to the law's own again


NAMES = tuple(LibraryName(initializer=law, **name) for law, names in _TABLE["laws"].items() for name in names)


@dataclass(frozen=True)
class LawEntry:
    """A law on given layers: `stds` (layer,) of a weight, and its name in each of LIBRARIES, empty without one."""

    initializer: str
    stds: tuple[float, ...]
    names: tuple[str, ...]


def tabulate_laws(sizes: tuple[int, ...], activation: str = "relu") -> tuple[LawEntry, ...]:
    """Every law on layers of the sizes n_0 … n_L; a name that means something else elsewhere ends in *, a truncated †.

    LSUV's std is that before it looks at the data; `activation` matters to scikit-learn's default alone.
    """
    return tuple(
        LawEntry(
            name,
            tuple(initializer.std(*fans, activation) for fans in pairwise(sizes)),
            tuple(" ".join(_mark(each) for each in find_names(name, library)) for library in LIBRARIES),
        )
        for name, initializer in INITIALIZERS.items()
    )


def find_names(initializer: str, library: str) -> list[LibraryName]:
    """What a library calls a law: at most one name, and none where it has no word for it."""
    return [name for name in NAMES if name.initializer == initializer and name.library == library]


def find_clashes(name: LibraryName) -> list[LibraryName]:
    """The same word in other libraries, where it means another law, or the same one cut at two standard deviations."""
    meaning = _meaning(name)
    return [other for other in NAMES if other.word == name.word and _meaning(other) != meaning]


def find_namesakes(initializer: str, library: str) -> list[LibraryName]:
    """What a library calls by the word that others have for a law, and means another law by."""
    words = {name.word for name in NAMES if name.initializer == initializer}
    return [n for n in NAMES if n.library == library and n.word in words and n.initializer != initializer]


@cache
def describe_clashes() -> tuple[str, ...]:
    """Each word that means different things, and what it means where."""
    sentences = []
    for word in dict.fromkeys(name.word for name in NAMES if find_clashes(name)):
        uses = [f"`{name.written}` in {name.library}: {_describe_law(name)}" for name in NAMES if name.word == word]
        sentences.append("; ".join(uses) + ".")
    return tuple(sentences)


def _meaning(name: LibraryName) -> tuple[str, bool]:
    return name.initializer, name.truncated


def _describe_law(name: LibraryName) -> str:
    initializer = INITIALIZERS[name.initializer]
    kind = "truncated normal" if name.truncated else initializer.sampler
    return f"{kind}, variance ${initializer.formula}$"


def _mark(name: LibraryName) -> str:
    return name.written + ("†" if name.truncated else "") + ("*" if find_clashes(name) else "")
