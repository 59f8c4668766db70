"""A process that trains parts of experiments for the one that started it: `python -m core.worker`, of core.workers."""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import traceback
from typing import IO

import numpy as np

from core import messages
from core.experiment import part
from core.sharing import Cancelled

Asked = tuple[messages.Message, dict[str, np.ndarray]]


class _Listener:
    """Hears what is asked, in order, and what is not wanted any more, at once; without who asks the process ends."""

    def __init__(self, asks: IO[bytes]) -> None:
        self.asked: queue.SimpleQueue[Asked] = queue.SimpleQueue()
        self.last_stopped = 0  # the number of a training that was cancelled
        threading.Thread(target=self._listen, args=(asks,), daemon=True).start()

    def _listen(self, asks: IO[bytes]) -> None:
        for message, arrays in messages.received(asks):
            if "stop" in message:
                self.last_stopped = message["stop"]
            else:
                self.asked.put((message, arrays))
        os._exit(0)


def serve(asks: IO[bytes], answers: IO[bytes]) -> None:
    """Train what is asked, one after the other: say how far it is, then what came of it, or why it ended."""
    listener = _Listener(asks)
    while True:
        message, arrays = listener.asked.get()
        number = message["number"]

        def tick(fraction: float, number: int = number) -> None:
            if listener.last_stopped >= number:
                raise Cancelled
            messages.send(answers, {"number": number, "fraction": fraction})

        try:
            experiment = messages.read(message["experiment"], arrays)
            made = part(experiment, message["first"], message["parts"], 1, tick)
        except Cancelled:
            messages.send(answers, {"number": number, "ended": "stopped"})
        except Exception:
            messages.send(answers, {"number": number, "ended": "failed", "why": traceback.format_exc()})
        else:
            messages.send(answers, {"number": number, "ended": "trained"}, made)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asks decides when it is over
    serve(sys.stdin.buffer, sys.stdout.buffer)
