"""Whose turn it is: a few pages are drawn at a time, in any case one more than wait for a training."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.engine.sharing import cores
from pages.parts.serving import waiting
from tests.pages.conftest import SOON


def test_no_more_than_a_few_are_drawn_at_a_time() -> None:
    drawn, most, lock = 0, [0], threading.Lock()

    def draw(_: int) -> None:
        nonlocal drawn
        with waiting.take_turn():
            with lock:
                drawn += 1
                most.append(drawn)
            threading.Event().wait(0.002)
            with lock:
                drawn -= 1

    with ThreadPoolExecutor(8) as viewers:
        list(viewers.map(draw, range(24)))
    assert max(most) == cores()


def test_who_waits_lets_others_draw_and_goes_on() -> None:
    trained, barrier = threading.Event(), threading.Barrier(cores() + 1)

    def wait_for_a_training() -> bool:
        with waiting.take_turn():
            with waiting.give_way():
                barrier.wait(SOON)
                assert trained.wait(SOON)
            return True

    with ThreadPoolExecutor(cores()) as viewers:
        goes_on = [viewers.submit(wait_for_a_training) for _ in range(cores())]
        barrier.wait(SOON)
        with waiting.take_turn():  # with every turn held by one who waits, this would never be reached
            trained.set()
        assert all(viewer.result(SOON) for viewer in goes_on)


def test_a_turn_is_given_back_by_a_page_that_fails_and_none_is_made_by_who_had_none() -> None:
    before = waiting._turns._value
    with pytest.raises(ZeroDivisionError), waiting.take_turn(), waiting.give_way():
        raise ZeroDivisionError
    with waiting.give_way():
        assert waiting._turns._value == before
    assert waiting._turns._value == before


def test_who_waits_for_two_things_at_once_gives_way_once() -> None:
    before = waiting._turns._value
    with waiting.take_turn():
        with waiting.give_way(), waiting.give_way():
            assert waiting._turns._value == before
        assert waiting._turns._value == before - 1
    assert waiting._turns._value == before
