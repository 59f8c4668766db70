"""The dialog that offers a page as files, made when they are asked for, and opens settings that were downloaded."""

from collections.abc import Callable

import streamlit as st

from pages.parts import session
from pages.parts.export import document, report
from pages.parts.export.versions import versions
from pages.parts.figures import drawings
from pages.parts.figures.board import Board, Figure
from pages.parts.page import OpenPage
from pages.parts.settings import Settings, controls

Maker = Callable[[], bytes | str]  # of a file


def draw(page: OpenPage, chosen: Settings, numbers: Maker, script: Maker) -> None:
    """The button in the page's tools; call it when all charts are drawn.

    `numbers` makes the zip of tables, `script` the Python file that reruns what is shown.
    """
    page.tools.button("Download", icon=":material/download:", key="download", on_click=_ask, args=(page.name,))
    viewer = session.current()
    requested, viewer.download = viewer.download, ""
    if requested != page.name:
        return
    title, verdict, figures = page.title, page.verdict, list(page.figures)
    settings = {field.label: field.describe(getattr(chosen, name)) for name, field in chosen.fields().items()}
    theme = Board(page).theme

    def make_report() -> str:
        return report.write_report(title, verdict, figures, settings, versions(), theme)

    _dialog(page.name, chosen, figures, {"Data": numbers, "Report": make_report, "Script": script})


def _ask(page: str) -> None:
    session.current().download = page


@st.dialog("Download", icon=":material/download:")
def _dialog(page: str, chosen: Settings, figures: list[Figure], makers: dict[str, Maker]) -> None:
    """What can be downloaded of the page, and a place for settings that were; it is drawn for those who ask for it."""
    if session.current().troubles is not None:  # a file has been opened: its page comes next
        st.rerun()
    _button("Data", "CSV", makers["Data"], f"{page}.zip", "application/zip")
    _button("Report", "standalone HTML", makers["Report"], f"{page}.html", "text/html")
    _button("Script", "Python", makers["Script"], f"{page}.py", "text/x-python")
    settings = document.write_document(page, chosen)
    _button("Settings", "JSON", lambda: settings, f"{page}.json", "application/json")
    if figures:
        _pictures(page, figures)
    _file()


def report_on_file(page: OpenPage) -> None:
    """Say what of an opened file was not understood, once."""
    viewer = session.current()
    if viewer.troubles:
        page.notice(" ".join(viewer.troubles))
    viewer.troubles = None


def _button(what: str, how: str, make: Maker, name: str, mime: str) -> None:
    st.download_button(
        f"{what} ({how})",
        make,
        name,
        mime,
        key=f"take-{what.lower()}",
        on_click="ignore",
        icon=":material/download:",
        width="stretch",
    )


def _pictures(page: str, figures: list[Figure]) -> None:
    """Any chart as PNG or SVG; there is one at least."""
    by_title = {figure.title: figure for figure in figures}
    chosen = st.selectbox("Chart", list(by_title), help="Which chart is downloaded as a picture.", key="take-chart")
    figure = by_title.get(chosen, figures[0])

    left, right = st.columns(2)
    with left:
        _button("PNG", "image", lambda: drawings.png(figure), f"{page}-{figure.key}.png", "image/png")
    with right:
        _button("SVG", "vector graphic", lambda: drawings.svg(figure), f"{page}-{figure.key}.svg", "image/svg+xml")


def _file() -> None:
    """A place for a file with settings; after each it is empty again."""
    key = f"open-{session.current().opened_files}"
    st.file_uploader(
        "Open settings",
        type="json",
        key=key,
        help="A settings file that was downloaded here. What cannot be used of it is named.",
        on_change=_open,
        args=(key,),
    )


def _open(key: str) -> None:
    file = st.session_state.get(key)
    if file is None:
        return
    opened = document.read_document(file.read(document.LARGEST + 1))
    viewer = session.current()
    viewer.opened_files, viewer.troubles = viewer.opened_files + 1, opened.troubles
    if opened.settings:
        controls.open_settings(opened.settings)
