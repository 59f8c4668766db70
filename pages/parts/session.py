"""What is kept of a viewer from run to run, beside widgets' values and the diagnosis of weights."""

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core import Experiment
from core.advice import Advice, Question
from core.sweep import Sweep

KEY = "_viewer"


@dataclass
class Session:
    """As long as the tab is open. Of a viewer's own data only the last of each kind is kept, and only here."""

    page: str = ""  # the name of the one that was drawn last
    routed: bool = False  # this run came by the router, or was sent to it
    destination: Any = None  # settings whose page a button leads to, until it is drawn
    scene: int | None = None  # the last that was shown of the story
    results: dict[str, Any] = field(default_factory=dict)  # by a page's name, what its last one is of
    pins: dict[str, list[str]] = field(default_factory=dict)  # by the name that a link has for a page's pins
    canceled: Experiment | Question | Sweep | None = None  # what the viewer does not wait for
    download: str = ""  # the name of the page whose dialog is asked for
    opened_files: int = 0  # how many files with settings were opened
    troubles: list[str] | None = None  # with the file that has just been opened
    table: tuple[str, Any] | None = None  # the uploaded file's name for Streamlit, and core.files.tabular.Table
    data: tuple[Any, Any] | None = None  # by which choices what was made of it: data, uses of columns, notes
    map: tuple[str, Any] | None = None  # the uploaded map's name for Streamlit, and core.sweep.SweepResult
    advice: tuple[Question, Advice] | None = None  # about uploaded data


def current() -> Session:
    """The viewer's. Here Streamlit lets a newer run of the script, or a closed tab, end this one."""
    if KEY not in st.session_state:
        st.session_state[KEY] = Session()
    return st.session_state[KEY]
