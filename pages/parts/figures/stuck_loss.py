"""The field in which a viewer types the loss that their training is stuck at: what it is, and a run that shows it."""

import streamlit as st

from core.advice.stuck_losses import CAUSES, Cause, explain
from pages.parts.settings import RandomInit, Settings, ZeroInit, controls

PRESETS: dict[Cause, tuple[str, Settings]] = {
    "guessing": ("Zero weights: the loss stays at ln 10", ZeroInit(activation="relu", steps=100)),
    "certain": ("Standard normal weights: confident wrong predictions", RandomInit()),
    "overflow": (
        "50 layers of weights of std 3: the numbers overflow",
        RandomInit(std=3, depth=50, width=50, seeds=3, steps=10),
    ),
}


def section() -> None:
    """Draw the field where the script stands and, of a loss that is known, its meaning, its cause and a link."""
    st.header("My loss is stuck", anchor="stuck")
    typed = st.text_input("The loss it is stuck at", placeholder="2.3026", max_chars=40, key="stuck-loss")
    if not typed.strip():
        st.caption("Such as 2.3026, 0.6931, 0.25, 87.3365, 16.118 or NaN.")
        return
    try:
        known = explain(typed)
    except ValueError as error:
        st.warning(str(error))
        return
    if known is None:
        st.info("No single known value is near this number; more digits may tell.")
        return
    st.markdown(f"**This is {known.meaning}.** {CAUSES[known.cause]}")
    label, settings = PRESETS[known.cause]
    controls.open_button(st.container(), label, settings, key="stuck-preset")
