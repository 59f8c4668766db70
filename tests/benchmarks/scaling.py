"""`python -m tests.benchmarks.scaling [--rounds 3]`: how time grows with runs, depth, width and steps."""

from __future__ import annotations

import argparse
import os
from functools import partial
from itertools import pairwise
from statistics import median

import numpy as np

from core import Experiment, Variant, run
from tests.benchmarks.turns import Way, seconds

BASE = {"hidden": (64,) * 5, "seeds": 8, "steps": 100, "variants": (Variant("he", learning_rate=0.01),)}
SERIES = {
    "runs": {n: {"seeds": n} for n in (6, 12, 24, 48)},
    "depth": {n: {"hidden": (64,) * n} for n in (6, 12, 24, 48)},
    "width": {n: {"hidden": (n,) * 5, "seeds": 2, "steps": 20} for n in (64, 128, 256, 512, 1024)},
    "steps": {n: {"steps": n} for n in (50, 100, 200, 400)},
}
EXPECTED = {"runs": 1, "depth": 1, "width": 2, "steps": 1}
WARM_UP = 4  # steps


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scaling", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="of which the median is taken")
    rounds = parser.parse_args().rounds
    run(Experiment(**BASE | {"steps": WARM_UP}))
    for name, sizes in SERIES.items():
        print_series(name, grown(sizes, rounds), EXPECTED[name])
    print(f"\n{rounds} rounds; {os.cpu_count()} cores; load average {os.getloadavg()[0]:.1f}")


def grown(sizes: dict[int, dict], rounds: int) -> dict[int, float]:
    """Seconds by size, the median of rounds in which the sizes take turns."""
    ways = {n: Way(str(n), partial(run, Experiment(**BASE | changed))) for n, changed in sizes.items()}
    times = [{n: seconds(way) for n, way in ways.items()} for _ in range(rounds)]
    return {n: median(round_[n] for round_ in times) for n in ways}


def slope(times: dict[int, float]) -> float:
    """Of log time over log size: 1 is linear, 2 quadratic."""
    return float(np.polyfit(np.log(list(times)), np.log(list(times.values())), 1)[0])


def print_series(name: str, times: dict[int, float], expected: int) -> None:
    upper = dict(list(times.items())[len(times) // 2 :])
    print(
        f"\n{name}: slope {slope(times):.2f}, of the upper half {slope(upper):.2f}; {expected} is expected in the end"
    )
    steps = [float("nan"), *(slope({a: times[a], b: times[b]}) for a, b in pairwise(times))]
    for (n, taken), step in zip(times.items(), steps, strict=True):
        print(f"  {n:5} {taken:8.3f} s" + (f"   slope {step:.2f}" if step == step else ""))


if __name__ == "__main__":
    main()
