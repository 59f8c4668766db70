"""The section in which a viewer uploads weights: what they are, array by array, and what is wrong with them."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import numpy as np
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core import INITIALIZERS
from core.advice import planning
from core.advice.sizes import checked
from core.diagnosis import LAYOUTS, Diagnosis, compare, diagnose, findings, rows, verdict
from core.files import weights
from pages.parts import session
from pages.parts.figures.board import Board
from pages.parts.figures.charts import weights as charts
from pages.parts.figures.tables import weights as tables
from pages.parts.page import OpenPage
from pages.parts.serving.bounds import BOUNDS
from pages.parts.settings import YourNetwork, controls

_FILE, _BY_FILE = "diagnosis-file", "as the file tells"
_ALERTS = {
    "bad": (st.error, ":material/cancel:"),
    "mixed": (st.warning, ":material/contrast:"),
    "neutral": (st.info, ":material/straighten:"),
    "good": (st.success, ":material/check_circle:"),
}
_SAVING = {
    "PyTorch": "from safetensors.torch import save_file\n\n"
    "save_file({k: v.contiguous().clone() for k, v in model.state_dict().items()}, 'model.safetensors')",
    "Keras": "import numpy as np\n\n"
    "np.savez('model.npz', **{v.path: a for v, a in zip(model.weights, model.get_weights())})",
    "Flax": "import jax, numpy as np\n\nleaves = jax.tree_util.tree_leaves_with_path(variables)\n"
    "np.savez('model.npz', **{'/'.join(str(p.key) for p in path): np.asarray(a) for path, a in leaves})",
    "NumPy": "import numpy as np\n\nnp.savez('model.npz', W1=W1, b1=b1, W2=W2, b2=b2)",
    **{f"A part of a {suffix} file over 20 MB": line.replace("; ", "\n") for suffix, line in weights.PARTS.items()},
}


def section(page: OpenPage, activation: str, chosen: YourNetwork | None = None) -> Diagnosis | None:
    """Draw the section where the script stands: an upload, and what was found; None while there is nothing to show.

    `activation` is that of the hidden layers (a name in ACTIVATIONS). What is uploaded stays in the viewer's session.
    The page's settings, where they are `chosen`, take over the layer sizes of what is uploaded.
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
    example = right.toggle("An example", key="diagnosis-example", help="Seven layers, with faults put into two.")
    if uploaded is None and not example:
        with st.expander("How to save them"):
            st.markdown("\n\n".join(f"**{library}**\n\n```python\n{code}\n```" for library, code in _SAVING.items()))
        return None
    layout = st.selectbox(
        "Matrix layout",
        (_BY_FILE, *LAYOUTS),
        format_func=lambda layout: LAYOUTS.get(layout, _BY_FILE),
        key="diagnosis-layout",
        help="Which axis of a weight is the output's. It matters for units, fans and the signal.",
    )
    try:
        found = _find(uploaded, activation, None if layout == _BY_FILE else layout)
    except ValueError as refused:
        st.warning(str(refused), icon=":material/block:")
        return None
    _tell(found)
    _draw(Board(page, keep=False), found)
    if uploaded is not None:
        _compare(uploaded)
    return found


def _fill_sizes(activation: str, chosen: YourNetwork | None) -> None:
    """Set the page to the layer sizes of what was just uploaded, where they can be told and measured here."""
    try:
        sizes = _find(st.session_state[_FILE], activation, None).sizes
        if chosen and sizes and st.session_state[_FILE]:
            filled = chosen.with_sizes(checked(sizes))
            planning.experiment(filled.question()[0], BOUNDS.run)
            controls.apply_settings(filled)
    except ValueError:
        pass  # the section says what is wrong with the file; what is too large to measure is diagnosed all the same


def _find(uploaded: UploadedFile | None, activation: str, layout: str | None) -> Diagnosis:
    """The diagnosis of the file, or of the example where there is none; ValueError with a sentence for the viewer."""
    data = uploaded.getvalue() if uploaded else b""
    of = hashlib.sha256(data).hexdigest(), uploaded.name if uploaded else "", activation, layout
    viewer = session.current()
    if viewer.diagnosis is None or viewer.diagnosis[0] != of:
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


def _tell(found: Diagnosis) -> None:
    banner = verdict(found)
    alert, icon = _ALERTS[banner.status]
    alert(banner.sentence, icon=icon)
    rest = [finding for finding in findings(found) if finding.sentence not in banner.sentence]
    st.markdown("\n".join(f"- {_ALERTS[finding.status][1]} {finding.sentence}" for finding in rest))
    st.dataframe(rows(found), hide_index=True, width="stretch", key="diagnosis-layers")


def _draw(board: Board, found: Diagnosis) -> None:
    if not found.stack:  # an adapter, or a recurrent network
        return
    left, right = st.columns(2)
    measured, laws = tables.stds(found)
    with left:
        board.draw(
            lambda: charts.stds(measured, laws, board.theme),
            "Standard deviation of the weights, beside the initializers",
            key="diagnosis-std",
            note="Dots: the layers' own std; lines: what each law would give a layer of these sizes.",
        )
    if found.signal is not None:
        with right:
            board.draw(
                lambda: charts.signals(tables.signals(found), board.theme),
                "Signal and gradient through these weights",
                key="diagnosis-signal",
                note="Gaussian noise of size 1 sent through these very weights, and a gradient of size 1 back.",
            )


def _compare(uploaded: UploadedFile) -> None:
    """A second upload, and which of the arrays differ from the first's."""
    other = st.file_uploader("Another file to compare with, such as after training", key="diagnosis-other")
    if other is not None:
        try:
            before, after = (weights.read(file.name, file.getvalue()) for file in (uploaded, other))
            st.markdown("\n".join(f"- {sentence}" for sentence in compare(before, after).sentences()))
        except ValueError as refused:
            st.warning(str(refused), icon=":material/block:")
