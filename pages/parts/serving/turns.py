"""Whose turn it is to draw a page: a few at a time, and who waits for a training lets others draw.

Python runs one thread at a time. If hundreds of pages are drawn at once, each advances a little in turn: all are done
at the end, no training begins before then, and Streamlit's loop, a thread among hundreds, keeps browsers waiting for
so long that they hang up.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from core.engine.sharing import cores

_turns = threading.Semaphore(cores())
_thread = threading.local()  # `has_turn`: whether this thread has one


@contextmanager
def take_turn() -> Iterator[None]:
    """Within this context the thread draws a page; before it others come to their end, or wait for a training."""
    with _turns:
        _thread.has_turn = True
        try:
            yield
        finally:
            _thread.has_turn = False


@contextmanager
def give_way() -> Iterator[None]:
    """Within this context the thread only waits: another has its turn. It holds no lock that a page may want."""
    if not getattr(_thread, "has_turn", False):  # as where something is downloaded, or who waits waits for two things
        yield
        return
    _thread.has_turn = False
    _turns.release()
    try:
        yield
    finally:
        _turns.acquire()
        _thread.has_turn = True
