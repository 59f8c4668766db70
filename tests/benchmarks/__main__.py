"""`python -m tests.benchmarks [--rounds 5] [--workloads P1,P3] [--chart]`: how fast we are beside others."""

from __future__ import annotations

import argparse
import os
import sys
from importlib.metadata import version

import numpy as np
from threadpoolctl import threadpool_info

from tests.benchmarks import floor, jax_scan, ours, sklearn_loop, torch_loop, torch_stacked
from tests.benchmarks.turns import Way, fastest, medians
from tests.benchmarks.workloads import TO_REACH, WORKLOADS, Workload, workloads

ENGINES = (ours, torch_loop, torch_stacked, jax_scan, sklearn_loop, floor)
ALIKE = 5  # first steps in which all engines must have the same losses and norms

NOTES = """
What is timed: from weights in memory to losses and gradient norms in NumPy arrays; not the drawing of weights, and not
JAX's compilation. Our time includes more: drawing the weights, every probe of the pages, and the accuracy on the test
set. scikit-learn logs no norms. The same starts and batches for all but scikit-learn; the first losses are compared.
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    names = [name for name, *_ in WORKLOADS]
    parser.add_argument("--rounds", type=int, default=5, help="of which the median is taken")
    parser.add_argument("--workloads", default=",".join(names), help="some of " + ",".join(names))
    parser.add_argument("--chart", action="store_true", help="write the ratios to .github/benchmark.svg")
    arguments = parser.parse_args()
    chosen = workloads(arguments.workloads.split(","))
    load = os.getloadavg()[0]
    measured = []
    print(header())
    for workload in chosen:
        ways = {engine.NAME: fastest(engine.ways(workload)) for engine in ENGINES}
        compare(workload, ways)
        measured.append((workload, medians(ways, arguments.rounds), ways))
        print(row(*measured[-1][:2]), flush=True)
    print(NOTES)
    print_ways(measured)
    print_versions(arguments.rounds, load)
    if arguments.chart:
        from tests.benchmarks.chart import write

        write([(workload, ratios(times)) for workload, times, _ in measured])


def compare(workload: Workload, ways: dict[str, Way]) -> None:
    """Every engine that returns losses and norms must train what we train."""
    expected = ways[ours.NAME].run()
    for engine, way in ways.items():
        for found, ours_ in zip(way.run() or (), expected, strict=False):
            np.testing.assert_allclose(found[:, :ALIKE], ours_[:, :ALIKE], rtol=1e-3, err_msg=engine)


def ratios(times: dict[str, float]) -> dict[str, float]:
    """Theirs ÷ ours by engine; for the floor, ours ÷ floor."""
    mine = times[ours.NAME]
    others = {engine: theirs / mine for engine, theirs in times.items() if engine != ours.NAME}
    return others | {floor.NAME: mine / times[floor.NAME]}


def cells(first: str, rest: list[str]) -> str:
    return f"| {first:<22} |" + "".join(f" {cell:<19} |" for cell in rest)


def header() -> str:
    titles = [f"{e.NAME} ÷ ours" for e in ENGINES[1:-1]] + ["ours ÷ floor", "ours, seconds"]
    return cells("", titles) + "\n|" + "-" * 24 + "|" + ("-" * 21 + "|") * len(titles)


def row(workload: Workload, times: dict[str, float]) -> str:
    found = [judged(engine, workload.name, ratio) for engine, ratio in ratios(times).items()]
    return cells(f"{workload.name} {workload.label}, {workload.activation}", [*found, f"{times[ours.NAME]:.3f}"])


def judged(engine: str, name: str, ratio: float) -> str:
    """A ratio beside what is to be reached: 7.31 (≥ 7: met)."""
    bar = TO_REACH.get(engine, {}).get(name)
    if bar is None:
        return f"{ratio:.2f}"
    below = engine == floor.NAME
    met = ratio <= bar if below else ratio >= bar
    return f"{ratio:.2f} ({'≤' if below else '≥'} {bar:g}: {'met' if met else 'not met'})"


def print_ways(measured: list) -> None:
    print("The fastest way found for each:")
    for workload, times, ways in measured:
        print(f"  {workload.name} {workload.activation}")
        for engine, way in ways.items():
            print(f"    {times[engine]:7.3f} s  {engine}: {way.label}")


def print_versions(rounds: int, load: float) -> None:
    blas = next(lib for lib in threadpool_info() if "numpy" in lib["filepath"])
    names = ("numpy", "torch", "jax", "scikit-learn")
    print(f"\nPython {sys.version.split()[0]}, " + ", ".join(f"{name} {version(name)}" for name in names))
    print(f"NumPy's BLAS: {blas['internal_api']} {blas['version']}, {blas['architecture']}; {os.cpu_count()} cores")
    print(f"{rounds} rounds; load average {load:.1f} before, {os.getloadavg()[0]:.1f} after")


if __name__ == "__main__":
    main()
