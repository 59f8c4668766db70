"""What charts do in the browser: a slider over recorded steps, a play button, highlighting."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from core.wording import count_things
from pages.parts.figures.charts.marks import stacked
from pages.parts.figures.theme import ChartTheme

RECORD = "record"  # the index of the recorded step that is shown, in a chart's expressions
PAUSE = 500  # milliseconds between two steps
FAINT = 0.15  # of a mark's own opacity, while another start is pointed at or after a click on it
FOCUS = "(pointed || clicked)"
# Under the pointer, on whichever chart: in an SVG, Vega notes on each element what it is drawn of.
_ITEM = "event.target.__data__"
_START = f"({_ITEM} && {_ITEM}.datum && {_ITEM}.datum.variant || '')"


def with_step_slider(
    layers: Sequence[alt.Chart],
    steps: Sequence[int],
    theme: ChartTheme,
    description: str,
    first: int = 0,
    signals: Mapping[str, str] | None = None,
    y: alt.ExprRef | None = None,
    before: str = "",
) -> alt.LayerChart:
    """The chart of these layers with the slider over the recorded `steps`, if several, at the place `first`.

    `description` is the chart in words. `signals` are expressions by their names in the layers: computed once, not for
    every mark. The step is written above the chart, at `y` if not close; of the first after the words `before`.
    """
    last = len(steps) - 1
    slider = {"bind": alt.binding_range(min=0, max=last, step=1, name="Recorded step")} if last else {}
    # Given to the chart when it is made: added afterwards they would have the whole chart copied.
    params = [alt.param(name=RECORD, value=first % len(steps), **slider).param]
    params += [alt.param(name=name, expr=expression).param for name, expression in (signals or {}).items()]
    texts = [f"{'' if place else before}{words}" for place, words in enumerate(describe_steps(steps))]
    table = pd.DataFrame({"record": range(len(steps)), "words": texts})
    look = {"align": "right", "baseline": "bottom", "fontWeight": "normal", "color": theme.ink}
    words = write_words(table, alt.XValue("width"), alt.YValue(y or -theme.size(4)), **look)
    return stacked(*layers, words, description=description, params=params)


def records_of(table: pd.DataFrame) -> list[int]:
    """The record of each row; 0 where they are of none."""
    return table["record"].tolist() if "record" in table else [0] * len(table)


def select_record(table: pd.DataFrame) -> alt.Chart:
    """A chart of a table: where its rows are of records, of the one that is shown."""
    chosen = [{"filter": f"datum.record == {RECORD}"}] if "record" in table else []
    return alt.Chart(table, transform=chosen or alt.Undefined)


def write_words(
    table: pd.DataFrame, x: object, y: object, hue: object = alt.Undefined, *, dx: float = 0, **look: object
) -> alt.Chart:
    """The words of each row, bold, right of its place, or left where `dx` is negative."""
    look = {"align": "right" if dx < 0 else "left", "fontWeight": "bold", "dx": dx} | look
    return select_record(table).mark_text(**look).encode(x=x, y=y, text=alt.Text("words:N"), color=hue)


def describe_steps(steps: Sequence[int]) -> list[str]:
    """When each of the recorded steps was measured, which is before it changes the weights."""
    return [f"after {count_things(step, 'step')}" if step else "before the first step" for step in steps]


def playable(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification with a play button beside its slider; as it is, where it has none.

    Vega-Lite has no timers, but hands on to Vega what it does not know of a parameter: its signal's events. The button
    is a check box, `playing`; it plays from the start where the slider is at its end, and ends there.
    """
    params = {param["name"]: param for param in spec.get("params", ())}
    slider = params.pop(RECORD, {})
    if "bind" not in slider:
        return spec
    last = slider["bind"]["max"]
    clock = {
        "name": "tick",
        "value": 0,
        "on": [{"events": {"type": "timer", "throttle": PAUSE}, "update": "playing ? tick + 1 : tick"}],
    }
    ticks = {"signal": "tick"}
    # At a tick the button is asked before the slider is moved: where one step is left, it is the last.
    button = {
        "name": "playing",
        "value": False,
        "bind": {"input": "checkbox", "name": "Play"},
        "on": [{"events": ticks, "update": f"playing && {RECORD} != {last - 1}"}],
    }
    moving = slider | {"on": [{"events": ticks, "update": f"{RECORD} >= {last} ? 0 : {RECORD} + 1"}]}
    return spec | {"params": [*params.values(), clock, button, moving]}


def highlightable(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification of a chart of lines, whose others turn faint while one is pointed at or clicked; else as it is.

    A second click on a start shows all alike again: its name is a legend and a switch.
    """
    layers = [layer for layer in spec["layer"] if layer["encoding"].get("color", {}).get("field") == "variant"]
    if not any(layer["mark"]["type"] == "line" for layer in layers):
        return spec
    for layer in layers:
        own = layer["mark"].get("opacity", 1)
        if own and "opacity" not in layer["encoding"]:
            full = {"test": f"!{FOCUS} || datum.variant == {FOCUS}", "value": own}
            layer["encoding"]["opacity"] = {"condition": full, "value": own * FAINT}
        if layer["mark"]["type"] == "text":
            layer["mark"]["cursor"] = "pointer"
    # A start that another chart has, but this one has not, makes nothing faint here.
    starts = json.dumps(layers[0]["encoding"]["color"]["scale"]["domain"])
    start = f"(indexof({starts}, {_START}) < 0 ? '' : {_START})"
    updates = {
        "pointed": ("pointerover", start),
        "clicked": ("click", f"!{start} ? clicked : clicked == {start} ? '' : {start}"),
    }
    signals = [
        {"name": name, "value": "", "on": [{"events": {"source": "window", "type": event}, "update": update}]}
        for name, (event, update) in updates.items()
    ]
    return spec | {"params": [*spec.get("params", ()), *signals]}
