"""The section that diagnoses weights: its chart draws every layer once, and every upload is answered."""

import io
import pickle
import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import vl_convert
from streamlit.testing.v1 import AppTest

from core.diagnosis import diagnose, rows
from pages.parts.figures import diagnosis
from pages.parts.figures.charts import by_layer

from .drawn import DARK, LIGHT, VERSION

BROKEN = {
    "0.weight": np.full((4, 3), np.nan, np.float32),
    "1.weight": np.zeros((5, 4), np.float32),
    "2.weight": np.ones((2, 5), np.float32),
    "3.weight": np.eye(2, dtype=np.float32),
}
CASES = {
    "example": diagnosis.example(),
    "one layer": {"weight": np.random.default_rng(0).standard_normal((6, 4))},
    "not finite, zeros, constant": BROKEN,
    "nothing finite": {"weight": np.full((2, 2), np.inf)},
    "apart": {"a": np.eye(3), "b": np.ones((5, 7)), "bn.weight": np.ones(3)},
    "many": {f"{i}.weight": np.random.default_rng(i).standard_normal((8, 8)) for i in range(70)},
}
every_case = pytest.mark.parametrize("arrays", CASES.values(), ids=CASES)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("zero", [False, True])
def test_the_chart_draws_every_layer_and_what_is_0(zero, theme):
    arrays = diagnosis.example()
    arrays["5.weight"] *= not zero
    table = diagnosis.tabulate(diagnose(arrays).signal)
    assert sorted(table["layer"]) == sorted([*range(1, 8)] * 2)
    spec = by_layer.signals(table, theme).to_dict()
    assert vl_convert.vegalite_to_vega(spec, vl_version=VERSION)
    assert spec["description"].endswith(".")
    assert "nan" not in spec["description"]
    marks = {layer["mark"]["shape"] for layer in spec["layer"] if "shape" in layer["mark"]}
    assert ("triangle-down" in marks) == zero


@every_case
def test_a_table_has_a_row_for_every_array_and_says_no_nonsense(arrays):
    table = pd.DataFrame(rows(diagnose(arrays)))
    assert sorted(table["array"]) == sorted(arrays)
    assert not table.isna().any(axis=None)
    assert not table.astype(str).apply(lambda column: column.str.contains(r"\bnan\b")).any(axis=None)


def page():
    from pages.parts.figures import diagnosis
    from pages.parts.settings import Overview
    from pages.parts.shell.frame import FramedPage

    opened = FramedPage(Overview)
    diagnosis.draw_diagnosis(opened, "relu")
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
    assert len(codes) == 6
    for code in codes:
        compile(code, "shown", "exec")


def test_the_example_shows_its_two_faults_and_a_chart(section):
    section.toggle(key="diagnosis-example").set_value(True).run()
    assert not section.exception
    said = "".join([*alerts(section), *(element.value for element in section.markdown)])
    assert "`2.weight`: 99 of 100 units start as copies" in said
    assert "`4.weight`: 12 times He's scale" in said
    assert "stay alike" not in said
    assert len(section.get("vega_lite_chart")) == 1


def test_an_upload_is_diagnosed_and_goes_before_the_example(section):
    section.toggle(key="diagnosis-example").set_value(True)
    weights = np.random.default_rng(0).standard_normal((64, 64)) / 8
    section.file_uploader[0].set_value(("m.npz", npz(**{"dense/kernel": weights, "bn/gamma": np.ones(64)}), "")).run()
    assert not section.exception
    assert "Xavier" in alerts(section)[0]
    table = section.dataframe[0].value
    assert list(table["array"]) == ["dense/kernel", "bn/gamma"]
    assert list(table["output axis"]) == ["last, by its name", ""]


def test_a_second_file_is_compared(section):
    rng = np.random.default_rng(0)
    first = {"0.weight": rng.standard_normal((30, 20)), "1.weight": rng.standard_normal((30, 30))}
    section.file_uploader[0].set_value(("m.npz", npz(**first), "")).run()
    second = first | {"1.weight": rng.standard_normal((30, 30))}
    section.file_uploader[1].set_value(("n.npz", npz(**second), "")).run()
    said = "".join(element.value for element in section.markdown)
    assert "Drawn anew, it seems: `1.weight`." in said
    assert "Unchanged: `0.weight`." in said


@pytest.mark.parametrize(("sizes", "fills"), [((3, 5, 2), True), ((12, 20, 2000), False)])
def test_uploaded_weights_fill_in_the_layer_sizes(sizes, fills, routed):
    app = routed("your_network", sizes="3-4-2", dataset="noise")
    before = app.text_input(key="y.sizes").value
    arrays = {f"{i}.weight": np.ones(fans[::-1], np.float16) for i, fans in enumerate(pairwise(sizes))}
    (place,) = (each for each in app.file_uploader if each.key == "diagnosis-file")
    place.set_value(("m.npz", npz(**arrays), "")).run()
    assert not app.exception
    assert app.text_input(key="y.sizes").value == (", ".join(map(str, sizes)) if fills else before)
    assert len(app.get("file_uploader")) >= 2


def test_weights_without_a_dense_layer_are_told_without_charts(section):
    lora = {"q_proj.lora_A.weight": np.random.default_rng(0).random((8, 64)), "q_proj.lora_B.weight": np.zeros((64, 8))}
    section.file_uploader[0].set_value(("m.npz", npz(**lora), "")).run()
    assert not section.exception
    assert "A fresh LoRA adapter" in alerts(section)[0]
    assert not section.get("vega_lite_chart")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("model.pt", b"", "this line converts it"),
        ("m.npz", b"no zip", "damaged"),
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


def test_nothing_of_the_weights_is_kept_with_the_diagnosis():
    data = npz(**{f"{i}.weight": np.random.default_rng(i).standard_normal((300, 300)) for i in range(3)})
    kept = diagnosis._diagnose.__wrapped__("m.npz", data, "relu")
    assert len(pickle.dumps(kept)) < len(data) / 100
