"""Claims: each has its finding, the same for every base seed, and other physics give other verdicts."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import ACTIVATIONS, INITIALIZERS, claims, run
from core.claims import CLAIMS, VERDICTS, examine, store
from core.engine import training

ROOT = Path(__file__).parents[2]
CONTROLS = {"depth", "width", "activation", "learning_rate", "steps", "seeds"}
OWN_CONTROLS = {
    "zero_init": {"start", "noise", "biases"},
    "random_init": {"initializer", "std", "dtype"},
    "heuristics": {"initializers", "matrix"},
    "clipping": {"threshold", "kind", "initializer", "gain"},
}
CHEAP = ("C02", "C05", "C07", "C09", "C14", "C17")


@pytest.fixture
def other_physics(monkeypatch):
    """Results are kept between findings: none from before a fault is planted, and none from after."""
    claims.forget()
    yield monkeypatch
    claims.forget()


@pytest.fixture(scope="module")
def findings():
    """What is kept, which a test below finds again; all eighteen anew would take half a minute."""
    return store.read()[1]


def test_there_are_eighteen_in_order():
    assert list(CLAIMS) == [f"C{i:02}" for i in range(1, 19)]
    assert [claim.id for claim in CLAIMS.values()] == list(CLAIMS)


@pytest.mark.parametrize("key", CLAIMS)
def test_a_claim_says_what_is_tested_and_how(key):
    claim = CLAIMS[key]
    assert claim.said.endswith(".")
    assert claim.rule.endswith(".")
    assert claim.quantity
    assert claim.shown in claim.experiments(0)


@pytest.mark.parametrize("key", CLAIMS)
def test_its_page_can_be_set_to_what_it_shows(key):
    claim = CLAIMS[key]
    experiment = claim.experiments(0)[claim.shown]
    assert set(claim.settings) <= CONTROLS | OWN_CONTROLS[claim.page]
    assert set(experiment.hidden) == {claim.settings["width"]}
    assert 10 <= experiment.steps <= 2000
    assert experiment.steps % 10 == 0
    assert (experiment.batch_size, experiment.dtype, experiment.optimizer) == (64, "float32", "sgd")


def test_base_seeds_draw_other_networks():
    for claim in CLAIMS.values():
        assert {experiment.seed for experiment in claim.experiments(7).values()} == {7}


@pytest.mark.parametrize("key", CLAIMS)
def test_a_finding_is_a_verdict_with_its_numbers(findings, key):
    finding = findings[key]
    assert finding.verdict in VERDICTS
    assert finding.low <= finding.value <= finding.high
    assert finding.sentence.endswith(".")
    assert any(c.isdigit() for c in finding.sentence)
    assert "not a number" not in finding.sentence
    assert finding.axis


@pytest.mark.parametrize("key", CLAIMS)
def test_what_is_drawn_is_finite_and_within_its_range(findings, key):
    points = findings[key].points
    assert points
    for point in points:
        assert np.isfinite(point.value)
        assert point.low <= point.value <= point.high
        assert point.value >= 0 or not findings[key].log


@pytest.mark.parametrize("key", CHEAP)
def test_another_base_seed_gives_the_same_verdict_on_the_same_condition(findings, key):
    found = examine(CLAIMS[key], 1)
    assert found.verdict == findings[key].verdict
    assert found.condition == findings[key].condition


@pytest.mark.parametrize("key", CLAIMS)
def test_a_condition_is_what_the_sentence_opens_with(findings, key):
    finding = findings[key]
    assert finding.condition.startswith("Only ") == (finding.verdict == "holds only if")
    assert finding.sentence.startswith(finding.condition)


def test_progress_never_goes_back_and_a_tick_may_cancel(other_physics):
    fractions = []
    examine(CLAIMS["C17"], tick=fractions.append)
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1

    def stop(fraction):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        examine(CLAIMS["C17"], 1, tick=stop)


def judge_shallow(key):
    """The finding with three seeds of what is trained, and without networks of 30 layers: those of 10 stand in for
    them.
    """
    experiments = CLAIMS[key].experiments(0)
    shallow = {
        name: e if e.steps == 1 else replace(e, seeds=3) for name, e in experiments.items() if len(e.hidden) < 30
    }
    results = {name: run(e) for name, e in shallow.items()}
    return CLAIMS[key].judge({name: results.get(name, results.get(name.replace("30", "10"))) for name in experiments})


@pytest.mark.parametrize("key", ["C07", "C11"])
def test_without_deep_networks_a_verdict_is_the_same(findings, key):
    assert judge_shallow(key).verdict == findings[key].verdict


def test_a_wrong_derivative_of_relu_takes_he_its_merit(findings, other_physics):
    def halved(Z, A, out):
        np.greater(A, 0, out=out, casting="unsafe")
        np.multiply(out, 0.5, out=out)

    other_physics.setitem(ACTIVATIONS, "relu", replace(ACTIVATIONS["relu"], _derivative=halved))
    assert findings["C11"].verdict == "holds"
    assert judge_shallow("C11").verdict != "holds"


def test_he_with_half_its_variance_takes_it_its_merit_too(findings, other_physics):
    wrong = replace(INITIALIZERS["he"], variance=lambda fan_in, fan_out, activation: 1 / fan_in)
    other_physics.setitem(INITIALIZERS, "he", wrong)
    assert judge_shallow("C11").verdict == "does not hold"


def test_clipping_that_does_nothing_saves_nothing(findings, other_physics):
    def idle(gradient, layers, layer_norms, clips):
        return np.sqrt((layer_norms**2).sum(axis=1)), np.ones(len(clips))

    other_physics.setattr(training, "clip_stack", idle)
    assert findings["C16"].verdict != "does not hold"
    assert examine(CLAIMS["C16"]).verdict == "does not hold"


def test_a_steeper_sigmoid_moves_the_width_at_which_its_gradient_turns(findings, other_physics):
    """The condition is measured: another slope gives another width, and none where it grows at all of them."""

    def times(factor):
        def derivative(Z, A, out):
            np.multiply(A, 1 - A, out=out)
            np.multiply(out, factor, out=out)

        other_physics.setitem(ACTIVATIONS, "sigmoid", replace(ACTIVATIONS["sigmoid"], _derivative=derivative))
        claims.forget()
        return examine(CLAIMS["C06"])

    assert "up to width 32 at std 1" in findings["C06"].condition
    condition = times(1.4).condition
    assert "at width 8 at std 1" in condition
    assert "32" not in condition
    assert times(5).verdict == "does not hold"


def test_a_wrong_derivative_of_relu_moves_the_scale_below_which_gradients_vanish(findings, other_physics):
    def less(Z, A, out):
        np.greater(A, 0, out=out, casting="unsafe")
        np.multiply(out, 0.75, out=out)

    other_physics.setitem(ACTIVATIONS, "relu", replace(ACTIVATIONS["relu"], _derivative=less))
    assert "from scale 1.5 on with 10 layers of 32" in findings["C07"].condition
    assert judge_shallow("C07").condition.count("from scale 3 on with 10 layers of 32")


def test_zeros_that_are_not_all_zero_break_the_symmetry(findings, other_physics):
    wrong = replace(INITIALIZERS["zeros"], sampler="normal", variance=lambda fan_in, fan_out, activation: 0.1)
    other_physics.setitem(INITIALIZERS, "zeros", wrong)
    assert findings["C02"].verdict == "holds"
    results = {key: run(e) for key, e in CLAIMS["C02"].experiments(0).items() if key.startswith("sigmoid 1")}
    assert CLAIMS["C02"].judge(results).verdict == "does not hold"


@pytest.mark.parametrize(("single", "double", "equal"), [(0.0, 0.0, True), (1e-3, 1e-12, True), (1e-3, 1e-3, False)])
def test_rows_are_equal_where_their_difference_falls_with_the_precision(single, double, equal):
    """Whatever the processor's own rounding: the rows are set apart here by hand."""
    apart = {"float32": single, "float64": double}
    results = {key: run(e) for key, e in CLAIMS["C02"].experiments(0).items() if key.startswith("sigmoid 1")}
    told = {
        key: replace(r, unit_spread=np.where(r.weight_norm > 0, apart[key.split()[2]], 0)) for key, r in results.items()
    }
    found = CLAIMS["C02"].judge(told)
    assert found.verdict == ("holds" if equal else "does not hold")
    assert ("rounding" in found.sentence) == (0 < double < single)


def test_the_command_prints_a_line_a_claim(findings):
    command = [sys.executable, "-W", "error", "-m", "core.claims", "--only", "C17"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    assert len(printed.splitlines()) == 1
    assert printed.startswith(f"C17  {findings['C17'].verdict}  ")


def test_stored_findings_were_made_by_this_very_code(findings):
    made_by, kept = store.read()
    assert made_by["code"] == store.version()["code"], "run `python -m core.claims --keep`"
    assert list(kept) == list(CLAIMS)


@pytest.mark.parametrize("key", CHEAP)
def test_stored_findings_are_found_again(findings, key):
    """Other processors round otherwise, which training amplifies; verdicts and first steps stay."""
    found = examine(CLAIMS[key])
    assert found.verdict == findings[key].verdict
    if key in ("C14", "C17"):
        assert found.value == pytest.approx(findings[key].value, rel=1e-3)


def test_what_other_code_or_another_numpy_found_is_not_believed(findings, tmp_path, monkeypatch):
    path = tmp_path / "findings.json"
    store.save(findings, path)
    assert store.load(path) == findings
    for other in ({"code": "other"}, {"numpy": "1.0"}):
        changed = store.version() | other
        with monkeypatch.context() as patch:
            patch.setattr(store, "version", lambda changed=changed: changed)
            assert store.load(path) == {}
    for damaged in ("{", "[]", "{}", '{"version": 1, "findings": 2}'):
        path.write_text(damaged)
        assert store.load(path) == {}
    assert store.load(tmp_path / "none.json") == {}


def test_the_version_changes_with_the_code_that_claims_are_judged_by(tmp_path, monkeypatch):
    core = tmp_path / "core"
    (core / "claims").mkdir(parents=True)
    written = {
        "__init__.py": "",
        "claims/__init__.py": "from core.claims import near",
        "claims/near.py": "import core.far",
        "far.py": "1",
        "other.py": "1",
    }
    monkeypatch.setattr(store, "CORE", core)

    def version(**changed):
        for name, text in (written | changed).items():
            (core / name).write_text(text)
        store.version.cache_clear()
        return store.version()["code"]

    first = version()
    assert version(**{"far.py": "2"}) != first
    assert version(**{"other.py": "2"}) == first
    store.version.cache_clear()


def test_the_version_knows_the_whole_engine_by_its_imports():
    named = {path.relative_to(store.CORE).as_posix() for path in store.sources()}
    assert {"__init__.py", "engine/training.py", "activations.py", "claims/claim.py", "claims/rules/scale.py"} <= named
    assert "claims/__main__.py" not in named
