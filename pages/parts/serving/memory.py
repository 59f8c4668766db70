"""Keeps the app's process small, for servers of one gigabyte: app.py sets it up once."""

import ctypes
import functools
import gc
import sys

ARENAS = 2


def share_arenas() -> None:
    """Let all threads take memory from the same few arenas, where the C library is glibc; call it before they start.

    It gives every thread an arena of its own, each of which holds on to the most it ever needed: with fifty viewers
    that is a hundred megabytes that nobody uses.
    """
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(-8, ARENAS)  # M_ARENA_MAX of mallopt(3)


@functools.cache
def freeze_gc() -> None:
    """Leave what imports made out of later garbage collections: reruns are quicker."""
    gc.collect()
    gc.freeze()
