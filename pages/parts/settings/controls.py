"""The widgets of a page's settings, buttons that set them, and pictures of the data sets.

Widgets are not bound to the link: Streamlit would write labels there instead of short codes.
"""

from base64 import b64encode
from collections.abc import Callable
from functools import cache, partial
from typing import Any, TypeVar

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.datasets import dataset, digit_images
from core.wording import format_setting
from pages.parts import session
from pages.parts.page import OpenPage
from pages.parts.settings import fields, links
from pages.parts.settings.base import Settings

S = TypeVar("S", bound=Settings)

DIGITS = ("digits", "pixels")  # whose examples are images
SIDE = 24  # of a picture, in its own units
SHOWN = 40  # examples of a picture, at the most
COLORS = ("#2B8CC4", "#D5702E")  # of classes or halves, on light and dark


def draw(page: OpenPage, kind: type[S]) -> S:
    """Draw the widgets, and a button that resets them; return what they are set to.

    They begin with the link, and follow it with the Back button; else the link follows them.
    """
    keys = {name: page.key(name) for name in kind.fields()}
    problems: list[str] = []
    if links.is_history_navigation() or not all(key in st.session_state for key in keys.values()):
        linked, problems = links.read_address(kind)
        st.session_state.update({key: getattr(linked, name) for name, key in keys.items()})
    texts = {}
    for name, field in kind.fields().items():
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
    place.button(label, icon=icon, type="tertiary", on_click=open_settings, args=(settings,), **named)


def open_settings(settings: Settings) -> None:
    """Set their page, and go there with the next run."""
    apply_settings(settings)
    session.current().destination = settings


def apply_settings(settings: Settings) -> None:
    """Set their page's widgets, in a callback."""
    st.query_params.pop("v", None)  # nothing is left of what the link said
    for name in settings.fields():
        st.session_state[f"{settings.prefix}.{name}"] = getattr(settings, name)


def _widget(field: fields.Field, value: Any) -> Callable[..., Any]:
    match field:
        case fields.MultiChoice():
            return partial(st.multiselect, field.label, list(field.labels), format_func=field.labels.__getitem__)
        case fields.Choice(pictured=True):
            names = {name: f"![]({picture(name)}) {label}" for name, label in field.labels.items()}
            return partial(st.pills, field.label, list(names), format_func=names.__getitem__, required=True)
        case fields.Choice():
            return partial(st.selectbox, field.label, list(field.labels), format_func=field.labels.__getitem__)
        case fields.Text() | fields.TypedNumber():
            return partial(st.text_input, field.label, max_chars=1000)
        case fields.Toggle():
            return partial(st.toggle, field.label)
        case fields.Integer(typed=True):
            return partial(st.number_input, field.label, field.low, field.high, step=1)
        case fields.Integer():
            return partial(st.slider, field.label, field.low, field.high, step=field.step)
        case fields.Amount():
            stops = sorted({*field.options, field.default, value})
            return partial(st.select_slider, field.label, stops, format_func=format_setting)
        case fields.Scale():
            return partial(st.select_slider, field.label, field.options, format_func=format_setting)
    raise TypeError(f"no widget shows {type(field).__name__}")


@cache
def picture(name: str) -> str:
    """A link that holds it: an image of a digit, or examples in a plane."""
    if name in DIGITS:
        images, classes = digit_images()
        ink, side, ground = images[classes == 3][0].reshape(8, 8) / 16, SIDE / 8, "#FFFFFF"
        marks = [
            f'<rect x="{column * side:g}" y="{row * side:g}" width="{side:g}" height="{side:g}" fill="#000000" '
            f'fill-opacity="{ink[row, column]:.2f}"/>'
            for row, column in np.argwhere(ink > 0)
        ]
    else:
        data, ground = dataset(name), "#80808020"
        X, Y = data.X_train[:SHOWN], data.Y_train[:SHOWN]
        places = X[:, :2] if data.inputs > 1 else np.column_stack([X, Y])
        upper = Y.argmax(axis=1) % 2 if data.outputs > 1 else Y[:, 0] > Y.mean()
        low, high = places.min(axis=0), places.max(axis=0)
        marks = [
            f'<circle cx="{x:.1f}" cy="{SIDE - y:.1f}" r="1.3" fill="{COLORS[int(half)]}"/>'
            for (x, y), half in zip(2 + (SIDE - 4) * (places - low) / (high - low), upper, strict=True)
        ]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}">'
        f'<rect width="{SIDE}" height="{SIDE}" rx="3" fill="{ground}"/>{"".join(marks)}</svg>'
    )
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
