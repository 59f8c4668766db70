"""Widgets bound to the link: what a page is set to can be read from its address, and sent to somebody else."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts.page import OpenPage
from pages.parts.settings.base import Settings
from pages.parts.settings.fields import Choice, Field, Scale, Several, Text, Toggle, Whole

S = TypeVar("S", bound=Settings)


def draw(page: OpenPage, kind: type[S]) -> S:
    """The widgets of a page's settings, in their order, and what they are set to."""
    chosen, troubles = {}, []
    for name, field in kind.fields().items():
        chosen[name], trouble = _bound(page.key(name), field)
        troubles += trouble
    if troubles:
        page.notice(" ".join(troubles))
    return kind(**chosen)


def open_button(
    place: DeltaGenerator, label: str, settings: Settings, *, icon: str = ":material/open_in_new:", **named: Any
) -> None:
    """A button that sets the page these settings are of, and goes there; the address then holds them."""
    place.button(label, icon=icon, type="tertiary", on_click=open_settings, args=(settings,), **named)


def open_settings(settings: Settings) -> None:
    """Set the page these settings are of, and go there with the next run; for callbacks."""
    apply_settings(settings)
    st.session_state["_opened"] = settings


def apply_settings(settings: Settings) -> None:
    """Set a page's widgets to these settings; only before they are drawn, as in a callback."""
    st.query_params.pop("v", None)  # of what the link said nothing is left
    for name, field in settings.fields().items():
        st.session_state[f"{settings.prefix}.{name}"] = widget_value(field, getattr(settings, name))


def _bound(key: str, field: Field) -> tuple[Any, list[str]]:
    """Draw a widget bound to the link; its value, and what Streamlit is silent about: it replaces what it cannot use.

    Taking such a value out of the link first would be simpler, but fails when the viewer comes back to it with the
    browser's Back button: what is bound to a widget can be changed by that widget alone.
    """
    texts = st.query_params.get_all(key)
    chosen = _widget(field)(key=key, help=field.help, bind="query-params")
    value = field.read(chosen if isinstance(chosen, list) else [_text(chosen)])
    if value is None:  # typed in by hand
        value, texts = field.default, texts or [chosen]
    elif not texts or field.read(texts) is not None:
        return value, []
    return value, [f"`{_shown(key, texts)}` is not {field.allowed}; using {', '.join(field.write(value))}."]


def widget_value(field: Field, value: Any) -> Any:
    """A setting as its widget holds it."""
    match field:
        case Several():
            return list(value)
        case Scale():
            return field.write(value)[0]
        case Whole(typed=True):
            return float(value)
    return value


def _widget(field: Field) -> Callable[..., Any]:
    match field:
        case Several():
            return partial(st.multiselect, field.label, field.options, list(field.default))
        case Choice():
            return partial(st.selectbox, field.label, field.options, field.options.index(field.default))
        case Text():
            return partial(st.text_input, field.label, field.default, max_chars=1000)
        case Toggle():
            return partial(st.toggle, field.label, field.default)
        case Whole(typed=True):
            # Of floats, because Streamlit fails at a link that asks for an infinite whole number.
            low, high, default = float(field.low), float(field.high), float(field.default)
            return partial(st.number_input, field.label, low, high, default, 1.0, "%.0f")
        case Whole():
            return partial(st.slider, field.label, field.low, field.high, field.default, field.step)
        case Scale():
            return partial(st.select_slider, field.label, field.names, *field.write(field.default))
    raise TypeError(f"no widget shows {type(field).__name__}")


def _text(chosen: Any) -> str:
    return str(math.floor(chosen) if isinstance(chosen, float) else chosen)


def _shown(key: str, written: list[str]) -> str:
    """What the link says, shortened and safe within backquotes."""
    text = "&".join(f"{key}={value[:40]}" for value in written[:3])
    return "".join(c for c in text if c.isprintable() and c != "`")
