"""Weight files → named arrays: .npz and .safetensors, bounded, and nothing that runs code when it is opened."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Callable
from math import prod
from typing import IO

import numpy as np
import safetensors

FILE_BYTES = 20 * 2**20
UNPACKED_BYTES = 80 * 2**20  # of arrays: a compressed file may hold more than it weighs, and float64 twice of float32
ARRAYS = 1000
HEADER_BYTES = 2**20  # of a .safetensors file: a thousand names take a tenth of it

Arrays = dict[str, np.ndarray]

_TORCH = (
    "import torch; from safetensors.torch import save_file; s = torch.load('{name}', weights_only=True); "
    "save_file({{k: v.clone() for k, v in s.items() if torch.is_tensor(v)}}, 'model.safetensors')"
)
_KERAS = (
    "import keras, numpy; m = keras.saving.load_model('{name}'); "
    "numpy.savez('model.npz', **{{v.path: a for v, a in zip(m.weights, m.get_weights())}})"
)
_SKLEARN = (
    "import joblib, numpy; m = joblib.load('{name}'); numpy.savez('model.npz', **{{f'{{k}}{{i}}': a "
    "for k in ('coefs_', 'intercepts_') for i, a in enumerate(getattr(m, k))}})"
)
# What each format is refused for, and the line of Python that converts a file of it, by the end of its name.
_CONVERSIONS = {
    **dict.fromkeys((".pt", ".pth", ".ckpt", ".bin"), ("PyTorch's own format can run code when it is opened", _TORCH)),
    **dict.fromkeys((".h5", ".keras"), ("Keras's own format is not read here", _KERAS)),
    **dict.fromkeys((".pkl", ".pickle", ".joblib"), ("A pickle can run code when it is opened", _SKLEARN)),
}
SUFFIXES = (".npz", ".safetensors", *_CONVERSIONS)  # those that are read, then those that get an answer

_DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U64": "<u8",
    "U32": "<u4",
    "U16": "<u2",
    "U8": "u1",
    "BOOL": "?",
}


class Unreadable(ValueError):
    """A file that cannot be used; its message is one plain sentence for the viewer, in Markdown."""


def read(name: str, data: bytes) -> Arrays:
    """The arrays of a weight file by their names, in the file's order; bfloat16 comes as float32.

    `name` is asked for its ending only. Raises Unreadable for whatever cannot be used, however it is broken.
    """
    suffix = next((end for end in SUFFIXES if name.lower().endswith(end)), "")
    if suffix in _CONVERSIONS:
        raise Unreadable(_refusal(suffix))
    if not suffix:
        raise Unreadable("Only `.npz` and `.safetensors` files are read here.")
    if len(data) > FILE_BYTES:
        raise Unreadable(f"The file is larger than {FILE_BYTES >> 20} MB, the most that is read here.")
    reader: Callable[[bytes], Arrays] = _read_npz if suffix == ".npz" else _read_safetensors
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # NumPy warns of headers as Python 2 wrote them, and reads them
            arrays = reader(data)
    except Unreadable:
        raise
    except Exception as error:  # whatever the libraries raise at a damaged file, the viewer can do the same about it
        raise Unreadable(f"This is no `{suffix}` file, or it is damaged: its arrays cannot be read.") from error
    if not arrays:
        raise Unreadable("The file holds no arrays.")
    return arrays


def _refusal(suffix: str) -> str:
    reason, line = _CONVERSIONS[suffix]
    return f'{reason}; this line converts it: `python -c "{line.format(name="model" + suffix)}"`'


def _read_npz(data: bytes) -> Arrays:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if not any(member.filename.endswith(".npy") for member in members):
            raise Unreadable("This is a zip file without arrays in it, as `numpy.savez` would write them.")
        _check_size(len(members), sum(member.file_size for member in members))
        for member in members:
            with archive.open(member) as opened:
                _check_header(opened, member.file_size)
    # No member yields more bytes than it declares, so that the check above holds while the arrays are read.
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def _check_size(arrays: int, size: int) -> None:
    if arrays > ARRAYS:
        raise Unreadable(f"The file holds {arrays:,} arrays; at most {ARRAYS:,} are read here.")
    if size > UNPACKED_BYTES:
        raise Unreadable(f"The file unpacks to {size >> 20:,} MB; at most {UNPACKED_BYTES >> 20} MB are read here.")


def _check_header(opened: IO[bytes], size: int) -> None:
    """Refuse objects, and shapes that would not fit into what the member holds: NumPy allocates before it reads."""
    version = np.lib.format.read_magic(opened)
    header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
    shape, _, dtype = header(opened)
    if dtype.hasobject:
        raise Unreadable("The file holds Python objects, which can run code when they are opened: only plain arrays.")
    if min(shape, default=1) < 0 or prod(shape) * dtype.itemsize > size:
        raise ValueError("the header declares more than there is")


def _read_safetensors(data: bytes) -> Arrays:
    if struct.unpack_from("<Q", data)[0] > HEADER_BYTES:
        raise Unreadable("The header of this `.safetensors` file is larger than 1 MB, the most that is read here.")
    tensors = safetensors.deserialize(data)  # type: ignore[no-untyped-call] # it checks names and offsets
    _check_size(len(tensors), sum(len(tensor["data"]) for _, tensor in tensors))
    return {name: _tensor(tensor) for name, tensor in sorted(tensors, key=lambda named: named[0])}


def _tensor(tensor: dict) -> np.ndarray:
    kind, shape, raw = tensor["dtype"], tensor["shape"], tensor["data"]
    if kind == "BF16":  # the upper half of a float32
        return (np.frombuffer(raw, "<u2").astype(np.uint32) << 16).view(np.float32).reshape(shape)
    if kind not in _DTYPES:
        raise Unreadable(f"The file holds numbers stored as {kind}, which are not read here: save them as float32.")
    return np.frombuffer(raw, _DTYPES[kind]).reshape(shape)
