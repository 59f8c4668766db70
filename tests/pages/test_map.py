"""The page Map: its picture is that of its networks, and a cell leads to the page that shows exactly it."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st

from core import run, statistics
from core.sweep import SweepResult, run_sweep
from core.sweep.border import border
from core.sweep.map_file import load, to_bytes
from core.sweep.running import MEASURED
from core.theory.gains import deepest_trainable
from core.wording import number, percent
from pages.parts.export import numbers, script
from pages.parts.figures import tables
from pages.parts.figures.charts import regions
from pages.parts.figures.drawings import build_spec
from pages.parts.figures.theme import ChartTheme
from pages.parts.serving import runs
from pages.parts.serving.limits import Limits
from pages.parts.serving.training_pool import Abandoned
from pages.parts.settings import Clipping, Map, RandomInit
from pages.parts.settings.links import serialize
from pages.parts.settings.maps import PRESETS, USUAL, by_activation, page_of
from pages.parts.shell import map_tools
from pages.parts.shell.story import STORY

from . import drawn
from .opened import banner, charts, details, rows

SMALL = {"columns": 3, "rows": 2, "steps": 20, "y_range": "1:4", "seed": 5}


def notices(app):
    return [warning.value for warning in app.warning]


@pytest.fixture(scope="module")
def result():
    return run_sweep(Map(**SMALL).sweep(), jobs=1)


@pytest.mark.parametrize("way", ["routed", "alone"])
def test_the_picture_is_of_the_networks(way, request, result):
    app = request.getfixturevalue(way)("map", **SMALL)
    assert not app.exception
    assert not notices(app)
    assert f"{result.learned.mean():.0%}".replace("%", "\N{NO-BREAK SPACE}%") + " of networks learn" in banner(app)
    assert "Of 6 networks" in details(app)
    chart, gradient = charts(app)
    drawn.validate(chart)
    cells = rows(chart, "row", "column", "value")
    assert len(cells) == 6
    for cell in cells.itertuples():
        assert cell.value == result.accuracy[cell.row, cell.column, 0]
    assert [param["name"] for param in chart["params"]] == ["cell"]
    assert not gradient.get("params")
    assert {view for param in chart["params"] for view in param["views"]} == {"cells"}
    assert chart["layer"][-1]["name"] == "cells"  # no mark above it takes the pointer
    assert "Schoenholz" in " ".join(caption.value for caption in app.caption)
    assert rows(gradient, "hue")["value"].notna().any()
    for picture in (chart, gradient):  # in the color of words, on a rim: seen on any cell, by day and by night
        strokes = [layer["mark"]["color"] for layer in picture["layer"] if layer["mark"]["type"] == "rule"]
        assert strokes == [ChartTheme().paper, ChartTheme().ink]
        assert list(rows(picture, "words", "at")["words"]) == ["gradient keeps its size"]


@pytest.mark.parametrize(("x", "has_band"), [("gain", True), ("learning_rate", False)])
def test_a_band_is_spoken_of_where_there_is_one(x, has_band, routed, plain_charts):
    captions = " ".join(caption.value for caption in routed("map", **SMALL, x=x).caption)
    assert "pale: it keeps its size." in captions
    assert ("the pale band" in captions) == has_band


def test_a_map_that_one_may_drag_on_selects_rectangles(routed):
    chart = charts(routed("map", **SMALL, drag=True))[0]
    assert [param["name"] for param in chart["params"]] == ["cell", "zoom"]
    drawn.validate(chart)


def test_a_scene_shows_what_its_title_says():
    border_scene, clipping_scene = (scene.settings for scene in STORY if isinstance(scene.settings, Map))
    of = replace(border_scene, columns=6, rows=6).sweep()
    limits = np.array([deepest_trainable(of.experiment((0, column))) for column in range(6)])
    outside = np.array(of.y.values)[:, None] > limits
    learned = run_sweep(of, jobs=1).learned[:, :, 0]
    assert not (learned & outside).any()
    assert learned.sum() > 10

    of = replace(clipping_scene, columns=6, rows=6).sweep()
    learned = run_sweep(of, jobs=1).learned[:, :, 0]
    rates = [max(np.array(of.y.values)[trains]) for trains in learned.T if trains.any()]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] > 50 * rates[-1]


def count_stacks(sweep):
    return sum(len(sweep.stacks(level)) for level in sweep.levels)


def test_a_map_is_shown_before_its_first_network_is_trained_and_trained_once_for_all(monkeypatch, begun):
    sweep, missing = Map(**SMALL | {"seed": 7}).sweep(), []

    @contextmanager
    def show_progress(*_):
        yield lambda fraction, position: None

    monkeypatch.setattr(runs.waiting, "show_progress", show_progress)
    monkeypatch.setattr(runs.waiting, "offer_again_if_canceled", lambda *_: False)
    with ThreadPoolExecutor(3) as viewers:
        shown = list(
            viewers.map(
                lambda _: runs.get_or_train_map(sweep, None, lambda seen: missing.append(seen.missing)), range(3)
            )
        )
    assert missing[0] == sweep.cells
    assert not shown[0].missing
    assert shown[0] is shown[1] is shown[2]
    assert len(begun) == count_stacks(sweep) > 1


def test_what_was_trained_of_a_map_is_not_trained_again(monkeypatch):
    sweep, trained = Map(**SMALL | {"seed": 8}).sweep(), []

    def train(experiment, *_):
        trained.append(experiment)
        return run(experiment)

    def train_one(experiment, *_):
        if trained:
            raise Abandoned
        return train(experiment)

    monkeypatch.setattr(runs, "run_in_processes", train_one)
    with pytest.raises(Abandoned):
        runs.train_map(sweep, [None], lambda fraction: None)
    assert 0 < len(runs.get_unfinished_map(sweep).missing) < len(sweep.cells)
    monkeypatch.setattr(runs, "run_in_processes", train)
    assert not runs.train_map(sweep, [None], lambda fraction: None).missing
    assert len(trained) == count_stacks(sweep)
    np.testing.assert_array_equal(runs.get_unfinished_map(sweep).final_loss, run_sweep(sweep, jobs=1).final_loss)


def test_the_cells_without_a_mark_are_those_that_learn(result):
    measured = {name: getattr(result, name).reshape(6, 1) for name in MEASURED}
    shares = np.array([0.2, 0.4, 0.6, 0.8, 1.0, np.nan])[:, None]  # of the chance loss: under half is learned
    measured |= {"final_loss": shares * statistics.chance_loss(result.sweep.base)}
    measured |= {"diverged_at": np.where(np.isnan(shares), 3, -1)}
    made = SweepResult(result.sweep)
    made.add(list(np.ndindex(2, 3)), measured)
    table = tables.regions(made, "accuracy")
    assert (table["diverged"] > 0).tolist() == [False, False, False, False, False, True]
    assert (table["failed"] > 0).tolist() == [False, False, True, True, True, False]
    assert table["ends"].tolist()[4:] == [f"{percent(float(result.accuracy[1, 1, 0]))} correct", "overflows"]
    chart = regions.chart(table, made.sweep, border(made.sweep), "accuracy", ChartTheme())
    assert "Of 6 cells 1 overflows and 3 do not learn." in chart.description


@pytest.mark.parametrize("color", ["accuracy", "loss"])
def test_pictures_of_a_map_that_fills_differ_in_their_rows_alone(color, result):
    partly, theme = SweepResult(result.sweep), ChartTheme()
    pictures = []
    for cells in ([(0, 0), (1, 1)], [(0, 2)]):
        table = tables.regions(partly, color)
        assert np.isfinite(table["hue"]).all()  # Vega-Lite would leave out the rows without
        chart = partial(regions.chart, table, result.sweep, border(result.sweep), color, theme)
        pictures.append(build_spec(chart, theme, 400))
        rows_, columns = np.array(cells).T
        measured = {name: getattr(result, name)[rows_, columns] for name in MEASURED}
        partly.add(cells, measured | {"diverged_at": np.array([[-1], [7]])[: len(cells)]})
    first, second = (picture.pop("datasets") for picture in pictures)
    assert pictures[0] == pictures[1]
    assert "being trained" in pictures[0]["description"]
    (changed,) = [name for name in first if first[name] != second[name]]
    assert changed == next(iter(first))


def test_a_pinned_map_stands_beside_the_current_one(routed, result):
    other = Map(**SMALL, gain=2, x="learning_rate")
    app = routed("map", **SMALL, pin=[serialize(other), "x depth"])
    (notice,) = notices(app)
    assert "`x depth`" in notice
    beside = run_sweep(other.sweep(), jobs=1)
    for chart, trained in zip(charts(app)[:2], (result, beside), strict=True):
        cells = rows(chart, "row", "column", "value")
        assert list(cells["value"]) == trained.accuracy[:, :, 0].ravel().tolist()
    table = app.table[0].value
    assert list(table.loc["Horizontal axis"]) == ["Gain", "Learning rate"]
    assert [table.loc["Lowest loss"].iloc[0]] == [number(result.final_loss.min())]
    app.button(key="unpin-0").click().run()
    assert not app.table
    assert len(charts(app)) == 2
    app.file_uploader[0].upload("map.parquet", to_bytes(result), "application/octet-stream").run()
    assert app.button(key="pin").disabled


def test_axes_that_are_none_are_named_and_the_usual_ones_stand_in(routed, plain_charts):
    app = routed("map", **SMALL, x="depth")
    (notice,) = notices(app)
    assert "Both axes are depth" in notice
    assert "Of 6 networks" in details(app)


@pytest.mark.parametrize(
    ("gigawork", "fits"), [("2", "what fits: 3 columns, 2 rows, 1 seed, 50 steps"), ("0.001", "narrower")]
)
def test_a_map_over_the_bound_is_refused_with_what_would_fit(gigawork, fits, routed, plain_charts, monkeypatch):
    monkeypatch.setattr(runs, "LIMITS", Limits.read({"RUN_GIGAWORK": gigawork}))
    app = routed("map", **SMALL | {"seed": 6, "seeds": 3, "steps": 200})
    (notice,) = notices(app)
    assert fits in notice
    assert not app.get("vega_lite_chart")
    offers = [button for button in app.button if button.label == "Use the size that fits"]
    assert len(offers) == ("what fits" in fits)
    for offer in offers:
        monkeypatch.undo()
        assert "Of 6 networks" in details(offer.click().run())


def test_a_map_that_is_refused_leaves_the_last_one_greyed(routed, plain_charts, monkeypatch):
    app = routed("map", **SMALL)
    monkeypatch.setattr(runs, "LIMITS", Limits.read({"RUN_GIGAWORK": "2"}))
    app.slider(key="m.steps").set_value(2000).run()
    assert "what fits" in notices(app)[0]
    assert "Of 6 networks" in details(app)
    assert len(charts(app)) == 2
    assert any("grayscale" in element.proto.body for element in app.get("html"))


def test_a_map_from_a_file_is_shown_in_place_of_one_that_is_trained(routed, plain_charts, result):
    app = routed("map", **SMALL | {"columns": 2})
    other = run_sweep(Map(**SMALL | {"rows": 3}).sweep(), jobs=1)
    app.file_uploader[0].upload("map.parquet", to_bytes(other), "application/octet-stream").run()
    assert not app.exception
    assert "Of 9 networks" in details(app)
    app.file_uploader[0].upload("map.parquet", b"PAR1", "application/octet-stream").run()
    assert "no file that" in notices(app)[0]
    assert "Of 4 networks" in details(app)


@pytest.mark.parametrize(
    "settings",
    [
        Map(**SMALL),
        Map(**SMALL | {"y": "learning_rate", "y_range": "0.01:1", "x": "threshold", "biases": 0, "initializer": "he"}),
        Map(**SMALL | {"y": "bias_std", "y_range": "0.1:0.7", "x": "width", "x_range": "4:16"}),
    ],
    ids=["random init", "clipping", "biases"],
)
def test_a_cell_leads_to_the_page_that_trains_exactly_its_network(settings):
    sweep = settings.sweep()
    trained = run_sweep(sweep, jobs=1)
    page = page_of(sweep.experiment((1, 1)))
    assert isinstance(page, Clipping if settings.x == "threshold" else RandomInit)
    found = run(page.experiment)
    shown = 1 if isinstance(page, Clipping) else 0
    assert statistics.final_loss(found)[shown] == trained.final_loss[1, 1]
    assert statistics.final_accuracy(found)[shown] == trained.accuracy[1, 1]
    np.testing.assert_array_equal(
        statistics.backward_factor(found, shown).per_layer, trained.backward_factor[1, 1], strict=True
    )


def test_a_network_that_no_page_can_be_set_to_leads_nowhere():
    experiment = Map(**SMALL).sweep().experiment((0, 0))
    assert page_of(replace(experiment, steps=55)) is None
    assert page_of(replace(experiment, variants=(replace(experiment.variants[0], noise=0.1),))) is None


@pytest.mark.parametrize("name", PRESETS)
def test_every_cell_of_a_preset_opens_a_page_if_pages_have_its_layers(name):
    sweep = PRESETS[name].sweep()
    rows_, columns, _ = sweep.shape
    corners = [(row, column) for row in (0, rows_ - 1) for column in (0, columns - 1)]
    assert {bool(page_of(sweep.experiment(cell))) for cell in corners} == {sweep.base.is_plain}
    assert runs.allows_map(sweep)


@pytest.mark.parametrize("name", USUAL)
def test_every_setting_has_a_usual_range(name):
    settings = Map(x=name, y="depth" if name != "depth" else "gain", columns=5)
    assert 3 <= len(settings.sweep().x.values) <= 5


@pytest.mark.parametrize("text", ["", "1", "1:2:3", "1:inf", "nan:2", "a:b"])
def test_what_is_no_range_is_refused_by_the_link(text):
    assert Map.read({"x": ["depth"], "x_range": [text]})[1] == ["x_range"]


@pytest.mark.parametrize(
    ("name", "text"),
    [("gain", "2:1"), ("gain", "1:1.0000001"), ("gain", "0:1"), ("bias_std", "-1:2"), ("depth", "1:1e9")],
)
def test_a_range_that_no_axis_has_is_refused_in_a_sentence(name, text):
    with pytest.raises(ValueError, match=r"\.$"):
        Map(x=name, y="learning_rate", x_range=text).sweep()


def test_the_map_of_an_activation_is_of_it():
    assert by_activation("gelu").activation == "gelu"
    assert by_activation("tanh") == Map()


def select(monkeypatch, selection):
    opened, applied = [], []
    monkeypatch.setattr(st, "session_state", {"chart": SimpleNamespace(selection=selection)})
    monkeypatch.setattr(map_tools, "open_settings", opened.append)
    monkeypatch.setattr(map_tools, "apply_settings", applied.append)
    chosen = Map(**SMALL)
    map_tools.select(chosen, chosen.sweep(), "chart")
    return opened, applied


def test_a_click_opens_a_page_and_a_drag_zooms_in(monkeypatch):
    sweep = Map(**SMALL).sweep()
    expected = page_of(sweep.experiment((1, 2)))
    assert select(monkeypatch, {"cell": [{"row": 1, "column": 2}], "zoom": {}}) == ([expected], [])
    opened, (zoomed,) = select(monkeypatch, {"zoom": {"x_low": [0.71234, 1.7], "y_low": [1.6, 3.2]}, "cell": []})
    assert not opened
    assert (zoomed.x_range, zoomed.y_range) == ("0.712:1.7", "2:3")
    assert select(monkeypatch, {"zoom": {}, "cell": []}) == ([], [])


def test_what_is_downloaded_is_the_map(result):
    with zipfile.ZipFile(io.BytesIO(numbers.zip_map(result, "Where?", "Said.", {"x": "gain"}))) as archive:
        again = load(archive.read("map.parquet"))
        assert set(archive.namelist()) == {"networks.csv", "settings.csv", "README.md", "map.parquet"}
    np.testing.assert_array_equal(again.accuracy, result.accuracy)
    written = script.write_script(result.sweep, None, "Where?", "map.py")
    names: dict = {"__name__": "imported"}
    exec(compile(written, "map.py", "exec"), names)
    assert names["sweep"] == result.sweep
