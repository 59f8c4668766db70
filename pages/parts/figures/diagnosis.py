"""The section in which a viewer uploads weights: what they are, layer by layer, and what is wrong with them."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import numpy as np
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core import INITIALIZERS
from core.diagnosis import LAYOUTS, Diagnosis, diagnose, findings, verdict
from core.files import weights
from pages.parts import session
from pages.parts.figures.board import Board
from pages.parts.figures.charts import weights as charts
from pages.parts.figures.tables import weights as tables
from pages.parts.page import OpenPage

_BY_FILE = "as the file tells"
_NAMED = 3  # pairs of layers that do not connect, before it says "and others"
_SENT = (
    "Solid: Gaussian noise of size 1 sent through these very weights, and a gradient back; dashed: what theory expects "
    "of their mean squares."
)
_EXPECTED = (
    "What theory expects of the weights' mean squares for inputs of size 1. Normalizations, pooling and shortcuts are "
    "not part of it."
)
_MARKS = {
    "bad": ":material/cancel:",
    "mixed": ":material/contrast:",
    "neutral": ":material/straighten:",
    "good": ":material/check_circle:",
}
_ALERTS = {"bad": st.error, "mixed": st.warning, "neutral": st.info, "good": st.success}
_SAVING = {
    "PyTorch": "from safetensors.torch import save_file\n\nsave_file(model.state_dict(), 'model.safetensors')",
    "Keras": "import numpy as np\n\n"
    "np.savez('model.npz', **{v.path: a for v, a in zip(model.weights, model.get_weights())})",
    "Flax": "import jax, numpy as np\n\nleaves = jax.tree_util.tree_leaves_with_path(variables)\n"
    "np.savez('model.npz', **{'/'.join(str(p.key) for p in path): np.asarray(a) for path, a in leaves})",
    "NumPy": "import numpy as np\n\nnp.savez('model.npz', W1=W1, b1=b1, W2=W2, b2=b2)",
}


def section(page: OpenPage, activation: str) -> Diagnosis | None:
    """Draw the section where the script stands: an upload, and what was found; None while there is nothing to show.

    `activation` is that of the hidden layers (a name in ACTIVATIONS). What is uploaded stays in the viewer's session.
    The page's banner is left to the page: core.diagnosis.verdict says the result in a sentence or two.
    """
    st.markdown("## The weights you have: what are they, and is anything wrong with them?")
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    uploaded = left.file_uploader(
        "Weights, as `.npz` or `.safetensors`",
        key="diagnosis-file",
        max_upload_size=weights.FILE_BYTES >> 20,
        help="The file is read in this session only: nothing of it is stored, or shown to anybody else.",
    )
    example = right.toggle("An example", key="diagnosis-example", help="Seven layers, with faults put into two.")
    if uploaded is None and not example:
        _explain()
        return None
    layout = _layout()
    try:
        found = _found(uploaded, activation, None if layout == _BY_FILE else layout)
    except ValueError as refused:
        st.warning(str(refused), icon=":material/block:")
        return None
    _say(found)
    _draw(Board(page, keep=False), found)
    return found


def _explain() -> None:
    with st.expander("How to save them"):
        st.markdown("\n\n".join(f"**{library}**\n\n```python\n{code}\n```" for library, code in _SAVING.items()))


def _layout() -> str:
    return st.selectbox(
        "Matrix layout",
        (_BY_FILE, *LAYOUTS),
        format_func=lambda layout: LAYOUTS.get(layout, _BY_FILE),
        key="diagnosis-layout",
        help="Which axis of a weight is the output's. It matters for units, fans and the signal.",
    )


def _found(uploaded: UploadedFile | None, activation: str, layout: str | None) -> Diagnosis:
    """The diagnosis of the file, or of the example where there is none; ValueError with a sentence for the viewer."""
    data = uploaded.getvalue() if uploaded else b""
    of = hashlib.sha256(data).hexdigest(), uploaded.name if uploaded else "", activation, layout
    viewer = session.current()
    if viewer.diagnosis is None or viewer.diagnosis[0] != of:
        with st.spinner("Reading the weights …"):
            arrays = weights.read(uploaded.name, data) if uploaded else example()
            viewer.diagnosis = of, diagnose(arrays, activation, layout)
    return viewer.diagnosis[1]


def example() -> weights.Arrays:
    """Seven layers as He draws them; in layer 3 the units are copies of one, and layer 5 is twelve times too large."""
    rng, arrays = np.random.default_rng(0), {}
    for layer, fans in enumerate(pairwise((64, *(100,) * 6, 10))):
        arrays[f"{layer}.weight"] = INITIALIZERS["he"].draw(rng, *fans).astype(np.float32)
        arrays[f"{layer}.bias"] = np.zeros(fans[1], np.float32)
    arrays["2.weight"][:] = arrays["2.weight"][0]
    arrays["4.weight"] *= 12
    return arrays


def _say(found: Diagnosis) -> None:
    said = verdict(found)
    _ALERTS[said.status](said.sentence, icon=_MARKS[said.status])
    rest = [finding for finding in findings(found) if finding.sentence not in said.sentence]
    if rest:
        st.markdown("\n".join(f"- {_MARKS[finding.status]} {finding.sentence}" for finding in rest))
    st.caption(_how_read(found))
    st.dataframe(tables.layers(found), hide_index=True, width="stretch", key="diagnosis-layers")
    if found.left_out:
        with st.expander(f"Left out: {len(found.left_out)}"):
            st.dataframe(tables.left_out(found), hide_index=True, width="stretch")


def _how_read(found: Diagnosis) -> str:
    arrangement = found.arrangement
    read = f"Read as {LAYOUTS[arrangement.layout]}"
    how = f", {arrangement.because}." if arrangement.certain else ": nothing in the file tells; choose above."
    gaps = ", ".join(f"{n} and {n + 1}" for n in arrangement.breaks[:_NAMED])
    more = " and others" if len(arrangement.breaks) > _NAMED else ""
    apart = (
        f" Layers {gaps}{more} do not connect: no signal is sent through them, theory alone is shown." if gaps else ""
    )
    return read + how + apart


def _draw(board: Board, found: Diagnosis) -> None:
    theme = board.theme
    left, right = st.columns(2)
    measured, laws = tables.stds(found)
    with left:
        board.draw(
            lambda: charts.stds(measured, laws, theme),
            "Standard deviation of the weights, beside the initializers",
            key="diagnosis-std",
            note="Dots: the layers' own std; lines: what each law would give a layer of these sizes.",
        )
    with right:
        board.draw(
            lambda: charts.signals(tables.signals(found), theme),
            "Signal and gradient through these weights",
            key="diagnosis-signal",
            note=_SENT if found.signal.forward is not None else _EXPECTED,
        )
    spectra = tables.spectra(found)
    if len(spectra):
        board.draw(
            lambda: charts.spectra(spectra, theme),
            "Singular values by layer",
            key="diagnosis-spectra",
            height=260,
            note="Of a layer too large to factorize here, only the largest.",
        )
    with st.expander("The std of every law, layer by layer"):
        st.dataframe(tables.weight_laws(found), hide_index=True, width="stretch")
