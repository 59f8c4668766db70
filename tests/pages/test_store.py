"""The store: what is kept is shared, read-only and within a bound in bytes."""

import dataclasses

import numpy as np
import pytest

from core import Experiment, Result, run
from pages.parts.store import Store

SMALL = Experiment(hidden=(8,), seeds=1, steps=10)


def small(seed: int) -> Experiment:
    return dataclasses.replace(SMALL, seed=seed)


def arrays(result: Result) -> list[np.ndarray]:
    return [value for value in vars(result).values() if isinstance(value, np.ndarray)]


def size(result: Result) -> int:
    return sum(array.nbytes for array in arrays(result))


def test_what_is_kept_is_read_only() -> None:
    store = Store(1e9)
    store.put(run(SMALL))
    result = store.get(SMALL)
    assert not any(array.flags.writeable for array in arrays(result))
    with pytest.raises(ValueError, match="read-only"):
        result.loss[0] = 0


def test_what_was_not_used_for_longest_is_dropped() -> None:
    results = [run(small(seed)) for seed in range(3)]
    store = Store(2.5 * size(results[0]))
    store.put(results[0])
    store.put(results[1])
    assert store.get(small(0)) is results[0]
    store.put(results[2])
    assert store.get(small(1)) is None
    assert store.get(small(0)) is results[0]
    assert store.get(small(2)) is results[2]
    assert store.bytes == size(results[0]) + size(results[2])


def test_one_result_that_is_larger_than_the_limit_is_kept() -> None:
    result, store = run(SMALL), Store(1)
    store.put(result)
    assert store.get(SMALL) is result


def test_what_is_put_twice_counts_once() -> None:
    store = Store(1e9)
    first, second = run(SMALL), run(SMALL)
    store.put(first)
    store.put(second)
    assert store.get(SMALL) is first
    assert store.bytes == size(first)
