"""A cache that all viewers share, bounded in bytes, for results, answers, charts, tables and sentences."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Store(Generic[Key, Value]):
    """Values by key, shared without a copy, so read-only; the least recently used go first. Sizes are in bytes.

    None outlives the code that computed it: Streamlit reloads both modules together. `cachetools` refuses a value above
    the limit; here the latest always fits.
    """

    def __init__(self, limit: float, size: Callable[[Value], int]) -> None:
        self._limit, self._size, self.bytes = limit, size, 0
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock, self._computing = threading.Lock(), threading.Lock()

    def get(self, key: Key) -> Value | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def get_or_compute(self, key: Key, compute: Callable[[], Value]) -> Value:
        """The value, computed now unless it is here: one at a time, as viewers who come together want the same."""
        value = self.get(key)
        if value is None:
            with self._computing:
                value = self.get(key)
                if value is None:
                    value = compute()
                    self.add(key, value)
        return value

    def add(self, key: Key, value: Value) -> None:
        """Add a value unless its key has one, and drop others until the limit is met."""
        size = self._size(value)
        with self._lock:
            if key in self._values:
                return
            self._values[key] = value
            self.bytes += size
            while self.bytes > self._limit and len(self._values) > 1:
                self.bytes -= self._size(self._values.popitem(last=False)[1])
