"""A process that trains shards of experiments for the app: `python -m pages.parts.serving.worker`.

It is the other end of a pipe from workers.py, which starts it.
"""

import os
import queue
import signal
import sys
import threading
import traceback
from typing import IO

from core.engine.sharing import Canceled
from core.experiment import train_shard
from pages.parts.serving import messages


def serve(requests: IO[bytes], replies: IO[bytes]) -> None:
    """Train one shard after the other: reply its progress, then the outcome. Whoever requests waits for that."""
    shards: queue.SimpleQueue[messages.Message] = queue.SimpleQueue()
    canceled = threading.Event()
    threading.Thread(target=_listen, args=(requests, shards, canceled), daemon=True).start()
    while True:
        _train(*shards.get(), canceled, replies)


def _listen(requests: IO[bytes], shards: queue.SimpleQueue[messages.Message], canceled: threading.Event) -> None:
    """Pass shards on; a cancellation that comes after the outcome is over with the next. End with the app."""
    while message := messages.read_message(requests):
        if "cancel" in message[0]:
            canceled.set()
        else:
            canceled.clear()
            shards.put(message)
    os._exit(0)


def _train(request: messages.Fields, arrays: messages.Arrays, canceled: threading.Event, replies: IO[bytes]) -> None:
    def tick(fraction: float) -> None:
        if canceled.is_set():
            raise Canceled
        messages.write_message(replies, {"progress": fraction})

    try:
        experiment = messages.parse(request["experiment"], arrays)
        shard = train_shard(experiment, request["first"], request["parts"], 1, tick)
    except Exception:  # Canceled among others
        messages.write_message(replies, {"error": traceback.format_exc()})
    else:
        messages.write_message(replies, {"trained": True}, shard)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the app, which ends its workers
    serve(sys.stdin.buffer, sys.stdout.buffer)
