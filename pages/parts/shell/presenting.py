"""Presenting: a first screen of title, banner and main chart, legible from the back row, and keys that turn pages."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def on() -> bool:
    """Whether the page is shown on a projector: known before the toggle is drawn, from the link on a first run."""
    return bool(st.session_state.get("present", st.query_params.get("present", "").lower() == "true"))


def toggle(drawer: DeltaGenerator) -> None:
    """The toggle, bound to the link."""
    drawer.toggle(
        "Present :gray-badge[P]",
        key="present",
        bind="query-params",
        help="For a projector: large text, no sidebar; the controls move into a popover.",
    )


def shortcut() -> None:
    """The toggle's key: a button, drawn where nobody sees it, as a toggle can have none of its own."""
    st.button("Present", shortcut="P", on_click=_turn, key="present-key")


def _turn() -> None:
    st.session_state["present"] = not on()


def arrows(bar: DeltaGenerator, previous: st.Page | None, following: st.Page | None) -> None:
    """Buttons, and arrow keys, to the page before and the page after. A slider in use keeps the keys to itself."""
    for page, word, shortcut in ((previous, "Previous", "Left"), (following, "Next", "Right")):
        if page and bar.button(word, shortcut=shortcut, key=f"turn-{word.lower()}"):
            st.switch_page(page, query_params={})  # without, it fails at what is bound to a widget
