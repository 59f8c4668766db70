"""Downloads: files hold what the page shows, are read back, and their script repeats the run exactly."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import Clip, Experiment, Variant, run
from core.claims import CLAIMS, measurements
from core.claims.judging import judge
from core.verdicts import Verdict
from pages.parts.export import document, numbers, report, script
from pages.parts.figures import drawings
from pages.parts.figures.charts import lines
from pages.parts.figures.drawings import Figure, build_spec
from pages.parts.figures.tables import steps
from pages.parts.figures.theme import ChartTheme
from pages.parts.settings import BY_PAGE, RandomInit, links
from pages.parts.shell.routes import PAGES

from .conftest import ROOT
from .opened import notices
from .test_settings import any_of, every_kind

EXPERIMENT = Experiment(
    hidden=(6, 5, 4),
    activation="tanh",
    variants=(
        Variant("he", 1.5, learning_rate=0.3, clip=Clip("value", 0.1), label='Cut, at "0.1"'),
        Variant("normal", 3, learning_rate=1e6),
        Variant("zeros", noise=1e-8, bias_std=0.1),
    ),
    seeds=2,
    steps=12,
    batch_size=16,
    seed=2**32 - 1,
)


@cache
def result():
    return run(EXPERIMENT)


@cache
def files():
    packed = numbers.zip_run(result(), "A title", "A sentence.", {"depth": "3", "NumPy": np.__version__})
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def table(name):
    """Numbers are read by Python, which rounds rightly."""
    rows = list(csv.DictReader(io.StringIO(files()[f"{name}.csv"])))
    return pd.DataFrame([{key: _number(value) for key, value in row.items()} for row in rows])


def _number(text):
    try:
        return float(text or "nan")
    except ValueError:
        return text


def test_the_tables_hold_the_result_to_the_last_bit():
    losses = table("losses")
    assert np.array_equal(losses["loss"], result().loss.ravel(), equal_nan=True)
    assert list(losses["variant"].unique()) == list(EXPERIMENT.labels)
    layers = table("layers")
    one = layers.query("variant == 'Standard normal × 3' and seed == 1 and step == 0 and layer == 4")
    assert one["dz_rms"].item() == result().dz_rms[1, 1, 0, 3]
    assert len(layers) == result().dz_rms.size
    assert list(table("runs")["diverged_at"]) == list(result().diverged_at.ravel())
    assert list(table("settings")["value"]) == [3, np.__version__]


def test_the_readme_names_every_column_of_every_table():
    readme = files()["README.md"]
    for name in ("losses", "layers", "accuracies", "runs", "settings"):
        part = readme.partition(f"## {name}.csv")[2].partition("## ")[0]
        assert [row.split("`")[1] for row in part.splitlines() if row.startswith("| `")] == list(table(name))


def test_the_script_repeats_the_losses_to_the_last_bit():
    source = script.write_script(EXPERIMENT, None, "Why?", "again.py")
    printed = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    ).stdout
    rows = [line.rsplit(",", 3) for line in printed.splitlines()]
    losses = table("losses")
    assert [row[0] for row in rows] == list(losses["variant"])
    assert np.array_equal([float(row[3]) for row in rows], losses["loss"], equal_nan=True)
    assert np.isfinite(losses["loss"]).any()


@pytest.mark.parametrize("kind", [kind for kind in BY_PAGE.values() if hasattr(kind, "experiment")])
def test_the_script_of_every_page_makes_its_experiment(kind):
    experiment = kind(seeds=1).experiment
    source = script.write_script(experiment, None, "Why?", "again.py").partition("\nresult =")[0]
    made: dict[str, object] = {}
    exec(source, made)
    assert made["experiment"] == experiment


@given(every_kind.flatmap(any_of))
def test_a_document_opens_as_what_it_was_made_of(chosen):
    page = next(page.name for page in PAGES if BY_PAGE[page.name] is type(chosen))
    assert document.read_document(document.write_document(page, chosen).encode()) == (chosen, [])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*RandomInit.fields(), "`x`"]), JSON), JSON)
def test_any_document_is_read_and_what_is_not_understood_is_named(values, version):
    said = {"page": "random_init", "version": version, "settings": values}
    settings, troubles = document.read_document(json.dumps(said).encode())
    assert isinstance(settings, RandomInit)
    for name, field in RandomInit.fields().items():
        if name not in values:
            assert getattr(settings, name) == field.default
    assert ("`x`" in values) <= any(said.startswith("The file sets `") for said in troubles)
    assert all(len(trouble) < 300 for trouble in troubles)


@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_file_is_answered_in_a_sentence(data):
    settings, troubles = document.read_document(data)
    assert settings is None
    assert len(troubles) == 1


@pytest.mark.parametrize(
    "data", [b"[" * 60_000, b"9" * 60_000, b"x" * (document.LARGEST + 1), b'{"page": "random_init"}', b"\xff\xfe", b""]
)
def test_files_that_ask_too_much_are_answered_too(data):
    settings, troubles = document.read_document(data)
    assert settings is None
    assert len(troubles) == 1


def test_what_a_document_does_not_say_is_at_its_default_and_named():
    said = {"page": "random_init", "version": 0, "settings": {"depth": 20, "std": 70, "color": "red", "seed": [1, 2]}}
    settings, (old, rejected, missing) = document.read_document(json.dumps(said).encode())
    assert settings == RandomInit(depth=20)
    assert old.startswith(f"The file is of version `0` and the app of version {links.VERSION}")
    assert "`std`, `color`, `seed`" in rejected
    assert "`initializer`, `mean`, `biases` and more" in missing


def figure(dark):
    theme = ChartTheme(dark=dark)
    spec = build_spec(lambda: lines.by_step(steps(result(), "loss"), EXPERIMENT.variants, theme, "loss"), theme, 300)
    return Figure("loss", "The loss, <b>step</b> by step", spec, "A **note** of </script>.", theme)


@pytest.mark.parametrize("dark", [False, True])
def test_pictures_have_the_size_of_the_chart_and_the_ground_of_its_page(dark):
    svg = drawings.draw_svg(figure(dark))
    width, height = (float(svg.partition(f'{side}="')[2].partition('"')[0]) for side in ("width", "height"))
    assert drawings.WIDTH <= width < 1.5 * drawings.WIDTH
    assert 300 <= height < 500
    assert ChartTheme(dark=dark).paper in svg
    png = drawings.draw_png(figure(dark))
    assert png.startswith(b"\x89PNG")
    assert len(png) > 10_000
    drawn = [int.from_bytes(png[at : at + 4], "big") for at in (16, 20)]
    assert drawn == pytest.approx([drawings.SCALE * width, drawings.SCALE * height], abs=drawings.SCALE)


def test_the_report_escapes_what_it_says():
    html = report.write_report(
        "A <title>", Verdict("bad", "**It <i>fails</i>.**"), [figure(False)], {"a": "<b>"}, {"NumPy": "2"}, ChartTheme()
    )
    assert "<h1>A &lt;title&gt;</h1>" in html
    assert "<strong>Fails.</strong> <strong>It &lt;i&gt;fails&lt;/i&gt;.</strong>" in html
    assert "<td>&lt;b&gt;</td>" in html
    assert html.count("</script>") == html.count("<script>") == 2
    assert "connect-src" not in html
    assert "default-src 'none'" in html


def test_a_page_without_charts_has_a_report_too():
    html = report.write_report(
        "Which?", Verdict("neutral", "Some."), [], {"a": "b"}, {"NumPy": "2"}, ChartTheme(dark=True)
    )
    assert "Some." in html
    assert "<figure" not in html
    assert ChartTheme(dark=True).paper in html


def test_evidence_is_a_table_as_well():
    found = judge(CLAIMS["C17"], measurements.read()[1]["C17"])
    with zipfile.ZipFile(io.BytesIO(numbers.zip_evidence("Which?", {"C17": found}))) as archive:
        written = pd.read_csv(archive.open("evidence.csv"))
    assert list(written["value"]) == [row.summary.value for row in found.rows]
    assert {*written["verdict"]} == {"does not hold"}
    assert list(written["meets"].dropna()) == [False, False]


LITTLE = {
    "zero_init": {"depth": 1, "width": 8, "seeds": 1, "steps": 10},
    "map": {"columns": 2, "rows": 2, "steps": 20},
    "claims": {"verdicts": "does not hold"},
    "your_network": {"sizes": "64-8-10"},
}


def opened(app):
    """The page with its dialog opened."""
    return app.button(key="download").click().run()


def offered(app):
    """What can be downloaded from a page, by the word that its button begins with."""
    assert not app.exception
    return [button.proto.label.partition(" (")[0] for button in app.get("download_button")]


@pytest.mark.parametrize(("name", "settings"), LITTLE.items(), ids=LITTLE)
def test_what_a_page_offers_is_drawn_once_it_is_asked_for(routed, plain_charts, name, settings):
    app = routed(name, **settings)
    assert offered(app) == []
    assert offered(opened(app)) == ["Data", "Report", "Script", "Settings", "PNG", "SVG"]
    assert "Open settings" in [uploader.label for uploader in app.file_uploader]


def test_an_opened_file_sets_its_page_and_says_what_it_could_not_use(routed, plain_charts):
    app = opened(routed("random_init", seeds=1, steps=10, depth=3, width=8))
    wanted = replace(RandomInit(), depth=2, width=4, seeds=1, steps=10)
    said = json.loads(document.write_document("random_init", wanted))
    said["settings"]["activation"] = "tan"
    app.file_uploader[0].upload("mine.json", json.dumps(said).encode(), "application/json").run()
    assert not app.exception
    assert app.slider(key="r.depth").value == 2
    assert app.selectbox(key="r.activation").value == "relu"
    assert offered(app) == []  # the dialog has closed
    (trouble,) = notices(app)
    assert "`activation`" in trouble
    assert not notices(app.run())
