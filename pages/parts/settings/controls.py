"""The widgets of a page's settings; pages draw them, and buttons that open settings set them.

Widgets are not bound to the link by Streamlit: it would write what an option is called instead of its short code.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.wording import format_setting
from pages.parts import session
from pages.parts.page import OpenPage
from pages.parts.settings import links
from pages.parts.settings.base import Settings
from pages.parts.settings.data_pictures import picture
from pages.parts.settings.fields import (
    Amount,
    Choice,
    DataChoice,
    Field,
    Integer,
    MultiChoice,
    Scale,
    Text,
    Toggle,
    TypedNumber,
)

S = TypeVar("S", bound=Settings)


def draw(page: OpenPage, kind: type[S]) -> S:
    """Draw the widgets of a page's settings in their order, and a button that resets them; return what they are set to.

    They begin with what the link says, and go back to it with the browser's Back button; else the link follows them.
    """
    fields = kind.fields()
    keys = {name: page.key(name) for name in fields}
    problems: list[str] = []
    if links.is_history_navigation() or not all(key in st.session_state for key in keys.values()):
        linked, problems = links.read_address(kind)
        st.session_state.update({key: getattr(linked, name) for name, key in keys.items()})
    texts = {}
    for name, field in fields.items():
        value = _widget(field, st.session_state[keys[name]])(key=keys[name], help=field.help, persist_state="session")
        texts[name] = field.write(value)
    settings, rejected = kind.read(texts)  # what is typed may be of no use
    problems += [links.reject(kind, name, texts[name]) for name in rejected]
    if problems:
        page.notice(" ".join(problems))
    links.write_address(settings)
    st.button(
        "Reset",
        icon=":material/restart_alt:",
        help="Back to the settings that this page began with. The browser's Back button undoes any change.",
        disabled=settings == kind(),
        on_click=apply_settings,
        args=(kind(),),
        key="reset",
    )
    return settings


def open_button(
    place: DeltaGenerator, label: str, settings: Settings, *, icon: str = ":material/open_in_new:", **named: Any
) -> None:
    """A button that sets the page these settings are of, and goes there; the address then holds them."""
    place.button(label, icon=icon, type="tertiary", on_click=open_settings, args=(settings,), **named)


def open_settings(settings: Settings) -> None:
    """Set the page these settings are of, and go there with the next run; for callbacks."""
    apply_settings(settings)
    session.current().destination = settings


def apply_settings(settings: Settings) -> None:
    """Set the page's widgets to these settings; only before they are drawn, as in a callback."""
    st.query_params.pop("v", None)  # of what the link said nothing is left
    for name in settings.fields():
        st.session_state[f"{settings.prefix}.{name}"] = getattr(settings, name)


def _widget(field: Field, value: Any) -> Callable[..., Any]:
    match field:
        case MultiChoice():
            return partial(st.multiselect, field.label, list(field.labels), format_func=field.labels.__getitem__)
        case DataChoice():
            names = {name: f"![]({picture(name)}) {label}" for name, label in field.labels.items()}
            return partial(st.pills, field.label, list(names), format_func=names.__getitem__, required=True)
        case Choice():
            return partial(st.selectbox, field.label, list(field.labels), format_func=field.labels.__getitem__)
        case Text() | TypedNumber():
            return partial(st.text_input, field.label, max_chars=1000)
        case Toggle():
            return partial(st.toggle, field.label)
        case Integer(typed=True):
            return partial(st.number_input, field.label, field.low, field.high, step=1)
        case Integer():
            return partial(st.slider, field.label, field.low, field.high, step=field.step)
        case Amount():
            return partial(st.select_slider, field.label, field.stops(value), format_func=format_setting)
        case Scale():
            return partial(st.select_slider, field.label, field.options, format_func=format_setting)
    raise TypeError(f"no widget shows {type(field).__name__}")
