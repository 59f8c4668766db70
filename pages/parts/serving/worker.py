"""A process that trains parts of experiments for the one that started it: `python -m pages.parts.serving.worker`."""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import traceback
from typing import IO

import numpy as np

from core.engine.sharing import Canceled
from core.experiment import train_shard
from pages.parts.serving import messages

Asked = tuple[messages.Message, dict[str, np.ndarray]]


class _Listener:
    """Hears what is asked, in order, and what is not wanted any more, at once; without who asks the process ends."""

    def __init__(self, asks: IO[bytes]) -> None:
        self.asked: queue.SimpleQueue[Asked] = queue.SimpleQueue()
        self.wanted: set[int] = set()  # the numbers of what was asked, and neither stopped nor answered since
        threading.Thread(target=self._listen, args=(asks,), daemon=True).start()

    def _listen(self, asks: IO[bytes]) -> None:
        for message, arrays in messages.received(asks):
            if "stop" in message:
                self.wanted.discard(message["stop"])
            else:
                self.wanted.add(message["number"])
                self.asked.put((message, arrays))
        os._exit(0)

    def check(self, number: int) -> None:
        """Raise Canceled where this very number was stopped: later ones may be, and this one still be wanted."""
        if number not in self.wanted:
            raise Canceled


def serve(asks: IO[bytes], answers: IO[bytes]) -> None:
    """Train what is asked, one after the other: say how far it is, then what came of it, or why it ended."""
    listener = _Listener(asks)
    while True:
        message, arrays = listener.asked.get()
        number = message["number"]

        def tick(fraction: float, number: int = number) -> None:
            listener.check(number)
            messages.send(answers, {"number": number, "fraction": fraction})

        try:
            listener.check(number)  # nothing is built for what was stopped before its turn
            experiment = messages.read(message["experiment"], arrays)
            made = train_shard(experiment, message["first"], message["parts"], 1, tick)
        except Canceled:
            messages.send(answers, {"number": number, "ended": "stopped"})
        except Exception:
            messages.send(answers, {"number": number, "ended": "failed", "why": traceback.format_exc()})
        else:
            messages.send(answers, {"number": number, "ended": "trained"}, made)
        listener.wanted.discard(number)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asks decides when it is over
    serve(sys.stdin.buffer, sys.stdout.buffer)
