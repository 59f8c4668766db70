"""`python -m tests.benchmarks.probes [--rounds 11]`: what share of a default run is spent on measuring it."""

from __future__ import annotations

import argparse
import os
from statistics import median
from unittest import mock

from core import Experiment, run
from core.engine import results
from tests.benchmarks.turns import Way, seconds
from tests.benchmarks.workloads import WORKLOADS

FEW = 2  # records: the first and the last
AT_MOST = 0.15


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.probes", description=__doc__)
    parser.add_argument("--rounds", type=int, default=11, help="of which the median is taken")
    rounds = parser.parse_args().rounds
    cases = {"Experiment()": Experiment()}
    cases |= {f"{w.name} {w.label}, {w.activation}": w.experiment for w in [WORKLOADS["P2"]]}
    for name, experiment in cases.items():
        print_share(name, len(results.recorded_steps(experiment)), *compared(experiment, rounds))
    print(f"\n{rounds} rounds; {os.cpu_count()} cores; load average {os.getloadavg()[0]:.1f}")


def compared(experiment: Experiment, rounds: int) -> tuple[float, float]:
    """Seconds with all records and with few, medians of rounds in turn, after a warm-up of each."""
    ways = [Way("all", lambda: run(experiment)), Way("few", lambda: few(experiment))]
    times = [[seconds(way) for way in ways] for _ in range(1 + rounds)][1:]
    with_all, with_few = (median(column) for column in zip(*times, strict=True))
    return with_all, with_few


def few(experiment: Experiment) -> None:
    with mock.patch.object(results, "RECORDS", FEW):
        run(experiment)


def print_share(name: str, records: int, with_all: float, with_few: float) -> None:
    """The probes' share of a run: what the records left out save, scaled up to all of them."""
    share = (with_all - with_few) / with_all * records / (records - FEW)
    verdict = "met" if share <= AT_MOST else "not met"
    times = f"{with_all:.3f} s with {records} records, {with_few:.3f} s with {FEW}"
    print(f"{name}: {times}: probes take {share:.0%} (≤ {AT_MOST:.0%}: {verdict})")


if __name__ == "__main__":
    main()
