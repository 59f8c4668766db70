"""What is kept of a viewer from run to run, beside widgets' values and a diagnosis."""

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core import Experiment
from core.advice import Advice, Question
from core.sweep import Sweep

KEY = "_viewer"


@dataclass
class Session:
    """As long as the tab is open. Of a viewer's own data, the last of each kind."""

    page: str = ""  # the name of the one that was drawn last
    routed: bool = False  # this run came by the router, or was sent to it
    destination: Any = None  # settings whose page a button leads to, until it is drawn
    scene: int | None = None  # the last that was shown of the story
    results: dict[str, Any] = field(default_factory=dict)  # what the last is of, by page
    pins: dict[str, list[str]] = field(default_factory=dict)  # by their name in the link
    canceled: Experiment | Question | Sweep | None = None  # what is not waited for
    download: str = ""  # the name of the page whose dialog is asked for
    opened_files: int = 0  # how many files with settings were opened
    pending_notices: list[str] | None = None  # for the next run, on top of its page; a list once a file was opened
    table: tuple[str, Any] | None = None  # a file's id, and core.files.tabular.Table
    data: tuple[Any, Any] | None = None  # choices, and data, uses and notes
    map: tuple[str, Any] | None = None  # a file's id, and core.sweep.SweepResult
    advice: tuple[Question, Advice] | None = None  # about uploaded data


def current() -> Session:
    """The viewer's. Here a newer run, or a closed tab, may end this one."""
    if KEY not in st.session_state:
        st.session_state[KEY] = Session()
    return st.session_state[KEY]
