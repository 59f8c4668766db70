"""`python -m tests.benchmarks [--rounds 5] [--workloads overview,P3] [--engines JAX] [--chart]`: ours beside others."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from importlib.metadata import version
from statistics import median

import numpy as np
from threadpoolctl import threadpool_info

from tests.benchmarks import floor, jax_scan, ours, sklearn_loop, torch_loop, torch_stacked
from tests.benchmarks.turns import Way, fastest, turns
from tests.benchmarks.workloads import TO_REACH, WORKLOADS, Workload

PEERS = (torch_loop, torch_stacked, jax_scan, sklearn_loop)
LOGGING = {torch_loop.NAME, torch_stacked.NAME, jax_scan.NAME}
ALIKE = 2  # first steps in which all engines must have the same losses, so that the first update is the same too

NOTES = """
What is timed: from weights in memory to losses and gradient norms in NumPy arrays; not the drawing of weights, and not
JAX's compilation. Our time includes more: drawing the weights, every probe of the pages, and the accuracy on the test
set. scikit-learn logs no norms. The same starts and batches for all but scikit-learn; the first losses are compared.
"""


def main() -> None:
    arguments = parsed()
    engines = [ours, *(e for e in (*PEERS, floor) if e.NAME in arguments.engines)]
    load, measured = os.getloadavg()[0], []
    print(header(engines))
    for workload in (WORKLOADS[name] for name in arguments.workloads):
        ways = {engine.NAME: fastest(engine.ways(workload)) for engine in engines}
        compare(workload, ways)
        measured.append((workload, turns(ways, arguments.rounds), ways))
        print(row(*measured[-1][:2]), flush=True)
    print(NOTES)
    print_ways(measured)
    print("\n" + conditions(arguments.rounds, load))
    if arguments.chart:
        from tests.benchmarks import chart, readme

        found = [(workload, ratios(times)) for workload, times, _ in measured]
        chart.write(found)
        readme.write(found, conditions(arguments.rounds, load))


def parsed() -> argparse.Namespace:
    names, engines = list(WORKLOADS), [engine.NAME for engine in (*PEERS, floor)]
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="of which the median is taken")
    parser.add_argument("--workloads", type=some_of(names), default=names, help="some of " + ",".join(names))
    parser.add_argument("--engines", type=some_of(engines), default=engines, help="some of " + ",".join(engines))
    parser.add_argument("--chart", action="store_true", help="write the ratios into tests/README.md and its chart")
    return parser.parse_args()


def some_of(names: list[str]) -> Callable[[str], list[str]]:
    def chosen(text: str) -> list[str]:
        if unknown := set(text.split(",")) - set(names):
            raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))} is none of {', '.join(names)}")
        return text.split(",")

    return chosen


def compare(workload: Workload, ways: dict[str, Way]) -> None:
    """Every engine that returns losses and norms must train what we train."""
    expected = ways[ours.NAME].run()
    for engine in LOGGING & set(ways):
        with ways[engine].around():
            found = ways[engine].run()
        # Losses pass through ReLU's kink without a step; norms do not, so that past the first update a unit at its kink
        # tells float32 engines apart.
        for theirs, mine, steps in zip(found, expected, (ALIKE, 1), strict=True):
            np.testing.assert_allclose(theirs[:, :steps], mine[:, :steps], rtol=1e-3, err_msg=engine)


def ratios(times: dict[str, list[float]]) -> dict[str, float]:
    """Theirs ÷ ours by engine, of the medians; for the floor, ours ÷ floor."""
    middle = {engine: median(each) for engine, each in times.items()}
    mine = middle.pop(ours.NAME)
    return {engine: mine / taken if engine == floor.NAME else taken / mine for engine, taken in middle.items()}


def cells(first: str, rest: list[str]) -> str:
    return f"| {first:<19} |" + "".join(f" {cell:<22} |" for cell in rest)


def header(engines: list) -> str:
    titles = ["ours ÷ floor" if e is floor else f"{e.NAME} ÷ ours" for e in engines[1:]] + ["ours, seconds"]
    return cells("", titles) + "\n|" + "-" * 21 + "|" + ("-" * 24 + "|") * len(titles)


def row(workload: Workload, times: dict[str, list[float]]) -> str:
    found = [judged(engine, workload.name, ratio) for engine, ratio in ratios(times).items()]
    return cells(
        f"{workload.name} {workload.label}, {workload.activation}", [*found, f"{median(times[ours.NAME]):.3f}"]
    )


def judged(engine: str, name: str, ratio: float) -> str:
    """A ratio beside what is to be reached: 7.31 (≥ 7: met)."""
    bar = TO_REACH.get(engine, {}).get(name)
    if bar is None:
        return f"{ratio:.2f}"
    below = engine == floor.NAME
    met = ratio <= bar if below else ratio >= bar
    return f"{ratio:.2f} ({'≤' if below else '≥'} {bar:g}: {'met' if met else 'not met'})"


def print_ways(measured: list) -> None:
    print("Median (least–most) seconds, in the fastest way found for each:")
    for workload, times, ways in measured:
        print(f"  {workload.name} {workload.activation}")
        for engine, way in ways.items():
            taken = times[engine]
            print(f"    {median(taken):7.3f} s ({min(taken):.3f}–{max(taken):.3f})  {engine}: {way.label}")


def conditions(rounds: int, load: float) -> str:
    """What was measured with: versions, threads, and how busy the machine was."""
    blas = next(lib for lib in threadpool_info() if "numpy" in lib["filepath"])
    names = {"numpy": "NumPy", "torch": "PyTorch", "jax": "JAX", "scikit-learn": "scikit-learn"}
    versions = ", ".join(f"{label} {version(name)}" for name, label in names.items())
    cores = os.cpu_count()
    return " ".join(
        [
            f"Medians of {rounds} rounds, engines in turn in one process; Python {sys.version.split()[0]}, {versions};",
            f"NumPy's BLAS is {blas['internal_api']} {blas['version']} for {blas['architecture']}.",
            f"{cores} cores: ours uses the faster of {cores} threads and processes with one BLAS thread each, PyTorch",
            f"and scikit-learn the faster of 1 and 2 threads, JAX as many as it likes. Load average {load:.1f} before,",
            f"{os.getloadavg()[0]:.1f} after.",
        ]
    )


if __name__ == "__main__":
    main()
