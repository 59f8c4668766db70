"""What a process and its workers say to each other: a line of JSON, then arrays in NumPy's own format, no pickles."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

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
    packed = io.BytesIO()
    for array in (arrays or {}).values():
        np.save(packed, array, allow_pickle=False)
    head = message | {"arrays": list(arrays or {}), "bytes": packed.tell()}
    to.write(json.dumps(head).encode() + b"\n")
    to.write(packed.getbuffer())
    to.flush()


def received(from_: IO[bytes]) -> Iterator[tuple[Message, dict[str, Array]]]:
    """Every message with its arrays, until the other end is closed; one that is cut off then is none."""
    for line in from_:
        if not line.endswith(b"\n"):
            return
        message = json.loads(line)
        announced = message.pop("bytes")
        packed = io.BytesIO(from_.read(announced))
        if len(packed.getbuffer()) < announced:
            return
        yield message, {name: np.load(packed, allow_pickle=False) for name in message.pop("arrays")}


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
