"""Weight files → named arrays: .npz and .safetensors, bounded, and nothing that runs code when it is opened."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Callable

import numpy as np
import safetensors

FILE_BYTES = 20 * 2**20
ARRAYS = 1000
HEADER_BYTES = 2**20  # of a .safetensors file: a thousand names take a tenth of it

Arrays = dict[str, np.ndarray]

_TORCH = (
    "import torch; from safetensors.torch import save_file; f = lambda d, p='': {{k: v for n, x in (d.items() if "
    "hasattr(d, 'items') else enumerate(d) if isinstance(d, (list, tuple)) else ()) for k, v in ({{f'{{p}}{{n}}': "
    "x.detach().contiguous().clone()}} if torch.is_tensor(x) else f(x, f'{{p}}{{n}}.')).items()}}; "
    "save_file(f(torch.load('{name}', map_location='cpu', weights_only=True)), 'model.safetensors')"
)
_H5 = (
    "import h5py, io, numpy, zipfile; a = {{}}; h5py.File({source}).visititems(lambda n, x: a.update({{n: x[()]}}) "
    "if isinstance(x, h5py.Dataset) and x.dtype.kind == 'f' else None); numpy.savez('model.npz', **a)"
)
_KERAS = _H5.replace("{source}", "io.BytesIO(zipfile.ZipFile('{name}').read('model.weights.h5'))")
_SKLEARN = (
    "import joblib, numpy; m = joblib.load('{name}'); numpy.savez('model.npz', **{{f'{{k}}{{i}}': a "
    "for k in ('coefs_', 'intercepts_') for i, a in enumerate(getattr(m, k))}})"
)
# What each format is refused for, and the line of Python that converts a file of it, by the end of its name.
_CONVERSIONS = {
    **dict.fromkeys(
        (".pt", ".pth", ".pth.tar", ".ckpt", ".bin"), ("PyTorch's own format can run code when it is opened", _TORCH)
    ),
    **dict.fromkeys((".h5", ".hdf5"), ("HDF5 is not read here", _H5.replace("{source}", "'{name}'"))),
    ".keras": ("Keras's own format is not read here", _KERAS),
    **dict.fromkeys((".pkl", ".pickle", ".joblib"), ("A pickle can run code when it is opened", _SKLEARN)),
}
# The line that saves the first arrays of a file that is too large, as many as are read here.
PARTS = {
    ".npz": "import numpy; f = numpy.load('model.npz'); s = 0; numpy.savez('part.npz', **{k: f[k] for k in f.files if "
    "(s := s + f[k].nbytes) < 19e6})",
    ".safetensors": "from safetensors import safe_open; from safetensors.torch import save_file; s = 0; "
    "f = safe_open('model.safetensors', 'pt'); save_file({k: f.get_tensor(k) for k in f.keys() if "
    "(s := s + f.get_tensor(k).nbytes) < 19e6}, 'part.safetensors')",
}
SUFFIXES = (*PARTS, *_CONVERSIONS)  # those that are read, then those that get an answer

_DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1"}
_DTYPES |= {"U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?", "BF16": "<u2"}


class Unreadable(ValueError):
    """A file that cannot be used; its message is one plain sentence for the viewer, in Markdown."""


def read(name: str, data: bytes, limit: int = FILE_BYTES) -> Arrays:
    """The arrays of a weight file by their names, in the file's order; bfloat16 comes as float32.

    `name` is asked for its ending only; `limit` bounds the file's bytes, and four times of it what it unpacks to.
    Raises Unreadable for whatever cannot be used, however it is broken.
    """
    suffix = next((end for end in SUFFIXES if name.lower().endswith(end)), "")
    if suffix in _CONVERSIONS:
        reason, code = _CONVERSIONS[suffix]
        raise Unreadable(f'{reason}; this line converts it: `python -c "{code.format(name="model" + suffix)}"`')
    if not suffix:
        raise Unreadable("Only `.npz` and `.safetensors` files are read here.")
    if len(data) > limit:
        size = f"The file is larger than {limit >> 20} MB, the most that is read here"
        raise Unreadable(f'{size}; this line saves a part of it: `python -c "{PARTS[suffix]}"`')
    reader: Callable[[bytes, int], Arrays] = _read_npz if suffix == ".npz" else _read_safetensors
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # NumPy warns of headers as Python 2 wrote them, and reads them
            return reader(data, 4 * limit)
    except Unreadable:
        raise
    except Exception as error:  # whatever the libraries raise at a damaged file, the viewer can do the same about it
        what = f"no `{suffix}` file of plain arrays (Python objects are not read)"
        raise Unreadable(f"This is {what}, or it is damaged.") from error


def _read_npz(data: bytes, limit: int) -> Arrays:
    members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    _check_size(len(members), sum(member.file_size for member in members), limit)
    # No member yields more bytes than it declares, and what a header claims beyond them is allocated but never touched.
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    if not all(isinstance(array, np.ndarray) for array in arrays.values()):
        raise TypeError("a member is no array")
    return arrays


def _check_size(arrays: int, size: int, limit: int) -> None:
    if not 0 < arrays <= ARRAYS:
        raise Unreadable(f"The file holds {arrays:,} arrays; 1 to {ARRAYS:,} are read here.")
    if size > limit:
        raise Unreadable(f"The file unpacks to {size >> 20:,} MB; at most {limit >> 20} MB are read here.")


def _read_safetensors(data: bytes, limit: int) -> Arrays:
    if struct.unpack_from("<Q", data)[0] > HEADER_BYTES:
        raise Unreadable("The header of this `.safetensors` file is larger than 1 MB, the most that is read here.")
    tensors = safetensors.deserialize(data)  # type: ignore[no-untyped-call] # it checks names and offsets
    _check_size(len(tensors), sum(len(tensor["data"]) for _, tensor in tensors), limit)
    arrays = {}
    for name, tensor in sorted(tensors, key=lambda item: item[0]):
        kind, raw = tensor["dtype"], tensor["data"]
        if kind not in _DTYPES:
            raise Unreadable(f"The file holds numbers stored as {kind}, which are not read here: save them as float32.")
        array = np.frombuffer(raw, _DTYPES[kind]).reshape(tensor["shape"])
        # bfloat16 is the upper half of a float32
        arrays[name] = (array.astype(np.uint32) << 16).view(np.float32) if kind == "BF16" else array
    return arrays
