"""Whose turn it is to draw a page, and what one shows in place of a result.

A few are drawn at a time, and who waits for a training lets others draw. Of hundreds at once all are done at the end,
no training begins before then, and Streamlit's loop, a thread among hundreds, makes browsers wait until they hang up.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import Experiment
from core.advice import Question
from core.engine.sharing import cores
from core.sweep import Sweep
from pages.parts import session
from pages.parts.page import OpenPage

SHOW_AFTER = 0.5  # seconds
SHOW_EVERY = 1.0  # seconds: whoever waits is shown no more than browser and server can spare the time for

Request = Experiment | Question | Sweep
Tick = Callable[[float, int], None]

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
    if not getattr(_thread, "has_turn", False):  # as where something is downloaded, or for two things at once
        yield
        return
    _thread.has_turn = False
    _turns.release()
    try:
        yield
    finally:
        _turns.acquire()
        _thread.has_turn = True


@contextmanager
def show_progress(page: OpenPage, request: Request) -> Iterator[Tick]:
    """Yield `tick(fraction, position in the queue)`, which shows the progress once it takes longer than SHOW_AFTER.

    It ends the script when the viewer has moved on. When the context is left the place is empty again, whether the
    training ended or failed; where Streamlit ends the run, by what is no Exception, the bar stays for the next run.
    """
    place = page.waiting
    started = last = time.monotonic()
    latest: tuple[int, int] | None = None
    bar: DeltaGenerator | None = None

    def tick(fraction: float, position: int) -> None:
        nonlocal last, latest, bar
        session.current()  # where it ends the run
        now, news = time.monotonic(), (round(100 * fraction), position)
        if now - started > SHOW_AFTER and news != latest and (latest is None or now - last > SHOW_EVERY):
            last, latest = now, news
            if bar is None:
                box = place.container(key=f"waiting-{hash(request)}")
                bar = box.empty()
                box.button("Cancel", key=f"leave-{hash(request)}", on_click=_cancel, args=(request,))
            bar.progress(fraction, f"{ordinal(position)} in line …" if position else "Training …")

    def empty_place() -> None:
        if bar:
            place.empty()

    try:
        yield tick
    except Exception:
        empty_place()
        raise
    empty_place()


def _cancel(request: Request | None) -> None:
    session.current().canceled = request


def is_canceled(request: Request) -> bool:
    return session.current().canceled == request


def offer_again_if_canceled(page: OpenPage, request: Request) -> bool:
    """Offer to train this again if the viewer does not wait for it; whether that is so."""
    canceled = is_canceled(request)
    if canceled:
        page.stage.info("Training canceled.", icon=":material/logout:")
        page.stage.button("Train again", on_click=_cancel, args=(None,))
    return canceled


def refuse(page: OpenPage, fits: str, values: dict[str, object]) -> None:
    """Say that something is over the bound and what would fit; a button chooses these values, if any."""
    page.stage.warning(f"This would take more time or memory than this app allows; what fits: {fits}.")
    if values:
        page.stage.button("Use the size that fits", on_click=st.session_state.update, args=(values,))


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th …"""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
