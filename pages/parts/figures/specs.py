"""A chart as its Vega-Lite specification, with what Altair does not say: sizes, play, highlighting, data as Arrow."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pyarrow as pa
from altair.utils.schemapi import debug_mode

from pages.parts.figures.charts.marks import playing
from pages.parts.figures.theme import ChartTheme

_drawing = threading.Lock()  # Altair's choice of a data transformer is the whole process's


def build_spec(build: Callable[[], alt.LayerChart], theme: ChartTheme, height: int) -> dict[str, Any]:
    """The chart's Vega-Lite specification, its data as they go to the browser: as Arrow's streams of bytes.

    Streamlit would else make them of DataFrames in every run of the page, for a third of the time that this takes.
    """
    # Every chart is validated by its test; here that would take half of the time.
    with _drawing, capture_tables() as tables, debug_mode(False):
        spec = playing.highlightable(playing.playable(build().to_dict(validate=False)))
    for layer in spec["layer"]:
        if "tooltip" not in layer["encoding"]:
            layer["mark"]["tooltip"] = None  # by default it would show every field of a row
    spec["config"] |= _sizes(theme)
    return spec | {"height": theme.size(height), "datasets": tables}


def _sizes(theme: ChartTheme) -> dict[str, dict[str, Any]]:
    """A chart's configuration: the sizes and the ink of whatever sets none of its own."""
    words = {"labelFontSize": theme.size(13), "titleFontSize": theme.size(14)}
    inks = {"labelColor": theme.ink, "titleColor": theme.ink}
    return {
        "axis": words | inks | {"labelFlush": False},  # a number stands at its tick, at the ends too
        "legend": words | inks | {"orient": "top", "symbolOpacity": 1},
        "text": {"fontSize": theme.size(13)},
        "rule": {"strokeWidth": theme.size(2)},
        "mark": {"aria": False},  # the chart speaks as a whole: nobody listens to a thousand marks
    }


@contextmanager
def capture_tables() -> Iterator[dict[str, bytes]]:
    """Within this context charts name their data and leave the tables here: Altair would spell out every row."""
    streams: dict[str, bytes] = {}
    named: dict[int, tuple[str, pd.DataFrame]] = {}

    def name_table(table: pd.DataFrame) -> dict[str, str]:
        name, _ = named.setdefault(id(table), (f"data-{len(named)}", table))
        if name not in streams:
            streams[name] = write_stream(table)
        return {"name": name}

    alt.data_transformers.register("frames", name_table)
    with alt.data_transformers.enable("frames"):
        yield streams


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
