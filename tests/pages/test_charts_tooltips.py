"""Tooltips: every mark of every chart has some in words, or says that it has none, and they say what was measured."""

import re

import numpy as np
import pytest

from core.advice import advise, measure
from core.diagnosis import diagnose
from pages.parts.figures import diagnosis, tables
from pages.parts.figures.charts import by_layer, initializers
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


def assert_known(spec):
    """A browser reads 0 where a number is missing: no mark that answers a pointer lacks one that it says."""
    for layer, rows in drawn.layers_of(spec):
        fields = [tip["field"] for tip in layer["encoding"].get("tooltip") or () if tip["type"] == "quantitative"]
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
        fields = {tip["title"]: tip["field"] for tip in layer["encoding"].get("tooltip") or ()}
        if "range over seeds" in fields:
            (median,) = [field for title, field in fields.items() if title.endswith(", median")]
            for row in rows:
                said = row["lowest"], row[median], row["highest"]
                assert said == pytest.approx(ends[row["variant"], row["layer"]])
                answering += 1
    assert answering
