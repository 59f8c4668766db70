"""The section in which a viewer uploads weights: what they are, array by array, and what is wrong with them."""

from contextlib import suppress
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core import INITIALIZERS
from core.advice import planning
from core.advice.question import check_sizes
from core.diagnosis import Signal, compare, diagnose, findings, rows, verdict
from core.files import weights
from pages.parts.figures.board import Board
from pages.parts.figures.charts import layer_lines
from pages.parts.page import ALERTS, OpenPage
from pages.parts.serving.limits import LIMITS
from pages.parts.settings import YourNetwork, controls

_FILE = "diagnosis-file"


def section(page: OpenPage, activation: str, chosen: YourNetwork | None = None) -> None:
    """Draw the section where the script stands: uploads, what was found, and how two files differ.

    `activation` is that of the hidden layers (a name in ACTIVATIONS). What is uploaded stays in the viewer's session;
    the page's settings, where they are `chosen`, take over its layer sizes.
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
                lambda: layer_lines.signals(tabulate(signal), board.theme),
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
    """Set the page to the layer sizes of what was just uploaded, where they can be told and measured here."""
    uploaded = st.session_state[_FILE]
    with suppress(ValueError):  # the section says what is wrong with a file, and diagnoses what is too large to measure
        if uploaded and chosen and (sizes := _diagnose(uploaded.name, uploaded.getvalue(), activation)[0]):
            filled = chosen.with_sizes(check_sizes(sizes))
            planning.plan_comparison(filled.question()[0], LIMITS.run)
            controls.apply_settings(filled)


@st.cache_data(show_spinner=False, max_entries=1, scope="session")
def _diagnose(name: str, data: bytes, activation: str) -> tuple[Any, ...]:
    """Layer sizes, and what is shown of a file, or of the example without a name; none of the weights."""
    found = diagnose(weights.read(name, data) if name else example(), activation)
    return found.sizes, verdict(found), findings(found), rows(found), found.signal


def example() -> weights.Arrays:
    """Seven layers as He draws them; in layer 3 the units are copies of one, and layer 5 is twelve times too large."""
    rng, fans = np.random.default_rng(0), pairwise((64, *(100,) * 6, 10))
    arrays = {f"{n}.weight": INITIALIZERS["he"].draw(rng, *pair).astype(np.float32) for n, pair in enumerate(fans)}
    arrays["2.weight"][:] = arrays["2.weight"][0]
    arrays["4.weight"] *= 12
    return arrays


def tabulate(signal: Signal) -> pd.DataFrame:
    """What the chart draws: what (signal or gradient), layer, size."""
    sizes = pd.DataFrame(
        {"layer": np.arange(1, len(signal.off) + 1), "signal A": signal.forward, "gradient dZ": signal.backward}
    )
    return sizes.melt("layer", var_name="what", value_name="size")
