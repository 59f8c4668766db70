"""Weight files → named arrays: .npz and .safetensors, bounded; none that runs code."""

import io
import struct
import tomllib
import zipfile
from pathlib import Path

import numpy as np
import safetensors

FILE_BYTES = 20 * 2**20
ARRAYS = 1000
HEADER_BYTES = 2**20  # of a .safetensors file: a thousand names take a tenth of it

Arrays = dict[str, np.ndarray]

_SNIPPETS = tomllib.loads(Path(__file__).with_name("snippets.toml").read_text(encoding="utf-8"))
PARTS: dict[str, str] = _SNIPPETS["parts"]  # by the ending of what is read here
SAVING = _SNIPPETS["saving"] | {f"20 MB of a {end} file": line.replace("; ", "\n") for end, line in PARTS.items()}
_CONVERSIONS = {ending: way for way in _SNIPPETS["conversions"] for ending in way["endings"]}

_DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1"}
_DTYPES |= {"U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?", "BF16": "<u2"}


class Unreadable(ValueError):
    """A file that cannot be used; its message is one plain sentence for the viewer, in Markdown."""


def read(name: str, data: bytes, limit: int = FILE_BYTES) -> Arrays:
    """The arrays of a weight file by their names, in the file's order; bfloat16 comes as float32.

    Of `name` the ending counts; `limit` bounds the file's bytes, and four times of it what it unpacks to.
    Raises Unreadable for whatever cannot be used, however it is broken.
    """
    suffix = next((ending for ending in (*PARTS, *_CONVERSIONS) if name.lower().endswith(ending)), "")
    if suffix in _CONVERSIONS:
        reason, line = _CONVERSIONS[suffix]["reason"], _CONVERSIONS[suffix]["line"]
        raise Unreadable(f"{reason}; this line converts it: `python -c \"path = 'model{suffix}'; {line}\"`")
    if not suffix:
        raise Unreadable("Only `.npz` and `.safetensors` files are read here.")
    if len(data) > limit:
        size = f"The file is larger than {limit >> 20} MB, the most that is read here"
        raise Unreadable(f'{size}; this line saves a part of it: `python -c "{PARTS[suffix]}"`')
    try:
        return _read_npz(data, 4 * limit) if suffix == ".npz" else _read_safetensors(data, 4 * limit)
    except Unreadable:
        raise
    except Exception as error:  # whatever libraries raise at a damaged file, viewers can do the same about it
        raise Unreadable("The file is damaged or holds no plain numbers: Python objects, 8-bit floats.") from error


def _check_size(arrays: int, size: int, limit: int) -> None:
    if not 0 < arrays <= ARRAYS:
        raise Unreadable(f"The file holds {arrays:,} arrays; 1 to {ARRAYS:,} are read here.")
    if size > limit:
        raise Unreadable(f"The file unpacks to {size >> 20:,} MB; at most {limit >> 20} MB are read here.")


def _read_npz(data: bytes, limit: int) -> Arrays:
    members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    _check_size(len(members), sum(member.file_size for member in members), limit)
    # No member yields more bytes than it declares; what a header claims beyond is allocated, never touched.
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    if not all(isinstance(array, np.ndarray) for array in arrays.values()):
        raise TypeError("a member is no array")
    return arrays


def _read_safetensors(data: bytes, limit: int) -> Arrays:
    if struct.unpack_from("<Q", data)[0] > HEADER_BYTES:
        raise Unreadable("The header of this `.safetensors` file is larger than 1 MB, the most that is read here.")
    tensors = safetensors.deserialize(data)  # type: ignore[no-untyped-call] # it checks names and offsets
    _check_size(len(tensors), sum(len(tensor["data"]) for _, tensor in tensors), limit)
    arrays = {}
    for name, tensor in sorted(tensors, key=lambda item: item[0]):
        array = np.frombuffer(tensor["data"], _DTYPES[tensor["dtype"]]).reshape(tensor["shape"])
        # bfloat16 is the upper half of a float32
        arrays[name] = (array.astype(np.uint32) << 16).view(np.float32) if tensor["dtype"] == "BF16" else array
    return arrays
