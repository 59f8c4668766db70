"""What a viewer is told where an experiment is over the bound: what would fit, and a button that chooses it."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from core import Experiment
from core.advice.sizes import written
from core.engine.budget import Bound, fitting, sizes
from pages.parts.page import OpenPage


def refuse(page: OpenPage, experiment: Experiment, bound: Bound) -> NoReturn:
    """Say what would fit, offer it where the page has controls for it, and stop the script."""
    requested = sizes(experiment)
    at_hand = [name for name in requested if name in page.fields]
    smaller = fitting(experiment, bound, at_hand)
    can_be_chosen = bound.allows(smaller)
    fits = sizes(smaller if can_be_chosen else fitting(experiment, bound))
    changed = {name: size for name, size in fits.items() if size != requested[name]}
    changes = ", ".join(f"{name.replace('_', ' ')} {requested[name]} → {size}" for name, size in changed.items())
    _refuse(page, changes, {page.key(name): size for name, size in changed.items()} if can_be_chosen else {})


def refuse_network(page: OpenPage, fitting: tuple[int, ...] | None) -> NoReturn:
    """The same of a network that cannot be measured, and of one that can, if any."""
    network = written(fitting) if fitting else "no network at all"
    _refuse(page, network, {page.key("sizes"): ", ".join(map(str, fitting))} if fitting else {})


def _refuse(page: OpenPage, fits: str, values: dict[str, object]) -> NoReturn:
    st.warning(f"This would take more time or memory than this app allows; what fits: {fits}.")
    if values:
        st.button("Use the size that fits", on_click=st.session_state.update, args=(values,))
    page.stop()
