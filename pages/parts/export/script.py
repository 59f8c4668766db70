"""What a page shows as a Python file of a few lines that runs it again without the page, and prints its losses."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from core import Clip, Experiment, Variant
from core.advice import Question
from core.datasets import Dataset
from core.sweep import Sweep
from pages.parts.settings import Upload

_OF_EXPERIMENT = '''"""{title} Run it where the folder `core` is: python {name}

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

_OF_QUESTION = '''"""{title} Run it where {where}: python {name}

It prints the loss of every step, as losses.csv has it: variant, learning_rate, final, fold, seed, step, loss.
"""

{imports}
{data}
question = {question}

measured = measure(question)
for final, results in enumerate((measured.results, measured.finals)):
    for fold, result in enumerate(results):
        for variant, of_variant in zip(result.experiment.variants, result.loss, strict=True):
            for seed, of_seed in enumerate(of_variant):
                for step, loss in enumerate(of_seed.tolist()):
                    print(variant.label, variant.learning_rate, final, fold, seed, step, loss, sep=",")
'''
_OF_SWEEP = '''"""{title} Run it where the folder `core` is: python {name}

It writes map.parquet, which the page opens.
"""

from pathlib import Path

from core import {names}
from core.sweep import Axis, Sweep, run_sweep
from core.sweep.map_file import save

sweep = {sweep}

if __name__ == "__main__":  # for the processes that it starts
    save(run_sweep(sweep), Path("map.parquet"))
'''
_DATA = """
table = tabular.read(Path({file}).read_bytes(), {has_names})
data = examples.prepare(table, {target}, {output}, {left_out}).dataset({scaling}, {target_scaling})
"""


def write_experiment(title: str, name: str, experiment: Experiment) -> str:
    """The file's text; `name` is what the file is called."""
    written = _expression(experiment)
    names = [kind.__name__ for kind in (Clip, Experiment, Variant) if f"{kind.__name__}(" in written]
    return _OF_EXPERIMENT.format(title=title, name=name, names=", ".join([*names, "run"]), experiment=written)


def write_sweep(title: str, name: str, sweep: Sweep) -> str:
    """The same of a map, which it writes to a file."""
    written = _expression(sweep)
    names = [kind.__name__ for kind in (Clip, Experiment, Variant) if f"{kind.__name__}(" in written]
    return _OF_SWEEP.format(title=title, name=name, names=", ".join(names), sweep=written)


def write_question(title: str, name: str, question: Question, own: Upload | None) -> str:
    """The same of what was asked about a network; of data of the viewer's `own` it needs their file beside it."""
    imports, where, data = "from core.advice import Question, measure", "the folder `core` is", ""
    if own:
        imports = f"from pathlib import Path\n\n{imports}\nfrom core.files import examples, tabular"
        where = "the folder `core` is, and the CSV that was uploaded"
        data = _DATA.format(
            **{
                line.name: _expression(getattr(own, line.name))
                for line in dataclasses.fields(own)
                if line.name != "data"
            }
        )
    written = _expression(question)
    if question.clip:
        imports = imports.replace("from core.advice", "from core import Clip\nfrom core.advice")
    return _OF_QUESTION.format(title=title, name=name, imports=imports, where=where, data=data, question=written)


def _expression(value: Any, indent: str = "") -> str:
    """The expression that makes the value, a line an item."""
    deeper = indent + "    "
    if isinstance(value, Dataset):
        return "data"  # which the script has made before
    if dataclasses.is_dataclass(value):
        lines = [f"{name}={_expression(given, deeper)}" for name, given in _given(value)]
        if isinstance(value, Experiment | Question | Sweep):
            return _block(f"{type(value).__name__}(", lines, ")", indent)
        return f"{type(value).__name__}({', '.join(lines)})"
    if isinstance(value, tuple) and len(value) > 2 and len(set(value)) == 1:
        return f"({value[0]!r},) * {len(value)}"
    if isinstance(value, tuple) and any(map(dataclasses.is_dataclass, value)):
        return _block("(", [_expression(each, deeper) for each in value], ")", indent)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _block(head: str, lines: list[str], tail: str, indent: str) -> str:
    return head + "".join(f"\n{indent}    {line}," for line in lines) + f"\n{indent}{tail}"


def _given(value: Any) -> list[tuple[str, Any]]:
    """The fields: of an experiment or a question all, of its parts those that are not at their defaults.

    A label that a variant makes itself is left to it.
    """
    fields = [(line.name, getattr(value, line.name), line.default) for line in dataclasses.fields(value)]
    if isinstance(value, Variant) and dataclasses.replace(value, label="") == value:
        fields = [field for field in fields if field[0] != "label"]
    return [
        (name, given) for name, given, default in fields if given != default or isinstance(value, Experiment | Question)
    ]
