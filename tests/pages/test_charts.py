"""Charts: every chart of every kind of run is valid, is drawn by Vega, and hides no number."""

import math
import re

import numpy as np
import pandas as pd
import pytest

from core import INITIALIZERS, Variant
from pages.parts.figures import tables
from pages.parts.figures.charts import by_layer, lines
from pages.parts.figures.charts.marks import line_marks, scales
from pages.parts.figures.charts.pictures import panels

from . import drawn
from .drawn import DARK, EXPERIMENTS, LIGHT, NAMES, PRESENTED

LINES = [name for name in NAMES if name.startswith(("by_", "share_", "count_"))]
NAMING = [
    name for name in LINES if name not in ("by_layer, weights", "by_layer, biases")
]  # which are drawn like others
PLAYED = [name for name in NAMES if name.startswith("by_layer")]
# The titles of the axes, along x and along y; None where names stand for themselves.
TITLES = {
    "by_layer, signal": ("layer l", "signal rms(A⁽ˡ⁾)"),
    "by_layer, gradient": ("layer l", "gradient rms(dZ⁽ˡ⁾)"),
    "by_layer, weights": ("layer l", "‖dW⁽ˡ⁾‖"),
    "by_layer, biases": ("layer l", "‖db⁽ˡ⁾‖"),
    "by_step, loss": ("training step", "loss"),
    "by_step, spread": ("training step", "largest difference"),
    "share_by_step": ("training step", "test accuracy"),
    "count_by_step": ("training step", "distinct units in layer 1"),
    "unit_rows": (None, None),
    "histograms": ("size of the activation, log₁₀ |A⁽ˡ⁾|", "layer l"),
    "match": (None, None),
    "shares": ("layer l", "share"),
    "weight_std": ("layer l, the last is the output", "standard deviation of the weights"),
    "ends": ("final test accuracy", None),
    "losses": ("final loss", None),
    "paired": ("final loss ÷ that of ", None),
    "designs": ("final test accuracy", None),
    "gains": ("gradient factor per layer, going back", None),
    "norms": ("training step", "gradient norm ‖g‖₂"),
    "distribution": ("gradient norm before clipping", "share of steps"),
    "angle": ("training step", "angle in degrees"),
    "sweep": ("clipping threshold", "final loss"),
}

CROWDED = ["usual", "exact zeros", "overflow", "all diverged", "every start"]  # where names have little room
every_case = pytest.mark.parametrize("case", EXPERIMENTS)
every_chart = pytest.mark.parametrize("name", NAMES)


@every_case
def test_every_chart_of_every_kind_of_run_is_valid(case):
    """By Vega-Lite's schema, which takes a twentieth of the time that it takes to draw them."""
    for name in NAMES:
        drawn.spec(case, name)


@every_chart
def test_its_words_have_the_size_of_the_theme_and_those_of_its_axes_its_ink(name):
    picture = drawn.picture("exact zeros", name, PRESENTED)
    assert not drawn.misplaced(picture)
    sizes = [float(size.removesuffix("px")) for element in picture.iter() if (size := element.get("font-size"))]
    assert min(sizes) == pytest.approx(PRESENTED.size(13))
    inks = {word.get("fill") for axis in picture.iter() if is_of_an_axis(axis) for word in axis.iter() if word.text}
    assert inks == ({PRESENTED.ink} if name != "unit_rows" else set())  # pictures, which have no axes


def is_of_an_axis(element):
    return bool({"role-axis-label", "role-axis-title"} & set(element.get("class", "").split()))


@every_chart
def test_its_axes_say_what_they_show(name):
    picture = drawn.picture("usual", name)
    assert not drawn.misplaced(picture)
    said = {element.get("aria-label", "") for element in picture.iter()}
    for letter, title in zip("XY", TITLES[name], strict=True):
        named = [label for label in said if label.startswith(f"{letter}-axis titled")]
        assert len(named) == (title is not None)
        assert all(label.startswith(f"{letter}-axis titled '{title}") for label in named)


@every_case
def test_a_logarithmic_axis_receives_positive_numbers_within_its_ends(case):
    ends = [(name, last) for name in NAMES for last in ((False, True) if name in PLAYED else (False,))]
    for layer, rows in (each for name, last in ends for each in drawn.layers(case, name, last=last)):
        encoding = layer["encoding"]
        for channel in encoding.keys() & {"x", "y"}:
            coded = encoding[channel]
            if coded.get("scale") and coded["scale"].get("type") == "log":
                low, high = coded["scale"]["domain"]
                assert 0 < low < high
                fields = [coded["field"], encoding.get(f"{channel}2", {}).get("field")]
                held = [row[field] for row in rows for field in fields if row.get(field) is not None]
                assert all(low <= value <= high for value in held), (layer["mark"], channel, fields)


@every_case
def test_it_has_no_more_marks_than_a_browser_draws_at_once(case):
    for name in NAMES:
        marks = (len(rows) for layer, rows in drawn.layers(case, name) if layer["mark"]["type"] not in ("line", "area"))
        assert sum(marks) <= 10_000, name


@every_case
def test_a_variant_has_one_color_on_every_chart(case):
    colors: dict[str, str] = {}
    for name in (*LINES, "ends", "losses", "paired"):
        for layer, _ in drawn.layers(case, name):
            scale = layer["encoding"].get("color", {}).get("scale")
            if scale:
                for label, hue in zip(scale["domain"], scale["range"], strict=True):
                    assert colors.setdefault(label, hue) == hue
    assert set(colors) == set(EXPERIMENTS[case].labels)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_laws_by_width_have_the_colors_of_their_initializers(theme):
    colors = [layer["encoding"].get("color") for layer, _ in drawn.layers("every start", "weight_std", theme)]
    scales = [color["scale"] for color in colors if color]
    own = {initializer.label: theme.initializer(name) for name, initializer in INITIALIZERS.items()}
    assert scales
    assert all(dict(zip(scale["domain"], scale["range"], strict=True)) == own for scale in scales)


@every_case
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_histograms_have_the_color_of_their_start(case, theme):
    bars = [layer["mark"] for layer, _ in drawn.layers(case, "histograms", theme) if layer["mark"]["type"] == "rect"]
    assert bars
    assert {bar["color"] for bar in bars} == {theme.initializer(EXPERIMENTS[case].variants[0].initializer)}


@every_case
def test_every_chart_of_every_kind_of_run_is_described(case):
    for name in NAMES:
        said = drawn.spec(case, name)["description"]
        assert said.endswith(".")
        assert re.search(r"\d", said) or len(EXPERIMENTS[case].variants) == 1  # which has nothing to be paired with
        assert not re.search(r"\b(nan|None|inf)\b|\.\.|: \.", said), said


def test_a_percent_sign_stands_behind_a_space():
    written = [words for name in NAMES for words in drawn.picture("usual", name).itertext() if "%" in words]
    assert len(written) > 10
    assert all("\N{NO-BREAK SPACE}%" in words for words in written), written


def named(text, label):
    """Whether these words are the name of that variant, or tell what became of it."""
    return text in (label, f"{label} ✕") or text.startswith((f"✕ {label}: ", f"{label}: overflows"))


@pytest.mark.parametrize("case", CROWDED)
@pytest.mark.parametrize("name", NAMING)
def test_every_variant_is_named_once(case, name):
    assert_named_once(case, name)


@pytest.mark.parametrize("case", ["exact zeros", "overflow while training", "all diverged"])
def test_every_variant_is_named_once_at_the_last_step_too(case):
    assert_named_once(case, PLAYED[1], last=True)


def assert_named_once(case, name, last=False):
    said = [text.said for text in drawn.texts(case, name, last=last)]
    for label in EXPERIMENTS[case].labels:
        assert sum(named(text, label) for text in said) == 1, (label, said)


@pytest.mark.parametrize("theme", [LIGHT, PRESENTED], ids=["light", "presented"])
@pytest.mark.parametrize("case", CROWDED)
def test_names_do_not_stand_on_each_other(case, theme):
    for name in NAMING:
        labels = EXPERIMENTS[case].labels
        for last in (False, True) if name == PLAYED[1] else (False,):
            texts = drawn.texts(case, name, theme, last)
            names = [text for text in texts if any(named(text.said, label) for label in labels)]
            clashes = [(a.said, b.said) for i, a in enumerate(names) for b in names[:i] if a.overlaps(b)]
            assert not clashes, name


@pytest.mark.parametrize("across", [900, 300])
def test_the_heads_of_six_matrices_have_room_on_a_phone_too(across):
    r = drawn.result("every start")
    chart = panels.weights(tables.unit_rows(r, range(6)), [int(step) for step in r.recorded_steps], LIGHT)
    heads = drawn.written(drawn.svg(chart.properties(width=across, height=300).to_dict()))
    assert "He" in [head.said for head in heads]
    assert not [(a.said, b.said) for i, a in enumerate(heads) for b in heads[:i] if a.overlaps(b)]


def marked(case, name, shape):
    """The rows that are drawn as this shape."""
    return [row for layer, rows in drawn.layers(case, name) if layer["mark"].get("shape") == shape for row in rows]


def said(case, name):
    return " ".join(text.said for text in drawn.texts(case, name))


@pytest.mark.parametrize("name", ["by_layer, gradient", "by_layer, weights", "by_layer, biases"])
def test_gradients_that_underflow_are_marked_in_every_layer_where_they_are_zero(name):
    quantity = {"g": "dz_rms", "w": "weight_gradient_norm", "b": "bias_gradient_norm"}[name.split(", ")[1][0]]
    result = drawn.result("underflow")
    middle = np.median(getattr(result, quantity)[0, :, 0, :-1], axis=0)
    layers = {row["layer"] for row in marked("underflow", name, "triangle-down")}
    assert layers == set(np.flatnonzero(middle == 0) + 1) != set()
    assert "exactly 0" in said("underflow", name)


def test_a_signal_that_overflows_is_marked_at_the_layer_where_it_does():
    result = drawn.result("overflow")
    first = {row["layer"] for row in marked("overflow", "by_layer, signal", "triangle-up")}
    assert set(result.diverged_layer[0].tolist()) <= first
    assert "overflow" in said("overflow", "by_layer, signal")


LOST = ["by_layer, gradient", "by_step, loss", "share_by_step", "histograms", "shares", "unit_rows"]
LOST += ["paired", "ends", "losses", "norms", "distribution", "angle", "match"]


@pytest.mark.parametrize("name", LOST)
def test_what_is_not_a_number_is_said_in_words(name):
    assert not drawn.misplaced(drawn.picture("overflow", name))
    assert any(word in said("overflow", name) for word in ("overflowed", "overflows", "✕"))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_called_lost_that_is_not(name):
    words = ("✕", "overflow", "exactly 0", "seeds left")
    assert not any(word in said("usual", name) for word in words)


def ends_of_the_axis(case, name):
    """The ends of the axis along y."""
    return next(
        layer["encoding"]["y"]["scale"]["domain"]
        for layer, _ in drawn.layers(case, name)
        if layer["encoding"].get("y", {}).get("scale")
    )


def test_a_rule_of_rounding_stands_where_rounding_is():
    floor = tables.rounding(drawn.result("usual"), 0, 0)
    rows = [row for _, rows in drawn.layers("usual", "by_step, spread") for row in rows]
    assert {row["middle"] for row in rows if row.get("words") == "rounding"} == {floor}
    assert ends_of_the_axis("usual", "by_step, spread")[0] <= floor


def test_a_rule_of_rounding_far_below_all_sizes_does_not_flatten_them():
    low, high = ends_of_the_axis("exact zeros", "by_step, spread")
    assert math.log10(high / low) < 15


def test_labels_are_further_apart_than_letters_are_high():
    assert scales.LABEL_GAP * 240 >= 13  # the lowest chart on a page, the size of a label


def test_a_start_of_which_some_seeds_diverge_keeps_its_line_within_the_axis():
    """One seed of two stops being a number: the line of the other is drawn in full, and named at its end."""
    steps = pd.DataFrame({"step": range(5), "low": 0.5, "middle": [2.0, 1.5, 1.0, 0.7, 0.5], "high": 2.0})
    table = steps.assign(variant="He", overflow=False, left=[2, 2, 1, 1, 1], seeds=2)
    lost = pd.DataFrame({"variant": ["He"], "step": [2], "layer": [3], "diverged": [1], "seeds": [2]})
    spec = lines.by_step(table, (Variant("he"),), LIGHT, "loss", lost).to_dict()
    both = [layer for layer in spec["layer"] if layer["mark"]["type"] == "line"]
    low, high = both[0]["encoding"]["y"]["scale"]["domain"]
    drawn_at = [[row["middle"] for row in spec["datasets"][line["data"]["name"]]] for line in both]
    assert drawn_at == [[2.0, 1.5], [1.5, 1.0, 0.7, 0.5]]
    assert low <= 0.5 < 2 <= high
    said = [row["words"] for rows in spec["datasets"].values() for row in rows if "words" in row]
    assert set(said) == {"He", "overflows in 1 of 2 seeds"}  # the name twice: beside its line, and above it on a phone


@pytest.mark.parametrize("name", PLAYED)
def test_theory_leaves_with_the_step_that_it_is_of(name):
    for last in (False, True):
        told = drawn.layers("usual", name, last=last)
        predicted = [row for layer, rows in told if layer["mark"].get("strokeDash") == [3, 3] for row in rows]
        assert bool(predicted) is not last


def played(*records):
    """The chart of these sizes by layer, record by record: the ends of its axis, and what is marked there."""
    rows = [
        {"variant": "He", "record": record, "layer": layer, "overflow": False, "left": 1, "seeds": 1}
        | dict.fromkeys(("low", "middle", "high"), size)
        for record, sizes in enumerate(records)
        for layer, size in enumerate(sizes, start=1)
    ]
    spec = by_layer.sizes(pd.DataFrame(rows), range(len(records)), (Variant("he"),), LIGHT, "A").to_dict()
    (line,) = [layer for layer in spec["layer"] if layer["mark"]["type"] == "line"]
    marks = [layer["data"]["name"] for layer in spec["layer"] if layer["mark"].get("shape")]
    sizes = [row["size"] for name in marks for row in spec["datasets"][name]]
    return *line["encoding"]["y"]["scale"]["domain"], sizes


@pytest.mark.parametrize("grown", [1e-200, 1e200])
def test_what_becomes_of_a_size_does_not_flatten_what_it_was(grown):
    """The axis is drawn for the first step; what later ones hold beyond its ends is marked there."""
    low, high, marked = played((1.0, 10.0), (10.0, grown))
    assert math.log10(high / low) <= 5
    assert marked == [grown]


def test_where_a_start_carries_nothing_the_axis_is_drawn_for_the_first_step_that_does():
    low, high, marked = played((0.0, 0.0), (1e-9, 1e-8), (1e-8, 1e-8))
    assert low < 1e-9 < 1e-8 <= high < 1e-5
    assert marked == [0.0, 0.0]


def test_a_long_line_answers_a_pointer_at_no_more_places_than_it_can_tell_apart():
    told = {layer["mark"]["type"]: rows for layer, rows in drawn.layers("every start", "by_step, loss")}
    line, answering = ({row["step"] for row in told[mark]} for mark in ("line", "circle"))
    assert len(line) > 2 * line_marks.POINTED
    assert line_marks.POINTED / 2 < len(answering) <= line_marks.POINTED
    assert answering <= line
    assert min(answering) == min(line)
