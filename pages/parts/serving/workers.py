"""Training in processes, a core each: in threads trainings would wait for one interpreter, as would pages.

The app starts processes and shares trainings out to them; one runs `python -m pages.parts.serving.workers`.
"""

import io
import os
import queue
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, wait
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO

from core.engine.sharing import TICK_SECONDS, Canceled, useful_cores
from core.experiment import Experiment, Result, merge_shards, train_shard
from pages.parts.serving import messages

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-m", "pages.parts.serving.workers"]
# One thread of a worker takes much memory; what it frees goes back to the system, except what the next training is
# likely to need: a threshold that is set keeps the other from growing, and every array past it costs page faults.
WORKER_ENV = {
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "8000000",
    "MALLOC_MMAP_THRESHOLD_": "1100000",
}

Tick = Callable[[float], object]
Shard = Future[messages.Arrays]


class Worker:
    """A process that trains one shard at a time: started with its first shard, and again where it has died.

    `on_idle` is called, on a thread of the worker's, when a shard has ended.
    """

    def __init__(self, on_idle: Callable[[], None] = lambda: None) -> None:
        self.is_busy, self.progress = False, 0.0
        self._on_idle = on_idle
        self._process: subprocess.Popen[bytes] | None = None

    def submit(self, experiment: Experiment, first: int, shard_count: int) -> Shard:
        """Have a shard of the experiment trained; only of a worker that is not busy."""
        fields, arrays = messages.serialize(experiment)
        if self._process is None or self._process.poll() is not None:
            self.close()
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(COMMAND, cwd=ROOT, env=os.environ | WORKER_ENV, stdin=pipe, stdout=pipe)
        shard = Shard()
        listener = threading.Thread(target=self._listen, args=(self._process, shard), name="worker", daemon=True)
        self.is_busy, self.progress = True, 0.0
        try:
            listener.start()
        except RuntimeError:  # no thread to be had
            self.is_busy = False
            raise
        self._write_request({"experiment": fields, "first": first, "shard_count": shard_count}, arrays)
        return shard

    def cancel(self) -> None:
        """End the shard at its next tick, if there is one."""
        self._write_request({"cancel": True})

    def close(self) -> None:
        if self._process:
            self._process.kill()
            with suppress(OSError), self._process:  # closes its pipes, and waits for its end
                pass

    def _write_request(self, fields: messages.Fields, arrays: messages.Arrays | None = None) -> None:
        if self._process:
            with suppress(OSError, ValueError):  # where it has died, its replies end
                messages.write_message(self._process.stdin, fields, arrays)

    def _listen(self, process: subprocess.Popen[bytes], shard: Shard) -> None:
        try:
            while message := messages.read_message(process.stdout):
                fields, arrays = message
                self.progress = fields.get("progress", 1.0)
                if "error" in fields:
                    raise RuntimeError(fields["error"])
                if "trained" in fields:
                    settle = partial(shard.set_result, arrays)
                    break
            else:
                self.close()
                raise RuntimeError("A process that trains has died.")
        except Exception as error:
            settle = partial(shard.set_exception, error)
        self.is_busy = False  # before whoever waits for this shard submits the next
        settle()
        self._on_idle()


def useful_workers(experiment: Experiment) -> int:
    return useful_cores(len(experiment.variants) * experiment.seeds, experiment.sizes, experiment.batch_size)


def run_in_processes(experiment: Experiment, tick: Tick, workers: Sequence[Worker]) -> Result:
    """What `core.run` returns, to the bit, and ticks, on idle workers. RuntimeError where one fails or dies."""
    workers = workers[: useful_workers(experiment)]
    try:
        shards = [worker.submit(experiment, first, len(workers)) for first, worker in enumerate(workers)]
        pending = set(shards)
        while pending:
            tick(sum(worker.progress for worker in workers) / len(workers))
            trained, pending = wait(pending, TICK_SECONDS, FIRST_EXCEPTION)
            for shard in trained:
                shard.result()
        tick(1.0)
    except BaseException:
        for worker in workers:
            worker.cancel()
        raise
    return merge_shards(experiment, [shard.result() for shard in shards])


def serve(requests: io.BufferedIOBase, replies: IO[bytes]) -> None:
    """In a process of its own, train one shard after the other: reply its progress, then the outcome."""
    shards: queue.SimpleQueue[messages.Message] = queue.SimpleQueue()
    canceled = threading.Event()

    def listen() -> None:
        """Pass shards on; a cancellation that comes after the outcome is over with the next. End with the app."""
        while message := messages.read_message(requests):
            if "cancel" in message[0]:
                canceled.set()
            else:
                canceled.clear()
                shards.put(message)
        os._exit(0)

    def tick(fraction: float) -> None:
        if canceled.is_set():
            raise Canceled
        messages.write_message(replies, {"progress": fraction})

    def train(request: messages.Fields, arrays: messages.Arrays) -> None:
        """A function of its own, so that a process that waits for its next shard holds nothing of the last."""
        try:
            experiment = messages.parse(request["experiment"], arrays)
            shard = train_shard(experiment, request["first"], request["shard_count"], 1, tick)
        except Exception:  # Canceled among others
            messages.write_message(replies, {"error": traceback.format_exc()})
        else:
            messages.write_message(replies, {"trained": True}, shard)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        train(*shards.get())


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the app, which ends its workers
    serve(sys.stdin.buffer, sys.stdout.buffer)
