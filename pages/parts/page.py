"""The interface of a page that is being drawn, and how the status of a verdict is shown."""

from collections.abc import Mapping
from typing import Any, NoReturn, Protocol

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import Experiment, Result
from core.verdicts import Verdict

# How a status is told: never by color alone.
ALERTS = {
    "good": (st.success, "Works", ":material/check_circle:"),
    "bad": (st.error, "Fails", ":material/cancel:"),
    "mixed": (st.warning, "Mixed", ":material/contrast:"),
    "neutral": (st.info, "", ":material/straighten:"),
}


def describe(verdict: Verdict) -> str:
    """The word for its status, if any, and its sentence. Markdown."""
    word = ALERTS[verdict.status][1]
    return f"**{word}.** {verdict.sentence}" if word else verdict.sentence


class OpenPage(Protocol):
    """A page being drawn, by whichever frame."""

    name: str
    title: str
    fields: Mapping[str, Any]  # its settings, by name: settings.fields.Field
    presenting: bool
    arrived: bool  # from another page, or for the first time
    stage: DeltaGenerator  # the first screen
    heading: DeltaGenerator  # the banner, and above it the scene of the story
    tools: DeltaGenerator  # the row of buttons below the banner
    waiting: DeltaGenerator  # where who waits is told so
    figures: list[Any]  # what has been drawn on it: figures.drawings.Figure
    verdict: Verdict  # that of its banner, once it is drawn

    def key(self, setting: str) -> str:
        """A setting's name in the link and in the session: `r.depth`."""

    def notice(self, sentence: str) -> None:
        """Say what could not be used, and what was used instead. Markdown."""

    def run(self, experiment: Experiment) -> Result:
        """The experiment's result, trained now unless it was before."""

    def link(self, name: str, place: DeltaGenerator = ...) -> None:
        """A link to another page, by its question."""

    def stop(self) -> NoReturn:
        """End the page here; the ways to its neighbors stay."""
