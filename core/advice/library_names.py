"""What each library calls each law, and which of these names mean something else elsewhere."""

import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from core.initializers import INITIALIZERS

_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
SOURCES: dict[str, str] = _TABLE["sources"]  # of each library's names


@dataclass(frozen=True)
class LibraryName:
    """What a library calls a law."""

    library: str  # one of SOURCES
    initializer: str  # a name in INITIALIZERS
    written: str  # as in code
    word: str  # the name apart from its spelling, by which libraries can be compared
    truncated: bool = False  # a normal cut at two standard deviations, then rescaled


NAMES = tuple(LibraryName(initializer=law, **name) for law, names in _TABLE["laws"].items() for name in names)
# How many things a word means: laws, and apart from them those that are truncated.
_MEANINGS = Counter(word for word, *_ in {(name.word, name.initializer, name.truncated) for name in NAMES})


def find_name(initializer: str, library: str) -> LibraryName | None:
    """What a library calls a law; None where it has no word for it."""
    return next((name for name in NAMES if (name.initializer, name.library) == (initializer, library)), None)


def mark_name(initializer: str, library: str) -> str:
    """The name for a table: with * where it means something else elsewhere, † where it is truncated."""
    name = find_name(initializer, library)
    return name.written + "†" * name.truncated + "*" * (_MEANINGS[name.word] > 1) if name else "–"


def describe_clashes() -> tuple[str, ...]:
    """Each word that means different things, and what it means where."""
    uses: dict[str, list[str]] = {}
    for name in NAMES:
        law = INITIALIZERS[name.initializer]
        kind = "truncated normal" if name.truncated else law.sampler
        use = f"`{name.written}` in {name.library}: {kind}, variance ${law.formula}$"
        uses.setdefault(name.word, []).append(use)
    return tuple("; ".join(uses[word]) + "." for word in uses if _MEANINGS[word] > 1)
