"""Highlighting: while a start is pointed at, or after a click on it, the other starts are faint on all charts."""

import json
from typing import Any

FAINT = 0.15  # of a mark's own opacity
FOCUS = "(pointed || clicked)"
# What is under the pointer, on whichever chart: in an SVG, Vega notes on each element what it is drawn of.
_ITEM = "event.target.__data__"
_START = f"({_ITEM} && {_ITEM}.datum && {_ITEM}.datum.variant || '')"


def highlightable(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification of a chart of lines, a start each, with such marks; any other as it is.

    A second click on a start shows all alike again: its name is a legend and a switch. Vega-Lite hands on to Vega what
    it does not know of a parameter: its signal's events.
    """
    layers = [layer for layer in spec["layer"] if layer["encoding"].get("color", {}).get("field") == "variant"]
    if not any(layer["mark"]["type"] == "line" for layer in layers):
        return spec
    for layer in layers:
        own = layer["mark"].get("opacity", 1)
        if own and "opacity" not in layer["encoding"]:
            shown = {"test": f"!{FOCUS} || datum.variant == {FOCUS}", "value": own}
            layer["encoding"]["opacity"] = {"condition": shown, "value": own * FAINT}
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
