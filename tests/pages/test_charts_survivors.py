"""Survivors: the median of the seeds that are left is never drawn, or called, as if it were of all."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from core import Experiment, Variant, run
from pages.parts.compare import run_charts
from pages.parts.compare.compare_pinned import PinnedComparison
from pages.parts.figures import tables
from pages.parts.figures.charts import by_layer, initializers, lines, thresholds
from pages.parts.figures.charts.marks import alt_text, line_marks

from . import drawn
from .drawn import DARK, LIGHT

LOST = "some seeds lost"  # of its first start, all the seeds of the other stay
STEPS = ["by_step, loss", "by_step, spread", "share_by_step", "count_by_step"]
LAYERS = ["by_layer, signal", "by_layer, gradient", "by_layer, weights", "by_layer, biases", "shares"]
CROSSED = ["by_step, loss", "share_by_step"]


def unbounded():
    """The start of which two of three seeds are lost, beside itself with a threshold that no gradient is over."""
    return drawn.clipped(LOST, "norm", 1e30)


def norms(theme=LIGHT):
    return drawn.sent(lambda: thresholds.norms(tables.clipped_norms(unbounded(), 1), 1e30, theme), theme)


def angles(theme=LIGHT):
    return drawn.sent(lambda: thresholds.angle(tables.angles(unbounded(), 1), theme), theme)


def sweep(theme=LIGHT):
    table = tables.losses_by_threshold(drawn.swept(LOST), unbounded())
    return drawn.sent(lambda: thresholds.loss_by_threshold(table, 1.0, 2.3, theme), theme)


def is_dashed(layer):
    return layer["mark"].get("strokeDash") == line_marks.DASH


def line_rows(layers):
    """The rows that have a number on the solid lines and on the dashed ones of a chart over seeds."""
    both = [], []
    for layer, rows in layers:
        if layer["mark"]["type"] == "line" and rows and "left" in rows[0]:
            field = layer["encoding"]["y"]["field"]
            both[is_dashed(layer)].extend(row for row in rows if row[field] is not None)
    return both


def assert_survivors_are_dashed(layers):
    solid, dashed = line_rows(layers)
    assert all(row["left"] == row["seeds"] for row in solid)
    assert any(0 < row["left"] < row["seeds"] for row in dashed)
    assert all(row["left"] > 0 for row in dashed)


@pytest.mark.parametrize("name", [*STEPS, *LAYERS])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_line_of_survivors_is_never_solid(name, theme):
    assert_survivors_are_dashed(list(drawn.layers(LOST, name, theme, last=True)))


def test_where_a_signal_overflows_in_some_seeds_alone_only_its_layers_are_dashed():
    layers = list(drawn.layers("overflow", "by_layer, signal"))
    assert_survivors_are_dashed(layers)
    solid, dashed = line_rows(layers)
    assert {row["layer"] for row in solid if row["variant"] == dashed[0]["variant"]}


@pytest.mark.parametrize("sent", [norms, angles, sweep])
def test_a_line_of_survivors_of_clipping_is_never_solid(sent):
    assert_survivors_are_dashed(drawn.layers_of(sent()))


def test_the_line_of_a_pinned_run_is_dashed_where_its_own_seeds_are_lost():
    both = PinnedComparison(drawn.result("usual"), [drawn.result(LOST)])
    table = both.table(lambda result: tables.steps(result, "loss"))
    sent = drawn.sent(lambda: lines.by_step(table, both.variants, LIGHT, "loss", both.table(tables.divergences)), LIGHT)
    assert_survivors_are_dashed(drawn.layers_of(sent))
    _, dashed = line_rows(drawn.layers_of(sent))
    assert {row["variant"] for row in dashed} == {"① He × 1.3"}
    assert {row["seeds"] for row in dashed} == {3}
    assert "overflows in 2 of 3 seeds, the other dashed" in [text.said for text in drawn.written(drawn.svg(sent))]


@pytest.mark.parametrize("name", ["by_step, loss", "share_by_step", "by_layer, gradient", "shares"])
def test_where_no_seed_is_lost_nothing_is_dashed_nor_counted(name):
    layers = list(drawn.layers("usual", name))
    assert not any(is_dashed(layer) for layer, _ in layers)
    assert not any("seeds left" in text.said for text in drawn.texts("usual", name))


def test_every_two_neighbors_are_joined_once_and_dashed_where_a_seed_of_either_is_lost():
    rng, seeds = np.random.default_rng(0), 3
    keys = [(variant, record) for variant in "BA" for record in range(3)]
    left = rng.choice([0, 1, 2, 3, 3, 3], (len(keys), 12))
    rows = [
        {"variant": variant, "record": record, "layer": layer, "left": count, "seeds": seeds}
        for (variant, record), counts in zip(keys, left, strict=True)
        for layer, count in enumerate(counts)
    ]
    table = pd.DataFrame(rows).sample(frac=1, random_state=0)
    found = [], []
    for kind, part in zip(found, line_marks.split_lines(table, "layer", "variant"), strict=True):
        for _, piece in part.groupby("piece"):
            (key,) = set(zip(piece["variant"], piece["record"], strict=True))
            assert piece["layer"].is_monotonic_increasing
            kind.extend((*key, *pair) for pair in pairwise(piece["layer"]))
    for kind, dashed in zip(found, (False, True), strict=True):
        expected = {
            (*key, layer, layer + 1)
            for key, counts in zip(keys, left, strict=True)
            for layer, pair in enumerate(pairwise(counts))
            if min(pair) > 0 and bool(min(pair) < seeds) is dashed
        }
        assert len(kind) == len(set(kind))
        assert set(kind) == expected


def count_labels(case, name, last=False):
    return [text.said for text in drawn.texts(case, name, last=last) if " of 3 seeds" in text.said]


def test_a_note_explains_a_dashed_line_where_there_is_one():
    result = drawn.result(LOST)
    assert "median of those that are left" in run_charts.explain_dashed(result)
    lost = np.zeros_like(result.diverged_at)
    for none_dashed in (lost, lost - 1):
        assert not run_charts.explain_dashed(replace(result, diverged_at=none_dashed))


@pytest.mark.parametrize("name", [*STEPS, *LAYERS, "histograms"])
def test_one_label_says_the_count(name):
    result = drawn.result(LOST)
    lost = int((result.diverged_at[0] >= 0).sum())
    assert lost == 2
    assert (result.diverged_at[1] < 0).all()
    said = set(count_labels(LOST, name, last=True))
    assert len(said) == 1
    (label,) = said
    if name in CROSSED:
        assert f"overflows in {lost} of 3 seeds" in label
    else:
        assert f"{3 - lost} of 3 seeds left" in label


@pytest.mark.parametrize("sent", [norms, angles])
def test_clipping_says_the_count(sent):
    said = [text.said for text in drawn.written(drawn.svg(sent()))]
    assert sum("of 3 seeds left" in text for text in said) == 1


def test_a_sweep_counts_the_seeds_of_a_threshold_that_are_lost():
    assert "2 of 3" in [text.said for text in drawn.written(drawn.svg(sweep()))]


@pytest.mark.parametrize("name", ["by_step, loss", "share_by_step", "count_by_step", "by_layer, gradient", "shares"])
def test_a_point_of_survivors_says_so_to_the_pointer(name):
    for layer, rows in drawn.layers(LOST, name, last=True):
        if layer["mark"]["type"] in ("circle", "point") and layer["mark"].get("shape") is None:
            fields = [tip["field"] for tip in layer["encoding"]["tooltip"]]
            for row in rows:
                if 0 < row["left"] < row["seeds"]:
                    assert f"{row['left']} of {row['seeds']} seeds left" in [row.get(field) for field in fields]


@pytest.mark.parametrize("name", [*STEPS, *LAYERS, "histograms"])
def test_the_description_counts_the_seeds(name):
    assert "of 3 seeds left" in drawn.spec(LOST, name)["description"]


def test_a_line_of_survivors_is_not_ranked_among_those_of_all():
    rows = [("A", 1.0, 3), ("B", 2.0, 3), ("C", 0.1, 1)]
    table = pd.DataFrame(
        {"variant": name, "step": step, "middle": middle, "left": left if step else 3, "seeds": 3}
        for name, middle, left in rows
        for step in range(3)
    )
    said = alt_text.lines(table, "step", "loss")
    assert "lowest: A" in said
    assert "1 of 3 seeds left at step 1 to 2" in said


def test_histograms_count_the_seeds_of_each_layer():
    result = drawn.result(LOST)
    table = tables.exact_zeros(result, 0)
    for record, seeds in enumerate((3, 1)):
        assert set(table.loc[table["record"] == record, "left"]) == {seeds}
    assert set(table["seeds"]) == {3}
    sent = drawn.sent(
        lambda: by_layer.histograms(tables.histograms(result, 0), table, [0, 59], False, "he", LIGHT), LIGHT
    )
    said = [row for rows in sent["datasets"].values() for row in rows if "seeds left" in str(row.get("words"))]
    assert [row["record"] for row in said] == [1]


def test_the_matrix_counts_the_seeds_of_a_cell():
    table = tables.losses_by_activation([drawn.result(LOST)])
    chart = drawn.sent(lambda: initializers.matrix(table, LIGHT), LIGHT)
    assert "2 of 3" in " ".join(text.said for text in drawn.written(drawn.svg(chart)))
    assert "2 of 3 seeds" in chart["description"]


@pytest.mark.parametrize("name", ["by_layer, gradient", "by_step, spread", "count_by_step"])
@pytest.mark.parametrize("lost", [1, 2, 3])
def test_counts_of_several_starts_do_not_stand_on_each_other(name, lost):
    labels = ["He", "Xavier", "Glorot average"]
    variants = (Variant("he"), Variant("xavier"), Variant("glorot"))
    along = "layer" if name.startswith("by_layer") else "step"
    rows = [
        {"variant": label, along: place, "overflow": False, "left": 1 + (k >= lost), "seeds": 2}
        | dict.fromkeys(("low", "middle", "high"), 3.0 + k / 10)
        for k, label in enumerate(labels)
        for place in range(1, 9)
    ]
    table = pd.DataFrame(rows)
    build = {
        "by_layer, gradient": lambda: by_layer.sizes(table.assign(record=0), [0], variants, LIGHT, "A"),
        "by_step, spread": lambda: lines.by_step(table, variants, LIGHT, "A"),
        "count_by_step": lambda: lines.count_by_step(table, variants, LIGHT, "A", 4),
    }[name]
    said = [text for text in drawn.written(drawn.svg(drawn.sent(build, LIGHT))) if "seeds left" in text.said]
    assert len(said) == lost
    assert not [(a, b) for i, a in enumerate(said) for b in said[:i] if a.overlaps(b)]


def test_one_seed_alone_that_overflows_is_not_counted():
    result = run(Experiment(variants=(Variant("normal", 3), Variant("he")), hidden=(20,) * 50, seeds=1, steps=10))
    table = tables.steps(result, "loss")
    sent = drawn.sent(
        lambda: lines.by_step(table, result.experiment.variants, LIGHT, "loss", tables.divergences(result)), LIGHT
    )
    said = [text.said for text in drawn.written(drawn.svg(sent))]
    assert "Standard normal × 3: overflows" in said
