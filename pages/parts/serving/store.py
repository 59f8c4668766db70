"""What is kept for every viewer alike, under a bound in bytes, the least recently used dropped first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Store(Generic[Key, Value]):
    """Values by key, shared without a copy: nobody may change them. `limit` and `size` in bytes.

    It lives as long as its module: Streamlit reloads the module together with the code that made what is kept, so that
    nothing outlives that code.
    """

    def __init__(self, limit: float, size: Callable[[Value], int]) -> None:
        self._limit, self._size, self._bytes = limit, size, 0
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock, self._making = threading.Lock(), threading.Lock()

    @property
    def bytes(self) -> int:
        """What is held now."""
        return self._bytes

    def get(self, key: Key) -> Value | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def keep(self, key: Key, make: Callable[[], Value]) -> Value:
        """The value, made now unless it is kept: one at a time, as those who come together often want the same."""
        value = self.get(key)
        if value is None:
            with self._making:
                value = self.get(key)
                if value is None:
                    value = make()
                    self.put(key, value)
        return value

    def put(self, key: Key, value: Value) -> None:
        """Keep a value, and as many of the others as the limit has room for beside it."""
        size = self._size(value)
        with self._lock:
            if key in self._values:
                return
            self._values[key] = value
            self._bytes += size
            while self._bytes > self._limit and len(self._values) > 1:
                self._bytes -= self._size(self._values.popitem(last=False)[1])
