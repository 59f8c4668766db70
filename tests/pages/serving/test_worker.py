"""A worker: trains what is requested, replies its progress, can be canceled, and ends with the app."""

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
from tests.pages.conftest import SOON

ROOT = Path(__file__).parents[3]
SMALL = Experiment(hidden=(8,), variants=(Variant("he"), Variant("xavier")), seeds=2, steps=10)
ENDLESS = replace(SMALL, hidden=(64,) * 20, steps=10_000)


@contextmanager
def started():
    with subprocess.Popen(
        [sys.executable, "-m", "pages.parts.serving.workers"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture(scope="module")
def process():
    with started() as process:
        yield process


@pytest.fixture
def worker(process):
    """One for all tests, each of which leaves it idle; it is killed where one waits in vain."""
    watch = threading.Timer(SOON, process.kill)
    watch.start()
    yield process
    watch.cancel()


def request(worker, experiment, first=0, shard_count=1):
    fields, arrays = messages.serialize(experiment)
    messages.write_message(worker.stdin, {"experiment": fields, "first": first, "shard_count": shard_count}, arrays)


def replies(worker):
    """All that it replies up to the outcome."""
    while message := messages.read_message(worker.stdout):
        yield message
        if "progress" not in message[0]:
            return


def outcome(worker):
    return list(replies(worker))[-1][0]


def test_it_trains_its_part_to_the_bit(worker):
    request(worker, SMALL, 1, 2)
    *ticks, (last, shard) = replies(worker)
    assert last == {"trained": True}
    assert [fields["progress"] for fields, _ in ticks][-1] == 1
    expected = train_shard(SMALL, 1, 2, 1, lambda fraction: None)
    assert list(shard) == list(expected)
    for name, array in expected.items():
        np.testing.assert_array_equal(shard[name], array, err_msg=name, strict=True)


def test_it_stops_when_it_is_told_and_trains_the_next(worker):
    request(worker, ENDLESS)
    next(replies(worker))
    messages.write_message(worker.stdin, {"cancel": True})
    assert "Canceled" in outcome(worker)["error"]
    request(worker, SMALL)
    assert outcome(worker) == {"trained": True}


def test_a_cancellation_that_comes_too_late_stops_nothing(worker):
    request(worker, SMALL)
    assert outcome(worker) == {"trained": True}
    messages.write_message(worker.stdin, {"cancel": True})
    request(worker, SMALL)
    assert outcome(worker) == {"trained": True}


def test_it_replies_what_failed_and_goes_on(worker):
    fields, _ = messages.serialize(SMALL)
    messages.write_message(
        worker.stdin, {"first": 0, "shard_count": 1, "experiment": fields | {"activation": "none such"}}
    )
    assert "activation is 'none such'" in outcome(worker)["error"]
    request(worker, SMALL)
    assert outcome(worker) == {"trained": True}


def test_it_ends_with_the_app():
    with started() as worker:
        request(worker, ENDLESS)
        next(replies(worker))
        worker.stdin.close()
        assert worker.wait(SOON) == 0


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="a terminal's Ctrl+C is a signal to all processes of a group")
def test_ctrl_c_is_for_the_app(worker):
    request(worker, SMALL)
    assert outcome(worker) == {"trained": True}
    worker.send_signal(2)
    time.sleep(0.1)
    request(worker, SMALL)
    assert outcome(worker) == {"trained": True}


def test_a_worker_that_waits_holds_nothing_of_what_it_trained():
    script = """
import os, threading, time, weakref
import numpy as np
from core import Experiment
from pages.parts.serving import messages, workers

trained = []
def train_shard(*_):
    array = np.zeros(8)
    trained.append(weakref.ref(array))
    return {"loss": array}

workers.train_shard = train_shard
(requests, to_worker), (replies, from_worker) = os.pipe(), os.pipe()
streams = os.fdopen(requests, "rb"), os.fdopen(from_worker, "wb")
threading.Thread(target=workers.serve, args=streams, daemon=True).start()
fields, arrays = messages.serialize(Experiment())
asked = os.fdopen(to_worker, "wb")
messages.write_message(asked, {"experiment": fields, "first": 0, "shard_count": 1}, arrays)
assert "trained" in messages.read_message(os.fdopen(replies, "rb"))[0]
deadline = time.monotonic() + 10
while trained[0]() is not None:
    if time.monotonic() > deadline:
        os._exit(1)
    time.sleep(0.02)
os._exit(0)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, timeout=SOON + 30, check=False)
    assert done.returncode == 0, done.stderr.decode()
