"""The measured ratios as a section of tests/README.md: the chart, a table, and what they were measured with."""

from __future__ import annotations

from pathlib import Path

from core import ACTIVATIONS
from tests.benchmarks.chart import ENGINES, titled
from tests.benchmarks.workloads import Workload

PATH = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- written by python -m tests.benchmarks --chart -->", "<!-- end of what it writes -->"
HEADING = """## How fast it is

![How long others take for the same training, ours being 1](../.github/benchmark.svg)

The same training on digits by gradient descent, loss and gradient norm of every layer logged at every step: how many
times as long as ours the others take (scikit-learn logs no norms). In the last column: how many times as long we take
as the matrix products alone, in their best arrangement; ours includes drawing the weights, every probe and the test
accuracy.
"""


def write(measured: list[tuple[Workload, dict[str, float]]], conditions: str) -> None:
    """Put the section between its two marks in tests/README.md."""
    text = PATH.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{PATH.name} has no lines {BEGIN!r} and {END!r}")
    PATH.write_text(before + section(measured, conditions) + after, encoding="utf-8")
    print(f"written: {PATH.name}")


def section(measured: list[tuple[Workload, dict[str, float]]], conditions: str) -> str:
    """The section with its marks, in Markdown."""
    engines = [name for name in ENGINES if name in measured[0][1]]
    lines = [
        ["", "", *("ours ÷ products" if name == "floor" else f"{ENGINES[name]} ÷ ours" for name in engines)],
        ["---"] * 2 + ["---:"] * len(engines),
    ]
    for workload, ratios in measured:
        name = ACTIVATIONS[workload.activation].label
        lines.append([titled(workload), name, *(f"{ratios[engine]:.2f}" for engine in engines)])
    table = "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
    return "\n".join([BEGIN, HEADING, table, "", conditions, END])
