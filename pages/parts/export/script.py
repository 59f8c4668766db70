"""What a page shows as a short Python file that runs it again, without the page."""

import dataclasses
import json
import tomllib
from pathlib import Path
from typing import Any

from core import Experiment, Variant
from core.advice import Question
from core.datasets import Dataset
from core.sweep import Sweep
from pages.parts.settings import Upload

_TEMPLATES = tomllib.loads(Path(__file__).with_name("scripts.toml").read_text(encoding="utf-8"))


def write_script(value: Experiment | Sweep | Question, own: Upload | None, title: str, name: str) -> str:
    """The text of the file of this name; data of the viewer's `own` have to be beside it."""
    code = _write_expression(value)
    names = ", ".join(name for name in ("Clip", "Experiment", "Variant") if f"{name}(" in code)
    imports, where, data = "from core.advice import Question, measure", "the folder `core` is", ""
    if names:
        imports = f"from core import {names}\n{imports}"
    if own:
        imports = f"from pathlib import Path\n\n{imports}\nfrom core.files import examples, tabular"
        where = "the folder `core` is, and the CSV that was uploaded"
        codes = {field.name: _write_expression(getattr(own, field.name)) for field in dataclasses.fields(own)}
        data = _TEMPLATES["data"].format(**codes)
    template = type(value).__name__.lower()
    words = {"title": title, "name": name, "names": names, "imports": imports, "where": where, "data": data}
    return _TEMPLATES[template].format(**words, **{template: code})


def _write_expression(value: Any, indent: str = "") -> str:
    """The expression that makes the value, a line an item."""
    deeper = indent + "    "
    if isinstance(value, Dataset):
        return "data"  # which the script has made before
    if dataclasses.is_dataclass(value):
        lines = [f"{name}={_write_expression(given, deeper)}" for name, given in _list_given(value)]
        if isinstance(value, Experiment | Question | Sweep):
            return _write_block(f"{type(value).__name__}(", lines, ")", indent)
        return f"{type(value).__name__}({', '.join(lines)})"
    if isinstance(value, tuple) and len(value) > 2 and len(set(value)) == 1:
        return f"({value[0]!r},) * {len(value)}"
    if isinstance(value, tuple) and any(map(dataclasses.is_dataclass, value)):
        return _write_block("(", [_write_expression(each, deeper) for each in value], ")", indent)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _write_block(head: str, lines: list[str], tail: str, indent: str) -> str:
    return head + "".join(f"\n{indent}    {line}," for line in lines) + f"\n{indent}{tail}"


def _list_given(value: Any) -> list[tuple[str, Any]]:
    """All fields of an experiment or a question; of others those that are not at their defaults.

    A label that a variant makes itself is left to it.
    """
    own_label = isinstance(value, Variant) and dataclasses.replace(value, label="") == value
    given = []
    for field in dataclasses.fields(value):
        is_set = isinstance(value, Experiment | Question) or getattr(value, field.name) != field.default
        if is_set and not (own_label and field.name == "label"):
            given.append((field.name, getattr(value, field.name)))
    return given
