"""What the tests of charts share: small real runs at the corners, every chart of each, and what Vega makes of them."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import altair as alt
import jsonschema_rs
import pyarrow as pa
import vl_convert

from core import ACTIVATIONS, INITIALIZERS, Clip, Experiment, Result, Variant, run
from core.statistics import chance_loss
from core.theory import agreement
from core.theory.mean_field import Prediction
from pages.parts.figures import tables
from pages.parts.figures.charts import by_layer, initializers, lines, seeds, thresholds
from pages.parts.figures.charts.marks.playing import RECORD
from pages.parts.figures.charts.pictures import panels
from pages.parts.figures.drawings import build_spec
from pages.parts.figures.theme import ChartTheme

VERSION = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
LIGHT, DARK, PRESENTED = ChartTheme(), ChartTheme(dark=True), ChartTheme(dark=True, zoom=1.6)
HE, NORMAL = Variant("he"), Variant("normal")
SMALL = {"hidden": (6,) * 3, "seeds": 2, "steps": 10, "batch_size": 16}
DEEP = {"hidden": (20,) * 25, "seeds": 2, "steps": 10, "batch_size": 16}

ONE = {"hidden": (1,), "seeds": 1, "steps": 1, "batch_size": 16}

EXPERIMENTS = {
    "usual": Experiment(variants=(HE, Variant("xavier"), Variant("glorot"), NORMAL), **SMALL),
    "one of everything": Experiment(variants=(HE,), **ONE),
    "exact zeros": Experiment(variants=(Variant("zeros"), HE, Variant("zeros", bias_std=0.1)), **SMALL),
    "underflow": Experiment(variants=(Variant("normal", 0.001), HE), activation="sigmoid", **DEEP),
    "overflow": Experiment(variants=(Variant("normal", 30), HE), **DEEP),
    "overflow while training": Experiment(variants=(Variant("normal", 2), HE), **SMALL | {"hidden": (32,) * 12}),
    "some seeds lost": Experiment(
        variants=(Variant("he", 1.3, learning_rate=0.05), HE),
        **{"hidden": (64,) * 10, "seeds": 3, "steps": 60, "batch_size": 64},
    ),
    "all diverged": Experiment(variants=(Variant("normal", 30), Variant("normal", 25)), **DEEP),
    "regression": Experiment("curve", variants=(HE, NORMAL, Variant("he", 50)), **SMALL | {"hidden": (6,)}),
    "every start": Experiment(variants=tuple(map(Variant, INITIALIZERS)), **SMALL | {"steps": 300}),
}


@cache
def result(case: str) -> Result:
    return run(EXPERIMENTS[case])


@cache
def clipped(case: str, kind: str = "norm", threshold: float = 1.0) -> Result:
    """The case's first variant as it is, and clipped."""
    given = EXPERIMENTS[case]
    first = given.variants[0]
    pair = (
        replace(first, label="Not clipped"),
        replace(first, clip=Clip(kind, threshold), label=f"Clipped at {threshold:g}"),
    )
    return run(replace(given, variants=pair))


@cache
def swept(case: str) -> Result:
    given = EXPERIMENTS[case]
    first = given.variants[0]
    variants = tuple(
        replace(first, clip=Clip("norm", threshold), label=f"at {threshold:g}") for threshold in (0.1, 1.0, 1000.0)
    )
    return run(replace(given, variants=variants))


def predictions(r: Result) -> list[Prediction | None]:
    """What theory says of each variant."""
    if r.experiment not in _predictions:
        _predictions[r.experiment] = [agreement.predict_first_step(r, v) for v in range(len(r.experiment.variants))]
    return _predictions[r.experiment]


_predictions: dict[Experiment, list[Prediction | None]] = {}


@dataclass(frozen=True)
class Text:
    """Words at a place in a picture, in pixels."""

    said: str
    x: float
    y: float
    size: float
    anchor: str

    def overlaps(self, other: Text) -> bool:
        """Whether the two stand on each other, a letter being at least half as wide as it is high."""
        apart = abs(self.y - other.y) >= 0.9 * min(self.size, other.size)
        (left, right), (start, end) = self._reach(), other._reach()
        return not apart and left < end and start < right

    def _reach(self) -> tuple[float, float]:
        width = 0.5 * self.size * len(self.said)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return left, left + width


Build = Callable[[Result, ChartTheme], alt.LayerChart]


def _by_layer(quantity: str, title: str) -> Build:
    def build(r: Result, theme: ChartTheme) -> alt.LayerChart:
        theory = tables.theory(r, predictions(r), quantity)
        return by_layer.sizes(tables.layers(r, quantity), r.recorded_steps, r.experiment.variants, theme, title, theory)

    return build


def _match(r: Result, theme: ChartTheme) -> alt.LayerChart:
    return initializers.matrix(tables.losses_by_activation([r]), theme)


def _std(r: Result, theme: ChartTheme) -> alt.LayerChart:
    variants = {variant.initializer: variant for variant in r.experiment.variants}
    experiment = replace(r.experiment, variants=tuple(variants.values()))
    return by_layer.weight_std(tables.weight_std(experiment), list(variants), theme)


def _paired(r: Result, theme: ChartTheme) -> alt.LayerChart:
    pairs, lowest = tables.paired(r)
    return seeds.paired(pairs, r.experiment.variants, lowest, theme)


# Every chart as the pages draw it: of the case's result,
BUILDERS: dict[str, Build] = {
    "by_layer, signal": _by_layer("activation_rms", "signal rms(A⁽ˡ⁾)"),
    "by_layer, gradient": _by_layer("dz_rms", "gradient rms(dZ⁽ˡ⁾)"),
    "by_layer, weights": _by_layer("weight_gradient_norm", "‖dW⁽ˡ⁾‖"),
    "by_layer, biases": _by_layer("bias_gradient_norm", "‖db⁽ˡ⁾‖"),
    "by_step, loss": lambda r, theme: lines.by_step(
        tables.steps(r, "loss"), r.experiment.variants, theme, "loss", tables.divergences(r)
    ),
    "by_step, spread": lambda r, theme: lines.by_step(
        tables.steps(r, "unit_spread", 0),
        r.experiment.variants,
        theme,
        "largest difference",
        floor=tables.rounding(r, 0, 0),
    ),
    "share_by_step": lambda r, theme: lines.share_by_step(
        tables.steps(r, "test_accuracy"), r.experiment.variants, theme, "test accuracy", tables.divergences(r)
    ),
    "count_by_step": lambda r, theme: lines.count_by_step(
        tables.steps(r, "distinct_units", 0),
        r.experiment.variants,
        theme,
        "distinct units in layer 1",
        r.experiment.hidden[0],
    ),
    "unit_rows": lambda r, theme: panels.weights(
        tables.unit_rows(r, {0, len(r.experiment.variants) - 1}), [int(s) for s in r.recorded_steps], theme
    ),
    "histograms": lambda r, theme: by_layer.histograms(
        tables.histograms(r, 0),
        tables.exact_zeros(r, 0),
        [0, int(r.recorded_steps[-1])],
        ACTIVATIONS[r.experiment.activation].bounded,
        r.experiment.variants[0].initializer,
        theme,
    ),
    "match": _match,
    "shares": lambda r, theme: by_layer.shares(tables.shares(r, 0), [int(s) for s in r.recorded_steps], theme),
    "weight_std": _std,
    "ends": lambda r, theme: seeds.ends(tables.finals(r), r.experiment.variants, theme),
    "losses": lambda r, theme: seeds.ends(tables.finals(r).assign(accuracy=float("nan")), r.experiment.variants, theme),
    "paired": _paired,
    "designs": lambda r, theme: seeds.ends_by_design(
        tables.designs({"Plain": r, "Other": r}), r.experiment.variants, theme
    ),
    "gains": lambda r, theme: seeds.factors_by_design(
        tables.designs({"Plain": r, "Other": r}), r.experiment.variants, theme
    ),
}
# of its first start without clipping and with it,
CLIPPED: dict[str, Build] = {
    "norms": lambda r, theme: thresholds.norms(tables.clipped_norms(r, 1), 1.0, theme),
    "distribution": lambda r, theme: thresholds.distribution(tables.norm_bins(r, 1, 1.0), 1.0, theme),
    "angle": lambda r, theme: thresholds.angle(tables.angles(r, 1), theme),
}
# and of that start clipped at several thresholds.
SWEPT: dict[str, Build] = {
    "sweep": lambda r, theme: thresholds.loss_by_threshold(
        tables.losses_by_threshold(r), 1.0, chance_loss(r.experiment), theme
    ),
}


NAMES = (*BUILDERS, *CLIPPED, *SWEPT)


def chart(case: str, name: str, theme: ChartTheme) -> alt.LayerChart:
    kinds = ((BUILDERS, result), (CLIPPED, clipped), (SWEPT, swept))
    build, of = next((builders[name], of) for builders, of in kinds if name in builders)
    return build(of(case), theme).properties(width=450 * theme.zoom)


def spec(case: str, name: str, theme: ChartTheme = LIGHT, last: bool = False) -> dict[str, Any]:
    """What the page sends of the chart, validated, its data as rows; with its slider at the end, where `last`."""
    drawn = _spec(case, name, theme)
    if not last:
        return drawn
    ends = {p["name"]: {"value": p["bind"]["max"]} for p in drawn.get("params", []) if "max" in p.get("bind", {})}
    params = [param | ends.get(param["name"], {}) for param in drawn.get("params", [])]
    return drawn | {"params": params}


@cache
def _spec(case: str, name: str, theme: ChartTheme) -> dict[str, Any]:
    return sent(lambda: chart(case, name, theme), theme)


def sent(build: Callable[[], alt.LayerChart], theme: ChartTheme) -> dict[str, Any]:
    """What the page sends of the chart that is built, validated, its data as rows."""
    streams = build_spec(build, theme, 300)
    rows = {key: pa.ipc.open_stream(held).read_all().to_pylist() for key, held in streams["datasets"].items()}
    drawn = json.loads(json.dumps(streams | {"datasets": rows}, allow_nan=False))
    validate(drawn)
    return drawn


def validate(spec: dict[str, Any]) -> None:
    """An error where it is no chart of Vega-Lite's."""
    params = spec.get("params", [])
    # What a parameter has events for is told to Vega alone.
    schema().validate(spec | {"params": [{key: p[key] for key in p if key != "on"} for p in params]})


@cache
def schema() -> jsonschema_rs.Draft7Validator:
    """Vega-Lite's, of the version that Altair writes; its references escaped, as JSON pointers in URIs are."""

    def escaped(held: dict[str, Any]) -> dict[str, Any]:
        return held | {"$ref": quote(held["$ref"], safe="#/")} if isinstance(held.get("$ref"), str) else held

    text = (Path(inspect.getfile(alt.Chart)).parent / "schema" / "vega-lite-schema.json").read_text("utf-8")
    return jsonschema_rs.Draft7Validator(json.loads(text, object_hook=escaped))


def svg(drawn: dict[str, Any]) -> ElementTree.Element:
    """What Vega draws; raises where Vega-Lite or Vega cannot."""
    return ElementTree.fromstring(vl_convert.vegalite_to_svg(drawn, vl_version=VERSION))


def misplaced(picture: ElementTree.Element) -> list[str]:
    """Every place in a picture that is no number."""
    places = ("d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height")
    found = (element.get(place, "") for element in picture.iter() for place in places)
    return [place for place in found if "NaN" in place or "Infinity" in place]


def picture(case: str, name: str, theme: ChartTheme = LIGHT, last: bool = False) -> ElementTree.Element:
    return _picture(case, name, theme, last)


@cache
def _picture(case: str, name: str, theme: ChartTheme, last: bool) -> ElementTree.Element:
    return svg(spec(case, name, theme, last))


def layers(
    case: str, name: str, theme: ChartTheme = LIGHT, last: bool = False
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Each layer of a chart, and its rows; where they are of records, those of the record that its slider is at."""
    return layers_of(spec(case, name, theme, last))


def layers_of(drawn: dict[str, Any]) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The same of what the page sends."""
    shown = {param["name"]: param.get("value") for param in drawn.get("params", ())}.get(RECORD)
    for layer in drawn["layer"]:
        data = layer.get("data") or drawn["data"]  # the chart's own where all its layers share it
        yield layer, [row for row in drawn["datasets"][data["name"]] if row.get("record", shown) == shown]


def texts(case: str, name: str, theme: ChartTheme = LIGHT, last: bool = False) -> list[Text]:
    """The words written within a chart, outside its axes and legends."""
    return written(picture(case, name, theme, last))


def written(drawn: ElementTree.Element) -> list[Text]:
    """The words written within a picture, outside its axes and legends."""
    found: list[Text] = []

    def walk(element: ElementTree.Element, x: float, y: float, inside: bool) -> None:
        inside = inside or ("mark-text" in element.get("class", "") and "role-mark" in element.get("class", ""))
        moved = re.match(r"translate\(([^,]+),([^)]+)\)", element.get("transform", ""))
        x, y = (x + float(moved[1]), y + float(moved[2])) if moved else (x, y)
        if inside and element.tag.endswith("text") and element.text:
            size = float(element.get("font-size", "10px").removesuffix("px"))
            found.append(Text(element.text, x, y, size, element.get("text-anchor", "start")))
        for child in element:
            walk(child, x, y, inside)

    walk(drawn, 0, 0, False)
    return found


def chart_of_theory_alone() -> alt.LayerChart:
    """Where nothing is predicted, there is no line of theory."""
    r = result("usual")
    nothing = tables.theory(r, [None] * len(r.experiment.variants), "dz_rms")
    return by_layer.sizes(tables.layers(r, "dz_rms"), r.recorded_steps, r.experiment.variants, LIGHT, "A", nothing)
