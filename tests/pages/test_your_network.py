"""Your network: the page says what the advisor found, hands over its code, and keeps an upload in its session."""

import csv
import io
import subprocess
import sys
import zipfile
from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core import INITIALIZERS, Clip
from core.advice import Question, advise, measure, snippet, verdict
from core.advice.snippets import LIBRARIES
from core.advice.stuck_losses import explain
from core.files import examples, tabular
from core.wording import number
from pages.parts import session
from pages.parts.export import numbers, script
from pages.parts.figures import tables
from pages.parts.figures.charts import initializers
from pages.parts.figures.diagnosis import PRESETS
from pages.parts.figures.theme import ChartTheme
from pages.parts.serving import advising, runs
from pages.parts.serving.limits import Limits
from pages.parts.settings import Upload, YourNetwork
from pages.parts.shell.routes import BY_NAME
from tests.hostile.opened import opened
from tests.server.brief import BRIEF_LEVELS

from .conftest import ROOT
from .opened import banner, charts, rows

SMALL = Question((64, 9, 9, 10), "tanh", data="digits", seed=3)


@pytest.fixture(scope="module")
def advice():
    return advise(measure(SMALL))


def test_the_banner_the_chart_and_the_code_are_the_advice(routed, advice):
    app = routed("your_network", sizes="64-9-9-10", activation="tanh", seed=3)
    assert not app.exception
    assert banner(app) == verdict(advice).sentence
    drawn = rows(charts(app)[0], "variant", "words").drop_duplicates("variant")
    assert set(drawn["variant"]) <= {start.label for start in advice.starts}
    texts = {row["variant"]: row["words"] for chart in charts(app)[:1] for row in everything(chart) if "words" in row}
    assert texts[advice.recommended.label] == "★ first choice"
    assert {texts[s.label] for s in advice.tied} <= {"= tie", *(f"× {number(s.ratio)}, uncertain" for s in advice.tied)}
    assert {texts[s.label] for s in advice.starts if s.standing == "tied"} <= {"= tie"}
    codes = [element.value for element in app.code]
    best = advice.recommended.name
    base, rate = advice.measured.experiment, advice.recommended.rate
    written = [snippet(library, best, SMALL, base.steps, base.batch_size, rate).strip() for library in LIBRARIES]
    assert codes[: len(written)] == written  # before the lines that convert weights


def test_a_network_that_is_refused_leaves_the_last_answer_greyed(routed, plain_charts, advice, monkeypatch):
    app = routed("your_network", sizes="64-9-9-10", activation="tanh", seed=3)
    monkeypatch.setattr(runs, "LIMITS", Limits.read({"RUN_GIGAWORK": "0.001"}))
    app.text_input(key="y.sizes").set_value("64-500-10").run()
    assert "what fits" in app.warning[0].value
    assert banner(app) == verdict(advice).sentence
    assert any("grayscale" in element.proto.body for element in app.get("html"))


def test_a_pinned_network_is_on_the_chart_and_in_the_table(routed, advice):
    app = routed("your_network", sizes="64-9-10", pin=["sizes '64, 9, 9, 10' activation tanh seed 3", "upload true"])
    assert not app.exception
    assert ["The link pins `upload true`" in said.value for said in app.warning] == [True]
    table = app.table[0].value
    assert list(table.columns) == ["This network", "① sizes 64, 9, 9, 10, tanh, seed 3"]
    assert table.loc["Recommended"].iloc[1] == advice.recommended.label
    assert table.loc["Activation function g"].tolist() == ["ReLU", "tanh"]
    drawn = rows(charts(app)[0], "mark")
    ends = {start.label: start.loss for start in advice.starts if not start.lost}
    assert dict(zip(drawn["variant"], drawn["loss"], strict=True)) == pytest.approx(ends)
    app.toggle(key="y.upload").set_value(True).run()
    assert app.button(key="pin").disabled
    assert "Your data are in no link" in app.button(key="pin").help


def everything(chart):
    return [row for table in chart["datasets"].values() for row in table if "variant" in row]


def test_another_initializers_code_can_be_had(routed, plain_charts):
    design = {"normalization": "layer", "skip": 1}
    app = routed("your_network", sizes="64-9-9-8-10", activation="tanh", seed=3, code="he_uniform", **design)
    assert all(code.value != "" for code in app.code)
    assert "kaiming_uniform_" in app.code[0].value
    assert "nn.LayerNorm(n)" in app.code[0].value
    assert any("layer 3 of this network has none" in notice.value for notice in app.warning)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"sizes": "20, 9, 10"}, "On random numbers"),
        ({"sizes": "2, 9, 1", "dataset": "moons"}, "Softmax does not go with 1 output; using sigmoid."),
        ({"sizes": "64, 9, 10", "upload": "true"}, "Your data are in no link"),
    ],
)
def test_what_was_asked_otherwise_than_answered_is_said(routed, plain_charts, link, said):
    app = routed("your_network", **link)
    assert not app.exception
    assert any(said in text for text in (banner(app), *(text.value for text in (*app.warning, *app.caption))))


@pytest.mark.parametrize(
    ("sizes", "reason"),
    [("64, many, 10", "`many`"), ("64, 70000, 10", "from 1 to 65,536 units"), ("64, 2000", "at most 1,024 outputs")],
)
def test_sizes_that_cannot_be_used_are_answered_by_their_own_sentence(sizes, reason):
    (notice,) = opened(BY_NAME["your_network"], {"y.sizes": [sizes]}).warning
    assert f"`y.sizes={sizes}`" in notice.value
    assert reason in notice.value


def test_the_ends_and_the_output_of_the_network_give_way_to_the_data():
    data = examples.prepare(tabular.read(a_csv()), "kind", "softmax").dataset()
    question, said = YourNetwork("784, 32, 10").question(data)
    assert question.sizes == (data.inputs, 32, 3)
    assert question.loss == "softmax"
    assert YourNetwork("784, 32, 10", scaling="raw").question(data)[0].scaling == "raw"  # which its code then writes
    assert YourNetwork(clip="5/3").question(data)[0].clip == Clip("norm", 5 / 3)
    assert "3." in said[0]


def test_an_output_bias_is_asked_for_where_classes_are_imbalanced_alone():
    for rare, used in ((10, True), (30, False)):
        raw = a_csv(kind=np.repeat(["a", "b"], [60 - rare, rare]))
        data = examples.prepare(tabular.read(raw), "kind", "sigmoid").dataset()
        question, said = YourNetwork("784, 32, 10", prior_bias=True).question(data)
        assert question.prior_bias == used
        assert any("The output bias is not changed" in sentence for sentence in said) != used
    assert "The output bias is not changed" in YourNetwork(prior_bias=True).question()[1][0]


def a_csv(rows=60, **columns):
    rng = np.random.default_rng(0)
    made = {
        "size": rng.normal(size=rows),
        "color": rng.choice(["red", "green", "blue"], rows),
        "flag": rng.choice([True, False], rows),
        "name": [f"row {i}" for i in range(rows)],
        "kind": rng.choice(["a", "b", "c"], rows),
    }
    return pd.DataFrame(made | columns).to_csv(index=False).encode()


@pytest.fixture
def upload():
    """upload(text, **settings): the controls of an upload, and what has become of it."""

    def run(raw):
        app = AppTest.from_string(UPLOADING, default_timeout=60).run()
        app.file_uploader[0].upload("mine.csv", raw, "text/csv").run()
        assert not app.exception
        return app

    return run


UPLOADING = """
import streamlit as st
from pages.parts.settings import YourNetwork
from pages.parts.shell import upload
from pages.parts.shell.frame import FramedPage
page = FramedPage(YourNetwork)
with page.controls:
    st.session_state["own"] = upload.draw(page, "softmax", "standardized", "standardized")
"""


def reported(app):
    table = app.table[0].value
    return {name: use.replace("\\", "").split(":")[0] for name, use in table.itertuples(index=False)}


def test_what_is_not_used_as_it_stands_is_reported_by_column(upload):
    app = upload(a_csv(id=range(60)))
    assert reported(app) == {
        "color": "3 inputs",
        "flag": "2 inputs",
        "name": "left out",
        "kind": "target",
        "id": "left out",
    }
    assert app.session_state["own"].data.inputs == 6
    assert any("The other is an input" in text.value for text in app.caption)


def test_the_kind_of_the_target_and_the_columns_are_changed_by_a_click(upload):
    app = upload(a_csv(count=np.arange(60) % 15))
    assert app.session_state["own"].output == "linear"
    app.segmented_control[0].select("classes").run()
    own = app.session_state["own"]
    assert (own.output, own.data.outputs, own.data.inputs) == ("softmax", 15, 9)
    app.multiselect[0].unselect("name").run()
    assert app.session_state["own"].data.inputs == 9 + 60
    app.selectbox[0].select("size").run()
    assert (app.session_state["own"].target, app.session_state["own"].output) == ("size", "linear")
    app.toggle[0].set_value(False).run()
    assert not app.exception
    assert app.session_state["own"].has_names is False
    assert app.session_state["own"].target == "column 6"


@pytest.mark.parametrize(
    "raw", [b"", b"a,b\n1,2\n", b"\x89PNG\r\n\x1a\n", b"a\n" * 99], ids=["empty", "short", "binary", "one"]
)
def test_a_file_that_is_no_table_is_answered_in_a_sentence(upload, raw):
    app = upload(raw)
    assert app.session_state["own"] is None
    assert ["Bundled data are used instead." in said.value for said in app.warning] == [True]


def test_an_answer_about_an_upload_is_kept_in_the_session_alone(monkeypatch, advice):
    data = examples.prepare(tabular.read(a_csv()), "kind", "softmax").dataset()
    mine, _ = YourNetwork("784, 8, 10").question(data)
    anybodys = replace(SMALL, seed=90210)
    asked, viewers = [], ({}, {})
    monkeypatch.setattr(advising.waiting, "show_progress", lambda page, question: nullcontext())
    monkeypatch.setattr(advising.runs, "wait_for", lambda question, tick: asked.append(question) or advice.measured)
    assert advising.is_private(mine)
    for viewer in viewers:
        monkeypatch.setattr(session.st, "session_state", viewer)
        for _ in range(2):
            advising.get(mine, None)
            advising.get(anybodys, None)
    assert asked == [mine, anybodys, mine]  # another viewer's session knows nothing of an upload
    assert [viewer[session.KEY].advice[0] for viewer in viewers] == [mine, mine]


@pytest.fixture(scope="module")
def files(advice):
    packed = numbers.zip_advice(advice, None, "Which?", "This one.", {"sizes": "64-9-9-10"})
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_the_numbers_are_those_of_the_advice(advice, files):
    found = list(csv.DictReader(io.StringIO(files["starts.csv"])))
    assert [row["start"] for row in found] == [start.name for start in advice.starts]
    written = [float(row["loss"] or "nan") for row in found]
    assert np.array_equal(written, [start.loss for start in advice.starts], equal_nan=True)
    assert files["search.csv"].count("\n") == 1 + len(tables.searched(advice))
    for name in (name for name in files if name.endswith(".csv")):
        part = files["README.md"].partition(f"## {name}")[2].partition("## ")[0]
        columns = [row.split("`")[1] for row in part.splitlines() if row.startswith("| `")]
        assert columns == files[name].partition("\n")[0].split(",")


def test_the_script_measures_the_same_to_the_last_bit(files):
    source = f"from core.advice import planning\nplanning.SEEDS_AND_STEPS = {BRIEF_LEVELS}\n"
    source += script.write_script(SMALL, None, "Which?", "again.py")
    printed = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    ).stdout
    losses, again = (list(csv.reader(io.StringIO(text))) for text in (files["losses.csv"].partition("\n")[2], printed))
    assert [row[:6] for row in again] == [row[:6] for row in losses]
    kept = [float(row[6] or "nan") for row in losses]
    assert np.array_equal([float(row[6]) for row in again], kept, equal_nan=True)
    assert np.isfinite(kept).any()


def test_a_script_about_an_upload_reads_its_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = 'it\'s "mine" {kind}.csv'
    (tmp_path / name).write_bytes(a_csv())
    data = examples.prepare(tabular.read(a_csv()), "kind", "softmax", ["name", "size"]).dataset("raw")
    question, _ = YourNetwork("784, 8, 10", scaling="raw", clip="0.5").question(data)
    own = Upload(data, name, True, "kind", "softmax", ("name", "size"), "raw", "standardized")
    source = script.write_script(question, own, "Which?", "again.py")
    made: dict[str, object] = {}
    exec(source.partition("\nmeasured =")[0], made)
    assert made["question"] == question


@pytest.mark.parametrize("theme", [ChartTheme(), ChartTheme(dark=True)], ids=["light", "dark"])
def test_every_initializer_is_ranked_in_its_own_color(advice, theme):
    none = pd.DataFrame(columns=["mark", "variant", "loss"])
    ranking = initializers.ranking(tables.ranking(advice), advice.chance, none, theme)
    hues = [layer["encoding"].get("color", {}).get("scale") for layer in ranking.to_dict()["layer"]]
    drawn = [dict(zip(hue["domain"], hue["range"], strict=True)) for hue in hues if hue]
    own = {start.label: theme.initializer(start.name) for start in advice.starts if start.label in drawn[0]}
    assert all(hue == own for hue in drawn)


def test_a_bar_that_goes_on_beyond_the_axis_has_an_arrow(advice):
    table, none = tables.ranking(advice), pd.DataFrame(columns=["mark", "variant", "loss"])
    for low, arrows in ((1e-9, 1), (table["loss"].min(), 0)):
        ranked = table.assign(low=table["low"].clip(lower=table["loss"].min() / 10))
        ranked.loc[0, "low"] = low
        chart = initializers.ranking(ranked, advice.chance, none, ChartTheme()).to_dict()
        marks = [layer for layer in chart["layer"] if layer["mark"].get("shape") == "triangle-left"]
        assert len(marks) == arrows


def test_the_losses_are_of_the_recommended_start_and_of_every_default(advice):
    watched = tables.usual_losses(advice).experiment.variants
    wanted = {advice.recommended.name, "pytorch_default", "keras_default", "sklearn_default"}
    assert {variant.initializer for variant in watched} == wanted
    assert {variant.label for variant in watched} == {INITIALIZERS[name].label for name in wanted}


def test_tables_have_a_row_a_start_and_no_hole(advice):
    shown = [tables.endings(advice), tables.beginnings(advice), tables.names(), tables.stds(SMALL)]
    for table in (tables.ranking(advice), *shown):
        assert len(table) == len(INITIALIZERS)
    for table in shown:
        assert not table.isna().any().any()
        assert not table.astype(str).isin(["nan", ""]).any().any()
    deep = tables.stds(Question((64, *(8,) * 20, 10)))
    assert list(deep.columns) == ["layer 1", "layer 2", "layer 20", "layer 21"]
    assert len(tables.searched(advice)) == 5 * len(INITIALIZERS)
    assert tables.gains().loc["ReLU"].tolist() == ["1.414", "0.707", "1.000"]
    assert tables.gains().loc["tanh at 5/3 (PyTorch)"].tolist() == ["1.667", "0.651", "1.100"]


STUCK = """
from pages.parts.figures import diagnosis
diagnosis.draw_stuck_loss()
"""


@pytest.mark.parametrize(("typed", "meaning"), [("2.3026", "ln 10"), ("87.3365", "float32"), ("nan", "not a number")])
def test_a_stuck_loss_is_told_as_what_it_is_and_leads_to_a_run_that_shows_it(typed, meaning):
    app = AppTest.from_string(STUCK, default_timeout=60).run()
    app.text_input[0].set_value(typed).run()
    assert meaning in app.markdown[-1].value
    assert [button.label for button in app.button] == [PRESETS[explain(typed).cause][0]]


def test_a_loss_that_is_none_of_them_leads_nowhere():
    app = AppTest.from_string(STUCK, default_timeout=60).run()
    for typed in ("0.5", "two"):
        app.text_input[0].set_value(typed).run()
        assert not app.button
        assert len([*app.info, *app.warning]) == 1
