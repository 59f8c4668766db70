"""Pages without a browser: opened through the router, or by their own address, with any link."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import altair as alt
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core import Experiment, Result
from core.advice import planning
from pages.parts.figures.board import Board
from pages.parts.serving import runs
from pages.parts.shell import routes
from pages.parts.shell.routes import BY_NAME, PAGES, Page
from tests.server.brief import BRIEF_LEVELS

from . import scanning  # noqa: F401 a change to Streamlit for all tests

ROOT = Path(__file__).parents[2]
SECONDS = 60  # for slow machines; no page needs so long
SOON = 30  # seconds: for slow machines; nothing waits longer than it has to

Open = Callable[..., AppTest]
LITTLE = {"claims": {}, "your_network": {"sizes": "64-8-10"}, "map": {"columns": 2, "rows": 2, "steps": 20}}


def little(page: Page) -> dict[str, object]:
    """Settings at which a page trains little, where what is trained is not looked at."""
    return LITTLE.get(page.name, {"steps": 20, "seeds": 1})


def anew(module: ModuleType) -> ModuleType:
    """The module once more, knowing nothing of what it was asked before; all others go on with the first."""
    found = spec_from_file_location(module.__name__, str(module.__file__))
    again = module_from_spec(found)
    found.loader.exec_module(again)
    return again


def until(condition: Callable[[], object]) -> None:
    """Wait until the condition is true."""
    deadline = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Experiment]:
    """What is trained, in the order in which it is begun."""
    begun: list[Experiment] = []
    run = runs.run_in_processes

    def note(experiment: Experiment, *rest: object) -> Result:
        begun.append(experiment)
        return run(experiment, *rest)

    monkeypatch.setattr(runs, "run_in_processes", note)
    return begun


@contextmanager
def drawing_points() -> Iterator[None]:
    """Charts are of a single point, where nobody looks at them: to make them is most of what opening a page takes."""
    draw = Board.draw

    def draw_plain(board: Board, build: object, title: str, *, more_subjects: tuple = (), **more: object) -> None:
        draw(board, draw_point, title, more_subjects=(*more_subjects, draw_point), **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Board, "draw", draw_plain)
        yield


def draw_point() -> alt.LayerChart:
    point = alt.Chart(pd.DataFrame({"x": [1]})).mark_point().encode(x="x:Q")
    return alt.layer(point.add_params(alt.selection_point("cell")))


@pytest.fixture
def plain_charts() -> Iterator[None]:
    with drawing_points():
        yield


@pytest.fixture(autouse=True)
def _nothing_failed(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A page that fails says so to its viewer, and raises nothing: what it logs is an error to its test."""
    yield
    if not request.node.get_closest_marker("fails"):
        assert not [record for record in caplog.get_records("call") if record.name == routes.__name__]


@pytest.fixture(scope="module", autouse=True)
def _advice_is_measured_briefly() -> Iterator[None]:
    """How pages show advice is under test, not whether it is right."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planning, "SEEDS_AND_STEPS", BRIEF_LEVELS)
        yield


def open_routed(name: str, **settings: object) -> AppTest:
    """The page as the router shows it, its link holding these settings: open_routed(name, depth=3, …)."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS)
    _set(app, name, settings)
    if name != PAGES[0].name:
        app.switch_page(f"pages/{name}.py")
    return app.run()


def open_alone(name: str, **settings: object) -> AppTest:
    """The page file as the main script, as a process that has not routed yet runs it."""
    app = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=SECONDS)
    _set(app, name, settings)
    return app.run()


@pytest.fixture
def routed() -> Open:
    return open_routed


@pytest.fixture
def alone() -> Open:
    return open_alone


def _set(app: AppTest, name: str, settings: dict[str, object]) -> None:
    for setting, value in settings.items():
        app.query_params[f"{BY_NAME[name].prefix}.{setting}"] = value if isinstance(value, list) else str(value)
