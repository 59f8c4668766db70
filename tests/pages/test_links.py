"""Links: they hold every setting in short codes, open as what they were copied from, and are read generously."""

import json
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from streamlit.testing.v1 import AppTest

from pages.parts.settings import BY_PAGE, RandomInit, links
from pages.parts.settings.links import parse
from pages.parts.shell.routes import BY_NAME
from tests.hostile.opened import opened as drawn

from .conftest import ROOT, SECONDS
from .opened import notices
from .test_settings import any_of, every_kind

# Copied while VERSION was 1, with the settings that they opened then.
VERSION_1 = json.loads((Path(__file__).parent / "links_of_version_1.json").read_text(encoding="utf-8"))


@given(every_kind.flatmap(any_of))
def test_a_link_says_every_setting(chosen):
    texts = parse_qs(links.query(chosen), keep_blank_values=True, strict_parsing=True)
    assert texts.pop("v") == [str(links.VERSION)]
    again, rejected = type(chosen).read({name.removeprefix(f"{chosen.prefix}."): said for name, said in texts.items()})
    assert again == chosen
    assert not rejected
    assert {f"{chosen.prefix}.{name}" for name in chosen.fields()} == set(texts)


class Address(dict):
    """An address bar, as Streamlit has it."""

    def get_all(self, name):
        return self.get(name, [])


@given(every_kind.flatmap(any_of))
def test_the_address_bar_says_every_setting(chosen):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(links.st, "query_params", Address())
        links.write_address(chosen)
        assert links.read_address(type(chosen)) == (chosen, [])


@pytest.mark.parametrize("copied", VERSION_1, ids=[copied["link"][:40] for copied in VERSION_1])
def test_a_link_of_version_1_opens_as_it_did(copied):
    name, _, query = copied["link"].partition("?")
    page, kind = BY_NAME[name], BY_PAGE[name]
    texts = parse_qs(query)
    pins = texts.pop(f"{page.prefix}.pin", [])
    app = drawn(page, texts)
    assert app.session_state["chosen"] == kind(**copied["settings"])
    assert not app.warning
    assert {name: app.query_params[name] for name in texts} == {
        name: values if len(values) > 1 else values[0] for name, values in texts.items()
    }
    assert [parse(kind, pin) for pin in pins] == [kind(**pinned) for pinned in copied["pins"]]


def test_twenty_links_of_version_1_are_of_all_pages_but_the_two_youngest():
    assert len(VERSION_1) == 20
    assert {copied["link"].partition("?")[0] for copied in VERSION_1} == set(BY_NAME) - {"map", "modern_networks"}


LABELS = {"activation": "leaky ReLU", "initializer": "pytorch DEFAULT", "dataset": "XOR", "dtype": "float64"}
CODES = {"activation": "leaky_relu", "initializer": "pytorch_default", "dataset": "xor", "dtype": "float64"}


@pytest.mark.parametrize("said", [CODES, LABELS], ids=["codes", "labels"])
@pytest.mark.parametrize("way", ["routed", "alone"])
def test_a_link_may_hold_codes_or_labels_and_the_address_holds_codes(way, said, request, plain_charts):
    app = request.getfixturevalue(way)("random_init", seeds=1, steps=10, depth=3, width=8, **said)
    assert not app.exception
    assert not notices(app)
    chosen = {widget.key: widget.value for widget in (*app.selectbox, *app.pills)}
    assert {name: chosen[f"r.{name}"] for name in CODES} == CODES
    assert {name: app.query_params[f"r.{name}"] for name in CODES} == CODES


def test_the_address_follows_the_controls():
    page = BY_NAME["heuristics"]
    app = drawn(page, {"h.depth": ["3"], "h.seed": ["0"]})
    app.selectbox(key="h.activation").set_value("leaky_relu")
    app.multiselect(key="h.initializers").set_value(["lsuv", "he"])
    app.select_slider(key="h.learning_rate").set_value(0.2)
    app.toggle(key="h.matrix").set_value(False)
    app.run()
    assert app.query_params == {
        "h.depth": "3",
        "h.seed": "0",  # as the link had it
        "h.activation": "leaky_relu",
        "h.initializers": ["lsuv", "he"],
        "h.learning_rate": "0.2",
        "h.matrix": "false",
    }
    app.slider(key="h.depth").set_value(BY_PAGE["heuristics"]().depth)
    app.multiselect(key="h.initializers").set_value([])
    app.run()
    assert not {"h.depth", "h.initializers"} & set(app.query_params)
    assert app.session_state["chosen"].initializers == BY_PAGE["heuristics"]().initializers


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("std", "0.55", 0.55),  # of these any
        ("std", "1.2345e-2", 0.012345),
        ("learning_rate", "3e-4", 3e-4),
        ("batch_size", "100", 128),  # by ratio
        ("batch_size", "300", 256),
        ("depth", "7.6", 8),
        ("steps", "74", 70),
        ("steps", "1e3", 1000),
        ("learning_rate", "1e-4", 1e-4),
        ("depth", "7.0", 7),
    ],
)
def test_a_number_between_stops_is_the_nearest_and_said_to_be(name, text, value):
    app = drawn(BY_NAME["random_init"], {f"r.{name}": [text], "r.width": ["20"]})
    chosen = app.session_state["chosen"]
    assert (getattr(chosen, name), chosen.width) == (value, 20)
    assert app.query_params[f"r.{name}"] == chosen.to_texts()[name][0]
    warnings = [warning.value for warning in app.warning]
    if float(text) == value:
        assert not warnings
    else:
        (sentence,) = warnings
        assert f"{float(text):g}; the nearest stop is {value:g}." in sentence
        assert not app.run().warning  # the address is right now


@pytest.mark.parametrize("text", ["0.0005", "20.01", "-1", "nan", "inf", "1e309", "", "0,5", "half"])
def test_a_number_out_of_range_or_none_is_the_default(text):
    app = drawn(BY_NAME["random_init"], {"r.std": [text], "r.width": ["20"]})
    assert app.session_state["chosen"] == RandomInit(width=20)
    (warning,) = app.warning
    assert "`r.std=" in warning.value
    assert app.query_params == {"r.width": "20"}


def opened(said):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS)
    for name, text in ({"r.seeds": "1", "r.steps": "10", "r.depth": "4"} | said).items():
        app.query_params[name] = text
    app.switch_page("pages/random_init.py")
    return app.run()


@pytest.mark.parametrize("version", ["1", str(links.VERSION)])
def test_a_link_of_a_version_that_means_the_same_says_nothing(version):
    assert not notices(opened({"v": version}))


@pytest.mark.parametrize("version", ["0", "3", "1.0", "", "nan", "`:red[x]` $x$", "9" * 999])
def test_a_link_of_another_version_says_so_and_is_used(version):
    app = opened({"v": version, "r.width": "20"})
    assert not app.exception
    (said,) = notices(app)
    assert said.startswith("The link is of version")
    assert len(said) < 200
    assert app.slider(key="r.width").value == 20


def test_a_damaged_link_says_what_it_could_not_read_in_one_place():
    app = opened({"r.width": "2O", "r.activation": "tan", "r.gone": "1", "r.std": "0.2"})
    said = notices(app)
    assert said[0].startswith("`r.activation=tan` is not one of")
    assert "`r.width=2O` is not a whole number from 1 to 512; using 100." in said[0]
    assert said[1:] == ["The link sets `r.gone`, which this page does not have."]
    assert app.select_slider(key="r.std").value == 0.2
    assert RandomInit().activation == app.selectbox(key="r.activation").value
