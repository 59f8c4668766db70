"""What networks predict, as pictures: a plane is colored as its points are classified, and misread digits are boxed."""

import numpy as np
import pytest

from core import Experiment, Variant, run
from core.datasets import PLANE, dataset, watched_digits, watched_examples
from core.wording import percent
from pages.parts.figures import tables
from pages.parts.figures.charts.pictures import panels, reading

from . import drawn
from .drawn import EXPERIMENTS, LIGHT, layers_of
from .test_charts_pixels import opened
from .test_charts_tooltips import assert_columns_exist, assert_in_words

CIRCLES = Experiment("circles", (16, 16), "tanh", (Variant("zeros"), Variant("he", learning_rate=1)), 1, 80, 64)


def strip(case):
    result = drawn.result(case)
    steps = [int(step) for step in result.recorded_steps]
    images = watched_digits()[0]
    return drawn.sent(
        lambda: reading.strip(tables.readings(result), images, result.experiment.variants, steps, LIGHT), LIGHT
    )


def test_the_plane_is_colored_as_the_network_classifies_it():
    result = run(CIRCLES)
    steps = [int(step) for step in result.recorded_steps]
    chart = panels.planes(tables.planes(result), tables.points(result), steps, LIGHT).properties(width=450)
    spec = drawn.sent(lambda: chart, LIGHT)
    assert_in_words(spec)
    assert_columns_exist(spec)
    assert not drawn.misplaced(drawn.svg(spec))
    pictures = next(rows for layer, rows in layers_of(spec) if layer["mark"]["type"] == "image")
    zero, he = (opened(row["picture"]) for row in pictures)
    assert len(np.unique(zero.reshape(-1, 4), axis=0)) == 1
    inside = np.linalg.norm(watched_examples("circles").reshape(PLANE, PLANE, 2), axis=2)
    red = he[..., 0] > he[..., 2]
    assert red[inside < 0.6].all()
    assert not red[inside > 1.9].any()
    texts = [text for text in drawn.svg(spec).itertext() if "correct" in text]
    assert texts == [f"{percent(share)} correct" for share in result.test_accuracy[:, 0, -1]]


def test_activations_of_zero_weights_are_white_and_others_as_red_as_they_are_large():
    result = drawn.result("exact zeros")
    table, steps = tables.activations(result), [int(step) for step in result.recorded_steps]
    variants, images = result.experiment.variants, watched_digits()[0]
    read = tables.readings(result, every=2)
    assert read["digit"].head(10).tolist() == list(range(10))
    whole = tables.readings(result)
    assert read["read"].tolist() == whole[whole["place"] % 2 == 0]["read"].tolist()
    chart = reading.network(table, read, images[::2], variants, steps, LIGHT).properties(width=450)
    spec = drawn.sent(lambda: chart, LIGHT)
    assert_in_words(spec)
    assert not drawn.misplaced(drawn.svg(spec))
    zero, he, _ = (opened(row["picture"]) for row in next(layers_of(spec))[1])
    assert (zero == [247, 247, 247, 255]).all()
    sizes = np.array(result.example_activations[1, -1])
    assert zero.shape[:2] == he.shape[:2] == sizes.shape
    assert ((he[..., 1] < 247) == (sizes > 0.01)).all()
    assert "Zero: up to 0 in the last hidden layer" in spec["description"]


@pytest.mark.parametrize("name", ["circles", "moons", "xor", "spirals"])
def test_test_examples_lie_in_the_plane_where_they_are(name):
    places, ones = tables.points(run(Experiment(name, (2,), seeds=1, steps=1)))
    data = dataset(name)
    assert ((places > 0) & (places < 1)).all()
    assert np.corrcoef(places[:, 1], data.X_test[: len(places), 1])[0, 1] == pytest.approx(1)
    assert ones.tolist() == (data.Y_test[: len(places), 0] == 1).tolist()


@pytest.mark.parametrize("case", ["usual", "overflow", "some seeds lost"])
def test_a_misread_digit_has_a_box_and_what_is_no_number_is_not_read(case):
    result, spec = drawn.result(case), strip(case)
    assert_in_words(spec)
    assert_columns_exist(spec)
    picture = drawn.svg(spec)
    assert not drawn.misplaced(picture)
    read = result.example_predictions[:, -1].argmax(axis=1)
    known = np.isfinite(result.example_predictions[:, -1]).all(axis=(1, 2))
    wrong = (read != watched_digits()[1]) & known[:, None]
    boxes = [group for group in picture.iter() if "mark-rect role-mark" in group.get("class", "")]
    assert sum(len(group) for group in boxes) == wrong.sum()
    written = [text for text in picture.itertext() if text.endswith(("correct", "overflowed"))]
    assert written == [
        f"{label}: {20 - wrong[v].sum()} of 20 correct" if known[v] else f"{label}: overflowed"
        for v, label in enumerate(EXPERIMENTS[case].labels)
    ]
    assert all(name in spec["description"] for name in written)
