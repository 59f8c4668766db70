"""Pages: at their defaults and at the corners of their controls they open, and say what their charts show."""

import itertools
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import ACTIVATIONS, INITIALIZERS, Clip, Experiment, Variant, run, verdicts
from core.clipping import KINDS
from core.datasets import DATASETS
from pages.parts.settings import BY_PAGE, Training
from pages.parts.settings.remedies import DESIGNS
from pages.parts.shell.routes import BY_NAME, PAGES

from . import drawn
from .conftest import little
from .opened import banner, charts, details, marks, notices, pictures, rows

TINY = {"seeds": 1, "steps": 10}
NAMES = [page.name for page in PAGES]
UNSPOKEN = re.compile(r"\b(nan|NaN|None|inf|Infinity|unknown)\b|not a number")

EXTREMES = [  # of depth, width and scale on *Random init*
    {"depth": 1, "width": 512},
    {"depth": 50, "width": 1},
    {"depth": 50, "width": 32, "std": 3},
    {"depth": 50, "width": 16, "std": 3, "dtype": "float64"},
    {"depth": 50, "width": 16, "std": 0.001},
    {"depth": 50, "width": 16, "std": 0.001, "dtype": "float64"},
    {"std": 0.5, "seeds": 20, "depth": 3, "width": 8},
]

CORNERS = [
    ("overview", {"depth": 30, "seeds": 2}),
    ("zero_init", {"start": "constant", "activation": "tanh", "depth": 50, "width": 8, "dataset": "curve"}),
    ("zero_init", {"depth": 1, "width": 1, "seeds": 20, "biases": 0.001}),
    (
        "zero_init",
        {"width": 512, "noise": "1e-8", "dataset": "circles", "depth": 1, "activation": "relu", "learning_rate": 10},
    ),
    # With another start, activation and dataset each.
    *(
        ("random_init", {"initializer": start, "activation": g, "dataset": data, **extremes})
        for start, g, data, extremes in zip(
            INITIALIZERS, ACTIVATIONS, itertools.cycle(DATASETS), EXTREMES, strict=False
        )
    ),
    ("heuristics", {"initializers": ["zeros"], "depth": 1, "dataset": "curve", "seeds": 20}),
    ("heuristics", {"initializers": list(INITIALIZERS), "depth": 3, "width": 8, "learning_rate": 10}),
    ("heuristics", {"initializers": ["normal"], "depth": 50, "width": 100, "matrix": False}),
    ("clipping", {"kind": "norm", "threshold": 0.01, "gain": 0.1, "depth": 50, "width": 8, "activation": "sigmoid"}),
    ("clipping", {"kind": "norm", "threshold": 1000, "gain": 10, "depth": 50, "width": 32}),
    ("clipping", {"kind": "value", "threshold": 0.01, "initializer": "zeros", "depth": 1, "width": 1}),
    ("clipping", {"kind": "layer_norm", "threshold": 1000, "dataset": "curve", "learning_rate": 10, "depth": 2}),
    ("modern_networks", {"depth": 50, "width": 8, "design": "skips", "batch_size": 2}),
    ("modern_networks", {"depth": 1, "width": 1, "design": "layer", "activation": "linear", "batch_size": 1}),
    ("modern_networks", {"depth": 2, "initializers": ["zeros"], "design": "both", "batch_size": 1024}),
    ("modern_networks", {"depth": 4, "initializers": list(INITIALIZERS), "dataset": "curve", "learning_rate": 10}),
    ("your_network", {"sizes": "64, 10"}),
    (
        "your_network",
        {"sizes": "2-3-1", "output": "sigmoid", "dataset": "xor", "code": "lsuv", "activation": "sigmoid"},
    ),
    ("your_network", {"sizes": "5x4x4x2", "output": "linear", "dataset": "noise", "scaling": "0 to 1"}),
]


def label(value):
    return value if isinstance(value, str) else " ".join(f"{k}={v}" for k, v in value.items() if k != "initializers")


def assert_sound(app):
    """It opened, says something in its banner, and all of its charts are Vega-Lite's."""
    assert not app.exception
    said = banner(app)
    assert said.rstrip("*").endswith(".")
    assert not UNSPOKEN.search(said), said
    assert pictures(app) >= (1 if app.title[0].value == BY_NAME["map"].title else 3)
    for chart in charts(app):
        drawn.validate(chart)


@pytest.mark.parametrize("name", NAMES)
def test_at_its_defaults_it_has_a_sentence_charts_and_headings(routed, name):
    """But for how long it trains; what its networks end at is seen in the story."""
    defaults = {"steps": 20} if issubclass(BY_PAGE[name], Training) else little(BY_NAME[name])
    app = routed(name, **defaults)
    assert_sound(app)
    headings = sum(text.value.startswith("## ") for text in app.markdown)
    assert headings + sum(element.proto.body.count("<h2 ") for element in app.get("html")) >= 3
    assert not notices(app)


@pytest.mark.parametrize(("name", "chosen"), CORNERS, ids=label)
def test_at_a_corner_of_its_controls_it_stays_sound(routed, name, chosen):
    assert_sound(routed(name, **TINY | chosen))


def overview(**common):
    starts = (Variant("he"), Variant("xavier"), Variant("zeros"), Variant("normal"))
    return verdicts.contrast(run(Experiment(hidden=(64,) * 4, variants=starts, **common)))


def zero_init(**common):
    starts = (
        Variant("constant", learning_rate=0.5),
        Variant("zeros", bias_std=0.1, learning_rate=0.5, label="Zero + random biases"),
        Variant("zeros", noise=0.1, learning_rate=0.5, label="Zero + noise 0.1"),
        Variant("he", learning_rate=0.5),
    )
    result = run(Experiment(hidden=(7,) * 2, activation="tanh", variants=starts, **common))
    return verdicts.symmetry(
        result, run(Experiment(hidden=(), variants=(Variant("zeros", learning_rate=0.5),), **common))
    )


def random_init(**common):
    starts = (Variant("normal", 0.05), Variant("he"))
    return verdicts.propagation(run(Experiment(hidden=(20,) * 6, variants=starts, **common)))


def heuristics(**common):
    starts = (Variant("glorot", learning_rate=0.5), Variant("lsuv", learning_rate=0.5))
    return verdicts.comparison(run(Experiment(hidden=(16,) * 3, activation="tanh", variants=starts, **common)))


def clipping(**common):
    starts = (Variant("he", 2, label="Not clipped"), Variant("he", 2, clip=Clip("value", 0.1), label="Clipped at 0.1"))
    return verdicts.clipping(run(Experiment(hidden=(20,) * 6, variants=starts, **common)))


def modern_networks(**common):
    starts = tuple(map(Variant, ("zeros", "he")))
    plain = Experiment(hidden=(9,) * 2, variants=starts, **common)
    results = {"plain layers": run(plain), "layer normalization": run(replace(plain, normalization="layer"))}
    return verdicts.judge_designs(results, "layer normalization")


SAID = [
    ("overview", {"depth": 4}, overview),
    ("zero_init", {"start": "constant", "width": 7, "activation": "tanh"}, zero_init),
    ("random_init", {"std": 0.05, "depth": 6, "width": 20}, random_init),
    (
        "heuristics",
        {"initializers": ["glorot", "lsuv"], "activation": "tanh", "learning_rate": 0.5, "depth": 3, "width": 16},
        heuristics,
    ),
    ("clipping", {"kind": "value", "threshold": 0.1, "gain": 2, "depth": 6, "width": 20}, clipping),
    ("modern_networks", {"design": "layer", "initializers": ["zeros", "he"], "depth": 2, "width": 9}, modern_networks),
]


@pytest.mark.parametrize(("name", "chosen", "expected"), SAID, ids=[name for name, *_ in SAID])
def test_the_banner_is_the_verdict_on_the_very_run(routed, plain_charts, name, chosen, expected):
    common = {"seeds": 2, "steps": 20, "seed": 7}
    app = routed(name, **chosen, **common)
    assert banner(app) == expected(**common, batch_size=64).sentence


FATES = [
    ({"std": 1}, "explodes"),
    ({"std": 0.1}, "vanishes"),
    ({"initializer": "he"}, "keeps its size"),
    ({"std": 0.001, "activation": "sigmoid", "depth": 50, "width": 20}, "exactly zero"),
    ({"std": 3, "depth": 50, "width": 32}, "overflow"),
]


@pytest.mark.parametrize(("chosen", "fate"), FATES, ids=[fate for _, fate in FATES])
def test_what_the_banner_says_of_the_gradient_is_what_the_first_chart_shows(routed, chosen, fate):
    app = routed("random_init", **{"depth": 10, "width": 50, "seeds": 3, "steps": 10} | chosen)
    assert_sound(app)
    said, chart = banner(app), charts(app)[0]
    assert fate in said
    if fate == "overflow":
        texts = [row.get("words") or "" for table in chart["datasets"].values() for row in table]
        assert any("overflowed" in text for text in texts)
    elif fate == "exactly zero":
        deepest = int(re.search(r"(?:from|in) layer (\d+)", said)[1])
        assert {row["layer"] for row in marks(chart, "triangle-down")} == set(range(1, deepest + 1))
    else:
        table = rows(chart, "variant", "layer", "low", "middle", "high")
        sizes = table[table["variant"] == table["variant"].iloc[0]].sort_values("layer")["middle"].astype(float)
        ratio = sizes.iloc[0] / sizes.iloc[-1]
        assert {"explodes": ratio > 10, "vanishes": ratio < 0.1, "keeps its size": 0.5 <= ratio <= 2}[fate]


QUANTITIES = {
    "signal rms(A⁽ˡ⁾)": "activation_rms",
    "gradient rms(dZ⁽ˡ⁾)": "dz_rms",
    "‖dW⁽ˡ⁾‖": "weight_gradient_norm",
    "‖db⁽ˡ⁾‖": "bias_gradient_norm",
}


@pytest.mark.parametrize(("name", "shown"), [("random_init", list(QUANTITIES)), ("heuristics", list(QUANTITIES)[:2])])
def test_a_chart_by_layer_shows_what_its_axis_names(routed, name, shown):
    chosen = {"depth": 3, "width": 6, "seeds": 1, "steps": 10}
    app, result = routed(name, **chosen), run(BY_PAGE[name](**chosen).experiment)
    found = []
    for chart in charts(app):
        titles = {layer["encoding"]["y"].get("title") for layer in chart["layer"] if "y" in layer["encoding"]}
        for title in titles & QUANTITIES.keys():
            table = rows(chart, "variant", "record", "layer", "middle", "seeds")  # theory has no seeds
            first = table[(table["variant"] == result.experiment.labels[0]) & (table["record"] == 0)]
            sizes = getattr(result, QUANTITIES[title])[0, 0, 0, : len(first)]
            np.testing.assert_allclose(first.sort_values("layer")["middle"].astype(float), sizes, rtol=1e-6)
            found.append(title)
    assert sorted(found) == sorted(shown)


def shares_of_distribution(app):
    table = rows(charts(app)[2], "low", "high", "share", "clipped")
    table = table[table["low"].notna()]
    return table.groupby("clipped")["share"].sum()


def test_a_threshold_that_is_never_reached_changes_nothing_anywhere(routed):
    app = routed("clipping", threshold=1000, gain=1, depth=3, seeds=2, steps=20)
    assert "There is nothing to clip" in banner(app)
    assert "active in 0\N{NO-BREAK SPACE}%" in details(app)
    assert set(shares_of_distribution(app).index) == {False}
    norms = charts(app)[1]
    table = rows(norms, "kind", "step", "middle").pivot(index="step", columns="kind", values="middle").astype(float)
    assert np.allclose(table["before clipping"], table["after clipping"], rtol=1e-6)
    loss = rows(charts(app)[0], "variant", "step", "middle").pivot(index="step", columns="variant", values="middle")
    assert (loss.iloc[:, 0] == loss.iloc[:, 1]).all()


def test_a_threshold_below_all_norms_is_active_in_every_step(routed):
    app = routed("clipping", threshold=0.01, gain=1, depth=3, seeds=2, steps=20)
    assert "active in 100\N{NO-BREAK SPACE}%" in details(app)
    assert set(shares_of_distribution(app).index) == {True}
    norms = rows(charts(app)[1], "kind", "step", "middle")
    after = norms[norms["kind"] == "after clipping"]["middle"].astype(float)
    assert np.allclose(after, 0.01, rtol=1e-3)


def test_the_share_of_steps_that_are_clipped_is_the_one_in_the_banner(routed):
    app = routed("clipping", threshold=2, gain=1, depth=3, seeds=2, steps=20)
    said = float(re.search(r"active in (\d+)\s%", details(app))[1])
    assert 0 < said < 100
    assert 100 * shares_of_distribution(app)[True] == pytest.approx(said, abs=0.6)


@pytest.mark.parametrize("kind", KINDS)
def test_the_angle_is_drawn_where_clipping_turns_the_gradient(routed, kind):
    app = routed("clipping", kind=kind, threshold=0.01, gain=1, depth=3, seeds=1, steps=10)
    angles = [chart for chart in charts(app) if "angle" in str(chart["layer"][0]["encoding"].get("y"))]
    if kind == "norm":
        assert not angles
    else:
        assert rows(angles[0], "step", "middle")["middle"].astype(float).max() > 0.1


def test_one_unit_in_the_banner_is_one_unit_in_the_chart(routed):
    app = routed("zero_init", width=16, seeds=2, steps=20)
    assert "16 hidden units behave as one unit" in banner(app)
    counts = rows(charts(app)[2], "variant", "step", "middle")
    assert set(counts[counts["variant"] == "Zero"]["middle"]) == {1.0}
    spread = marks(charts(app)[3], "triangle-down")
    assert {row["variant"] for row in spread} == {"Zero"}


CHOICES = {
    "dataset": st.sampled_from(list(DATASETS)),
    "activation": st.sampled_from(list(ACTIVATIONS)),
    "depth": st.integers(1, 12),
    "width": st.integers(1, 24),
    "seeds": st.integers(1, 3),
    "learning_rate": st.sampled_from([1e-4, 0.1, 1, 10]),
    "seed": st.integers(0, 2**32 - 1),
}
OWN = {
    "overview": {},
    "zero_init": {
        "start": st.sampled_from(["zeros", "constant"]),
        "noise": st.sampled_from(["1e-8", "1"]),
    },
    "random_init": {
        "initializer": st.sampled_from(list(INITIALIZERS)),
        "std": st.sampled_from([0.001, 0.1, 1, 3]),
        "dtype": st.sampled_from(["float32", "float64"]),
    },
    "heuristics": {
        "initializers": st.lists(st.sampled_from(list(INITIALIZERS)), min_size=1, max_size=4, unique=True),
        "matrix": st.just(False),
    },
    "clipping": {
        "initializer": st.sampled_from(list(INITIALIZERS)),
        "gain": st.sampled_from([0.1, 1, 10]),
        "kind": st.sampled_from(list(KINDS)),
        "threshold": st.sampled_from([0.01, 1, 1000]),
    },
    "modern_networks": {
        "design": st.sampled_from(list(DESIGNS)),
        "initializers": st.lists(st.sampled_from(list(INITIALIZERS)), min_size=1, max_size=4, unique=True),
        "batch_size": st.sampled_from([1, 2, 64]),
    },
    "map": {
        "x": st.sampled_from(["gain", "width", "threshold", "steps"]),
        "x_range": st.sampled_from(["usual", "1:2", "2:1", "x"]),
        "color": st.sampled_from(["accuracy", "loss"]),
        "columns": st.just(2),
        "rows": st.just(2),
    },
    "claims": {},
    "your_network": {
        "sizes": st.sampled_from(["64, 9, 10", "2 x 3 x 1", "1-4-1"]),
        "output": st.sampled_from(["softmax", "sigmoid", "linear"]),
    },
}
UNUSED = {
    "overview": {"dataset", "activation", "width", "learning_rate"},
    "claims": set(CHOICES),
    "your_network": {"depth", "width", "seeds", "learning_rate"},
}


def chosen_on(name):
    usual = {key: value for key, value in CHOICES.items() if key not in UNUSED.get(name, ())}
    return st.tuples(st.just(name), st.fixed_dictionaries({}, optional={**usual, **OWN[name]}))


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(NAMES).flatmap(chosen_on))
def test_any_choice_of_its_controls_leaves_it_sound(routed, choice):
    name, chosen = choice
    assert_sound(routed(name, **TINY | chosen))
