"""What a viewer is told where an experiment is over budget: what would fit, and a button that chooses it."""

from __future__ import annotations

import streamlit as st

from core import Experiment
from core.budget import cost, fitting
from pages.parts import frame


def refuse(experiment: Experiment) -> None:
    """Say what would fit, offer it where the page has controls for it, and stop the script."""
    smaller = fitting(experiment)
    changed = {
        name: f"{old:g} → {new:g}"
        for name, old, new in (
            ("steps", experiment.steps, smaller.steps),
            ("seeds", experiment.seeds, smaller.seeds),
            ("width", max(experiment.hidden, default=0), max(smaller.hidden, default=0)),
        )
        if old != new
    }
    if not cost(smaller).fits:
        st.warning("These settings would take longer than is allowed here. Choose fewer layers or a smaller batch.")
        frame.stop()
    sizes = ", ".join(f"{name} {change}" for name, change in changed.items())
    st.warning(f"These settings would take longer, or more memory, than is allowed here. What fits: {sizes}.")
    values = {"steps": smaller.steps, "seeds": smaller.seeds, "width": max(smaller.hidden, default=0)}
    chosen = {frame.key(name): values[name] for name in changed}
    if all(key in st.session_state for key in chosen):
        st.button("Use the size that fits", on_click=st.session_state.update, args=(chosen,))
    frame.stop()
