"""Pins: kept in the link in a few words, drawn beside the current run, compared with it, and dropped again."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import Variant, run, statistics
from core.wording import number
from pages.parts.compare.pins import PINNABLE
from pages.parts.figures.theme import PINS, ChartTheme, dashes
from pages.parts.settings import BY_PAGE, Heuristics, RandomInit
from pages.parts.settings.links import MAX_CHARACTERS, describe_differences, differing_names, parse, serialize

from .opened import charts, notices
from .test_settings import any_of

PINNED = [kind for kind in BY_PAGE.values() if issubclass(kind, PINNABLE)]
TINY = {"seeds": 1, "steps": 10, "depth": 3, "width": 8}
SHORT = " ".join(f"{name} {value}" for name, value in TINY.items())
WORDS = st.sampled_from(
    ["depth", "std", "activation", "tanh", "3", "0.1", "initializer", "he", "defaults", "nan", "1e999"]
)


@given(st.sampled_from(PINNED).flatmap(any_of))
def test_what_is_terse_is_understood(chosen):
    text = serialize(chosen)
    assert len(text) <= MAX_CHARACTERS
    assert parse(type(chosen), text) == chosen


@given(st.sampled_from(PINNED), st.text(max_size=40) | st.lists(WORDS, max_size=8).map(" ".join))
def test_any_text_is_understood_whole_or_not_at_all(kind, text):
    chosen = parse(kind, text)
    assert chosen is None or parse(kind, serialize(chosen)) == chosen
    assert parse(kind, text + " depth") is None
    assert parse(kind, "depth 3 " * MAX_CHARACTERS) is None


@given(st.lists(any_of(Heuristics), min_size=2, max_size=5, unique=True))
def test_names_tell_runs_apart(several):
    named = [describe_differences(one, several) for one in several]
    assert len(set(named)) == len(several)
    assert describe_differences(several[0], several[:1]) == "the same settings"
    assert all(differing_names([a, b]) for a, b in pairwise(several))


def test_a_name_holds_what_differs_and_nothing_else():
    a, b = RandomInit(depth=20, activation="tanh"), RandomInit()
    assert describe_differences(a, [b]) == "tanh, depth 20"
    assert describe_differences(Heuristics(initializers=("he", "lsuv")), [Heuristics()]) == "initializers He, LSUV"


def test_a_pinned_line_has_the_color_of_its_start_and_a_dash_of_its_pin():
    variants = [Variant("he"), *(Variant("he", label=f"{mark} He") for mark in PINS), Variant("he", 2)]
    drawn = [tuple(dash) for dash in dashes(variants)]
    assert len(set(drawn)) == len(variants)
    assert len(set(ChartTheme().colors(variants))) == 1


def pinned(app):
    said = app.query_params.get("r.pin", [])
    return [said] if isinstance(said, str) else list(said)


def button(app, label):
    return next(button for button in app.button if button.label.startswith(label))


def test_pin_compare_and_unpin(routed):
    app = routed("random_init", **TINY)
    for std in (0.5, 0.01):
        assert not app.button(key="pin").disabled
        app.button(key="pin").click().run()
        assert app.button(key="pin").disabled  # what is pinned is not pinned again
        app.select_slider(key="r.std").set_value(std).run()
    assert not app.exception
    held = [parse(RandomInit, text) for text in pinned(app)]
    assert [settings.std for settings in held] == [1, 0.5]
    table = app.table[0].value
    assert list(table.columns) == ["This run", "① std 1", "② std 0.5"]
    assert list(table.loc["Scale σ"]) == ["0.01", "1", "0.5"]
    drawn = {row.get("variant") for rows in charts(app)[0]["datasets"].values() for row in rows}
    assert {f"{mark} {settings.experiment.labels[0]}" for mark, settings in zip(PINS, held, strict=False)} <= drawn
    assert not {f"{mark} He" for mark in PINS} & drawn  # the current run shows it already
    button(app, "Unpin ①").click().run()
    assert [parse(RandomInit, text).std for text in pinned(app)] == [0.5]
    button(app, "Back to ①").click().run()
    assert app.select_slider(key="r.std").value == 0.5


def test_pins_stay_while_another_page_is_looked_at(routed, plain_charts):
    app = routed("random_init", **TINY)
    app.button(key="pin").click().run()
    app.switch_page("pages/claims.py").run()
    assert not app.table
    app.query_params.clear()
    app.switch_page("pages/random_init.py").run()
    assert pinned(app) == [serialize(RandomInit(**TINY))]


@pytest.mark.parametrize(
    "text",
    ["", "abc", "depth abc", "depth", "defaults depth 3", "`:red[x]` $x$", "depth 50 width 512 steps 2000 seeds 20"],
)
def test_what_cannot_be_pinned_is_named_and_left_out(routed, plain_charts, text):
    app = routed("random_init", pin=[f"std 0.1 {SHORT}", text], **TINY)
    assert not app.exception
    (said,) = notices(app)
    assert said.startswith("The link pins `")
    assert [column[0] for column in app.table[0].value.columns] == ["T", "①"]


def test_more_than_four_are_too_many(routed, plain_charts):
    app = routed("random_init", pin=[f"std {std} {SHORT}" for std in (0.1, 0.2, 0.3, 0.4, 0.5)], **TINY)
    (said,) = notices(app)
    assert "`std 0.5 " in said
    assert len(app.table[0].value.columns) == 1 + len(PINS)
    assert app.button(key="pin").disabled


def test_the_table_says_how_runs_ended(routed, plain_charts):
    pinned = RandomInit(**TINY | {"initializer": "he"})
    table = routed("random_init", pin=[serialize(pinned)], **TINY).table[0].value.set_axis(["normal", "he"], axis=1)
    verdict, result = RandomInit(**TINY).verdict(run), run(RandomInit(**TINY).experiment)
    assert table.loc["Initializer", "normal"] == "Standard normal"
    assert "Hidden layers (L − 1)" not in table.index
    assert table.loc["Standard normal ends at", "he"] == "–"
    assert number(float(np.median(statistics.final_loss(result)[1]))) in table.loc["He ends at", "normal"]
    assert table.loc["Result", "normal"] == verdict.sentence
