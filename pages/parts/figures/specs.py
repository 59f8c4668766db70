"""A chart as its Vega-Lite specification, with what Altair does not say: sizes, play, highlighting, data as Arrow."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pyarrow as pa
from altair.utils.schemapi import debug_mode

from pages.parts.figures.charts.marks import playing
from pages.parts.figures.charts.marks.highlight import highlightable
from pages.parts.figures.theme import ChartTheme

_drawing = threading.Lock()  # Altair's choice of a data transformer is the whole process's


def build_spec(build: Callable[[], alt.LayerChart], theme: ChartTheme, height: int) -> dict[str, Any]:
    """The chart's Vega-Lite specification, its data as they go to the browser: as Arrow's streams of bytes.

    Streamlit would else make them of DataFrames in every run of the page, for a third of the time that this takes.
    """
    # Every chart is validated by its test; here that would take half of the time.
    with _drawing, ArrowCapture() as frames, debug_mode(False):
        spec = highlightable(playing.playable(build().to_dict(validate=False)))
    for layer in spec["layer"]:
        if "tooltip" not in layer["encoding"]:
            layer["mark"]["tooltip"] = None  # by default it would show every field of a row
    spec["config"] |= _sizes(theme)
    return spec | {"height": theme.size(height), "datasets": frames.named}


def _sizes(theme: ChartTheme) -> dict[str, dict[str, Any]]:
    """A chart's configuration: the sizes and the ink of whatever sets none of its own."""
    words = {"labelFontSize": theme.size(13), "titleFontSize": theme.size(14)}
    inks = {"labelColor": theme.ink, "titleColor": theme.ink}
    return {
        "axis": words | inks,
        "legend": words | inks | {"orient": "top", "symbolOpacity": 1},
        "text": {"fontSize": theme.size(13)},
        "rule": {"strokeWidth": theme.size(2)},
        "mark": {"aria": False},  # the chart speaks as a whole: nobody listens to a thousand marks
    }


class ArrowCapture:
    """Within this context charts name their data and leave the tables here: Altair would spell out every row."""

    def __enter__(self) -> ArrowCapture:
        self.named: dict[str, bytes] = {}
        self._seen: dict[int, tuple[str, pd.DataFrame]] = {}
        alt.data_transformers.register("frames", self._name_table)
        self._enabled = alt.data_transformers.enable("frames")
        self._enabled.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._enabled.__exit__(*error)

    def _name_table(self, table: pd.DataFrame) -> dict[str, str]:
        name, _ = self._seen.setdefault(id(table), (f"data-{len(self._seen)}", table))
        if name not in self.named:
            self.named[name] = write_stream(table)
        return {"name": name}


def write_stream(table: pd.DataFrame) -> bytes:
    """The table in Arrow's format, what is no finite number as missing; column by column, quicker than pandas does."""
    arrow, sink = pa.table({name: _column(table[name]) for name in table}), pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, arrow.schema) as stream:
        stream.write_table(arrow)
    return sink.getvalue().to_pybytes()


def _column(values: pd.Series) -> pa.Array | pa.ChunkedArray:
    if values.dtype.kind == "f":
        numbers = values.to_numpy()
        return pa.array(numbers, mask=~np.isfinite(numbers))
    return pa.array(values, from_pandas=True)
