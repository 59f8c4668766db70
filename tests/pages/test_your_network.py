"""Your network: the page says what the advisor found, hands over its code, and keeps an upload in its session."""

import csv
import io
import subprocess
import sys
import zipfile
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core import INITIALIZERS
from core.advice import Question, advise, measure, snippet, verdict
from core.advice.snippets import LIBRARIES
from core.files import tabular
from pages.parts.export import script, starts
from pages.parts.figures import tables
from pages.parts.figures.charts import initializer_ranking
from pages.parts.figures.theme import ChartTheme
from pages.parts.serving import advising
from pages.parts.settings import Upload, YourNetwork
from pages.parts.shell.routes import BY_NAME
from tests.hostile.opened import opened

from .conftest import ROOT
from .drawn import svg
from .opened import banner, charts, rows

SMALL = Question((64, 9, 9, 10), "tanh", data="digits", seed=3)


@pytest.fixture(scope="module")
def advice():
    return advise(measure(SMALL))


def test_the_banner_the_chart_and_the_code_are_the_advice(routed, advice):
    app = routed("your_network", sizes="64-9-9-10", activation="tanh", seed=3)
    assert not app.exception
    assert banner(app) == verdict(advice).sentence
    drawn = rows(charts(app)[0], "variant", "said").drop_duplicates("variant")
    assert set(drawn["variant"]) <= {start.label for start in advice.starts}
    texts = {row["variant"]: row["said"] for chart in charts(app)[:1] for row in everything(chart) if "said" in row}
    assert texts[advice.recommended.label] == "★ recommended"
    assert all(texts[start.label] == "= tie" for start in advice.tied)
    codes = [element.value for element in app.code]
    best = advice.recommended.name
    written = [snippet(library, best, SMALL.sizes, "tanh", "softmax").strip() for library in LIBRARIES]
    assert codes[: len(written)] == written  # before the lines that convert weights


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


def test_another_initializers_code_can_be_had(routed):
    app = routed("your_network", sizes="64-9-9-10", activation="tanh", seed=3, code="he_uniform")
    assert all(code.value != "" for code in app.code)
    assert "kaiming_uniform_" in app.code[0].value


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"sizes": "20, 9, 10"}, "measured on unit Gaussian noise"),
        ({"sizes": "2, 9, 1", "dataset": "moons"}, "Softmax does not go with 1 output; using sigmoid."),
        ({"sizes": "64, 9, 10", "upload": "true"}, "Your data are in no link"),
    ],
)
def test_what_was_asked_otherwise_than_answered_is_said(routed, link, said):
    app = routed("your_network", **link)
    assert not app.exception
    assert any(said in text.value for text in (*app.warning, *app.caption))


def test_sizes_that_cannot_be_read_are_said_to_be_so():
    (notice,) = opened(BY_NAME["your_network"], {"y.sizes": ["64, many, 10"]}).warning
    assert "`y.sizes=64, many, 10` is not layer sizes" in notice.value


def test_the_ends_and_the_output_of_the_network_give_way_to_the_data():
    data, _ = tabular.dataset(tabular.read(a_csv()), "kind", "softmax", "standardized")
    question, said = YourNetwork("784, 32, 10").question(data)
    assert question.sizes == (data.inputs, 32, 3)
    assert question.loss == "softmax"
    assert "3." in said[0]


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


def test_numbers_and_categories_become_inputs_and_what_was_done_is_counted():
    size = np.arange(60.0)
    size[[3, 5]] = np.nan
    kind = np.array(["a", "b", "c"] * 20, dtype=object)
    kind[7] = None
    data, said = tabular.dataset(tabular.read(a_csv(size=size, kind=kind)), "kind", "softmax", "raw")
    assert data.inputs == 1 + 3 + 2
    assert data.outputs == 3
    assert len(data.X_train) + len(data.X_test) == 59
    text = " ".join(said)
    assert "1 row without a target" in text
    assert "2 missing values filled in" in text
    assert "2 columns of categories became 5 inputs" in text
    assert "1 column of more than 50 different texts left out" in text
    assert set(np.unique(data.X_train[:, 1:])) == {0, 1}


@pytest.mark.parametrize(
    ("target", "fitting"),
    [
        (np.arange(60), ("linear", "softmax")),
        (np.arange(60) % 2, ("sigmoid", "softmax", "linear")),
        (np.arange(60) % 5, ("softmax", "linear")),
        ([f"class {i % 2}" for i in range(60)], ("sigmoid", "softmax")),
        ([1] * 60, ()),
    ],
    ids=["numbers", "0 and 1", "five numbers", "two names", "constant"],
)
def test_a_target_tells_which_outputs_it_goes_with(target, fitting):
    table = tabular.read(a_csv(kind=target))
    assert tabular.outputs(table, "kind") == fitting
    for output in fitting:
        data, _ = tabular.dataset(table, "kind", output, "standardized")
        assert data.loss == {"linear": "squared"}.get(output, output)
        assert np.isfinite(data.Y_train).all()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_found(separator):
    frame = pd.read_csv(io.BytesIO(a_csv()))
    text = frame.to_csv(index=False, sep=separator)
    assert list(tabular.read(text.encode("utf-8-sig")).frame.columns) == list(frame.columns)


REFUSED = {
    b"": "The file is empty",
    b"\xff\xfe\x00": "not a text in UTF-8",
    b"a,b\0\n1,2": "zero bytes",
    b"a,b\n1,2\n1,2,3,4\n": "no CSV",
    b"a\n" + b"1\n" * 99: "two or more names",
    b"a,b\n1,2\n": "1 rows; at least 40",
    b"x" * 20_000_001: "up to 20 MB",
    b"PK\x03\x04 a,b": "A CSV needs|no CSV|has 0 rows",
}


@pytest.mark.parametrize(("raw", "reason"), REFUSED.items(), ids=REFUSED.values())
def test_anything_else_is_refused_in_a_sentence(raw, reason):
    with pytest.raises(ValueError, match=reason) as refusal:
        tabular.read(raw)
    assert str(refusal.value).endswith(".")


def test_of_many_rows_a_repeatable_sample_is_taken():
    raw = ("a,b\n" + "\n".join(f"{i},{i % 7}" for i in range(100_050))).encode()
    table = tabular.read(raw)
    assert table.rows == 100_050
    assert len(table.frame) == 100_000
    assert table.frame.equals(tabular.read(raw).frame)
    _, said = tabular.dataset(table, "b", "softmax", "raw")
    assert "Of 100,050 rows 100,000" in said[0]


def test_an_answer_about_an_upload_is_kept_in_the_session_alone(monkeypatch, advice):
    data, _ = tabular.dataset(tabular.read(a_csv()), "kind", "softmax", "standardized")
    mine, _ = YourNetwork("784, 8, 10").question(data)
    anybodys = replace(SMALL, seed=90210)
    asked, sessions = [], ({}, {})
    monkeypatch.setattr(advising.runs, "measured", lambda question, page: asked.append(question) or advice.measured)
    assert advising.private(mine)
    for session in sessions:
        monkeypatch.setattr(advising.st, "session_state", session)
        for _ in range(2):
            advising.get(mine, None)
            advising.get(anybodys, None)
    assert asked == [mine, anybodys, mine]  # another viewer's session knows nothing of an upload
    assert [question for session in sessions for question, _ in session.values()] == [mine, mine]


@pytest.fixture(scope="module")
def files(advice):
    packed = starts.of_advice("Which?", "This one.", advice, {"sizes": "64-9-9-10"})
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
    source = script.of_question("Which?", "again.py", SMALL, None)
    printed = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    ).stdout
    losses, again = (list(csv.reader(io.StringIO(text))) for text in (files["losses.csv"].partition("\n")[2], printed))
    assert [row[:4] for row in again] == [row[:4] for row in losses]
    kept = [float(row[4] or "nan") for row in losses]
    assert np.array_equal([float(row[4]) for row in again], kept, equal_nan=True)
    assert np.isfinite(kept).any()


def test_a_script_about_an_upload_reads_its_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = 'it\'s "mine" {kind}.csv'
    (tmp_path / name).write_bytes(a_csv())
    data, _ = tabular.dataset(tabular.read(a_csv()), "kind", "softmax", "raw")
    question, _ = YourNetwork("784, 8, 10", scaling="raw").question(data)
    source = script.of_question("Which?", "again.py", question, Upload(data, name, "kind", "softmax", "raw"))
    made: dict[str, object] = {}
    exec(source.partition("\nfor result")[0], made)
    assert made["question"] == question


@pytest.mark.parametrize("look", [ChartTheme(), ChartTheme(dark=True)], ids=["light", "dark"])
def test_what_tells_the_signal_from_the_gradient_is_in_the_pages_ink(advice, look):
    picture = svg(initializer_ranking.factors(tables.factors(advice), look).to_dict())
    symbols = [path for group in picture.iter() if "role-legend-symbol" in group.get("class", "") for path in group]
    assert len(symbols) == 2
    assert {symbol.get("fill") for symbol in symbols} == {look.ink}


def test_tables_have_a_row_a_start_and_no_hole(advice):
    shown = [tables.endings(advice), tables.beginnings(advice), tables.names(SMALL), tables.stds(SMALL)]
    for table in (tables.contest(advice), *shown):
        assert len(table) == len(INITIALIZERS)
    for table in shown:
        assert not table.isna().any().any()
        assert not table.astype(str).isin(["nan", ""]).any().any()
    deep = tables.stds(Question((64, *(8,) * 20, 10)))
    assert list(deep.columns) == ["std W¹", "std W²", "std W²⁰", "std W²¹"]
    assert len(tables.searched(advice)) == 5 * len(INITIALIZERS)
