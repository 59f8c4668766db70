"""`python -m tests.benchmarks.ticks [--rounds 3]`: whether `tick` is called in time, and ends a run at once."""

from __future__ import annotations

import argparse
import os
import threading
import time

import numpy as np

from core import Experiment, Variant, run
from tests.benchmarks.workloads import WORKLOADS

GAP, CANCEL = 0.050, 0.100  # seconds, promised
MOMENTS = (0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9)  # shares of a run's time after which it is canceled
DEEP_AND_WIDE = Experiment(hidden=(512,) * 50, variants=(Variant("he", learning_rate=0.01),), seeds=1, steps=20)
CASES = {"P4 (10 × 256, 8 runs, batch 256)": WORKLOADS["P4"].experiment, "1 run of 50 × 512": DEEP_AND_WIDE}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.ticks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    for name, experiment in CASES.items():
        all_gaps = [gaps(experiment) for _ in range(rounds)]
        taken = float(np.median([found.sum() for found in all_gaps]))
        found = np.concatenate(all_gaps)
        waits = np.array([canceled(experiment, share * taken) for _ in range(rounds) for share in MOMENTS])
        print(f"\n{name}, {experiment.steps} steps in {taken:.2f} s")
        print_line("between ticks", found, GAP)
        print_line("from an exception in tick to its return, all threads gone", waits, CANCEL)
    print(f"\n{rounds} rounds; {os.cpu_count()} cores; load average {os.getloadavg()[0]:.1f}")


def gaps(experiment: Experiment) -> np.ndarray:
    """Seconds between ticks, from the call of `run` to the first and from the last to its return included."""
    at = [time.perf_counter()]
    run(experiment, lambda fraction: at.append(time.perf_counter()))
    return np.diff([*at, time.perf_counter()])


class Cancel(Exception):
    """What the tick raises."""


def canceled(experiment: Experiment, after: float) -> float:
    """Seconds from the exception that tick raises after so many seconds to its arrival at the caller."""
    began, raised, threads = time.perf_counter(), 0.0, threading.active_count()

    def tick(fraction: float) -> None:
        nonlocal raised
        if time.perf_counter() - began >= after:
            raised = time.perf_counter()
            raise Cancel

    try:
        run(experiment, tick)
    except Cancel:
        waited = time.perf_counter() - raised
        if threading.active_count() > threads:
            raise RuntimeError("worker threads outlive the run") from None
        return waited
    return float("nan")  # over before its time


def print_line(what: str, found: np.ndarray, promised: float) -> None:
    found = 1000 * found[np.isfinite(found)]
    verdict = "kept" if found.max() <= 1000 * promised else "not kept"
    numbers = f"median {np.median(found):.1f}, p99 {np.percentile(found, 99):.1f}, max {found.max():.1f} ms"
    print(f"  {what}: {numbers} (≤ {1000 * promised:.0f}: {verdict}; {found.size} measured)")


if __name__ == "__main__":
    main()
