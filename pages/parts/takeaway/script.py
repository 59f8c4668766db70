"""An experiment as a Python file of a few lines that reruns it by the core alone and prints its losses."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from core import Clip, Experiment, Variant

_SCRIPT = '''"""{title} Run it where the folder `core` is: python {name}

It prints the loss of every step, as losses.csv has it: variant, seed, step, loss.
"""

from core import {names}

experiment = {experiment}

result = run(experiment)
for label, of_variant in zip(experiment.labels, result.loss, strict=True):
    for seed, of_seed in enumerate(of_variant):
        for step, loss in enumerate(of_seed.tolist()):
            print(label, seed, step, loss, sep=",")
'''


def source(title: str, name: str, experiment: Experiment) -> str:
    """The file's text; `name` is what the file is called."""
    written = _made(experiment)
    names = [kind.__name__ for kind in (Clip, Experiment, Variant) if f"{kind.__name__}(" in written]
    return _SCRIPT.format(title=title, name=name, names=", ".join([*names, "run"]), experiment=written)


def _made(value: Any, indent: str = "") -> str:
    """The expression that makes the value, a line an item."""
    deeper = indent + "    "
    if dataclasses.is_dataclass(value):
        lines = [f"{name}={_made(given, deeper)}" for name, given in _given(value)]
        if isinstance(value, Experiment):
            return _block("Experiment(", lines, ")", indent)
        return f"{type(value).__name__}({', '.join(lines)})"
    if isinstance(value, tuple) and len(value) > 2 and len(set(value)) == 1:
        return f"({value[0]!r},) * {len(value)}"
    if isinstance(value, tuple) and any(map(dataclasses.is_dataclass, value)):
        return _block("(", [_made(each, deeper) for each in value], ")", indent)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _block(head: str, lines: list[str], tail: str, indent: str) -> str:
    return head + "".join(f"\n{indent}    {line}," for line in lines) + f"\n{indent}{tail}"


def _given(value: Any) -> list[tuple[str, Any]]:
    """The fields: of an experiment all, of its parts those that are not at their defaults.

    A label that a variant makes itself is left to it.
    """
    fields = [(line.name, getattr(value, line.name), line.default) for line in dataclasses.fields(value)]
    if isinstance(value, Variant) and dataclasses.replace(value, label="") == value:
        fields = [field for field in fields if field[0] != "label"]
    return [(name, given) for name, given, default in fields if given != default or isinstance(value, Experiment)]
