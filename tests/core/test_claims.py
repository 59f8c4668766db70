"""Claims: what is stored is found again, sentences keep their measure, and other physics give other verdicts."""

import re
import subprocess
import sys
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from core import ACTIVATIONS, INITIALIZERS, run, version
from core.claims import CLAIMS, VERDICT_LABELS, examine, measurements
from core.claims.__main__ import format_evidence, format_line
from core.claims.judging import judge
from core.claims.measurements import measure, run_shared
from core.engine import training

ROOT = Path(__file__).parents[2]
CHEAP = ("C05", "C09", "C14", "C17")
STORED = {name: judge(CLAIMS[name], measured) for name, measured in measurements.read()[1].items()}
every_claim = pytest.mark.parametrize("key", CLAIMS)


@pytest.fixture
def other_physics(monkeypatch):
    """Results are shared between claims: none from before a fault is planted, and none from after."""
    run_shared.cache_clear()
    yield monkeypatch
    run_shared.cache_clear()


def examine_smaller(key, seeds, layers=10):
    """The evidence with few seeds of what is trained; shallower networks stand in for those with more layers."""
    claim, results = CLAIMS[key], {}

    def smaller(e):
        return replace(e, hidden=e.hidden[:layers], seeds=e.seeds if e.steps == 1 else min(e.seeds, seeds))

    for experiment in claim.experiments():
        results[experiment] = next((r for e, r in results.items() if smaller(e) == smaller(experiment)), None) or run(
            smaller(experiment)
        )
    return judge(claim, measure(claim, results))


# What is said


def test_there_are_eighteen_in_order():
    assert list(CLAIMS) == [f"C{i:02}" for i in range(1, 19)]
    assert [claim.id for claim in CLAIMS.values()] == list(CLAIMS)


@every_claim
def test_a_sentence_is_short_and_its_own_words_apply(key):
    found = STORED[key]
    assert found.claim.applies(found)
    assert len(found.sentence.split()) <= 25
    assert len(re.findall(r"\d[\d.,]*", found.sentence)) <= 3
    assert found.sentence.endswith(".")
    assert "not a number" not in found.sentence
    assert len(format_line(found)) <= 160


@every_claim
def test_a_rule_is_one_sentence_with_a_reason_for_each_bound(key):
    claim = CLAIMS[key]
    assert claim.rule.endswith(".")
    assert ". " not in claim.rule
    assert claim.rule.count("because") == len(claim.checks)


@every_claim
def test_every_bound_decides_some_row_and_the_verdict_follows_from_them(key):
    found = STORED[key]
    deciding = [row.meets for row in found.rows if row.meets is not None]
    assert {all(deciding): "holds", not any(found.cases.values()): "does not hold"}.get(
        True, "holds only if"
    ) == found.verdict
    assert found.verdict in VERDICT_LABELS
    assert all(
        row.summary.low <= row.summary.value <= row.summary.high
        for row in found.rows
        if row.summary.value == row.summary.value
    )


def test_numbers_that_change_leave_no_words_that_are_not_so():
    """The claim's own sentence gives way to a count of conditions."""
    claim, (ratios,) = CLAIMS["C04"], measurements.read()[1]["C04"]
    explode_everywhere = judge(claim, [[np.full_like(values, 100.0) for values in ratios]])
    assert explode_everywhere.sentence == "The claim holds in 30 of the 30 conditions tried."
    nowhere = judge(CLAIMS["C05"], [[np.ones(5)] * 4] * 2)
    assert nowhere.verdict == "does not hold"
    assert "None of the networks" in nowhere.sentence


# What is stored


def test_stored_measurements_were_made_by_this_very_code():
    assert list(measurements.load(CLAIMS)) == list(CLAIMS), "run `python -m core.claims --keep`"


@pytest.mark.parametrize("key", CHEAP)
def test_stored_measurements_are_found_again(key):
    """Other processors round otherwise, which training amplifies; verdicts and first steps stay."""
    found = examine(CLAIMS[key])
    assert found.verdict == STORED[key].verdict
    assert found.sentence == STORED[key].sentence or key == "C09"
    if key in ("C14", "C17"):
        values = [[row.summary.value for row in each.rows] for each in (found, STORED[key])]
        np.testing.assert_allclose(*values, rtol=1e-3)


@pytest.mark.parametrize("key", ["C05", "C06", "C14", "C17"])
def test_another_base_seed_gives_the_same_verdict_on_the_same_condition(key):
    found = examine(CLAIMS[key], 1)
    assert found.verdict == STORED[key].verdict
    assert found.cases == STORED[key].cases
    assert {experiment.seed for experiment in CLAIMS[key].experiments(7)} == {7}


def test_what_other_code_made_is_not_believed(tmp_path, monkeypatch):
    path = tmp_path / "measurements.json"
    measurements.save(CLAIMS, measurements.read()[1], path)
    assert {key: found.sentence for key, found in measurements.load(CLAIMS, path).items()} == {
        key: found.sentence for key, found in STORED.items()
    }
    monkeypatch.setattr(measurements, "version", lambda: {"code": "other", "numpy": np.__version__})
    assert measurements.load(CLAIMS, path) == {}
    for damaged in ("{", "[]", "{}", '{"version": 1, "measurements": 2}'):
        path.write_text(damaged)
        assert measurements.load(CLAIMS, path) == {}
    assert measurements.load(CLAIMS, tmp_path / "none.json") == {}


@pytest.mark.parametrize("agrees", [True, False])
def test_another_numpy_is_believed_where_three_claims_agree(monkeypatch, agrees):
    asked = []

    def quick(claim):
        asked.append(claim.id)
        return STORED[claim.id] if agrees else replace(STORED[claim.id], verdict="holds")

    other = measurements.version() | {"numpy": "1.0"}
    monkeypatch.setattr(measurements, "version", lambda: other)
    assert bool(measurements.load(CLAIMS, examine=quick)) == agrees
    assert asked == list(islice(measurements.QUICK, 3 if agrees else 1))


def test_a_change_of_wording_makes_nothing_stale_and_one_of_statements_does():
    def statements(text):
        return version.statements(text.encode())

    before = statements('"""Of é, in\nwords."""\n# why\nX = Quantity("a name", "size")\n')
    assert statements('"""In other words."""\n\nX = Quantity("another name", "size")\n') == before
    assert statements('X = Quantity("a name", "share")') != before
    claim = CLAIMS["C05"]
    renamed = tuple(replace(case, x="another name") for case in claim.cases)
    longer = tuple(replace(case, experiment=replace(case.experiment, steps=31)) for case in claim.cases)
    fingerprint = [
        measurements.fingerprint({"C05": each})
        for each in (claim, replace(claim, statement="Otherwise.", cases=renamed), replace(claim, cases=longer))
    ]
    assert fingerprint[0] == fingerprint[1]
    assert fingerprint[0] != fingerprint[2]


def test_the_version_knows_all_that_measuring_imports(monkeypatch):
    code = (
        "import sys, core.experiment, core.statistics\n"
        "print(*[m.__file__ for n, m in sys.modules.items() if n.split('.')[0] == 'core'])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    hashed = []
    monkeypatch.setattr(version, "hash_code", lambda *paths: hashed.extend(paths))
    version.version.__wrapped__()
    needed = {path for name in loaded.split() if (path := Path(name).resolve()).stem not in version.BESIDES}
    assert len(needed) > 10
    assert needed <= {*hashed}


def test_the_command_prints_a_line_a_claim():
    command = [sys.executable, "-W", "error", "-m", "core.claims", "--evidence", "C17"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    assert printed.splitlines() == format_evidence(STORED["C17"]).splitlines()


@every_claim
def test_the_evidence_of_a_claim_is_a_row_a_case_with_the_rule(key):
    found = STORED[key]
    head, table, words = (part.splitlines() for part in format_evidence(found).split("\n\n"))
    assert head == [CLAIMS[key].statement, format_line(found)]
    assert len(table) == 1 + len(found.rows)
    assert len({(row.quantity, row.case) for row in found.rows}) == len(found.rows)
    assert sum(line.endswith(("  yes", "  no")) for line in table) == sum(row.meets is not None for row in found.rows)
    assert words[0] == CLAIMS[key].rule
    assert len(words) == 1 + len(CLAIMS[key].readings)


# Other physics


def halved(factor):
    def derivative(Z, A, out):
        np.greater(A, 0, out=out, casting="unsafe")
        np.multiply(out, factor, out=out)

    return replace(ACTIVATIONS["relu"], _derivative=derivative)


def test_a_wrong_derivative_of_relu_takes_he_its_merit(other_physics):
    other_physics.setitem(ACTIVATIONS, "relu", halved(0.5))
    assert STORED["C11"].verdict == "holds"
    assert examine_smaller("C11", 1).verdict != "holds"


def test_he_with_half_its_variance_takes_it_its_merit_too(other_physics):
    wrong = replace(INITIALIZERS["he"], variance=lambda fan_in, fan_out, activation: 1 / fan_in)
    other_physics.setitem(INITIALIZERS, "he", wrong)
    assert examine_smaller("C11", 1).verdict == "does not hold"


def test_clipping_that_does_nothing_saves_nothing(other_physics):
    def idle(gradient, layers, layer_norms, clips):
        return np.sqrt((layer_norms**2).sum(axis=1)), np.ones(len(clips))

    other_physics.setattr(training, "clip_stack", idle)
    assert STORED["C16"].verdict == "holds only if"
    assert examine_smaller("C16", 2).verdict == "does not hold"


def test_a_steeper_sigmoid_moves_the_width_at_which_its_gradient_turns(other_physics):
    """The condition is measured: another slope gives another width, and none where it grows at all of them."""

    def widths(found):
        return [case.x for case, met in found.cases.items() if met and case.series == "sigmoid, std 1"]

    def times(factor):
        def derivative(Z, A, out):
            np.multiply(A, 1 - A, out=out)
            np.multiply(out, factor, out=out)

        other_physics.setitem(ACTIVATIONS, "sigmoid", replace(ACTIVATIONS["sigmoid"], _derivative=derivative))
        run_shared.cache_clear()
        return examine(CLAIMS["C06"])

    assert widths(STORED["C06"]) == [8, 32]
    assert widths(times(1.4)) == [8]
    assert times(5).verdict == "does not hold"


def test_a_wrong_derivative_of_relu_moves_the_scale_below_which_gradients_vanish(other_physics):
    def lowest(found):
        return min(case.x for case, met in found.cases.items() if met and case.series == "10 layers of 32")

    other_physics.setitem(ACTIVATIONS, "relu", halved(0.75))
    assert lowest(STORED["C07"]) == 1.5
    assert lowest(examine_smaller("C07", 8)) == 3


def test_zeros_that_are_not_all_zero_break_the_symmetry(other_physics):
    wrong = replace(INITIALIZERS["zeros"], sampler="normal", variance=lambda fan_in, fan_out, activation: 0.1)
    other_physics.setitem(INITIALIZERS, "zeros", wrong)
    assert STORED["C02"].verdict == "holds"
    assert examine_smaller("C02", 1, layers=1).verdict == "does not hold"
