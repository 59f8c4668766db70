"""Tooltips: every mark of every chart has some in words, or says that it has none, and they say what was measured."""

import re

import altair as alt
import numpy as np
import pandas as pd
import pytest

from core.advice import advise, measure
from core.diagnosis import diagnose
from core.wording import number
from pages.parts.figures import diagnosis, tables
from pages.parts.figures.charts import by_layer, initializers
from pages.parts.figures.charts.marks import tooltips
from pages.parts.settings import YourNetwork

from . import drawn
from .drawn import EXPERIMENTS, LIGHT, NAMES

POINTED_AT = {"circle", "point", "rect", "tick", "bar", "square"}
INTERNAL = re.compile(
    r"middle|variant|said|shown|kind|series|picture|base64|data:|_|^(low|high|x|at|what|fans|known|lost|ratio\w+)$"
)


def assert_in_words(spec):
    for layer in spec["layer"]:
        kind, tips = layer["mark"]["type"], layer["encoding"].get("tooltip")
        assert (isinstance(tips, list) and kind != "image") if tips else layer["mark"]["tooltip"] is None
        assert tips or kind not in POINTED_AT, layer["mark"]
        titles = [tip["title"] for tip in tips or ()]
        assert len(set(titles)) == len(titles)
        assert not [title for title in titles if not title or INTERNAL.search(title)]


def assert_columns_exist(spec):
    """Vega draws nothing, and says nothing, of a column that is not there."""
    for layer, rows in drawn.layers_of(spec):
        computed = {step["as"] for step in layer.get("transform", ()) if "as" in step}
        coded = [each for each in layer["encoding"].values() if isinstance(each, dict)]
        coded += layer["encoding"].get("tooltip") or []
        fields = {each["field"] for each in coded if "field" in each} - computed
        assert not rows or fields <= set(rows[0]), layer["mark"]


def measured(tip):
    """The column of the number that the browser writes in words."""
    return tip["field"].removesuffix(" in words")


def assert_known(spec):
    """A browser reads 0 where a number is missing: no mark that answers a pointer lacks one that it says."""
    for layer, rows in drawn.layers_of(spec):
        tips = layer["encoding"].get("tooltip") or ()
        fields = [measured(tip) for tip in tips if tip["type"] == "quantitative" or tip["field"] != measured(tip)]
        places = [encoding["field"] for c in "xy" if "field" in (encoding := layer["encoding"].get(c, {}))]
        seen = [row for row in rows if all(row.get(place, "computed") is not None for place in places)]
        assert not [row for row in seen if any(row[field] is None for field in fields)]


@pytest.mark.parametrize("case", EXPERIMENTS)
def test_charts_of_trainings_answer_in_words(case):
    for name in NAMES:
        assert_in_words(drawn.spec(case, name))
        assert_columns_exist(drawn.spec(case, name))
        for last in (False, True):
            assert_known(drawn.spec(case, name, last=last))


def test_charts_of_advice_and_diagnosis_answer_in_words():
    advice = advise(measure(YourNetwork(sizes="64, 8, 8, 10").question()[0]))
    found = diagnose(diagnosis.example(), "relu")
    pinned = tables.ranking(advice).assign(mark="①")[["mark", "variant", "loss"]].dropna()
    for build in (
        lambda: initializers.ranking(tables.ranking(advice), advice.chance, pinned, LIGHT),
        lambda: initializers.matrix(tables.searched(advice), LIGHT, "rate", "learning rate"),
        lambda: by_layer.signals(diagnosis.tabulate(found.signal), LIGHT),
    ):
        spec = drawn.sent(build, LIGHT)
        assert_in_words(spec)
        assert_known(spec)


@pytest.mark.parametrize("case", ["usual", "exact zeros", "some seeds lost", "underflow"])
def test_what_is_drawn_at_the_end_of_an_axis_is_told_as_it_was_measured(case):
    """Median and range over the seeds are the measured ones, though a log axis draws 0 and what lies beyond at its
    ends.
    """
    result = drawn.result(case)
    ends = {
        (label, layer + 1): (np.nanmin(sizes), np.nanmedian(sizes), np.nanmax(sizes))
        for v, label in enumerate(result.experiment.labels)
        for layer, sizes in enumerate(result.dz_rms[v, :, 0, :-1].T)
        if np.isfinite(sizes).any()
    }
    answering = 0
    for layer, rows in drawn.layers(case, "by_layer, gradient"):
        fields = {tip["title"]: measured(tip) for tip in layer["encoding"].get("tooltip") or ()}
        if "range over seeds" in fields:
            (median,) = [field for title, field in fields.items() if title.endswith(", median")]
            for row in rows:
                said = row["lowest"], row[median], row["highest"]
                assert said == pytest.approx(ends[row["variant"], row["layer"]])
                answering += 1
    assert answering


def test_the_browser_writes_numbers_as_sentences_do():
    numbers = [0.0, 0.5, 64.0, 9994.0, 9996.0, 9.994e-4, 9.996e-4]  # the last four: beside the ends of plain decimals
    numbers += [1e5, 1.5e-5, 8.41e8, 3.4e38, 1e-320, 1.7e308, -2.5, -4e7]
    chart = alt.Chart(pd.DataFrame({"x": numbers})).mark_text().encode(tooltip=[tooltips.value("x", "number")])
    layer = chart.to_dict()
    tooltips.write_numbers(layer)
    (tip,) = layer["encoding"]["tooltip"]
    layer["encoding"] = {"text": tip, "y": {"field": "x", "type": "ordinal", "axis": None, "sort": None}}
    layer["mark"] = {"type": "text", "tooltip": None}
    written = [text for text in drawn.svg(layer).itertext() if text.strip()]
    expected = [number(x, 3) for x in numbers]
    assert written == [re.sub(r"(\.\d*?)0+$", r"\1", words).rstrip(".") for words in expected]
