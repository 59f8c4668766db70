"""A chart's Vega-Lite specification, with what Altair does not say: sizes, play, highlights, Arrow's data."""

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
    """The chart's Vega-Lite specification, its data as they go to the browser: as streams of Arrow.

    Streamlit would make them of DataFrames in every run of the page, in a third of the time of all this.
    """
    named: dict[int, tuple[str, pd.DataFrame]] = {}

    def name_table(table: pd.DataFrame) -> dict[str, str]:
        """Altair would spell out every row."""
        name, _ = named.setdefault(id(table), (f"data-{len(named)}", table))
        return {"name": name}

    # Every chart is validated by its test; here that would take half of the time.
    with _drawing, debug_mode(False):
        alt.data_transformers.register("frames", name_table)
        with alt.data_transformers.enable("frames"):
            spec = highlightable(playing.playable(build().to_dict(validate=False)))
    for layer in spec["layer"]:
        if "tooltip" not in layer["encoding"]:
            layer["mark"]["tooltip"] = None  # by default it would show every field of a row
    words = {"labelFontSize": theme.size(13), "titleFontSize": theme.size(14)}
    words |= {"labelColor": theme.ink, "titleColor": theme.ink}
    spec["config"] |= {
        "axis": words | {"labelFlush": False},  # a number stands at its tick, at the ends too
        "legend": words | {"orient": "top", "symbolOpacity": 1},
        "text": {"fontSize": theme.size(13)},
        "rule": {"strokeWidth": theme.size(2)},
        "mark": {"aria": False},  # the chart speaks as a whole: nobody listens to a thousand marks
    }
    streams = {name: write_stream(table) for name, table in named.values()}
    return spec | {"height": theme.size(height), "datasets": streams}


def write_stream(table: pd.DataFrame) -> bytes:
    """The table as Arrow's bytes, what is no finite number as missing; quicker by columns than by pandas."""
    columns = {}
    for name, values in table.items():
        if values.dtype.kind == "f":
            numbers = values.to_numpy()
            columns[name] = pa.array(numbers, mask=~np.isfinite(numbers))
        else:
            columns[name] = pa.array(values, from_pandas=True)
    arrow, sink = pa.table(columns), pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, arrow.schema) as stream:
        stream.write_table(arrow)
    return sink.getvalue().to_pybytes()
