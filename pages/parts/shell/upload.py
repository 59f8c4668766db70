"""A viewer's own table: where it is handed in, and the report of its columns."""

import re

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.files import examples, tabular
from core.wording import count_things
from pages.parts import session
from pages.parts.page import OpenPage
from pages.parts.settings import Upload

MOST_SHOWN, _SCROLLED = 100, 360  # columns in the report, and its height
Choices = tuple[str, str, tuple[str, ...]]  # the target's column, the output, and the columns left out


def draw(page: OpenPage, output: str, *scalings: str) -> Upload | None:
    """The widgets, and the data they lead to, if any; `scalings` are of inputs and target."""
    file = st.file_uploader("A table as CSV", type=["csv", "tsv", "txt"], key="upload-file")
    if file is None:
        page.notice("Your data are in no link: choose the CSV file in the controls. Until then bundled data are used.")
        return None
    try:
        table, choices = _draw_choices(file, output)
        return _prepare(file, table, choices, *scalings)
    except ValueError as error:
        page.notice(f"{error} Bundled data are used instead.")
        return None


def _draw_choices(file: UploadedFile, output: str) -> tuple[tabular.Table, Choices]:
    """The widgets of a file's columns; its table as they read it, and what they choose of it."""
    viewer, header = session.current(), f"upload-names-{file.file_id}"
    table, has_names = viewer.table and viewer.table[1], st.session_state.get(header)
    if table is None or viewer.table[0] != file.file_id or has_names not in (None, table.has_names):
        table = tabular.read(file.getvalue(), has_names)
        viewer.table = file.file_id, table
    st.toggle("The first line holds names", table.has_names, key=header)
    columns = list(table.columns)
    target = st.selectbox(
        "Target",
        columns,
        columns.index(tabular.likely_target(table)),
        key=f"upload-target-{file.file_id}-{table.has_names}",
        help="What the network predicts.",
    )
    target_key = f"{file.file_id}-{target}"  # a target's defaults are its own
    outputs: dict[str, list[str]] = {}
    for name in tabular.outputs(table, target):
        outputs.setdefault("a quantity" if name == "linear" else "classes", []).append(name)
    kind = next(iter(outputs))
    if len(outputs) > 1:
        kind = st.segmented_control(
            "The target is", list(outputs), default=kind, required=True, key=f"upload-kind-{target_key}"
        )
    left_out = st.multiselect(
        "Columns left out",
        [name for name in columns if name != target],
        tabular.likely_left_out(table, target),
        key=f"upload-left-out-{target_key}",
    )
    return table, (target, output if output in outputs[kind] else outputs[kind][0], tuple(left_out))


def _prepare(file: UploadedFile, table: tabular.Table, choices: Choices, *scalings: str) -> Upload:
    """The data that the choices make of the table, prepared once, and the report of its columns below the widgets."""
    viewer = session.current()
    request = (file.file_id, table.has_names, *choices, *scalings)
    if viewer.data is None or viewer.data[0] != request:
        prepared = examples.prepare(table, *choices)
        viewer.data = request, (prepared.dataset(*scalings), prepared.uses, prepared.notes)
    data, uses, notes = viewer.data[1]
    st.caption(
        f"{len(data.X_train) + len(data.X_test):,} examples, {data.inputs} inputs, {data.outputs} {choices[1]} "
        f"output{'s' * (data.outputs > 1)}. " + " ".join(notes)
    )
    _draw_uses(uses)
    return Upload(data, file.name, table.has_names, *choices, *scalings)


def _draw_uses(uses: tuple[examples.Use, ...]) -> None:
    telling = [use for use in uses if use.why]
    rows = {_escape(use.column): _escape(f"{use.use}: {use.why}") for use in telling[:MOST_SHOWN]}
    with st.container(height=_SCROLLED if len(rows) > _SCROLLED // 64 else "content", border=False, key="upload-uses"):
        st.table(pd.DataFrame({"Column": rows.keys(), "Use, and why": rows.values()}), hide_index=True)
    if (more := len(telling) - len(rows)) > 0:
        st.caption(f"Converted or left out likewise: {count_things(more, 'more column')}.")
    if (others := len(uses) - len(telling)) > 0:
        st.caption(f"The other {others} are inputs as they are." if others > 1 else "The other is an input as it is.")


def _escape(text: str) -> str:
    """A file's text in a cell that would read it as Markdown."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)
