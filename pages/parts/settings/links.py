"""Links: what one says when a page is opened or gone back to, what the address bar then says, and the link to copy."""

from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.query_params import sanitize_query_string

from pages.parts.page import OpenPage
from pages.parts.settings.base import Settings
from pages.parts.settings.short_texts import serialize

S = TypeVar("S", bound=Settings)

VERSION = 2  # raised when a setting changes its name, loses an option or comes to mean something else
READABLE = ("1", "2")  # versions whose links mean the same here


def query(settings: Settings, pinned: Sequence[Settings] = ()) -> str:
    """What stands behind the question mark; no default is left out, as it may be another one by the time of opening."""
    values = [(f"{settings.prefix}.{name}", text) for name, texts in settings.to_texts().items() for text in texts]
    pins = [(f"{settings.prefix}.pin", serialize(each)) for each in pinned]
    return urlencode([("v", str(VERSION)), *values, *pins])


def is_history_navigation() -> bool:
    """Whether the browser's Back or Forward button led here: then the link decides, not what widgets show."""
    run = get_script_run_ctx()
    return bool(run and run.is_history_navigation)


def read_address(kind: type[S]) -> tuple[S, list[str]]:
    """The settings that the address bar says, and a sentence for each that cannot be used as it stands there."""
    address = {name: st.query_params.get_all(f"{kind.prefix}.{name}") for name in kind.fields()}
    texts = {name: values for name, values in address.items() if values}
    settings, rejected = kind.read(texts)
    problems = [reject(kind, name, texts[name]) for name in rejected]
    return settings, problems + [f"The link asks for {note}" for note in kind.rounding_notes(texts).values()]


def reject(kind: type[Settings], name: str, texts: Sequence[str]) -> str:
    """What cannot be used, shortened and safe within backquotes, what is allowed, and what is used instead."""
    field = kind.fields()[name]
    quoted = "&".join(f"{kind.prefix}.{name}={text[:40]}" for text in texts[:3])
    quoted = "".join(c for c in quoted if c.isprintable() and c != "`")
    return f"`{quoted}` {field.refusal(texts)}; using {field.describe(field.default)}."


def write_address(settings: Settings) -> None:
    """Write into the address bar what it does not say, and drop defaults from it; `query` holds every setting."""
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
    """Say it where the link is of a version that may mean something else; what can be read of it is used all the same.

    And where it is so long that Streamlit reads nothing of it.
    """
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
    """The first few words of a link, shortened and in backquotes, safe to show."""
    words = ("".join(c for c in word[:40] if c.isprintable() and c != "`") for word in written[:3])
    return ", ".join(f"`{word}`" for word in words) + (" and more" if len(written) > 3 else "")
