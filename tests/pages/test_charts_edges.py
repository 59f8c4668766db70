"""Charts of tables at the ends of what numbers can be: smallest, largest, exactly zero, infinite, and none at all."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from core import Variant
from pages.parts.figures import tables
from pages.parts.figures.charts import by_layer, initializers, seeds, thresholds
from pages.parts.figures.charts.pictures import panels

from .drawn import LIGHT, chart_of_theory_alone, misplaced, result, svg

PAIR = (Variant("he"), Variant("xavier"))
NAN, INF = math.nan, math.inf


def counted(values):
    """Of one seed each, which is lost where there is no number."""
    return {"left": np.isfinite(values).astype(int), "seeds": 1}


def sizes(*middles, along="layer"):
    """A table of two variants that have these sizes by layer or step."""
    frames = [
        pd.DataFrame(
            {"variant": v.label, along: range(1, len(m) + 1), "low": m, "middle": m, "high": m, "overflow": False}
        ).assign(**counted(m))
        for v, m in zip(PAIR, middles, strict=True)
    ]
    return pd.concat(frames, ignore_index=True)


def profile(table, *more):
    """The chart of a table by layer, of one record."""
    return by_layer.sizes(table.assign(record=0), [0], *more)


def finals(*losses):
    return pd.DataFrame(
        [
            {"variant": v.label, "seed": s, "accuracy": NAN, "loss": loss, "diverged_at": -1 if loss == loss else 3}
            for v, of_variant in zip(PAIR, losses, strict=True)
            for s, loss in enumerate(of_variant)
        ]
    )


def ratio(value, low, high):
    row = {"variant": "Xavier", "ratio": value, "low": low, "high": high, "tied": True, "lost": "none of 5 seeds"}
    return seeds.paired(pd.DataFrame([row]), PAIR, "He", LIGHT)


def norms(*values):
    kinds = ("before clipping", "after clipping")
    rows = [{"kind": k, "step": s, "low": x, "middle": x, "high": x} for k in kinds for s, x in enumerate(values)]
    return pd.DataFrame(rows).assign(**counted(2 * values))


def swept(*losses):
    return pd.DataFrame({"threshold": 10.0**s, "seed": 0, "loss": loss} for s, loss in enumerate(losses))


def matched(*losses):
    names = ["ReLU", "tanh", "ELU"][: len(losses)]
    return pd.DataFrame(
        {"activation": g, "variant": "He", "loss": x, "diverged": int(x != x), "seeds": 2}
        for g, x in zip(names, losses, strict=True)
    )


CHARTS = {
    "from the smallest to the largest": lambda: profile(sizes([5e-324, 1e-320], [1, 1.79e308]), PAIR, LIGHT, "A"),
    "the smallest alone": lambda: profile(sizes([5e-324], [5e-324]), PAIR, LIGHT, "A"),
    "all zero": lambda: profile(sizes([0.0, 0.0], [0.0, 0.0]), PAIR, LIGHT, "A"),
    "none at all": lambda: profile(sizes([NAN, NAN], [NAN, NAN]), PAIR, LIGHT, "A"),
    "zero and none": lambda: profile(sizes([0.0, NAN], [NAN, 0.0]), PAIR, LIGHT, "A"),
    "theory alone": chart_of_theory_alone,
    "losses of zero": lambda: seeds.ends(finals([0.0, 0.0], [0.0, 1.0]).assign(accuracy=NAN), PAIR, LIGHT),
    "losses lost": lambda: seeds.ends(finals([NAN, NAN], [NAN, 0.0]).assign(accuracy=NAN), PAIR, LIGHT),
    "ratio of one seed": lambda: ratio(2.0, 0.0, INF),
    "ratio to zero": lambda: ratio(0.0, 0.0, 0.0),
    "ratio beyond numbers": lambda: ratio(INF, 1.0, INF),
    "norms of zero": lambda: thresholds.norms(norms(0.0, 0.0), 1.0, LIGHT),
    "norms lost": lambda: thresholds.norms(norms(1.0, NAN), 1.0, LIGHT),
    "sweep of zeros": lambda: thresholds.loss_by_threshold(swept(0.0, NAN, 0.0), 10.0, 2.3, LIGHT),
    "sweep lost": lambda: thresholds.loss_by_threshold(swept(NAN, NAN), 10.0, 2.3, LIGHT),
    "match with zero": lambda: initializers.matrix(matched(0.0, 1e12, NAN), LIGHT),
    "match of zeros": lambda: initializers.matrix(matched(0.0, 0.0), LIGHT),
    "match lost": lambda: initializers.matrix(matched(NAN, NAN), LIGHT),
}
WORDS = {
    "all zero": "exactly 0",
    "none at all": "He: overflowed",
    "losses of zero": "exactly 0",
    "losses lost": "✕ 1 of 2 seeds",
    "norms of zero": "exactly 0",
    "norms lost": "from step 1: overflowed",
    "sweep of zeros": "exactly 0",
    "match lost": "✕ 1 of 2",
}


@pytest.mark.parametrize("name", CHARTS)
def test_it_is_drawn_where_numbers_end(name):
    picture = svg(json.loads(json.dumps(CHARTS[name]().to_dict(), allow_nan=False)))
    assert not misplaced(picture)
    assert WORDS.get(name, "") in " ".join(element.text or "" for element in picture.iter())


@pytest.mark.parametrize(
    ("across", "columns", "order"),
    [
        ("activation", ["tanh", "ReLU", "sigmoid"], ["tanh", "ReLU", "sigmoid"]),
        ("rate", [0.1, 0.01, 1], [0.01, 0.1, 1]),
    ],
)
def test_a_matrix_keeps_the_order_of_names_and_sorts_numbers(across, columns, order):
    table = pd.concat([matched(1.0, 2.0).rename(columns={"activation": across}).assign(**{across: c}) for c in columns])
    assert initializers.matrix(table, LIGHT, across).to_dict()["layer"][0]["encoding"]["x"]["sort"] == order


def test_a_loss_of_zero_is_as_bright_as_any():
    spec = initializers.matrix(matched(0.0, 1.0, 100.0), LIGHT).to_dict()
    decades = {
        row["loss"]: row["decade"] for rows in spec["datasets"].values() for row in rows if row.get("loss") is not None
    }
    assert decades[0.0] == min(decades.values())


def test_a_huge_loss_fits_its_cell_and_leaves_the_others_their_colors():
    spec = initializers.matrix(matched(0.5, 2.0, 2.1e15), LIGHT).to_dict()
    said, decades = zip(*((r["words"], r["decade"]) for r in next(iter(spec["datasets"].values()))), strict=True)
    assert said == ("0.50", "2.0", "10¹⁵")
    assert (decades[1] - decades[0]) / (decades[2] - decades[0]) > 0.1


def test_weights_that_are_no_numbers_are_said_to_be_so_at_the_record_where_they_are():
    table = tables.unit_rows(result("overflow while training"), [0, 1])
    steps = [int(step) for step in result("overflow while training").recorded_steps]
    chart = panels.weights(table, steps, LIGHT)
    drawn = chart.to_dict()
    (words,) = (layer for layer in drawn["layer"] if layer["encoding"].get("text") == {"value": "overflowed"})
    said = drawn["datasets"][words["data"]["name"]]
    weights = result("overflow while training").first_weights[:2, :, :, :-1]
    lost = {(v, k) for v, k in np.argwhere(~np.isfinite(weights).all(axis=(2, 3))).tolist()}
    labels = list(dict.fromkeys(table["variant"]))
    assert lost == {(labels.index(row["variant"]), row["record"]) for row in said}
    assert (0, len(steps) - 1) in lost
    assert not lost & {(0, 0), (1, 0), (1, len(steps) - 1)}
