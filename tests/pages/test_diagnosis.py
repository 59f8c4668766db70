"""The section that diagnoses weights: its charts draw every layer once, and every upload is answered."""

import io
import re

import numpy as np
import pandas as pd
import pytest
import vl_convert
from streamlit.testing.v1 import AppTest

from core.diagnosis import diagnose
from pages.parts import session
from pages.parts.figures.charts import weights as charts
from pages.parts.figures.diagnosis import example
from pages.parts.figures.tables import weights as tables

from .drawn import DARK, LIGHT, VERSION

BROKEN = {
    "0.weight": np.full((4, 3), np.nan, np.float32),
    "1.weight": np.zeros((5, 4), np.float32),
    "2.weight": np.ones((2, 5), np.float32),
}
CASES = {
    "example": example(),
    "one layer": {"weight": np.random.default_rng(0).standard_normal((6, 4))},
    "not finite, zeros, constant": BROKEN,
    "nothing finite": {"weight": np.full((2, 2), np.inf)},
    "apart": {"a": np.eye(3), "b": np.ones((5, 7)), "bn.weight": np.ones(3)},
    "many": {f"{i}.weight": np.random.default_rng(i).standard_normal((8, 8)) for i in range(70)},
}
every_case = pytest.mark.parametrize("arrays", CASES.values(), ids=CASES)


def drawn(found, theme=LIGHT):
    measured, laws = tables.stds(found)
    spectra = tables.spectra(found)
    return [
        charts.stds(measured, laws, theme),
        charts.signals(tables.signals(found), theme),
        *([charts.spectra(spectra, theme)] if len(spectra) else []),
    ]


@every_case
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_chart_is_drawn_whatever_was_found(arrays, theme):
    for chart in drawn(diagnose(arrays), theme):
        spec = chart.to_dict()
        assert vl_convert.vegalite_to_vega(spec, vl_version=VERSION)
        assert spec["description"].endswith(".")
        assert "nan" not in spec["description"]


@every_case
def test_a_table_has_a_row_for_every_layer_and_says_no_nonsense(arrays):
    found = diagnose(arrays)
    for table in (tables.layers(found), tables.weight_laws(found)):
        assert list(table["layer"]) == [each.outline.number for each in found.layers]
        assert not table.isna().any(axis=None)
        assert not table.astype(str).apply(lambda column: column.str.contains(r"\bnan\b")).any(axis=None)


def test_every_finite_layer_is_a_dot_at_its_std_and_zero_a_mark():
    found = diagnose(BROKEN)
    spec = charts.stds(*tables.stds(found), LIGHT).to_dict()
    marks = {
        layer["mark"]["shape" if layer["mark"]["type"] == "point" else "type"]: spec["datasets"][layer["data"]["name"]]
        for layer in spec["layer"]
        if layer["mark"]["type"] in ("circle", "point")
    }
    assert [(row["layer"], row["std"]) for row in marks["circle"]] == [(3, 1.0)]
    assert [row["layer"] for row in marks["triangle-down"]] == [2]


def test_laws_that_are_equal_throughout_share_a_line():
    _, laws = tables.stds(diagnose({"weight": np.random.default_rng(0).standard_normal((9, 9))}))
    assert set(laws["variant"]) == {"He", "Xavier", "PyTorch default", "Standard normal"}


def test_of_many_singular_values_the_ends_stay():
    found = diagnose({"weight": np.random.default_rng(0).standard_normal((400, 300))})
    values = tables.spectra(found)["value"]
    assert [values.iloc[0], values.iloc[-1]] == pytest.approx(
        [found.layers[0].spectrum.values[0], found.layers[0].spectrum.values[-1]]
    )


def page():
    from pages.parts.figures import diagnosis
    from pages.parts.settings import Overview
    from pages.parts.shell.frame import FramedPage

    opened = FramedPage(Overview)
    diagnosis.section(opened, "relu")
    opened.end()


def npz(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


@pytest.fixture
def section():
    return AppTest.from_function(page, default_timeout=60).run()


def alerts(app):
    return [element.value for kind in ("error", "warning", "info", "success") for element in app.get(kind)]


def test_before_an_upload_it_says_how_weights_are_saved(section):
    assert not section.exception
    codes = re.findall(r"```python\n(.*?)```", "".join(element.value for element in section.markdown), re.DOTALL)
    assert len(codes) == 4
    for code in codes:
        compile(code, "shown", "exec")


def test_the_example_shows_its_two_faults_and_three_charts(section):
    section.toggle(key="diagnosis-example").set_value(True).run()
    assert not section.exception
    (said,) = alerts(section)
    assert said.startswith("Layer 3: the units are all identical")
    assert "Layer 5's weights are 12 times larger than He's" in said
    assert len(section.get("vega_lite_chart")) == 3


def test_an_upload_is_diagnosed_and_goes_before_the_example(section):
    section.toggle(key="diagnosis-example").set_value(True)
    weights = np.random.default_rng(0).standard_normal((64, 64)) / 8
    section.file_uploader[0].set_value(("m.npz", npz(**{"dense/kernel": weights, "bn/gamma": np.ones(64)}), "")).run()
    assert not section.exception
    assert "freshly drawn: **Xavier or Glorot average**" in alerts(section)[0]
    assert list(section.dataframe[0].value["name"]) == ["dense/kernel"]
    assert "Keras" in section.caption[0].value
    assert list(section.dataframe[1].value["array"]) == ["bn/gamma"]


def test_an_ambiguous_layout_is_said_and_can_be_chosen(section):
    weights = np.random.default_rng(0).standard_normal((30, 20))
    section.file_uploader[0].set_value(("m.npz", npz(arr_0=weights), "")).run()
    assert "nothing in the file tells; choose above" in section.caption[0].value
    assert section.dataframe[0].value["fan in → out"].item() == "20 → 30"
    section.selectbox(key="diagnosis-layout").set_value("last").run()
    assert "as you chose" in section.caption[0].value
    assert section.dataframe[0].value["fan in → out"].item() == "30 → 20"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("model.pt", b"", "this line converts it"),
        ("m.npz", b"no zip", "cannot be read"),
        ("m.npz", npz(b=np.ones(3)), "no layer"),
        ("<b>m</b>.exe", b"", "Only `.npz` and `.safetensors`"),
    ],
)
def test_what_cannot_be_used_is_answered_in_a_sentence(section, name, data, words):
    section.file_uploader[0].set_value((name, data, "")).run()
    assert not section.exception
    (said,) = alerts(section)
    assert words in said
    assert not section.get("vega_lite_chart")


def test_nothing_of_the_weights_is_kept_with_the_diagnosis(section):
    section.toggle(key="diagnosis-example").set_value(True).run()
    _, found = section.session_state[session.KEY].diagnosis
    held = [value for each in found.layers for value in vars(each).values() if isinstance(value, np.ndarray)]
    assert held == []
    assert isinstance(tables.layers(found), pd.DataFrame)
