"""What is over the bound is refused before it starts, and what fits is one click away, on every page."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from core import Experiment
from core.engine.budget import Bound
from pages.parts.serving import runs
from pages.parts.serving.limits import Limits
from pages.parts.serving.store import Store
from pages.parts.settings import BY_PAGE, Training
from tests.pages.conftest import Open
from tests.pages.opened import banner, click

pytestmark = pytest.mark.usefixtures("plain_charts")
OFFER = "Use the size that fits"
TRAINING = [name for name, kind in BY_PAGE.items() if issubclass(kind, Training)]


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch, begun: list[Experiment]) -> list[Experiment]:
    """What was trained, in an app that knows no result and allows less than pages at their defaults ask for."""
    monkeypatch.setattr(runs, "results", Store(1e8, runs.size))
    monkeypatch.setattr(runs, "LIMITS", Limits(Bound(1.5e9, 40e6), 1e8))
    return begun


def offers(app: AppTest) -> list[str]:
    return [warning.value for warning in app.warning if "what fits" in warning.value]


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        *((name, {}) for name in TRAINING),
        ("clipping", {"seeds": 1}),  # the other thresholds are four, and more than the page's own two
        ("random_init", {"batch_size": 512, "depth": 2, "seed": 3}),
        ("heuristics", {"width": 512, "depth": 1, "steps": 10, "seeds": 1}),
    ],
)
def test_what_fits_is_a_few_clicks_away(routed: Open, trained: list[Experiment], name: str, chosen: dict) -> None:
    app = routed(name, **chosen)
    clicks = 0
    while said := offers(app):
        assert not app.exception
        assert " → " in said[0]
        assert app.get("page_link")  # the ways to other pages stay
        app = click(app, OFFER)
        clicks += 1
        assert clicks < 5
    assert clicks > 0
    assert not app.exception
    assert banner(app)
    assert trained
    assert all(runs.LIMITS.run.allows(experiment) for experiment in trained)


def test_the_last_result_stays_where_the_next_is_refused_and_what_was_moved_is_what_shrinks(
    routed: Open, trained: list[Experiment]
) -> None:
    app = routed("random_init", depth=4, width=32, seeds=1, steps=10)
    said, drawn = banner(app), len(app.get("vega_lite_chart"))
    app = app.slider(key="r.depth").set_value(50).run()
    (refused,) = offers(app)
    assert re.search(r"what fits: depth 50 → \d+\.$", refused)
    assert (banner(app), len(app.get("vega_lite_chart"))) == (said, drawn)
    assert len(trained) == 1
    app = click(app, OFFER)
    assert not offers(app)
    assert 4 < app.slider(key="r.depth").value < 50


def test_a_network_that_is_too_deep_is_refused_and_a_shallower_one_is_a_click_away(
    routed: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "LIMITS", Limits(Bound(4e10), 1e8))
    app = routed("your_network", sizes="[64] + [8] * 30 + [10]")
    (said,) = offers(app)
    assert said.endswith("× 8 → 10.")
    app = click(app, OFFER)
    assert not app.exception
    assert not offers(app)
    assert banner(app)
