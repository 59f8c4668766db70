"""Draws a page's charts and tables, each built once: its title as a heading above, its note below."""

from collections.abc import Callable, Hashable
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import altair as alt
import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.verdicts import Verdict
from pages.parts.figures.drawings import Figure, build_spec, measure_spec, write_stream
from pages.parts.figures.theme import PRESENTING_ZOOM, ChartTheme
from pages.parts.page import OpenPage
from pages.parts.serving.store import Store


def choose_theme(page: OpenPage) -> ChartTheme:
    """The theme of the page's charts: as dark as the page, and larger while presenting."""
    zoom = PRESENTING_ZOOM if page.presenting else 1.0
    return ChartTheme(dark=st.context.theme.type == "dark", zoom=zoom)


class Board:
    """Draws a page's charts, each of which is made once for the same subjects and theme."""

    def __init__(self, page: OpenPage, *subjects: Hashable, keep: bool = True) -> None:
        """`subjects`: what the charts are of. Those of one viewer's own data are not to be kept."""
        self._page, self._subjects, self._keep = page, (page.name, *subjects), keep
        self.theme = choose_theme(page)

    def draw(
        self,
        build: Callable[[], alt.LayerChart],
        title: str,
        *,
        key: str,
        height: int = 300,
        main: bool = False,
        place: DeltaGenerator | None = None,
        message: str = "",
        note: str = "",
        verdict: Verdict | None = None,
        more_subjects: tuple[Hashable, ...] = (),
        on_select: Callable[[str], None] | None = None,
    ) -> None:
        """`build` makes the chart where it is not known. Title, message and note are Markdown.

        `message` says beside the title what the chart shows of this run; a verdict stands below it.
        `key` names the chart on its page, and keeps over a rerun what the viewer scrubbed to. The main chart
        is on the first screen; while presenting it takes what is left of it, whatever its `height`.
        `more_subjects`: what it is of beside the board's. `place`: a column, say; else where the script stands.
        `on_select` is called, with what the session calls the chart, when the viewer clicks or drags on one
        that has parameters for it; a chart of something else has another name there, and no selection.
        """
        make = partial(build_spec, build, self.theme, height)
        known = (key, self._subjects, more_subjects, self.theme, height)
        spec = _charts.get_or_compute(known, make) if self._keep else make()
        self._page.figures.append(Figure(key, title, spec, note, self.theme, message))
        fills = main and self._page.presenting
        fill: Literal["stretch", "content"] = "stretch" if fills else "content"
        # Below the first screen it is drawn when it comes near: room is reserved, with its slider's.
        slider = 38 if any("bind" in param for param in spec.get("params", ())) else 0
        room = fill if main else round(self.theme.size(height) + slider)
        with place or nullcontext():
            with self._page.stage.container(key=f"figure-{key}", height=fill) if main else nullcontext():
                st.markdown(f"## {title} :gray[– {message}]" if message else f"## {title}")
                name = f"{key}-{hash(self._subjects)}" if on_select else key
                selected = partial(on_select, name) if on_select else "ignore"
                st.vega_lite_chart(spec=spec, key=name, width="stretch", height=room, on_select=selected)
            if verdict:
                st.markdown(verdict.sentence)
            if note:
                st.caption(note)

    def table(self, build: Callable[[], pd.DataFrame], *, key: str) -> None:
        """Draw a table of words, its index as its first column; like a chart it is made once."""

        def make() -> pa.Table:
            return pa.Table.from_pandas(build())

        known = (key, self._subjects)
        table = _tables.get_or_compute(known, make) if self._keep else make()
        st.table(table, hide_index=False)


@dataclass
class Draft:
    """A chart of what there is so far, never kept: a browser that has it is sent changed rows."""

    board: Board
    title: str
    height: int
    place: DeltaGenerator  # an empty one, which it fills
    spec: dict[str, Any] = field(default_factory=dict)

    def show(self, rows: pd.DataFrame, build: Callable[[], alt.LayerChart]) -> None:
        """Draw the rows as the first table of the chart that `build` made of the first ones."""
        if not self.spec:
            self.spec = build_spec(build, self.board.theme, self.height)
            with self.place.container():
                st.markdown(f"## {self.title}")
                self.place = st.empty()
        tables = self.spec["datasets"]
        tables = tables | {next(iter(tables)): write_stream(rows)}
        self.place.vega_lite_chart(spec=self.spec | {"datasets": tables}, width="stretch")


_charts: Store[Hashable, dict[str, Any]] = Store(48e6, measure_spec)
_tables: Store[Hashable, pa.Table] = Store(1e6, lambda table: table.nbytes)
