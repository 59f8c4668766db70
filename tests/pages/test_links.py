"""Links: one holds every setting, opens as what it was made of, and is not believed where it is of another version."""

from urllib.parse import parse_qs

import pytest
from hypothesis import given
from streamlit.testing.v1 import AppTest

from pages.parts.settings import BY_PAGE, RandomInit, links
from pages.parts.shell.routes import BY_NAME, PAGES

from .conftest import ROOT, SECONDS
from .test_settings import any_of, every_kind

# Links as they were copied once. Where one no longer opens, a setting has changed, and VERSION has to be raised.
OF_OLD = {
    1: [
        "overview?v=1&o.depth=10&o.steps=60&o.seeds=3&o.seed=0",
        "zero_init?v=1&z.start=zeros&z.noise=0.1&z.biases=0.1&z.activation=sigmoid&z.depth=2&z.width=64&z.dataset=digits"
        "&z.learning_rate=0.5&z.batch_size=64&z.steps=100&z.seeds=5&z.seed=0",
        "random_init?v=1&r.initializer=normal&r.std=0.001&r.activation=tanh&r.depth=50&r.width=512&r.dataset=digits"
        "&r.learning_rate=0.1&r.batch_size=64&r.steps=50&r.seeds=5&r.dtype=float32&r.seed=4294967295",
        "heuristics?v=1&h.depth=10&h.initializers=he&h.initializers=xavier&h.initializers=glorot&h.activation=relu"
        "&h.width=64&h.dataset=moons&h.learning_rate=0.05&h.batch_size=64&h.steps=80&h.seeds=5&h.matrix=false&h.seed=0",
        "clipping?v=1&c.threshold=10&c.kind=norm&c.initializer=he&c.gain=1.5&c.activation=relu&c.depth=10&c.width=100"
        "&c.dataset=digits&c.learning_rate=0.1&c.batch_size=64&c.steps=160&c.seeds=5&c.seed=0",
        "claims?v=1&a.verdicts=holds&a.verdicts=holds+only+if&a.verdicts=does+not+hold",
    ]
}


def read(page, query):
    texts = parse_qs(query, keep_blank_values=True, strict_parsing=True)
    assert texts.pop("v") == [str(links.VERSION)]
    return BY_PAGE[page.name].read({name.removeprefix(f"{page.prefix}."): said for name, said in texts.items()})


@given(every_kind.flatmap(any_of))
def test_a_link_says_every_setting(chosen):
    page = next(page for page in PAGES if BY_PAGE[page.name] is type(chosen))
    query = links.query(chosen)
    again, rejected = read(page, query)
    assert again == chosen
    assert not rejected
    assert all(f"{page.prefix}.{name}=" in query for name in chosen.fields())


@pytest.mark.parametrize("link", OF_OLD[links.VERSION])
def test_a_link_of_this_version_opens_whole(link):
    name, _, query = link.partition("?")
    chosen, rejected = read(BY_NAME[name], query)
    assert not rejected
    assert links.query(chosen).startswith(query)


def opened(said):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS)
    for name, text in ({"r.seeds": "1", "r.steps": "10", "r.depth": "4"} | said).items():
        app.query_params[name] = text
    app.switch_page(BY_NAME["random_init"].file)
    return app.run()


def notices(app):
    """What is said of the link; a banner may be a warning too."""
    return [warning.value for warning in app.warning if not warning.value.startswith("**")]


def test_a_link_of_this_version_says_nothing():
    assert not notices(opened({"v": str(links.VERSION)}))


@pytest.mark.parametrize("version", ["0", "2", "1.0", "", "nan", "`:red[x]` $x$", "9" * 999])
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
    assert app.select_slider(key="r.std").value == "0.2"
    assert RandomInit().activation == app.selectbox(key="r.activation").value
