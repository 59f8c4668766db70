"""What the tests of pages read off a page: its banner, and its charts with the data that goes to the browser."""

from __future__ import annotations

import json
import re
from typing import Any

import pandas as pd
import pyarrow as pa
from streamlit.testing.v1 import AppTest

from core.verdicts.verdict import MOST_WORDS
from pages.parts.page import ALERTS

ICONS = {icon for _, _, icon in ALERTS.values()}


def banner(app: AppTest) -> str:
    """The banner's sentence, after the word of its status; no longer than is read from the back row."""
    alerts = [alert for kind in ("success", "error", "warning", "info") for alert in app.get(kind)]
    (found,) = [alert for alert in alerts if alert.icon in ICONS]
    sentence = re.sub(r"^\*\*(Works|Fails|Mixed)\.\*\* ", "", found.value)
    assert len(sentence.split()) <= MOST_WORDS, sentence
    return sentence


def notices(app: AppTest) -> list[str]:
    """What is said of the link; a banner may be a warning too."""
    return [warning.value for warning in app.warning if not warning.value.startswith("**")]


def click(app: AppTest, label: str) -> AppTest:
    """The page once its one button of this label is clicked."""
    (button,) = [button for button in app.button if button.label == label]
    return button.click().run()


def details(app: AppTest) -> str:
    """What the banner folds away."""
    (folded,) = [each for each in app.expander if each.label == "What was measured"]
    return folded.markdown[0].value


def charts(app: AppTest) -> list[dict[str, Any]]:
    """The specifications of a page's charts in the order they stand in, with their data in them."""
    return [_with_data(element.proto) for element in app.get("vega_lite_chart")]


def pictures(app: AppTest) -> int:
    """How many charts the page shows, drawn in the browser or ahead, as images."""
    drawn_ahead = sum(element.proto.body.count("<img ") for element in app.get("html"))
    return len(app.get("vega_lite_chart")) + drawn_ahead


def _with_data(proto: Any) -> dict[str, Any]:
    rows = {held.name: pa.ipc.open_stream(held.data.data).read_all().to_pylist() for held in proto.datasets}
    return json.loads(proto.spec) | {"datasets": rows}


def rows(chart: dict[str, Any], *columns: str) -> pd.DataFrame:
    """The rows of the first layer that has these columns."""
    for layer in chart["layer"]:
        table = pd.DataFrame(chart["datasets"][(layer.get("data") or chart["data"])["name"]])
        if set(columns) <= set(table):
            return table
    raise AssertionError(f"no layer has {columns}")


def marks(chart: dict[str, Any], shape: str) -> list[dict[str, Any]]:
    """The rows drawn as this shape."""
    return [
        row
        for layer in chart["layer"]
        if layer["mark"].get("shape") == shape
        for row in chart["datasets"][(layer.get("data") or chart["data"])["name"]]
    ]
