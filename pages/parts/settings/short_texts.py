"""Settings as a short text of what differs: from the defaults, for pins in links, or from other runs, for names."""

import shlex
from collections.abc import Sequence
from typing import TypeVar

from pages.parts.settings.base import Settings
from pages.parts.settings.fields import Choice, MultiChoice

S = TypeVar("S", bound=Settings)

DEFAULTS = "defaults"  # what stands for settings that are all at their defaults
MAX_CHARACTERS = 1200  # every setting of a page takes fewer


def serialize(settings: Settings) -> str:
    """What differs from the defaults: `depth 20 std 0.1`; a name comes again for each of several values.

    A value with spaces stands in quotes.
    """
    words = (word for name, texts in settings.changed().items() for text in texts for word in (name, text))
    return shlex.join(words) or DEFAULTS


def parse(kind: type[S], text: str) -> S | None:
    """The settings that `serialize` wrote; None where any of it cannot be used exactly as it stands."""
    try:
        words = shlex.split(text) if len(text) <= MAX_CHARACTERS else []
    except ValueError:  # a quotation that does not end
        return None
    if words == [DEFAULTS]:
        return kind()
    if not words or len(words) % 2:
        return None
    texts: dict[str, list[str]] = {}
    for name, value in zip(words[::2], words[1::2], strict=True):
        texts.setdefault(name, []).append(value)
    settings, rejected = kind.read(texts)
    return None if rejected or kind.rounding_notes(texts) else settings


def differing_names(runs: Sequence[Settings]) -> list[str]:
    """The names of the settings in which any two differ, in their order."""
    written = [settings.to_texts() for settings in runs]
    return [name for name in written[0] if any(texts[name] != written[0][name] for texts in written)]


def describe_differences(settings: Settings, others: Sequence[Settings]) -> str:
    """How the settings differ from the others, e.g. "tanh, depth 20"."""
    parts = []
    for name in differing_names([settings, *others]):
        field = settings.fields()[name]
        value = field.describe(getattr(settings, name))
        plain = isinstance(field, Choice) and not isinstance(field, MultiChoice)
        parts.append(value if plain else f"{name.replace('_', ' ')} {value}")
    return ", ".join(parts) or "the same settings"
