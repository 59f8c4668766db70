"""What a process and its workers say to each other: a line of JSON, then the numbers of the arrays that it names."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Iterator, Mapping
from typing import IO, Any, cast

import numpy as np

from core.clipping import Clip
from core.datasets import Dataset
from core.settings import Experiment, Variant

Array = np.ndarray
Message = dict[str, Any]  # of what JSON has
Arrays = Mapping[str, Array]

_ABOUT, _NUMBERS = ("name", "label", "loss"), ("X_train", "Y_train", "X_test", "Y_test")  # of a Dataset


def send(to: IO[bytes], message: Message, arrays: Arrays | None = None) -> None:
    """Write a message, with its arrays, and flush. OSError where nobody listens any more."""
    held = {name: np.ascontiguousarray(array).reshape(array.shape) for name, array in (arrays or {}).items()}
    if refused := [name for name, array in held.items() if array.dtype.hasobject]:
        raise ValueError(f"{', '.join(refused)} cannot be sent: only numbers can")
    about = [(name, array.dtype.str, array.shape) for name, array in held.items()]
    to.write(json.dumps(message | {"arrays": about}).encode() + b"\n")
    for array in held.values():
        to.write(array.data)
    to.flush()


def received(from_: IO[bytes]) -> Iterator[tuple[Message, dict[str, Array]]]:
    """Every message with its arrays, until the other end is closed; one that is cut off then is none."""
    for line in from_:
        if not line.endswith(b"\n"):
            return
        message = json.loads(line)
        arrays = {name: np.empty(shape, dtype) for name, dtype, shape in message.pop("arrays")}
        if any(_filled(array, from_) < array.nbytes for array in arrays.values()):
            return
        yield message, arrays


def _filled(array: Array, from_: IO[bytes]) -> int:
    """Read into the array, where it will stay; how many bytes there were."""
    readable = cast(io.BufferedIOBase, from_)  # as pipes are
    return readable.readinto(array.reshape(-1).view(np.uint8).data) if array.size else 0


def written(experiment: Experiment) -> tuple[Message, dict[str, Array]]:
    """An experiment as a message, and the arrays of its data where they are one's own."""
    message = vars(experiment) | {"variants": [dataclasses.asdict(variant) for variant in experiment.variants]}
    data = experiment.dataset
    if isinstance(data, str):
        return message, {}
    return message | {"dataset": {name: getattr(data, name) for name in _ABOUT}}, {
        name: getattr(data, name) for name in _NUMBERS
    }


def read(message: Message, arrays: Arrays) -> Experiment:
    """The experiment that was written."""
    variants = [
        Variant(**variant | {"clip": Clip(**variant["clip"]) if variant["clip"] else None})
        for variant in message["variants"]
    ]
    data = message["dataset"]
    if not isinstance(data, str):
        data = Dataset(*(data[name] for name in _ABOUT), *(arrays[name] for name in _NUMBERS))
    return Experiment(**message | {"variants": tuple(variants), "dataset": data})
