"""Tables: each holds what a plain loop over the result's arrays would, and NaN where no seed has a number."""

import itertools
import math
import statistics
from functools import cache

import numpy as np
import pytest

from core import Experiment, Variant, run
from core.statistics import chance_loss, compare_losses, final_loss
from pages.parts.figures import tables

from . import drawn

CASES = ["usual", "one of everything", "exact zeros", "underflow", "overflow"]
CASES += ["overflow while training", "some seeds lost", "regression"]
every_case = pytest.mark.parametrize("case", CASES)
PER_LAYER = ["activation_rms", "dz_rms", "weight_gradient_norm", "bias_gradient_norm", "update_ratio"]


def spread(values):
    """Lowest, median and highest of the finite ones."""
    finite = [float(value) for value in values if math.isfinite(value)]
    return (min(finite), statistics.median(finite), max(finite)) if finite else (math.nan,) * 3


def left(values):
    """How many seeds have a number."""
    return sum(math.isfinite(value) for value in values)


def assert_spread(table, values, axis, positions):
    """Rows in order of (variant, position), against values (variant, seed, position)."""
    expected = [
        (position, *spread(values[v, :, i]), left(values[v, :, i]), any(value == math.inf for value in values[v, :, i]))
        for v in range(len(values))
        for i, position in enumerate(positions)
    ]
    assert (table["seeds"] == values.shape[1]).all()
    columns = [axis, "low", "middle", "high", "left", *(["overflow"] if "overflow" in table else [])]
    found = table[columns].to_numpy(dtype=float)
    assert np.allclose(found, np.array(expected, dtype=float)[:, : len(columns)], rtol=1e-12, atol=0, equal_nan=True)


@cache
def deep(activation):
    variants = (Variant("he"), Variant("constant"))
    return run(Experiment(hidden=(16,) * 20, activation=activation, variants=variants, steps=1))


@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize("quantity", PER_LAYER[:4])
def test_theory_is_the_median_as_what_is_measured_is(quantity, activation):
    result = deep(activation)
    predictions = drawn.predictions(result)
    table = tables.theory(result, predictions, quantity)
    assert list(table["variant"]) == ["He"] * 20
    medians = predictions[0].median(quantity)
    assert np.allclose(table["middle"], [statistics.median(medians[:, layer]) for layer in range(20)], rtol=1e-12)
    if quantity == "activation_rms" or (quantity == "dz_rms" and activation == "relu"):
        half = np.log(table["high"] / table["low"]) / 2
        assert np.allclose(half, 1.96 * predictions[0].spread(quantity)[:, :-1].mean(axis=0))
        assert np.allclose(table["low"] * table["high"], table["middle"] ** 2)
    else:
        assert table[["low", "high"]].isna().all(axis=None)


@every_case
@pytest.mark.parametrize("quantity", PER_LAYER)
def test_layers_spread_over_seeds(case, quantity):
    result = drawn.result(case)
    table, values = tables.layers(result, quantity), getattr(result, quantity)[..., :-1]
    hidden = range(1, values.shape[-1] + 1)
    assert set(table["record"]) == set(range(len(result.recorded_steps)))
    for record, rows in table.groupby("record"):
        assert list(rows["variant"]) == [label for label in result.experiment.labels for _ in hidden]
        assert_spread(rows, values[:, :, record], "layer", hidden)


def test_layers_at_the_steps_of_another_run():
    result = drawn.result("usual")
    known = result.recorded_steps
    table = tables.layers(result, "weight_norm", np.array([0, known[2], known[2] + 0.5, 10 * known[-1]]))
    for record, of in enumerate([0, 2, 2, len(known) - 1]):
        rows = table[table["record"] == record]
        assert_spread(rows, result.weight_norm[:, :, of, :-1], "layer", range(1, 4))


@every_case
@pytest.mark.parametrize("quantity", ["loss", "gradient_norm", "applied_norm"])
def test_steps_spread_over_seeds(case, quantity):
    result = drawn.result(case)
    values = getattr(result, quantity)
    assert_spread(tables.steps(result, quantity), values, "step", range(values.shape[-1]))


def test_many_steps_are_thinned_and_keep_the_first_and_the_last():
    result = run(Experiment("circles", hidden=(2,), seeds=1, steps=2000, batch_size=2))
    table = tables.steps(result, "loss")
    assert len(table) <= 250
    assert (table["step"].min(), table["step"].max()) == (0, 1999)
    assert np.array_equal(table["middle"], result.loss[0, 0, table["step"]])


@every_case
def test_records_spread_over_seeds(case):
    result = drawn.result(case)
    assert_spread(tables.steps(result, "test_accuracy"), result.test_accuracy, "step", result.recorded_steps)
    table = tables.steps(result, "unit_spread", 0)
    assert_spread(table, result.unit_spread[..., 0], "step", result.recorded_steps)


@every_case
def test_divergences_count_the_seeds(case):
    result = drawn.result(case)
    table = tables.divergences(result)
    assert (table["seeds"] == result.experiment.seeds).all()
    assert table["diverged"].sum() == (result.diverged_at >= 0).sum()
    for row in table.itertuples():
        v = result.experiment.labels.index(row.variant)
        hits = (result.diverged_at[v] == row.step) & (result.diverged_layer[v] == row.layer)
        assert hits.sum() == row.diverged


@every_case
def test_how_runs_end_is_no_number_where_they_diverged(case):
    result = drawn.result(case)
    for row in tables.finals(result).itertuples():
        v = result.experiment.labels.index(row.variant)
        lost = result.diverged_at[v, row.seed] >= 0
        assert row.diverged_at == result.diverged_at[v, row.seed]
        if lost:
            assert math.isnan(row.loss)
            assert math.isnan(row.accuracy)
        else:
            assert row.loss == final_loss(result)[v, row.seed]
            assert row.accuracy == result.test_accuracy[v, row.seed, -1] or not result.has_classes


def test_a_loss_that_overflows_at_the_last_step_is_no_final_loss():
    # Seed 1 has an infinite loss at the step that is the last.
    result = run(Experiment("curve", variants=(Variant("he", 50),), **drawn.SMALL | {"steps": 2}))
    assert np.isposinf(result.loss[0, 1, -1])
    assert list(tables.finals(result)["loss"].isna()) == [False, True]


@every_case
def test_shares_tell_nothing_of_signals_that_are_no_numbers(case):
    result = drawn.result(case)
    told = np.isfinite(result.activation_rms[0, :, :, :-1])
    for what, record in itertools.product(("saturated", "dead"), range(len(result.recorded_steps))):
        table = tables.shares(result, 0).query("what == @what and record == @record")
        values = np.where(told, getattr(result, what)[0, :, :, :-1], np.nan)[:, record]
        assert_spread(table, values[None], "layer", range(1, values.shape[-1] + 1))


@every_case
def test_histograms_and_zeros_make_up_all_finite_activations(case):
    result = drawn.result(case)
    every, none = tables.histograms(result, 0), tables.exact_zeros(result, 0)
    assert (every["share"] > 0).all()
    assert (every["low"] < every["high"]).all()
    for record in (0, 1):
        bins, zeros = every.query("record == @record"), none.query("record == @record")
        shares = bins.groupby("layer")["share"].sum().reindex(zeros["layer"], fill_value=0)
        told = np.isfinite(zeros["share"].to_numpy())  # of a layer that some seed's numbers reach
        sums = result.histograms[0, :, record, :-1].sum(axis=-1)
        assert np.array_equal(zeros["left"], (sums > 0).sum(axis=0))
        assert np.array_equal(told, (sums > 0).any(axis=0))
        whole = np.nanmean(np.where(sums > 0, sums, np.nan)[:, told], axis=0)
        assert np.allclose((shares.to_numpy() + zeros["share"].to_numpy())[told], whole)


@every_case
def test_rows_of_weights_are_those_of_the_first_seed(case):
    result = drawn.result(case)
    table = tables.unit_rows(result, [0])
    assert list(table["record"]) == list(range(len(result.recorded_steps)))
    for row in table.itertuples():
        weights = result.first_weights[0, row.record, :32, :-1][:, :64]
        assert np.array_equal(row.matrix, weights, equal_nan=True)


def test_the_law_gives_every_layer_the_std_of_its_fans():
    table = tables.weight_std(Experiment(hidden=(100, 25), variants=(Variant("he", 5 / 3), Variant("glorot"))))
    std = table.set_index(["initializer", "layer"])["std"]
    assert std["he", 2] == pytest.approx(5 / 3 * math.sqrt(2 / 100))
    assert std["glorot", 3] == pytest.approx(math.sqrt(2 / 35))


@every_case
def test_pairs_are_against_the_lowest_and_a_lost_seed_is_counted(case):
    result = drawn.result(case)
    found = compare_losses(final_loss(result), chance_loss(result.experiment))
    table, lowest = tables.paired(result)
    reference = found.best if found else 0
    assert lowest == result.experiment.labels[reference]
    assert list(table["variant"]) == [x for v, x in enumerate(result.experiment.labels) if v != reference]
    for row in table.itertuples():
        v = result.experiment.labels.index(row.variant)
        lost = int((result.diverged_at[v] >= 0).sum())
        if lost or found is None:
            assert math.isnan(row.ratio)
        else:
            assert (row.ratio, row.low, row.high) == (found.ratio[v], found.low[v], found.high[v])
        assert (str(lost) in row.lost) or lost in (0, result.experiment.seeds)


@every_case
def test_the_match_is_the_average_or_a_count_of_the_lost(case):
    result = drawn.result(case)
    for v, row in enumerate(tables.losses_by_activation([result]).itertuples()):
        assert row.diverged == (result.diverged_at[v] >= 0).sum()
        if row.diverged:
            assert math.isnan(row.loss)
        else:
            assert row.loss == pytest.approx(float(np.median(final_loss(result)[v])))


@every_case
def test_norms_before_and_after_clipping(case):
    result = drawn.clipped(case)
    table = tables.clipped_norms(result, 1)
    for kind, quantity in (("before clipping", "gradient_norm"), ("after clipping", "applied_norm")):
        values = getattr(result, quantity)[1:2]
        assert_spread(table[table["kind"] == kind], values, "step", range(values.shape[-1]))


@every_case
def test_bins_hold_every_step_once_and_none_is_half_clipped(case):
    norms = drawn.clipped(case).gradient_norm[1].ravel()
    table = tables.norm_bins(drawn.clipped(case), 1, 1.0)
    assert table["share"].sum() == pytest.approx(1)
    bins = table[table["what"] == "norm"]
    for row in bins.itertuples():
        inside = (norms >= row.low) & (norms < row.high)
        assert row.clipped == (row.low >= 1 - 1e-9)
        assert row.clipped or row.high <= 1
        assert row.share == pytest.approx(inside.mean(), abs=2 / norms.size)
    rest = table.set_index("what")["share"].to_dict()
    assert rest.get("overflowed", 0) == pytest.approx((~np.isfinite(norms)).mean())
    assert rest.get("exactly 0", 0) == pytest.approx((norms == 0).mean())


@every_case
def test_angles_are_those_of_the_clipped_gradient(case):
    result = drawn.clipped(case, "value", 0.01)
    cosines = np.where(np.isfinite(result.gradient_norm[1]), result.clip_cosine[1], np.nan)
    degrees = [[math.degrees(math.acos(min(1, max(-1, c)))) if c == c else c for c in row] for row in cosines]
    assert_spread(tables.angles(result, 1), np.array(degrees)[None], "step", range(cosines.shape[-1]))


@every_case
def test_a_sweep_has_a_loss_for_every_threshold_and_seed(case):
    result = drawn.swept(case)
    table = tables.losses_by_threshold(result)
    for row in table.itertuples():
        v = [variant.clip.threshold for variant in result.experiment.variants].index(row.threshold)
        lost = result.diverged_at[v, row.seed] >= 0
        assert math.isnan(row.loss) if lost else row.loss == final_loss(result)[v, row.seed]
    assert len(table) == 3 * result.experiment.seeds
