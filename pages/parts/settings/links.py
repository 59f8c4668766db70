"""What a link says of a page, the link to copy, and the texts that pin runs."""

import shlex
from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.query_params import sanitize_query_string

from pages.parts.page import OpenPage
from pages.parts.settings.base import Settings
from pages.parts.settings.fields import Choice, MultiChoice

S = TypeVar("S", bound=Settings)

VERSION = 2  # raised when a name, a meaning or an option is lost
READABLE = ("1", "2")  # versions whose links mean the same here
DEFAULTS = "defaults"  # stands for settings that all are
MAX_CHARACTERS = 1200  # of a pin: all settings take fewer


def query(settings: Settings, pinned: Sequence[Settings] = ()) -> str:
    """What stands behind the question mark; defaults too, as they may change."""
    values = [(f"{settings.prefix}.{name}", text) for name, texts in settings.to_texts().items() for text in texts]
    pins = [(f"{settings.prefix}.pin", serialize(each)) for each in pinned]
    return urlencode([("v", str(VERSION)), *values, *pins])


def is_history_navigation() -> bool:
    """Whether Back or Forward led here: then the link decides, not the widgets."""
    run = get_script_run_ctx()
    return bool(run and run.is_history_navigation)


def read_address(kind: type[S]) -> tuple[S, list[str]]:
    """Those in the address bar, and a sentence for each that cannot be used as it is."""
    address = {name: st.query_params.get_all(f"{kind.prefix}.{name}") for name in kind.fields()}
    texts = {name: values for name, values in address.items() if values}
    settings, rejected = kind.read(texts)
    problems = [reject(kind, name, texts[name]) for name in rejected]
    return settings, problems + [f"The link asks for {note}" for note in kind.rounding_notes(texts).values()]


def reject(kind: type[Settings], name: str, texts: Sequence[str]) -> str:
    """What cannot be used, safe to show, what is allowed, and what is used."""
    field = kind.fields()[name]
    quoted = "&".join(f"{kind.prefix}.{name}={text[:40]}" for text in texts[:3])
    quoted = "".join(c for c in quoted if c.isprintable() and c != "`")
    return f"`{quoted}` {field.refusal(texts)}; using {field.describe(field.default)}."


def write_address(settings: Settings) -> None:
    """Write into it what it lacks, and drop defaults."""
    changed = {}
    for name, field in settings.fields().items():
        key, value = f"{settings.prefix}.{name}", getattr(settings, name)
        texts, written = st.query_params.get_all(key), field.write(value)
        if texts != written and value != field.default:
            changed[key] = written
        elif texts not in ([], written):
            del st.query_params[key]
    if changed:
        st.query_params.update(changed)


def check(page: OpenPage) -> None:
    """Say where the link is too long to be read, or may mean something else."""
    run = get_script_run_ctx()
    if run and sanitize_query_string(run.query_string) != run.query_string:
        page.notice("The link is too long: nothing of it was read, and the page shows its default settings.")
    versions = st.query_params.get_all("v")
    if len(versions) > 1 or not set(versions) <= set(READABLE):
        page.notice(
            f"The link is of version {quote_untrusted(versions)} and the app of version {VERSION}: "
            "what the link says may mean something else here."
        )


def quote_untrusted(written: Sequence[str]) -> str:
    """The first words of a link, shortened and safe to show."""
    words = ("".join(c for c in word[:40] if c.isprintable() and c != "`") for word in written[:3])
    return ", ".join(f"`{word}`" for word in words) + (" and more" if len(written) > 3 else "")


def serialize(settings: Settings) -> str:
    """What differs from the defaults: `depth 20 std 0.1`, quoted where needed."""
    words = (word for name, texts in settings.changed().items() for text in texts for word in (name, text))
    return shlex.join(words) or DEFAULTS


def parse(kind: type[S], text: str) -> S | None:
    """The settings that `serialize` wrote; None where any of it cannot be used exactly."""
    try:
        words = shlex.split(text) if len(text) <= MAX_CHARACTERS else []
    except ValueError:  # a quote that does not end
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
    """The settings in which any two differ, in their order."""
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
