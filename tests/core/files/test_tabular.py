"""Tables as people have them: columns, values and target are read rightly, or the file is refused in a sentence."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.advice import planning
from core.advice.__main__ import main
from core.files import examples, tabular

FOLDER = Path(__file__).parent / "csv"


def read(name):
    return tabular.read((FOLDER / f"{name}.csv").read_bytes())


def by_default(table):
    """The target, its likeliest output, and the examples."""
    target = tabular.likely_target(table)
    output = tabular.outputs(table, target)[0]
    return target, output, examples.prepare(table, target, output)


def table_of(**columns):
    return tabular.read(pd.DataFrame(columns).to_csv(index=False).encode())


def with_target(y, output=None):
    """The examples of 60 rows with numbers as the input a."""
    table = table_of(a=NUMBERS, y=y)
    return examples.prepare(table, "y", output or tabular.outputs(table, "y")[0])


def uses(found):
    return {use.column: use.use for use in found.uses}


def why(found, column):
    return next(use.why for use in found.uses if use.column == column)


def cells(name, *columns, skip=1, sep=","):
    """The columns of a case as plain float() reads them, as the file is written line by line."""
    lines = (FOLDER / f"{name}.csv").read_text().splitlines()[skip:]
    rows = list(csv.reader(lines, delimiter=sep))
    plain = [[row[at].replace(",", "" if sep == "," else ".").rstrip("%") for at in columns] for row in rows]
    return np.array(plain, dtype=float)


# By case: the inputs, where they stand in the file, the target, its output, and what is left out.
CASES = {
    "count_target_few": (["a", "b"], [0, 1], "count", "linear", []),
    "date_input_only": (["date"], None, "y", "linear", []),
    "dup_names": (["a", "a (2)"], [0, 1], "y", "sigmoid", []),
    "empty_column": (["a", "b"], [0, 2], "y", "sigmoid", ["empty"]),
    "id_leak": (["a"], [1], "y", "sigmoid", ["id"]),
    "no_header_numeric": (["column 1", "column 2"], [0, 1], "column 3", "softmax", []),
    "one_bad_cell": (["a", "b"], None, "y", "linear", []),
    "one_bad_cell_in_target": (["a", "b"], None, "y", "linear", []),
    "percent": (["a", "rate"], [0, 1], "y", "linear", []),
    "rare_class_only_in_test": (["a", "b"], [0, 1], "y", "softmax", []),
    "regression_90_rows": (["x1", "x2"], [0, 1], "y", "linear", []),
    "row_names": (["x1", "x2"], [1, 2], "y", "linear", ["column 1"]),
    "square": (["x"], [0], "y", "linear", []),
    "thousands_quoted": (["area", "rooms"], [0, 1], "price", "linear", []),
    "trailing_delimiter": (["x2"], [1], "y", "linear", ["x1"]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_table_is_read_rightly(name):
    inputs, places, target, output, left_out = CASES[name]
    found_target, found_output, found = by_default(read(name))
    assert (found_target, found_output) == (target, output)
    assert [column for column, use in uses(found).items() if use == "input"] == inputs
    assert [column for column, use in uses(found).items() if use == "left out"] == left_out
    assert all(why(found, column) for column in [target, *left_out])
    if places:
        assert np.array_equal(found.X, cells(name, *places, skip=name != "no_header_numeric"))


@pytest.mark.parametrize("name", ["decimal_comma_semicolon", "decimal_comma_few_values"])
def test_decimal_commas_are_read_as_numbers(name):
    table = read(name)
    _, output, found = by_default(table)
    assert output == "linear"
    assert np.array_equal(np.hstack([found.X, found.Y]), cells(name, 0, 1, 2, sep=";"))
    assert any("comma" in note for note in table.notes)


def test_the_line_that_names_the_separator_is_none_of_the_table():
    target, _, found = by_default(read("excel_sep_line"))
    assert (target, list(uses(found))) == ("y", ["a", "b", "y"])
    assert found.X[0].tolist() == [0.126, 0.3772]


def test_targets_are_the_files_numbers():
    for name, at in (("regression_90_rows", 2), ("thousands_quoted", 2), ("row_names", 3), ("trailing_delimiter", 2)):
        assert np.array_equal(by_default(read(name))[2].Y, cells(name, at))


def test_a_bad_cell_is_named_by_its_line_and_the_rest_stay_numbers():
    _, _, found = by_default(read("one_bad_cell"))
    assert "line 9" in why(found, "b")
    assert "n.d." in why(found, "b")
    others = np.delete(found.X, 7, axis=0)
    assert found.X[7].tolist() == [0.947, np.median(others[:, 1])]
    _, _, found = by_default(read("one_bad_cell_in_target"))
    assert "line 9" in why(found, "y")
    assert len(found.X) == 59
    assert any("1 row without a target" in note for note in found.notes)


def test_counts_and_their_nouns_agree():
    assert why(with_target(["x", "z", *NUMBERS[2:]]), "y").endswith("line 2: “x” is no number, one of 2 such cells")
    assert why(with_target(range(60), "softmax"), "y").startswith("60 classes with 1 row;")
    with pytest.raises(ValueError, match="The target is known in 2 rows; at least 40"):
        with_target(["a", "b"] + [""] * 58)


@pytest.mark.parametrize("word", ["None", "NA", "null"])
def test_a_word_for_what_is_missing_is_a_class_unless_numbers_have_it_too(word):
    kinds = [word, "Some", "Marked"] * 20
    found = with_target(kinds)
    assert (len(found.X), found.Y.sum(axis=0).tolist(), found.notes) == (60, [20, 20, 20], ())
    assert f"“{word}” is read as a text, not as missing" in why(found, "y")
    assert uses(by_default(table_of(kind=[word, *kinds[1:59], ""], y=NUMBERS))[2])["kind"] == "4 inputs"
    table = table_of(a=[word, *NUMBERS[1:]], y=kinds[1:] + kinds[:1])
    assert table.columns["a"].kind == "numbers"
    assert table.notes == ()  # the first line of data holds no units
    assert table.columns["y"].values.isna().sum() == 20
    assert table.columns["y"].notes == ()
    flags = with_target(["TRUE", "FALSE"] * 25 + [word] * 10)
    assert (len(flags.X), flags.Y.shape) == (50, (50, 1))
    quoted = "\n".join(["a,y", *[f'{x},"{kind}"' for x, kind in zip(NUMBERS, kinds, strict=True)]])
    assert tabular.read(quoted.encode()).columns["y"].values.isna().sum() == 0
    bare = quoted.replace(f'"{word}"', word)
    assert tabular.read(bare.encode()).columns["y"].values.isna().sum() == 20


@pytest.mark.parametrize("mark", ["?", ".", "n.d."])
def test_a_mark_of_missing_cells_makes_no_text_of_numbers_however_often_it_is(mark):
    often = np.arange(60) % 3 > 0
    days = pd.date_range("2024-01-25", periods=60).astype(str)
    column = table_of(a=np.where(often, mark, NUMBERS), y=NUMBERS).columns["a"]
    assert column.values.dropna().tolist() == NUMBERS[::3].tolist()
    assert column.notes == (f"line 3: “{mark}” is no number, one of 40 such cells",)
    assert table_of(a=np.where(often, mark, days), y=NUMBERS).columns["a"].kind == "dates"


def test_a_text_among_few_numbers_is_a_class_unless_it_has_no_letters():
    few = np.arange(60) % 3
    assert with_target(np.where(few == 2, "?", np.arange(60) % 5), "softmax").Y.shape == (40, 5)
    assert with_target(np.where(few == 2, "3+", few)).Y.shape == (60, 3)
    assert with_target(np.where(few, "+", "-")).Y.shape == (60, 1)


def test_the_single_row_of_a_class_is_named_and_trained_on():
    _, _, found = by_default(read("rare_class_only_in_test"))
    line = 1 + 1 + int(np.flatnonzero(found.Y.sum(0)[found.Y.argmax(1)] == 1)[0])
    assert f"line {line}" in why(found, "y")
    assert (found.dataset().Y_train.sum(axis=0) > 0).all()


def test_of_each_class_a_like_share_is_tested_on_and_the_largest_is_named():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=5000), "y": (np.arange(5000) % 100 == 7) * 1})
    _, output, found = by_default(tabular.read(frame.to_csv(index=False).encode()))
    data = found.dataset()
    assert output == "sigmoid"
    assert (data.Y_train.sum(), data.Y_test.sum()) == (40, 10)
    assert "99\N{NO-BREAK SPACE}%" in why(found, "y")


def test_the_first_line_can_be_told_to_hold_names_or_data():
    raw = (FOLDER / "no_header_numeric.csv").read_bytes()
    named = tabular.read(raw, has_names=True)
    assert list(named.columns) == ["0.126", "0.3772", "0"]
    assert len(by_default(tabular.read(raw))[2].X) == len(by_default(named)[2].X) + 1 == 60


def test_columns_that_are_left_out_can_be_inputs_and_the_other_way_round():
    table = read("id_leak")
    found = examples.prepare(table, "y", "sigmoid", [])
    assert np.array_equal(found.X, cells("id_leak", 0, 1))
    assert uses(examples.prepare(table, "y", "sigmoid", ["a"])) == {"id": "input", "a": "left out", "y": "target"}
    with pytest.raises(ValueError, match=r"No column is left .*; left out: id \(counts the rows\), a\."):
        examples.prepare(table, "y", "sigmoid", ["a", "id"])


def test_where_no_input_is_left_it_is_said_why():
    for column, why in (([f"row {i}" for i in range(60)], "60 different texts"), ([1, ""] * 30, "a single value")):
        with pytest.raises(ValueError, match=rf"; left out: a \({why}\)\."):
            by_default(table_of(a=column, y=NUMBERS))


@pytest.mark.parametrize("form", ["%Y-%m-%dT%H:%M:%SZ", "%b-{d}-%Y", "%b {d}, %Y", "%d-%b-%Y", "%A, %d %B %Y"])
def test_dates_are_read_however_they_are_written(form):
    days = pd.date_range("2024-01-25", periods=60)
    column = table_of(day=[day.strftime(form.format(d=day.day)) for day in days], y=NUMBERS).columns["day"]
    assert (column.kind, column.values.tolist(), column.notes) == ("dates", list(range(60)), ())


def test_which_of_day_and_month_is_first_is_told_by_a_number_above_12_or_said():
    texts = [f"{1 + i % 12:02}/{1 + i // 12:02}/2020" for i in range(132)]
    unclear = table_of(day=texts, y=range(132)).columns["day"]
    assert unclear.values.head(3).tolist() == [0, 31, 60]
    assert unclear.notes == ("read as month/day/year, though no day above 12 shows it",)
    for last, days in (("13/12/2020", [0, 1, 2]), ("12/13/2020", [0, 31, 60])):
        told = table_of(day=[*texts, last], y=range(133)).columns["day"]
        assert (told.values.head(3).tolist(), told.notes) == (days, ())


def test_a_quantity_is_standardized_on_what_is_trained_on_or_stays_raw():
    _, _, found = by_default(read("square"))
    data = found.dataset()
    assert (data.Y_train.mean(), data.Y_train.std()) == pytest.approx((0, 1))
    raw = found.dataset("raw", "raw")
    known = np.vstack([raw.Y_train, raw.Y_test])
    assert sorted(known[:, 0]) == [x**2 + 3 for x in range(100)]
    assert sorted(np.vstack([raw.X_train, raw.X_test])[:, 0]) == list(range(100))
    assert (data.Y_test * raw.Y_train.std() + raw.Y_train.mean()) == pytest.approx(raw.Y_test)


def test_a_command_takes_the_ends_of_a_network_from_a_table(capsys, monkeypatch):
    monkeypatch.setattr(planning, "SEEDS_AND_STEPS", ((2, 20),))
    assert main(["--csv", str(FOLDER / "id_leak.csv"), "--target", "y", "4"]) == 0
    printed = capsys.readouterr().out
    assert "1 → 4 → 1" in printed
    assert "id: left out" in printed
    for wrong in (["--csv", "nowhere.csv"], ["--csv", str(FOLDER / "id_leak.csv"), "--target", "z"]):
        assert main([*wrong, "4"]) == 2
        assert wrong[-1] in capsys.readouterr().err


NUMBERS = np.round(np.random.default_rng(5).normal(0, 3000, 60), 2)
WRITTEN = {
    "plain": "{:.2f}",
    "commas between thousands": '"{:,.2f}"',
    "percent": "{:.2f} %",
    "currency before": "${:.2f}",
    "currency after": "{:.2f} EUR",
    "scientific": "{:.6e}",
}


@pytest.mark.parametrize("form", WRITTEN)
def test_numbers_are_read_as_they_are_meant(form):
    lines = [WRITTEN[form].format(x) + f",{i % 7}" for i, x in enumerate(NUMBERS)]
    table = tabular.read("\n".join(["a,y", *lines]).encode())
    assert table.columns["a"].values.to_numpy() == pytest.approx(NUMBERS)


@pytest.mark.parametrize("mark", [".", " ", "\N{NARROW NO-BREAK SPACE}", "'"])
def test_thousands_of_other_countries(mark):
    texts = [f"{x:,.2f}".replace(",", "_").replace(".", ",").replace("_", mark) for x in NUMBERS]
    lines = [f"{text};{i % 7}" for i, text in enumerate(texts)]
    table = tabular.read("\n".join(["a;y", *lines]).encode())
    assert table.columns["a"].values.to_numpy() == pytest.approx(NUMBERS)


@pytest.mark.parametrize("y", [NUMBERS, np.tile(["yes", "no"], 30), np.r_[np.nan, NUMBERS[1:]]])
def test_a_copy_of_the_target_is_said_and_no_input_by_default(y):
    table = table_of(a=NUMBERS[::-1], copy=y, y=y)
    assert uses(by_default(table)[2]) == {"a": "input", "copy": "left out", "y": "target"}
    assert why(by_default(table)[2], "copy") == "the same as the target"
    asked = examples.prepare(table, "y", tabular.outputs(table, "y")[0], [])
    assert "the same as the target" in why(asked, "copy")
    with pytest.raises(ValueError, match=r"copy \(the same as the target\)"):
        by_default(table_of(copy=y, y=y))


def price(written, others=("7",), sep=";"):
    lines = [f"{others[i % len(others)]}{sep}{text}" for i, text in enumerate(written)]
    return tabular.read("\n".join([f"a{sep}preis", *lines]).encode()).columns["preis"]


@pytest.mark.parametrize("sep", [";", "\t", ","])
def test_points_between_thousands_are_found_without_a_decimal_comma(sep):
    whole = np.round(np.exp(np.random.default_rng(3).normal(8, 1.5, 60))).astype(int)
    whole[:3] = 9784, 990, 21176
    written = [f"{x:,}".replace(",", ".") for x in whole]
    many = price([*written[:59], "1.133.008"], sep=sep)
    assert (many.values.tolist(), many.notes) == ([*whole[:59], 1133008], ("thousands separators dropped",))
    assert price(written, sep=sep).values.tolist() == (whole.tolist() if sep != "," else [*map(float, written)])


def test_points_stay_decimal_where_others_of_the_table_or_the_column_are():
    written = ["9.784", "21.176", "3.200", "5.125", "4.001", "990"] * 10
    said = ("points read as decimal, not between thousands",)
    for column, notes in (
        (price(written, others=["0.5"]), ()),
        (price([*written, "1995"]), said),
        (price(written[:5] * 10), said),
        (price(written[:2] * 20 + ["990"]), said),
    ):
        assert (column.values.iloc[:2].tolist(), column.notes) == ([9.784, 21.176], notes)
    assert price([*written, "3.14"]).values.iloc[-1] == 3.14


FRAME = pd.DataFrame(
    {
        "size": NUMBERS,
        "place": ["Köln", "Århus", "Łódź"] * 20,
        "day": pd.date_range("2024-01-25", periods=60).strftime("%d.%m.%Y"),
        "note": [f"text; number {i}, “x”" for i in range(60)],
        "y": np.arange(60) * 37 % 60 / 7,
    }
)
EXPORTS = {
    "plain": {},
    "Excel": {"sep": ";", "decimal": ",", "encoding": "utf-8-sig", "lineterminator": "\r\n"},
    "tabs": {"sep": "\t", "encoding": "utf-16"},
    "quoted": {"quoting": csv.QUOTE_ALL},
    "bars": {"sep": "|"},
    "spaces": {"sep": " ", "quoting": csv.QUOTE_NONNUMERIC},
    "index": {"index": True},
    "shuffled index": {"index": True},
    "no names": {"header": False},
}


@pytest.mark.parametrize("export", EXPORTS)
def test_a_table_is_the_same_however_it_is_exported(export, tmp_path):
    frame = FRAME.sample(60, random_state=1) if "shuffled" in export else FRAME
    frame.to_csv(tmp_path / "x.csv", **{"index": False} | EXPORTS[export])
    _, output, found = by_default(tabular.read((tmp_path / "x.csv").read_bytes()))
    assert output == "linear"
    expected = np.column_stack([frame["size"], pd.get_dummies(frame["place"])])
    assert np.array_equal(found.X, expected)
    assert found.Y[:, 0] == pytest.approx(frame["y"])
    kinds = [use.use for use in found.uses]
    assert kinds == ["left out"] * ("index" in export) + ["input", "3 inputs", "left out", "left out", "target"]


def test_what_stands_above_a_table_and_units_below_its_names_are_left_out():
    rows = [f"{i * i},{i % 5}" for i in range(60)]
    raw = "\n".join(["Sales, all", "", "a,b,y", "cm,,kg", *[f"{i},{row}" for i, row in enumerate(rows)]]).encode()
    table = tabular.read(raw)
    assert list(table.columns) == ["a", "b", "y"]
    assert len(table.notes) == 2
    assert [len(column.values) for column in table.columns.values()] == [60, 60, 60]
    assert table.columns["b"].values.index[0] == 5


@pytest.mark.parametrize(
    ("target", "fitting"),
    [
        (np.arange(60), ("linear", "softmax")),
        (np.arange(60) % 2, ("sigmoid", "softmax", "linear")),
        (np.arange(60) % 5, ("softmax", "linear")),
        (np.arange(60) % 5 / 2, ("linear", "softmax")),
        (np.arange(60) % 9, ("linear", "softmax")),
        ([f"class {i % 2}" for i in range(60)], ("sigmoid", "softmax")),
    ],
    ids=["numbers", "0 and 1", "five numbers", "fractions", "few rows a number", "two names"],
)
def test_a_target_tells_which_outputs_it_goes_with(target, fitting):
    frame = pd.DataFrame({"a": NUMBERS, "kind": target})
    table = tabular.read(frame.to_csv(index=False).encode())
    assert tabular.outputs(table, "kind") == fitting
    for output in fitting:
        data = examples.prepare(table, "kind", output).dataset()
        assert data.loss == {"linear": "squared"}.get(output, output)
        assert np.isfinite(data.Y_train).all()


def test_what_cannot_be_a_target_is_refused():
    frame = pd.DataFrame({"a": NUMBERS, "one": 1, "names": [f"row {i}" for i in range(60)], "y": NUMBERS})
    table = tabular.read(pd.concat([frame, frame.assign(names="again " + frame["names"])]).to_csv(index=False).encode())
    for target in ("one", "names", "nowhere"):
        with pytest.raises(ValueError, match=target):
            examples.prepare(table, target, "linear")
    with pytest.raises(ValueError, match="sigmoid"):
        examples.prepare(table, "y", "sigmoid")


def test_of_many_rows_a_repeatable_sample_is_taken():
    raw = ("a,b\n" + "\n".join(f"{i},{i % 7}" for i in range(100_050))).encode()
    table, again = tabular.read(raw), tabular.read(raw)
    assert len(table.columns["b"].values) == 100_000
    assert all(column.values.equals(again.columns[name].values) for name, column in table.columns.items())
    assert table.columns["a"].kind == "row numbers"
    assert "Of 100,050 rows 100,000" in table.notes[0]


REFUSED = {
    b"": "is empty",
    b"\xff\xfe\x00": "not a text",
    b"a,b\0\n1,2": "not a text",
    b"\x89PNG\r\n\x1a\n,": "not a text",
    b"PK\x03\x04 a,b": "workbook",
    b"a,b\n" + b"1,2\n" * 50 + b"1,2,3\n": "Line 52 has 3 fields",
    b"Measured by us\na,b\n" + b"1,2\n" * 120 + b"1,2,3\n": "Line 123 has 3 fields; the table's first line has 2",
    b"Measured by us\na,b\n" + b"1,2\n" * 120 + b"1,2,3,4\n": "Line 123 has 4 fields; the table's first line has 2",
    b"Measured by us\na,b\n1,2,3,4\n" + b"1,2\n" * 50: "Line 3 has 4 fields; line 2 has 2",
    b"a,b\n1,2,3,4\n" + b"1,2\n" * 50: "Line 2 has 4 fields",
    b"a,b\n" + b"1,2\n" * 50 + b'"1,2\n': "quotation mark",
    b"a\n" + b"1\n" * 99: "one column",
    b"a,b\n1,2\n": "has 1 row; at least 40",
    b"x" * 20_000_001: "up to 20 MB",
    b"," * 2_000_000: "characters",
    b"a,b\n" + b"1,2\n" * 50: "No column can be the target",
}


@pytest.mark.parametrize(("raw", "reason"), REFUSED.items(), ids=REFUSED.values())
def test_anything_else_is_refused_in_a_sentence(raw, reason):
    with pytest.raises(ValueError, match=reason) as refusal:
        by_default(tabular.read(raw))
    assert str(refusal.value).endswith(".")


FIELDS = st.one_of(
    st.text(max_size=6),
    st.floats().map(str),
    st.integers().map(str),
    st.dates().map(str),
    st.sampled_from(["", "1,5", "NA"]),
)
TABLES = st.lists(st.lists(FIELDS, min_size=1, max_size=4), min_size=1, max_size=60).flatmap(
    lambda rows: st.sampled_from([",", ";", "\t", " "]).map(lambda sep: "\n".join(sep.join(row) for row in rows * 40))
)


@given(TABLES.map(lambda text: text.encode("utf-8", "replace")) | st.binary(max_size=400))
def test_whatever_is_sent_is_a_table_or_refused_in_a_sentence(raw):
    refusal, found = "", None
    try:
        _, _, found = by_default(tabular.read(raw))
    except ValueError as error:
        refusal = str(error)
    assert refusal.endswith(".") if found is None else np.isfinite(found.dataset().X_train).all()
    assert "\n" not in refusal
