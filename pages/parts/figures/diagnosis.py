"""The sections for what viewers bring: a loss at which training is stuck, and weights."""

from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core import INITIALIZERS
from core.advice import planning
from core.advice.question import check_sizes
from core.advice.stuck_losses import CAUSES, Cause, explain
from core.diagnosis import Signal, compare, diagnose, findings, rows, verdict
from core.files import weights
from pages.parts.figures.board import Board
from pages.parts.figures.charts import by_layer
from pages.parts.page import ALERTS, OpenPage
from pages.parts.serving.limits import LIMITS
from pages.parts.settings import RandomInit, Settings, YourNetwork, ZeroInit, controls

_FILE = "diagnosis-file"
PRESETS: dict[Cause, tuple[str, Settings]] = {
    "guessing": ("Zero weights: the loss stays at ln 10", ZeroInit(activation="relu", steps=100)),
    "certain": ("Standard normal weights: confident wrong predictions", RandomInit()),
    "overflow": (
        "50 layers of weights of std 3: the numbers overflow",
        RandomInit(std=3, depth=50, width=50, seeds=3, steps=10),
    ),
}


def draw_stuck_loss() -> None:
    """A field for a loss and, of one that is known, its meaning, cause and a run that shows it."""
    st.header("My loss is stuck", anchor="stuck")
    typed = st.text_input("The loss it is stuck at", placeholder="2.3026", max_chars=40, key="stuck-loss")
    if not typed.strip():
        st.caption("Type it to read what it means and what causes it: 2.3026, 0.6931, 0.25, 87.3365, 16.118, NaN, …")
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


def draw_diagnosis(page: OpenPage, activation: str, chosen: YourNetwork | None = None) -> None:
    """Uploads, what is found in them, and how two files differ.

    `activation` is that of the hidden layers (a name in ACTIVATIONS). Uploads stay in the viewer's session;
    the page's settings, where they are `chosen`, take over their layer sizes.
    """
    st.header("The weights you have: what are they, and is anything wrong with them?", anchor="weights")
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    uploaded = left.file_uploader(
        "Weights, as `.npz` or `.safetensors`",
        key=_FILE,
        max_upload_size=weights.FILE_BYTES >> 20,
        help="The file is read in this session only: nothing of it is stored, or shown to anybody else.",
        on_change=_fill_sizes,
        args=(activation, chosen),
    )
    example_chosen = right.toggle("An example", key="diagnosis-example", help="Seven layers, with faults put into two.")
    if uploaded is None and not example_chosen:
        with st.expander("How to save them"):
            st.markdown("\n\n".join(f"**{title}**\n\n```python\n{code}\n```" for title, code in weights.SAVING.items()))
        return
    try:
        name, data = (uploaded.name, uploaded.getvalue()) if uploaded else ("", b"")
        _, banner, found, table, signal = _diagnose(name, data, activation)
        alert, _, icon = ALERTS[banner.status]
        alert(banner.sentence, icon=icon)
        rest = [finding for finding in found if finding.sentence not in banner.sentence]
        st.markdown("\n".join(f"- {ALERTS[finding.status][2]} {finding.sentence}" for finding in rest))
        st.dataframe(table, hide_index=True, width="stretch", key="diagnosis-layers")
        if signal:
            board = Board(page, keep=False)
            board.draw(
                lambda: by_layer.signals(tabulate(signal), board.theme),
                "Signal and gradient through these weights",
                key="diagnosis-signal",
                note="Gaussian noise of size 1 sent through these very weights, and a gradient of size 1 back.",
            )
        label = "Another file to compare with, such as after training"
        if uploaded and (other := st.file_uploader(label, key="diagnosis-other")):
            changes = compare(weights.read(name, data), weights.read(other.name, other.getvalue()))
            st.markdown("\n".join(f"- {sentence}" for sentence in changes))
    except ValueError as refused:
        st.warning(str(refused), icon=":material/block:")


def _fill_sizes(activation: str, chosen: YourNetwork | None) -> None:
    """Take over the layer sizes of what was just uploaded, where it has any."""
    uploaded = st.session_state[_FILE]
    with suppress(ValueError):  # of what cannot be read the section speaks, and it diagnoses what is large
        if uploaded and chosen and (sizes := _diagnose(uploaded.name, uploaded.getvalue(), activation)[0]):
            filled = replace(chosen, sizes=", ".join(map(str, check_sizes(sizes))))
            planning.plan_comparison(filled.question()[0], LIMITS.run)
            controls.apply_settings(filled)


@st.cache_data(show_spinner=False, max_entries=1, scope="session")
def _diagnose(name: str, data: bytes, activation: str) -> tuple[Any, ...]:
    """Layer sizes and what is shown of a file, or without a name of the example; no weights."""
    found = diagnose(weights.read(name, data) if name else example(), activation)
    return found.sizes, verdict(found), findings(found), rows(found), found.signal


def example() -> weights.Arrays:
    """Seven layers as He draws them; layer 3 has equal units, layer 5 is far too large."""
    rng, fans = np.random.default_rng(0), pairwise((64, *(100,) * 6, 10))
    draws = (INITIALIZERS["he"].draw(rng, *pair).astype(np.float32) for pair in fans)
    arrays = {f"{n}.weight": draw for n, draw in enumerate(draws)}
    arrays["2.weight"][:] = arrays["2.weight"][0]
    arrays["4.weight"] *= 12
    return arrays


def tabulate(signal: Signal) -> pd.DataFrame:
    """Sizes by layer, a row each: what (signal or gradient), layer, size."""
    layers = np.arange(1, len(signal.off) + 1)
    sizes = {"layer": layers, "signal A": signal.forward, "gradient dZ": signal.backward}
    return pd.DataFrame(sizes).melt("layer", var_name="what", value_name="size")
