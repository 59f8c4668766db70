"""What a page shows as a Python file of a few lines that runs it again without the page, and prints its losses."""

import dataclasses
import json
import tomllib
from pathlib import Path
from typing import Any

from core import Clip, Experiment, Variant
from core.advice import Question
from core.datasets import Dataset
from core.sweep import Sweep
from pages.parts.settings import Upload

_TEMPLATES = tomllib.loads(Path(__file__).with_name("scripts.toml").read_text(encoding="utf-8"))


def write_experiment(title: str, name: str, experiment: Experiment) -> str:
    """The file's text; `name` is what the file is called."""
    return _fill("experiment", experiment, title=title, name=name)


def write_sweep(title: str, name: str, sweep: Sweep) -> str:
    """The same of a map, which it writes to a file."""
    return _fill("sweep", sweep, title=title, name=name)


def write_question(title: str, name: str, question: Question, own: Upload | None) -> str:
    """The same of what was asked about a network; of data of the viewer's `own` it needs their file beside it."""
    imports, where, data = "from core.advice import Question, measure", "the folder `core` is", ""
    if question.clip:
        imports = f"from core import Clip\n{imports}"
    if own:
        imports = f"from pathlib import Path\n\n{imports}\nfrom core.files import examples, tabular"
        where = "the folder `core` is, and the CSV that was uploaded"
        names = (line.name for line in dataclasses.fields(own) if line.name != "data")
        data = _TEMPLATES["data"].format(**{name: _expression(getattr(own, name)) for name in names})
    return _fill("question", question, title=title, name=name, imports=imports, where=where, data=data)


def _fill(template: str, value: Experiment | Sweep | Question, **given: str) -> str:
    """The script of this name in scripts.toml, which says `value` with the names that it needs from core."""
    written = _expression(value)
    names = [kind.__name__ for kind in (Clip, Experiment, Variant) if f"{kind.__name__}(" in written]
    return _TEMPLATES[template].format(**{template: written}, names=", ".join(names), **given)


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
