"""A worker: trains what it is asked, says how far it is, stops at a word, and ends with the process that began it."""

import itertools
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import Experiment, Variant
from core.experiment import train_shard
from pages.parts.serving import messages

ROOT = Path(__file__).parents[3]
SOON = 30  # seconds: for slow machines; nothing waits longer than it has to
SMALL = Experiment(hidden=(8,), variants=(Variant("he"), Variant("xavier")), seeds=2, steps=10)
ENDLESS = replace(SMALL, hidden=(256,) * 20, steps=1000)


@contextmanager
def begun():
    with subprocess.Popen(
        [sys.executable, "-m", "pages.parts.serving.worker"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture(scope="module")
def process():
    with begun() as process:
        yield process


@pytest.fixture
def worker(process):
    """One for all tests, each of which leaves it idle; whoever waits for it in vain kills it."""
    watch = threading.Timer(SOON, process.kill)
    watch.start()
    yield process
    watch.cancel()


def ask(worker, number, experiment, first=0, parts=1):
    written, arrays = messages.written(experiment)
    messages.send(worker.stdin, {"number": number, "first": first, "parts": parts, "experiment": written}, arrays)


def answers(worker, number):
    """All answers of a number, up to the one that ends it."""
    for message, arrays in messages.received(worker.stdout):
        assert message["number"] == number
        yield message, arrays
        if "ended" in message:
            return


def ended(worker):
    return ((message, arrays) for message, arrays in messages.received(worker.stdout) if "ended" in message)


def test_it_trains_its_part_to_the_bit(worker):
    ask(worker, 1, SMALL, 1, 2)
    *said, (last, made) = answers(worker, 1)
    assert last["ended"] == "trained"
    assert [message["fraction"] for message, _ in said][-1] == 1
    expected = train_shard(SMALL, 1, 2, 1, lambda fraction: None)
    assert list(made) == list(expected)
    for name, array in expected.items():
        np.testing.assert_array_equal(made[name], array, err_msg=name, strict=True)


def test_it_stops_at_a_word_and_does_the_next(worker):
    ask(worker, 1, ENDLESS)
    said = answers(worker, 1)
    next(said)
    messages.send(worker.stdin, {"stop": 1})
    assert [message.get("ended") for message, _ in said][-1] == "stopped"
    ask(worker, 2, SMALL)
    assert list(answers(worker, 2))[-1][0]["ended"] == "trained"


def test_a_word_that_comes_too_late_stops_nothing(worker):
    ask(worker, 1, SMALL)
    list(answers(worker, 1))
    messages.send(worker.stdin, {"stop": 1})
    ask(worker, 2, SMALL)
    assert list(answers(worker, 2))[-1][0]["ended"] == "trained"


def test_only_what_was_stopped_is_stopped_whatever_its_number(worker):
    """Who asked first may get a worker last: numbers come in any order."""
    for number in (5, 9, 7):
        ask(worker, number, ENDLESS)
    for number in (9, 5, 7):
        messages.send(worker.stdin, {"stop": number})
    for number in (1, 8, 6):
        ask(worker, number, SMALL)
    heard = [message for message, _ in itertools.islice(ended(worker), 6)]
    assert [message["number"] for message in heard] == [5, 9, 7, 1, 8, 6]
    assert [message["ended"] for message in heard] == ["stopped"] * 3 + ["trained"] * 3


def test_it_tells_what_failed_and_goes_on(worker):
    written, _ = messages.written(SMALL)
    messages.send(
        worker.stdin, {"number": 1, "first": 0, "parts": 1, "experiment": written | {"activation": "none such"}}
    )
    ((message, _),) = answers(worker, 1)
    assert message["ended"] == "failed"
    assert "activation is 'none such'" in message["why"]
    ask(worker, 2, SMALL)
    assert list(answers(worker, 2))[-1][0]["ended"] == "trained"


def test_it_ends_with_the_process_that_began_it():
    with begun() as worker:
        ask(worker, 1, ENDLESS)
        next(answers(worker, 1))
        worker.stdin.close()
        assert worker.wait(SOON) == 0


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="a terminal's Ctrl+C is a signal to all processes of a group")
def test_ctrl_c_is_for_the_process_that_began_it(worker):
    ask(worker, 1, SMALL)
    list(answers(worker, 1))
    worker.send_signal(2)
    time.sleep(0.1)
    ask(worker, 2, SMALL)
    assert list(answers(worker, 2))[-1][0]["ended"] == "trained"
