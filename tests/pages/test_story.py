"""The story: every scene's title is what its banner then says, and one leads to the next over all pages."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import streamlit as st

from core import Experiment, Result, run, statistics
from core.advice import InitializerOutcome, advise, measure, planning, verdict
from core.advice.planning import SEEDS_AND_STEPS
from core.advice.stuck_losses import CAUSES, NEAR, explain
from pages.parts.figures import claim_cards
from pages.parts.figures.diagnosis import PRESETS
from pages.parts.serving import runs
from pages.parts.settings import BY_PAGE, ModernNetworks, Training, YourNetwork
from pages.parts.shell.routes import PAGES
from pages.parts.shell.story import CHAPTERS, STORY

trained = cache(run)
Test = Callable[[str, str, Result], bool]  # of the verdict's status, its words, and the main experiment's result


def accuracy(result: Result, variant: int) -> float:
    return float(np.median(statistics.final_accuracy(result)[variant]))


def from_few_seeds(experiment: Experiment, tick: Callable[[float], object]) -> Result:
    """Less than the page trains, and enough for what the titles say."""
    return run(replace(experiment, seeds=min(5, experiment.seeds), steps=min(100, experiment.steps)), tick)


def reads(result: Result, *percents: tuple[float, float]) -> bool:
    """Whether the variants' test accuracies, or 0 where they diverged, lie between these bounds."""
    lost = statistics.diverged(result).any(axis=1)
    ends = [0 if lost[v] else 100 * accuracy(result, v) for v in range(len(percents))]
    return all(low <= end <= high for end, (low, high) in zip(ends, percents, strict=True))


def ends(result: Result, *outcomes: statistics.Outcome) -> bool:
    """Whether the variants end like this, in their order."""
    return all(statistics.outcome(result, v) == wanted for v, wanted in enumerate(outcomes))


def ends_learned(result: Result) -> list[bool]:
    return [statistics.outcome(result, v) == "learned" for v in range(len(result.experiment.labels))]


# In the order of the story: what holds of each scene if its title is true.
SAYS: list[Test] = [
    lambda status, said, r: "10 hidden layers" in said and reads(r, (70, 100), (0, 50), (0, 20), (0, 50)),
    lambda status, said, r: "Same hidden layer," in said and reads(r, (80, 100), (80, 100), (0, 20), (80, 100)),
    lambda status, said, r: status == "bad" and "64 hidden units behave as one unit" in said and "same updates" in said,
    lambda status, said, r: status == "bad" and "64 hidden units behave as one unit" in said and "never change" in said,
    lambda status, said, r: "The gradient explodes" in said and "layer 10" in said,
    lambda status, said, r: "The gradient vanishes" in said and r.experiment.variants[0].gain == 0.01,
    lambda status, said, r: "The numbers overflow" in said,
    lambda status, said, r: "The gradient keeps its size" in said,
    lambda status, said, r: "He trains best" in said and ends(r, "learned", "stalled", "stalled", "diverged"),
    lambda status, said, r: status == "good" and ends(r, "learned", "learned", "learned", "stalled"),
    lambda status, said, r: ends(r, "learned") and not any(ends_learned(r)[1:]),
    lambda status, said, r: (
        status == "good"
        and "all 4 seeds learn" in said
        and statistics.diverged(r)[0].all()
        and statistics.learned(r)[1].all()
    ),
    lambda status, said, r: (
        status == "mixed"
        and ends(r, "diverged", "uncalibrated")
        and (statistics.final_loss(r)[1] > statistics.chance_loss(r.experiment)).all()
    ),
    lambda status, said, r: (
        status == "mixed"
        and "all but Zero and Standard normal" in said
        and statistics.learned(r).all(axis=1).tolist() == [False, False, True, True, True]
    ),
    lambda status, said, r: (
        status == "bad"
        and "gradients grow 1.2-fold per layer" in said
        and "Batch normalization and skips: He and Xavier." in said
    ),
]
ADVICE: list[Callable[[str, dict[str, InitializerOutcome]], bool]] = [  # of the sentence, and the starts by name
    lambda said, starts: starts["pytorch_default"].standing in ("behind", "stalled") and "PyTorch" in said,
    lambda said, starts: (starts["orthogonal"].standing, starts["xavier"].standing) == ("recommended", "behind"),
]
TRAINING = [scene for scene in STORY if isinstance(scene.settings, Training)]
ASKING = [scene for scene in STORY if isinstance(scene.settings, YourNetwork)]


@pytest.mark.parametrize(("scene", "says"), list(zip(TRAINING, SAYS, strict=True)), ids=[s.title for s in TRAINING])
def test_a_banner_says_what_the_title_of_its_scene_says(scene, says):
    settings = scene.settings
    if isinstance(settings, ModernNetworks):  # which trains four designs, of one seed here
        settings = replace(settings, seeds=1)
    verdict = settings.verdict(trained)
    said = f"{verdict.sentence} {verdict.details}"
    assert says(verdict.status, said, trained(settings.experiment)), said


@pytest.mark.parametrize(("scene", "says"), list(zip(ASKING, ADVICE, strict=True)), ids=[s.title for s in ASKING])
def test_the_advice_says_what_the_title_of_its_scene_says(scene, says, monkeypatch):
    monkeypatch.setattr(planning, "SEEDS_AND_STEPS", SEEDS_AND_STEPS)  # as the page measures it
    question, changed = scene.settings.question()
    advice = advise(measure(question, train=from_few_seeds))
    assert not changed
    assert says(verdict(advice).sentence, {start.name: start for start in advice.starts})


def test_the_story_goes_through_all_pages_in_their_order_in_at_most_twenty_scenes():
    pages = [list(BY_PAGE.values()).index(type(scene.settings)) for scene in STORY]
    assert pages == sorted(pages)
    assert set(pages) == set(range(len(BY_PAGE)))
    assert len(STORY) <= 20
    assert len(CHAPTERS) == 3
    assert len({scene.settings for scene in STORY}) == len({scene.title for scene in STORY}) == len(STORY)


def test_one_scene_leads_to_the_next_over_all_pages_and_the_last_to_the_first(routed, monkeypatch):
    """Every step sets all of a page: what was changed by hand before does not stay."""

    def untrained(*asked):
        st.stop()

    monkeypatch.setattr(runs, "get", untrained)
    monkeypatch.setattr(runs, "get_or_train_map", untrained)
    monkeypatch.setattr(runs, "wait_for", untrained)
    monkeypatch.setattr(claim_cards, "draw_cards", untrained)
    app = routed("overview", seed=7)
    app.number_input(key="o.seed").set_value(0).run()
    for following in (*STORY[1:], STORY[0]):
        before = app
        button = app.button(key="scene-next")
        assert button.help == following.title
        app = button.click().run()
        page = next(page for page in PAGES if BY_PAGE[page.name] is type(following.settings))
        assert not app.exception
        assert [title.value for title in before.title] == [page.title]
        assert sum(following.title in caption.value for caption in app.caption) == 1
        assert settings_of(app, page) == following.settings


def settings_of(app, page):
    """The settings that the page's widgets are at."""
    kind = BY_PAGE[page.name]
    return kind(**{name: app.session_state[f"{page.prefix}.{name}"] for name in kind.fields()})


def test_a_stuck_loss_leads_to_runs_that_end_so():
    """Of what scenes train as well: it is trained once."""
    guessing, certain, overflow = (trained(PRESETS[cause][1].experiment) for cause in CAUSES)
    assert statistics.final_loss(guessing)[0] == pytest.approx(np.log(10), rel=NEAR)
    assert (certain.loss[0, :, 0] > explain("87.3365").value).all()
    assert statistics.diverged(overflow)[0].all()
