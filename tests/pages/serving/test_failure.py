"""A failure of the app's own: its viewer is told plainly, the log has it all, and nobody else notices."""

import time
from collections.abc import Callable

import pytest
from streamlit.delta_generator import DeltaGenerator

from core import Experiment
from core.advice import Question
from pages.parts.serving import runs, waiting
from pages.parts.shell import routes
from pages.parts.shell.routes import PAGES
from tests.pages.conftest import Open
from tests.pages.opened import banner

SETTINGS = {"depth": 2, "width": 8, "seeds": 1, "steps": 10}


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trainings of seed 666 fail."""

    def failing(train: Callable[..., object]) -> Callable[..., object]:
        def training(asked: Experiment | Question, *rest: object) -> object:
            if asked.seed == 666:
                time.sleep(runs.WAIT * 3)  # whoever waits looks once or twice
                raise ZeroDivisionError("<b>secret</b>")
            return train(asked, *rest)

        return training

    for name in ("run_in_processes", "measure"):
        monkeypatch.setattr(runs, name, failing(getattr(runs, name)))


@pytest.mark.fails
@pytest.mark.parametrize("name", [page.name for page in PAGES if page.name != "claims"])
def test_a_plain_message_with_the_settings(routed: Open, broken: None, caplog, name: str) -> None:
    app = routed(name, seed=666)
    assert not app.exception
    (said,) = [error.value for error in app.error]
    assert said.startswith(routes.MESSAGE)
    (settings,) = [code.value for code in app.code]
    assert "seed=666" in settings
    shown = " ".join(element.value for element in (*app.error, *app.code, *app.markdown, *app.warning))
    assert "secret" not in shown
    assert "Traceback" not in shown
    (logged,) = [record for record in caplog.records if record.name == routes.__name__]
    assert settings in logged.getMessage()
    assert "ZeroDivisionError" in str(logged.exc_info[1].__cause__.__class__)


@pytest.mark.fails
@pytest.mark.parametrize("name", ["random_init", "your_network"])
def test_the_error_has_the_last_word(routed: Open, broken: None, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The bar of the training that failed, and the button that would leave it, are gone."""
    bars, draw = [], DeltaGenerator.progress
    monkeypatch.setattr(waiting, "SHOW_AFTER", -1)
    monkeypatch.setattr(DeltaGenerator, "progress", lambda *bar: bars.append(bar) or draw(*bar))
    app = routed(name, seed=666)
    assert bars
    assert app.error[0].value.startswith(routes.MESSAGE)
    assert not app.get("progress")
    assert not [button for button in app.button if str(button.key).startswith("leave-")]


@pytest.mark.fails
def test_the_next_run_of_the_same_viewer_and_those_of_others_are_well(routed: Open, broken: None) -> None:
    app = routed("random_init", seed=666, **SETTINGS)
    assert app.error[0].value.startswith(routes.MESSAGE)
    assert banner(routed("random_init", seed=665, **SETTINGS))
    app.number_input(key="r.seed").set_value(664).run()
    assert banner(app)
    assert not any(error.value.startswith(routes.MESSAGE) for error in app.error)
