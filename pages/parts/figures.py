"""A chart on a page: its message as a heading, the chart as wide as its column, what to know below it."""

from __future__ import annotations

import altair as alt
import streamlit as st

from core.verdicts import Verdict
from pages.parts import frame
from pages.parts.palette import Look

PRESENTING_ZOOM = 1.6


def look() -> Look:
    """How charts are drawn for this viewer."""
    return Look(dark=st.context.theme.type == "dark", zoom=PRESENTING_ZOOM if frame.presenting() else 1.0)


def draw(
    chart: alt.LayerChart, title: str, *, key: str, height: int = 300, note: str = "", verdict: Verdict | None = None
) -> None:
    """Title and note are Markdown; `key` keeps what the viewer scrubbed to over a rerun; a verdict stands below."""
    seen = look()
    sized = chart.properties(height=seen.size(height)).configure_axis(
        labelFontSize=seen.size(13), titleFontSize=seen.size(14), titleColor=seen.ink, labelColor=seen.ink
    )
    with st.container(key=f"figure-{key}"):
        st.markdown(f"##### {title}")
        st.altair_chart(sized, key=key, width="stretch")
        if verdict:
            st.markdown(verdict.sentence)
        if note:
            st.caption(note)
