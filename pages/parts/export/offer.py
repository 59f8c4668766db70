"""The dialog that offers a page as files, made on demand, and opens downloaded settings."""

import mimetypes
import platform
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial

import altair as alt
import numpy as np
import streamlit as st

from core.version import version
from pages.parts import session
from pages.parts.export import document, report
from pages.parts.figures import drawings
from pages.parts.figures.board import choose_theme
from pages.parts.figures.drawings import Figure
from pages.parts.page import OpenPage
from pages.parts.settings import Settings, controls, links

Maker = Callable[[], bytes | str]
Files = Mapping[tuple[str, str, str], Maker]  # by what and how they are, and how their names end


def draw(
    page: OpenPage,
    chosen: Settings,
    zip_numbers: Callable[[str, str, Mapping[str, str]], bytes],
    write_script: Callable[[str, str], str],
) -> None:
    """The button in the page's tools; call it when all charts are drawn.

    `zip_numbers` makes the zip of tables, of the page's title, its banner, and its settings by name with what
    numbers depend on besides; `write_script` the Python file that reruns it, of title and file name. Both are
    held as long as a viewer's session, beside all bounds: of pages that train they hold no run's result.
    """
    viewer, name = session.current(), page.name
    request = partial(setattr, viewer, "download", name)
    page.tools.button("Download", icon=":material/download:", key="download", on_click=request)
    requested, viewer.download = viewer.download, ""
    if requested != name:
        return
    title, verdict, figures, theme = page.title, page.verdict, list(page.figures), choose_theme(page)
    banner = f"{verdict.sentence} {verdict.details}".strip()
    fields = chosen.fields()
    words = {field.label: field.describe(getattr(chosen, key)) for key, field in fields.items()}
    texts = {key: " ".join(values) for key, values in chosen.to_texts().items()}
    files: Files = {
        ("Data", "CSV", ".zip"): lambda: zip_numbers(title, banner, texts | list_versions()),
        ("Report", "standalone HTML", ".html"): lambda: report.write_report(
            title, verdict, figures, words, list_versions(), theme
        ),
        ("Script", "Python", ".py"): lambda: write_script(title, f"{name}.py"),
        ("Settings", "JSON", ".json"): lambda: document.write_document(name, chosen),
    }
    _open_dialog(name, files, figures)


def list_versions() -> dict[str, str]:
    """What numbers depend on beside settings; "engine" begins the SHA-256 of its sources."""
    return {
        "date": datetime.now(UTC).strftime("%d %B %Y, %H:%M UTC"),
        "engine": version()["code"][:12],
        "settings": str(links.VERSION),
        "NumPy": np.__version__,
        "Python": platform.python_version(),
        "machine": platform.machine(),
        "Streamlit": st.__version__,
        "Altair": alt.__version__,
    }


@st.dialog("Download", icon=":material/download:")
def _open_dialog(page: str, files: Files, figures: list[Figure]) -> None:
    """What can be downloaded of the page, and a place for settings that were."""
    viewer = session.current()
    if viewer.pending_notices is not None:  # a file has been opened: its page comes next
        st.rerun()
    for (what, how, end), make in files.items():
        _draw_button(what, how, make, page + end)
    if figures:
        by_title = {figure.title: figure for figure in figures}
        help_text = "Which chart is downloaded as a picture."
        title = st.selectbox("Chart", list(by_title), help=help_text, key="take-chart")
        figure = by_title.get(title, figures[0])
        left, right = st.columns(2)
        with left:
            _draw_button("PNG", "image", lambda: drawings.draw_png(figure), f"{page}-{figure.key}.png")
        with right:
            _draw_button("SVG", "vector graphic", lambda: drawings.draw_svg(figure), f"{page}-{figure.key}.svg")
    key = f"open-{viewer.opened_files}"  # after each file the place is empty again
    st.file_uploader(
        "Open settings",
        type="json",
        key=key,
        help="A settings file that was downloaded here. What cannot be used of it is named.",
        on_change=_open,
        args=(key,),
    )


def _draw_button(what: str, how: str, make: Maker, file: str) -> None:
    st.download_button(
        f"{what} ({how})",
        make,
        file,
        mimetypes.guess_type(file)[0],
        key=f"take-{what.lower()}",
        on_click="ignore",
        icon=":material/download:",
        width="stretch",
    )


def _open(key: str) -> None:
    file = st.session_state.get(key)
    if file is None:
        return
    settings, troubles = document.read_document(file.read(document.LARGEST + 1))
    viewer = session.current()
    viewer.opened_files, viewer.pending_notices = viewer.opened_files + 1, troubles
    if settings:
        controls.open_settings(settings)


def show_pending_notices(page: OpenPage) -> None:
    """Say, once, what of an opened file was not understood, or why a click on a map led nowhere."""
    viewer = session.current()
    if viewer.pending_notices:
        page.notice(" ".join(viewer.pending_notices))
    viewer.pending_notices = None
