"""Judging: what a claim's verdict makes of results whose losses, sizes and ends are set by hand."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from core import run, statistics
from core.claims import CLAIMS
from core.claims import quantities as q
from core.claims.criteria import summarize
from core.claims.judging import judge
from core.claims.measurements import measure
from core.claims.quantities import Run

CHANCE = np.log(10)
DEEP, FEW = (128,) * 30, 4  # layers that take long, and seeds that do for them


@cache
def results_of(key, steps=2):
    """A claim's experiments, trained for a few steps: what matters of them is then set."""
    return {
        e: run(replace(e, steps=steps, seeds=min(e.seeds, FEW) if e.hidden == DEEP else e.seeds))
        for e in CLAIMS[key].experiments()
    }


def judged(key, results):
    return judge(CLAIMS[key], measure(CLAIMS[key], results))


def with_losses(result, losses, lost=None):
    """The losses (variant, step) of every seed, and the seeds (variant, seed) that diverge in the fifth step."""
    shape = result.diverged_at.shape
    lost = np.zeros(shape, dtype=bool) if lost is None else lost
    loss = np.broadcast_to(np.asarray(losses)[:, None], (*shape, np.shape(losses)[-1]))
    experiment = replace(result.experiment, steps=loss.shape[-1])
    return replace(
        result, experiment=experiment, loss=np.where(lost[..., None], np.nan, loss), diverged_at=np.where(lost, 5, -1)
    )


def of_variant(result, variant=0):
    return Run(result, variant, 0, result, variant)


# C01, C02


@pytest.mark.parametrize(
    ("gained", "verdict", "reading"),
    [
        ({}, "holds", "holds"),
        ({"digits": -0.5}, "holds only if", "holds"),
        ({"digits": -0.5, "xor": 0.4}, "holds only if", "holds only if"),
        ({"digits": 0.5, "xor": 0.5, "circles": 0.5}, "does not hold", "does not hold"),
    ],
)
def test_equivalent_and_no_better_are_judged_apart(gained, verdict, reading):
    scatter = np.random.default_rng(0).normal(0, 0.01, 10)
    results = {}
    for e, r in results_of("C01").items():
        gain = gained.get(e.dataset, 0) if e.hidden else 0
        ends = 0.5 + (gain + scatter[: e.seeds] if gain else np.zeros(e.seeds))
        results[e] = replace(r, test_accuracy=np.broadcast_to(ends[None, :, None], r.test_accuracy.shape))
    found = judged("C01", results)
    assert found.verdict == verdict
    assert list(found.readings.values()) == [reading]


def test_of_many_comparisons_without_a_difference_one_in_twenty_leaves_out_0():
    """As C01 makes them: a gap within noise is neither better nor worse."""
    trials = np.random.default_rng(0).standard_normal((300, 18, 5))
    intervals = [[summarize("difference", values, 18) for values in many] for many in trials]
    assert np.mean([any(s.low > 0 or s.high < 0 for s in many) for many in intervals]) <= 0.07


def test_a_network_and_the_linear_model_train_alike():
    experiments = CLAIMS["C01"].experiments()
    assert len({(e.variants[0].learning_rate, e.steps, e.batch_size) for e in experiments}) == 1
    assert {e.dataset for e in experiments if not e.hidden} == {"digits", "xor", "circles"}


@pytest.mark.parametrize(("single", "double", "equal"), [(0.0, 0.0, True), (1e-3, 1e-12, True), (1e-3, 1e-3, False)])
def test_rows_are_equal_where_their_difference_falls_with_the_precision(single, double, equal):
    """Whatever the processor's own rounding: the rows are set apart here by hand."""
    apart = {"float32": single, "float64": double}
    results = {
        e: replace(r, unit_spread=apart[e.dtype] * r.weight_norm / 32) for e, r in results_of("C02", steps=5).items()
    }
    assert judged("C02", results).verdict == ("holds" if equal else "does not hold")


# C08, C15


def losses_of(*courses):
    """Losses over that of chance, a course a variant, through these (step, loss)."""
    steps = max(course[-1][0] for course in courses)
    return CHANCE * np.array([np.interp(np.arange(steps), *np.transpose(course)) for course in courses])


FALLS = [(0, 1.0), (50, 0.2), (100, 0.1)]


def test_what_oscillates_comes_back_up_and_what_scatters_does_not():
    back_up = [(0, 1.0), (40, 0.2), (60, 0.2), (80, 0.5), (100, 0.5)]
    result = next(r for r in results_of("C15").values() if len(r.experiment.variants) == 2)
    rises = [q.loss_rise.measure(of_variant(with_losses(result, losses_of(FALLS, back_up)), v))[0] for v in range(2)]
    assert rises == pytest.approx([0, 0.3], abs=0.01)
    scatter = 0.2 * CHANCE * (-1.0) ** np.arange(100)
    scattered = with_losses(result, losses_of(FALLS, FALLS) + scatter)
    assert (q.loss_rise.measure(of_variant(scattered)) < q.ROSE).all()


def test_a_run_that_diverges_rises_beyond_all():
    result = next(r for r in results_of("C15").values() if len(r.experiment.variants) == 2)
    lost = np.zeros(result.diverged_at.shape, dtype=bool)
    lost[1, 2] = True
    rises = [q.loss_rise.measure(of_variant(with_losses(result, np.ones((2, 100)), lost), v)) for v in range(2)]
    np.testing.assert_array_equal(np.isinf(rises), lost)


@pytest.mark.parametrize(("back_up", "verdict"), [(0.1, "holds"), (0.6, "does not hold")])
def test_speed_without_peace_is_not_what_the_heuristics_promise(back_up, verdict):
    fast = [(0, 1.0), (20, 0.1), (60, 0.1), (80, back_up), (100, back_up)]
    slow = [(0, 1.0), (100, 1.0)]
    results = {
        e: with_losses(r, losses_of(*(slow if v.initializer == "normal" else fast for v in e.variants)))
        for e, r in results_of("C15").items()
    }
    found = judged("C15", results)
    assert found.verdict == verdict
    assert found.readings == {"by speed alone": "holds"}


@pytest.mark.parametrize(
    ("end", "verdict", "jumps"),
    [([(600, 0.9)], "holds", "holds"), ([(300, 0.1), (600, 0.1)], "holds only if", "holds")],
)
def test_with_exploding_gradients_a_loss_that_jumps_may_still_come_to_learn(end, verdict, jumps):
    jump = [(0, 1.0), (100, 1.3)]
    losses = losses_of([*jump, *end], *[[*jump, (600, 0.9)]] * 2)
    found = judged("C08", {e: with_losses(r, losses) for e, r in results_of("C08").items()})
    assert (found.verdict, *found.readings.values()) == (verdict, jumps)


def test_with_exploding_gradients_a_loss_that_stays_neither_jumps_nor_learns():
    course = [(0, 1.0), (600, 1.0)]
    found = judged("C08", {e: with_losses(r, losses_of(course, course, course)) for e, r in results_of("C08").items()})
    assert (found.verdict, *found.readings.values()) == ("holds", "does not hold")


# C10, C11, C14, C16


def test_no_label_hides_that_a_gradient_is_clipped():
    for claim in CLAIMS.values():
        for e in claim.experiments():
            assert all("clipped" in v.label for v in e.variants if v.clip), claim.id


def test_a_start_partly_lost_is_described_by_counts():
    lost = np.zeros((5, 5), dtype=bool)
    whole = {e: with_losses(r, np.full((5, 100), 0.1)) for e, r in results_of("C10").items()}
    assert judged("C10", whole).verdict == "holds"
    lost[2, 0] = True
    parted = judged("C10", {e: with_losses(r, np.full((5, 100), 0.1), lost) for e, r in results_of("C10").items()})
    assert parted.verdict == "holds only if"
    assert {row.summary.describe()[0] for row in parted.select("He × 1.5")} == {"4 of 5 seeds"}
    assert {case.x for case, met in parted.cases.items() if not met} == {"He × 1.5"}


def test_a_final_loss_is_averaged_as_on_all_pages():
    result = next(r for e, r in results_of("C01").items() if e.seeds == 10)
    ends = np.array([0.01] * 3 + [1.0] * 4 + [50.0] * 3)
    spread = replace(result, loss=np.broadcast_to(ends[None, :, None], (1, 10, 10)))
    found = summarize("size", q.final_loss.measure(of_variant(spread)), 1)
    assert found.value == statistics.average(statistics.final_loss(spread))[0] == 1.0


@pytest.mark.parametrize(("factor", "kept"), [(1.0, True), (1.08, False), (0.93, False)])
def test_he_keeps_a_size_from_end_to_end_not_a_layer_at_a_time(factor, kept):
    results = dict(results_of("C11"))
    for e, r in results.items():
        if len(e.variants) == 1:
            results[e] = replace(r, dz_rms=r.dz_rms * factor ** np.arange(r.dz_rms.shape[-1]))
        else:
            good = np.where([v.initializer == "he" and v.gain == 1 for v in e.variants], 0.1, 2.0)
            results[e] = with_losses(r, np.repeat(good[:, None], 100, axis=1))
    assert (judged("C11", results).verdict == "holds") == kept


def test_clipping_saves_a_start_that_overflows_in_most_seeds():
    results = {}
    for e, r in results_of("C16").items():
        lost = np.zeros(r.diverged_at.shape, dtype=bool)
        lost[0, 1:] = e.activation == "relu"
        results[e] = with_losses(r, np.full((len(e.variants), 100), 0.1), lost)
    found = judged("C16", results)
    assert found.verdict == "holds"
    assert {row.summary.describe()[0] for row in found.select(quantity=q.baseline_overflows)} == {"4 of 5 seeds"}


def test_other_readings_are_judged_by_their_own_numbers():
    """C14's weights are far from 1, but the layer's gain is not."""
    found = judged("C14", results_of("C14"))
    assert found.verdict == "does not hold"
    assert list(found.readings.values()) == ["holds", "holds only if"]
    assert found.explain()[1].endswith("the claim would hold.")
