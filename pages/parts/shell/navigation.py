"""Opening a page with given settings: with all of them, as a link within the app leaves what it does not change."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts.settings import BY_PAGE, Settings, controls
from pages.parts.shell import frame, routes

PAGE_OF = {kind: routes.BY_NAME[name] for name, kind in BY_PAGE.items()}


def button(
    place: DeltaGenerator,
    label: str,
    settings: Settings,
    *,
    key: str,
    icon: str = ":material/open_in_new:",
    shortcut: str | None = None,
    help: str | None = None,
) -> None:
    """A button that sets the page these settings are of, and goes there; the address then holds them."""
    place.button(
        label,
        key=key,
        icon=icon,
        shortcut=shortcut,
        help=help,
        type="tertiary",
        on_click=go_to,
        args=(settings,),
    )


def redirect() -> None:
    """Go where a button has led; on every page, before anything takes time."""
    settings = st.session_state.pop("_opened", None)
    page = PAGE_OF.get(type(settings))
    if page and page != frame.current():
        # The address is written here: what is bound to widgets writes itself only when a viewer moves them.
        query = {f"{page.prefix}.{name}": texts for name, texts in settings.changed().items()}
        st.switch_page(routes.streamlit_page(page), query_params=query)


def go_to(settings: Settings) -> None:
    """Set the page these settings are of, and go there with the next run; for callbacks."""
    page = PAGE_OF[type(settings)]
    controls.apply_settings(page, settings)
    st.session_state["_opened"] = settings
