"""Where a viewer hands in data of their own: the file, its target, and what has become of it. Session only."""

from __future__ import annotations

import streamlit as st

from core.datasets import Dataset
from core.files import tabular
from pages.parts.page import OpenPage
from pages.parts.settings import Upload

_TABLE, _DATA = "_table", "_data"  # in the session: the file last read, and the data last made of it


def draw(page: OpenPage, output: str, scaling: str) -> Upload | None:
    """The widgets, and the data they lead to; None, and why, where there are none yet or they cannot be used."""
    file = st.file_uploader("A CSV with names in its first line", type="csv", key="upload-file")
    if file is None:
        page.notice("Your data are in no link: choose the CSV file in the controls. Until then bundled data are used.")
        return None
    try:
        table = _table(file.file_id, file)
        target = st.selectbox(
            "Target", table.frame.columns, len(table.frame.columns) - 1, help="What the network predicts."
        )
        fitting = tabular.outputs(table, target)
        if not fitting:
            raise ValueError(f"The target has to differ, and to name at most {tabular.MOST_CLASSES} classes.")
        if output not in fitting:
            page.notice(f"A {output} output does not go with this target; using {fitting[0]}.")
            output = fitting[0]
        data, said = _data((file.file_id, target, output, scaling), table)
    except ValueError as error:
        page.notice(f"{error} Bundled data are used instead.")
        return None
    examples = len(data.X_train) + len(data.X_test)
    st.caption(" ".join([f"{examples:,} examples, {data.inputs} inputs, {data.outputs} outputs.", *said]))
    return Upload(data, file.name, target, output, scaling)


def _table(name: str, file: st.runtime.uploaded_file_manager.UploadedFile) -> tabular.Table:
    known, table = st.session_state.get(_TABLE, (None, None))
    if known != name:
        table = tabular.read(file.getvalue())
        st.session_state[_TABLE] = name, table
    return table


def _data(asked: tuple[str, str, str, str], table: tabular.Table) -> tuple[Dataset, list[str]]:
    known, made = st.session_state.get(_DATA, (None, None))
    if known != asked:
        made = tabular.dataset(table, *asked[1:])
        st.session_state[_DATA] = asked, made
    return made
