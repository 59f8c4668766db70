"""Training a map: the same bits wherever it is trained, and on after whatever has died."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from joblib.externals.loky.process_executor import TerminatedWorkerError

from core.experiment import run
from core.settings import Experiment, Variant
from core.sweep import Axis, Sweep, run_sweep, running
from core.sweep.__main__ import main
from core.sweep.map_file import load, open_journal
from core.sweep.running import MEASURED, describe_cost, measure_cells, measure_stack

ROOT = Path(__file__).parents[3]
SWEEP = Sweep(
    Experiment("digits", (8,), "relu", (Variant("xavier", learning_rate=100),), seeds=2, steps=8, batch_size=16),
    Axis("gain", (0.01, 1.0, 1e6)),
    Axis("depth", (1, 2, 3)),
)


@pytest.fixture(scope="module")
def here():
    return run_sweep(SWEEP, jobs=1)


def assert_same_bits(one, other):
    for name in MEASURED:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)


def test_a_cell_has_the_bits_that_it_has_alone(here):
    assert here.diverged.any()
    assert not here.diverged.all()
    for row, column in SWEEP.cells:
        alone = measure_cells(run(replace(SWEEP.experiment((row, column)))))
        for name in MEASURED:
            np.testing.assert_array_equal(alone[name][0], getattr(here, name)[row, column], name)


def test_processes_give_the_same_bits_although_one_is_killed(here):
    psutil = pytest.importorskip("psutil")
    killed = []

    def kill_one(cells, measured):
        if not killed:
            children = psutil.Process().children(recursive=True)
            running = [child for child in children if child.status() != psutil.STATUS_ZOMBIE]
            killed.extend(child.pid for child in running if "LokyProcess" in " ".join(child.cmdline()))
            os.kill(killed[0], signal.SIGKILL)

    assert_same_bits(run_sweep(SWEEP, jobs=2, notify=kill_one), here)
    assert killed


def test_a_process_that_keeps_dying_is_given_up(monkeypatch):
    def die(stack):
        raise TerminatedWorkerError

    monkeypatch.setattr(running, "measure_stack", die)
    with pytest.raises(RuntimeError, match="3 times in a row"):
        run_sweep(SWEEP, jobs=2)


def test_a_cluster_gives_the_same_bits(here):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        assert_same_bits(run_sweep(SWEEP, scheduler=cluster.scheduler_address), here)


COMMAND = ["--x", "gain", "0.5:2:2", "--y", "depth", "1:6:6", "--seeds", "1", "--steps", "5", "--jobs", "1", "--out"]
KILLED = """
import os, signal, sys
from core.sweep.__main__ import main

fsync, written = os.fsync, []

def fsync_and_die(file):
    fsync(file)
    written.append(file)
    if len(written) == 4:  # the third stack, below what says of which map they are
        os.write(file, b'{"cells": [[0')
        os.kill(os.getpid(), signal.SIGKILL)

os.fsync = fsync_and_die
main(sys.argv[1:])
"""


def test_the_same_command_goes_on_after_a_kill(tmp_path, monkeypatch, capsys):
    out, cells = tmp_path / "map.parquet", tmp_path / "map.parquet.cells"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, *COMMAND, str(out)], cwd=ROOT, capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert not out.exists()
    trained = []
    monkeypatch.setattr(running, "measure_stack", lambda stack: trained.append(stack.cells) or measure_stack(stack))
    assert main([*COMMAND, str(out)]) == 0
    assert [stack[0][0] for stack in trained] == [2, 1, 0]
    assert not cells.exists()
    assert "of 12 networks learn" in capsys.readouterr().out
    result = load(out.read_bytes())
    assert_same_bits(run_sweep(result.sweep, jobs=1), result)
    assert main([*COMMAND, str(out)]) == 2
    assert "exists already" in capsys.readouterr().err


def test_cells_of_another_map_are_not_taken_for_ones_own(tmp_path):
    with open_journal(tmp_path / "cells", SWEEP):
        pass
    other = replace(SWEEP, y=Axis("depth", (1, 2)))
    with pytest.raises(ValueError, match="of another map"), open_journal(tmp_path / "cells", other):
        pass


def test_a_plan_counts_networks_and_trains_no_map(capsys):
    assert main(["--x", "gain", "0.5:2:3", "--y", "depth", "1:3:3", "--seeds", "2", "--steps", "5", "--plan"]) == 0
    assert capsys.readouterr().out.startswith("18 networks, ")
    cost = describe_cost(SWEEP, 2)
    assert cost.startswith("18 networks, ")
    assert not cost.startswith("18 networks, 0 multiply-adds")
    assert cost.endswith(" on 2 cores like this machine's.")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--x", "gain", "1:2:2", "--y", "gain", "1:2:2", "--plan"), "Both axes are gain"),
        (("--x", "gain", "1:2:2", "--y", "momentum", "1:2:2", "--plan"), "An axis cannot be 'momentum'"),
        (("--x", "gain", "1:2:2", "--y", "depth", "1:2:2"), "--out"),
        (("--x", "gain", "1:2:2", "--y", "depth", "1:2:2", "--plan", "--seeds", "0"), "seeds is 0"),
    ],
)
def test_what_cannot_be_trained_is_refused_in_one_line(arguments, words, capsys):
    assert main(list(arguments)) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
