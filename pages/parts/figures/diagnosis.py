"""The section in which a viewer uploads weights: what they are, array by array, and what is wrong with them."""

from __future__ import annotations

import hashlib
from contextlib import suppress
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

_FILE = "diagnosis-file"
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
    **{f"A part of a {suffix} file over 20 MB": code.replace("; ", "\n") for suffix, code in weights.PARTS.items()},
}


def section(page: OpenPage, activation: str, chosen: YourNetwork | None = None) -> None:
    """Draw the section where the script stands: uploads, what was found, and how two files differ.

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
    example_chosen = right.toggle("An example", key="diagnosis-example", help="Seven layers, with faults put into two.")
    if uploaded is None and not example_chosen:
        with st.expander("How to save them"):
            st.markdown("\n\n".join(f"**{library}**\n\n```python\n{code}\n```" for library, code in _SAVING.items()))
        return
    layout = st.selectbox(
        "Matrix layout",
        LAYOUTS,
        index=None,
        placeholder="as the file tells",
        format_func=LAYOUTS.get,
        key="diagnosis-layout",
        help="Which axis of a weight is the output's. It matters for units, fans and the signal.",
    )
    try:
        diagnosis = _diagnose(uploaded, activation, layout)
        _write_report(diagnosis)
        _draw_charts(Board(page, keep=False), diagnosis)
        label = "Another file to compare with, such as after training"
        if uploaded and (other := st.file_uploader(label, key="diagnosis-other")):
            before, after = (weights.read(file.name, file.getvalue()) for file in (uploaded, other))
            st.markdown("\n".join(f"- {sentence}" for sentence in compare(before, after)))
    except ValueError as refused:
        st.warning(str(refused), icon=":material/block:")


def _fill_sizes(activation: str, chosen: YourNetwork | None) -> None:
    """Set the page to the layer sizes of what was just uploaded, where they can be told and measured here."""
    uploaded = st.session_state[_FILE]
    with suppress(ValueError):  # the section says what is wrong with a file, and diagnoses what is too large to measure
        if uploaded and chosen and (sizes := _diagnose(uploaded, activation, None).sizes):
            filled = chosen.with_sizes(checked(sizes))
            planning.experiment(filled.question()[0], BOUNDS.run)
            controls.apply_settings(filled)


def _diagnose(uploaded: UploadedFile | None, activation: str, layout: str | None) -> Diagnosis:
    """The diagnosis of the file, or of the example where there is none; ValueError with a sentence for the viewer."""
    data, name = (uploaded.getvalue(), uploaded.name) if uploaded else (b"", "")
    request = hashlib.sha256(data).hexdigest(), name, activation, layout
    viewer = session.current()
    if viewer.diagnosis is None or viewer.diagnosis[0] != request:
        arrays = weights.read(name, data) if uploaded else example()
        viewer.diagnosis = request, diagnose(arrays, activation, layout)
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


def _write_report(diagnosis: Diagnosis) -> None:
    banner = verdict(diagnosis)
    alert, icon = _ALERTS[banner.status]
    alert(banner.sentence, icon=icon)
    rest = [finding for finding in findings(diagnosis) if finding.sentence not in banner.sentence]
    st.markdown("\n".join(f"- {_ALERTS[finding.status][1]} {finding.sentence}" for finding in rest))
    st.dataframe(rows(diagnosis), hide_index=True, width="stretch", key="diagnosis-layers")


def _draw_charts(board: Board, diagnosis: Diagnosis) -> None:
    left, right = st.columns(2)
    if diagnosis.stack:  # an adapter or a recurrent network has none
        with left:
            board.draw(
                lambda: charts.stds(*tables.stds(diagnosis), board.theme),
                "Standard deviation of the weights, beside the initializers",
                key="diagnosis-std",
                note="Dots: the layers' own std; lines: what each law would give a layer of these sizes.",
            )
    if diagnosis.signal is not None:
        with right:
            board.draw(
                lambda: charts.signals(tables.signals(diagnosis), board.theme),
                "Signal and gradient through these weights",
                key="diagnosis-signal",
                note="Gaussian noise of size 1 sent through these very weights, and a gradient of size 1 back.",
            )
