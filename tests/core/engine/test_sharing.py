"""Sharing: every run is in one block, blocks fit a cache, and whoever waits can end the work."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine.sharing import BLOCK_BYTES, deal_into_blocks, run_in_threads, useful_cores, working_set

layer_sizes = st.lists(st.integers(1, 300), min_size=2, max_size=12)


@given(st.integers(1, 100), layer_sizes, st.integers(1, 512), st.sampled_from([4, 8]))
def test_every_run_is_in_one_block_and_blocks_are_of_equal_size(runs, sizes, m, itemsize):
    cut = deal_into_blocks(runs, sizes, m, itemsize, 2)
    assert sorted(run for block in cut for run in block) == list(range(runs))
    lengths = [len(block) for block in cut]
    assert max(lengths) - min(lengths) <= 1


@given(st.integers(1, 100), layer_sizes, st.integers(1, 512), st.sampled_from([4, 8]))
def test_a_block_of_several_runs_fits_the_cache(runs, sizes, m, itemsize):
    longest = max(map(len, deal_into_blocks(runs, sizes, m, itemsize, 2)))
    assert longest == 1 or longest * working_set(sizes, m, itemsize) <= BLOCK_BYTES


def test_small_products_are_left_to_one_thread_and_large_ones_keep_every_thread_busy():
    assert len(deal_into_blocks(4, (8, 4, 2), 16, 4, 2)) == useful_cores(4, (8, 4, 2), 16) == 1
    assert len(deal_into_blocks(4, (64, 128, 128, 10), 256, 4, 2)) == 2
    assert len(deal_into_blocks(4, (64, 128, 128, 10), 256, 4, 3)) == 3
    assert useful_cores(4, (64, 256, 256, 10), 256) == 4


def test_every_task_is_done_once_and_the_last_tick_comes_after_them_all():
    done, seen = [], []
    tasks = [lambda checkpoint, i=i: (checkpoint(), time.sleep(0.01), done.append(i)) for i in range(7)]
    run_in_threads(tasks, 2, lambda: seen.append((threading.get_ident(), len(done))))
    assert sorted(done) == list(range(7))
    assert {caller for caller, _ in seen} == {threading.get_ident()}
    assert seen[-1][1] == 7


def test_what_a_tick_raises_ends_every_task_at_its_next_checkpoint():
    began, ended = threading.Event(), []

    def endless(checkpoint):
        began.set()
        try:
            while True:
                checkpoint()
                time.sleep(0.001)
        finally:
            ended.append(True)

    def tick():
        if began.wait(5):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_in_threads([endless] * 3, 2, tick)
    assert ended
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("training")]


def test_what_a_task_raises_reaches_the_caller_and_ends_the_others():
    def fails(checkpoint):
        raise ZeroDivisionError

    def endless(checkpoint):
        while True:
            checkpoint()
            time.sleep(0.001)

    with pytest.raises(ZeroDivisionError):
        run_in_threads([fails, endless], 2, lambda: None)
