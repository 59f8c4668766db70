"""Results kept for every viewer alike, under a bound in bytes, the least recently used dropped first."""

from __future__ import annotations

import dataclasses
import threading
from collections import OrderedDict

import numpy as np

from core import Experiment, Result


class Store:
    """Results by experiment, shared without a copy and so made read-only; `limit` in bytes.

    It lives as long as its module: Streamlit reloads the module together with the engine, so that a result never
    outlives the code that made it.
    """

    def __init__(self, limit: float) -> None:
        self._limit, self._bytes = limit, 0
        self._results: OrderedDict[Experiment, Result] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def bytes(self) -> int:
        """What is held now."""
        return self._bytes

    def get(self, experiment: Experiment) -> Result | None:
        with self._lock:
            if experiment in self._results:
                self._results.move_to_end(experiment)
            return self._results.get(experiment)

    def put(self, result: Result) -> None:
        """Keep a result, and as many of the others as the limit has room for beside it."""
        for array in _arrays(result):
            array.flags.writeable = False
        with self._lock:
            if result.experiment in self._results:
                return
            self._results[result.experiment] = result
            self._bytes += _size(result)
            while self._bytes > self._limit and len(self._results) > 1:
                self._bytes -= _size(self._results.popitem(last=False)[1])


def _arrays(result: Result) -> list[np.ndarray]:
    values = (getattr(result, field.name) for field in dataclasses.fields(result))
    return [value for value in values if isinstance(value, np.ndarray)]


def _size(result: Result) -> int:
    return sum(array.nbytes for array in _arrays(result))
