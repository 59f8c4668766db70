"""The store: what is kept is shared and within a bound in bytes."""

import threading
from concurrent.futures import ThreadPoolExecutor

from pages.parts.serving.store import Store


def test_what_was_not_used_for_longest_is_dropped() -> None:
    store: Store[str, bytes] = Store(25, len)
    values = {name: bytes(10) for name in "abc"}
    store.add("a", values["a"])
    store.add("b", values["b"])
    assert store.get("a") is values["a"]
    store.add("c", values["c"])
    assert store.get("b") is None
    assert store.get("a") is values["a"]
    assert store.get("c") is values["c"]
    assert store.bytes == 20


def test_one_value_that_is_larger_than_the_limit_is_kept() -> None:
    value, store = bytes(10), Store(1, len)
    store.add("a", value)
    assert store.get("a") is value


def test_what_is_added_twice_counts_once() -> None:
    store: Store[str, bytes] = Store(25, len)
    first = bytes(10)
    store.add("a", first)
    store.add("a", bytes(8))
    assert store.get("a") is first
    assert store.bytes == 10


def test_what_several_want_at_once_is_computed_once() -> None:
    store: Store[str, bytes] = Store(25, len)
    together, made = threading.Barrier(4), []

    def ask() -> bytes:
        together.wait()
        return store.get_or_compute("a", lambda: made.append(1) or bytes(10))

    with ThreadPoolExecutor(4) as viewers:
        answers = [asked.result() for asked in [viewers.submit(ask) for _ in range(4)]]
    assert made == [1]
    assert all(answer is answers[0] for answer in answers)
