"""Messages between the app and its workers: a line of JSON, then the bytes of the arrays that it names."""

import dataclasses
import io
import json
from collections.abc import Mapping
from typing import IO, Any

import numpy as np

from core.clipping import Clip
from core.datasets import Dataset
from core.settings import Experiment, Variant

Fields = Mapping[str, Any]  # of what JSON has
Arrays = Mapping[str, np.ndarray]  # of numbers
Message = tuple[Fields, Arrays]


def write_message(stream: IO[bytes], fields: Fields, arrays: Arrays | None = None) -> None:
    """Write a message and flush. TypeError where an array holds objects, OSError where the other end is closed."""
    contiguous = {name: np.asarray(array, order="C") for name, array in (arrays or {}).items()}
    if objects := [name for name, array in contiguous.items() if array.dtype.hasobject]:
        raise TypeError(f"{', '.join(objects)} cannot be sent: only numbers can")
    layout = [(name, array.dtype.str, array.shape) for name, array in contiguous.items()]
    stream.write(json.dumps({**fields, "arrays": layout}).encode() + b"\n")
    for array in contiguous.values():
        stream.write(array.data)
    stream.flush()


def read_message(stream: io.BufferedIOBase) -> Message | None:
    """The next message; None once the other end is closed, be it in the middle of one."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        return None
    fields = json.loads(line)
    arrays = {name: np.empty(shape, dtype) for name, dtype, shape in fields.pop("arrays")}
    for array in arrays.values():  # read into its own memory
        if array.size and stream.readinto(array.reshape(-1).view(np.uint8).data) != array.nbytes:
            return None
    return fields, arrays


def serialize(experiment: Experiment) -> Message:
    """An experiment as a message; arrays are those of an uploaded dataset."""
    fields = vars(experiment) | {"variants": [dataclasses.asdict(variant) for variant in experiment.variants]}
    dataset = experiment.dataset
    if isinstance(dataset, str):
        return fields, {}
    arrays = {name: getattr(dataset, name) for name in ("X_train", "Y_train", "X_test", "Y_test")}
    return fields | {"dataset": {name: getattr(dataset, name) for name in ("name", "label", "loss")}}, arrays


def parse(fields: Fields, arrays: Arrays) -> Experiment:
    variants = tuple(
        Variant(**variant | {"clip": Clip(**variant["clip"]) if variant["clip"] else None})
        for variant in fields["variants"]
    )
    dataset = fields["dataset"]
    if not isinstance(dataset, str):
        dataset = Dataset(**dataset, **arrays)
    return Experiment(**{**fields, "variants": variants, "dataset": dataset})
