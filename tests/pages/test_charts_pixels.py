"""Pixels: a matrix read back from its picture, and the pictures of a chart of weights."""

import base64
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from core import Experiment, Variant, run
from pages.parts.figures import tables
from pages.parts.figures.charts.pictures import panels, pixels
from pages.parts.figures.theme import ChartTheme

anything = st.floats(-2, 2) | st.sampled_from([np.nan, np.inf, -np.inf])
matrices = arrays.arrays(float, arrays.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=anything)


def opened(url):
    """Red, green, blue and opacity of each pixel."""
    kind, held = url.split(",")
    assert kind == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(held))).convert("RGBA")).astype(int)


@given(matrices)
def test_a_picture_has_a_pixel_for_every_number_and_nothing_where_there_is_none(matrix):
    picture = opened(pixels.url(matrix))
    assert picture.shape == (*matrix.shape, 4)
    assert np.array_equal(picture[..., 3], np.where(np.isfinite(matrix), 255, 0))


@pytest.mark.parametrize(
    ("number", "color"),
    [(-7, "#2166AC"), (-1, "#2166AC"), (-0.2, "#D1E5F0"), (0, "#F7F7F7"), (0.6, "#EF8A62"), (1, "#B2182B")],
)
def test_colors_go_from_blue_over_white_to_red(number, color):
    expected = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    assert opened(pixels.url(np.array([[number]])))[0, 0, :3] == pytest.approx(expected, abs=2)


def test_equal_units_are_equal_rows_of_the_picture_and_others_are_not():
    experiment = Experiment(hidden=(5, 5), activation="tanh", variants=(Variant("constant"), Variant("he")), steps=10)
    result = run(experiment)
    steps = [int(step) for step in result.recorded_steps]
    spec = panels.weights(tables.unit_rows(result, [0, 1]), steps, ChartTheme()).to_dict()
    (layer,) = (layer for layer in spec["layer"] if layer["mark"]["type"] == "image")
    rows = spec["datasets"][layer["data"]["name"]]
    assert [(row["variant"], row["record"]) for row in rows] == [
        (v, k) for v in experiment.labels for k in range(len(steps))
    ]
    for row in rows:
        different = np.unique(opened(row["picture"]).reshape(5, -1), axis=0)
        assert len(different) == (1 if row["variant"] == experiment.labels[0] else 5)
