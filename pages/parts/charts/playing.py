"""Playing: a chart of one recorded step gets a slider over all of them and a play button, both in the browser."""

from __future__ import annotations

from typing import Any

import altair as alt

RECORD = "record"  # the index of the recorded step that is shown, in a chart's expressions
PAUSE = 500  # milliseconds between two steps


def scrubber(records: int, first: int) -> alt.Parameter:
    """The slider over so many recorded steps, at `first` of them to begin with."""
    slider = alt.binding_range(min=0, max=max(1, records - 1), step=1, name="Recorded step")
    return alt.param(name=RECORD, value=first, bind=slider)


def playable(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification of a chart, with a play button beside its slider; as it is, where it has none.

    Vega-Lite has no timers, but hands on to Vega what it does not know of a parameter: its signal's events. The button
    is a check box, `playing`; it plays from the start where the slider is at its end, and ends there.
    """
    slider = next((param for param in spec.get("params", ()) if param["name"] == RECORD), None)
    if slider is None:
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
    moved = slider | {"on": [{"events": ticks, "update": f"{RECORD} >= {last} ? 0 : {RECORD} + 1"}]}
    others = [param for param in spec["params"] if param is not slider]
    return spec | {"params": [*others, clock, button, moved]}
