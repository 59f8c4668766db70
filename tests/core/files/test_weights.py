"""Weight files: what is saved comes back as it was; whatever else is uploaded is answered with one plain sentence."""

import io
import json
import pickle
import struct
import zipfile

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st

from core.files import weights
from core.files.weights import Unreadable, read

WEIGHTS = {
    "0.weight": np.arange(6, dtype=np.float32).reshape(2, 3),
    "0.bias": np.ones(2),
    "1.weight": np.eye(2, dtype=np.float16),
    "steps": np.array(7),
}


def npz(save=np.savez, **arrays):
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


def zipped(*members, compression=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def npy(header, data=b""):
    """An .npy member whose header says whatever it is told to."""
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def tensors(header, data=b"", length=None):
    written = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(written) if length is None else length) + written + data


def refusal(name, data):
    with pytest.raises(Unreadable) as refused:
        read(name, data)
    return str(refused.value)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_what_numpy_saves_comes_back_in_its_order(save):
    found = read("Model.NPZ", npz(save, **WEIGHTS))
    assert list(found) == list(WEIGHTS)
    for name, array in WEIGHTS.items():
        np.testing.assert_array_equal(found[name], array, strict=True)


def test_what_safetensors_saves_comes_back_by_name():
    found = read("model.safetensors", safetensors.numpy.save(WEIGHTS))
    assert list(found) == sorted(WEIGHTS)
    for name, array in WEIGHTS.items():
        np.testing.assert_array_equal(found[name], array, strict=True)


@pytest.mark.parametrize("suffix", [".pt", ".PTH", ".ckpt", ".h5", ".keras", ".pkl", ".joblib"])
def test_formats_that_can_run_code_are_refused_with_the_line_that_converts_them(suffix):
    said = refusal(f"some `model`{suffix}", b"anything")
    assert "converts it: `python -c" in said
    assert said.count("`") == 2
    assert suffix.lower() in said


HEADER = b"{'descr': '%s', 'fortran_order': False, 'shape': %s}\n"
HOSTILE = {
    "objects": ("m.npz", npz(a=np.array([{}], dtype=object)), "Python objects"),
    "a record with objects": ("m.npz", npz(a=np.zeros(1, [("x", "O")])), "Python objects"),
    "a pickle by another name": ("m.npz", pickle.dumps(WEIGHTS), "damaged"),
    "PyTorch's file by another name": ("m.npz", zipped(("model/data.pkl", b"x")), "plain numbers"),
    "no array": ("m.npz", zipped(), "0 arrays"),
    "a header that claims more than there is": ("m.npz", zipped(("a.npy", npy(HEADER % (b"<f4", b"(10**15,)")))), ""),
    "a shape that is huge": ("m.npz", zipped(("a.npy", npy(HEADER % (b"<f4", b"(999999999999,)")))), "damaged"),
    "a negative size": ("m.npz", zipped(("a.npy", npy(HEADER % (b"<f4", b"(-4,)"), b"0" * 99))), "damaged"),
    "a header of brackets": ("m.npz", zipped(("a.npy", npy(b"[" * 60000))), "damaged"),
    "a bomb": ("m.npz", zipped(("a.npy", bytes(100 * 2**20))), "unpacks to 100 MB"),
    "many members": ("m.npz", zipped(*((f"{i}.npy", b"") for i in range(1001))), "1,001 arrays"),
    "something that is not an array": ("m.npz", zipped(("a.npy", b"text"), ("b.txt", b"")), "damaged"),
    "half a file": ("m.npz", npz(a=np.ones(1000))[:4000], "damaged"),
    "nothing": ("m.npz", b"", "damaged"),
    "no tensors": ("m.safetensors", tensors({}), "0 arrays"),
    "nothing at all": ("m.safetensors", b"", "damaged"),
    "a header longer than the file": ("m.safetensors", tensors({}, length=5000), "damaged"),
    "a huge header": ("m.safetensors", tensors({}, length=2**63), "larger than 1 MB"),
    "offsets beyond the end": (
        "m.safetensors",
        tensors({"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}, b"0000"),
        "damaged",
    ),
    "a shape that does not fit": (
        "m.safetensors",
        tensors({"a": {"dtype": "F32", "shape": [5], "data_offsets": [0, 16]}}, bytes(16)),
        "damaged",
    ),
    "an unknown type": (
        "m.safetensors",
        tensors({"a": {"dtype": "F8_E4M3", "shape": [4], "data_offsets": [0, 4]}}, bytes(4)),
        "8-bit floats",
    ),
    "too large": ("m.npz", bytes(weights.FILE_BYTES + 1), "larger than 20 MB"),
    "another format": ("weights.csv", b"1,2", "Only `.npz` and `.safetensors`"),
    "no ending": ("npz", b"1,2", "Only `.npz`"),
}


def assert_plain(said):
    assert said.endswith((".", "`"))
    assert "\n" not in said


@pytest.mark.parametrize(("name", "data", "words"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_hostile_or_broken_is_answered_with_one_sentence(name, data, words):
    said = refusal(name, data)
    assert_plain(said)
    assert words in said


def attempt(name, data):
    try:
        assert read(name, data)
    except Unreadable as refused:
        assert_plain(str(refused))


@given(st.sampled_from(["m.npz", "m.safetensors"]), st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_random_bytes_never_do_more_than_that(name, data):
    attempt(name, data)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_damaged_files_never_do_more_than_that(data):
    name = data.draw(st.sampled_from(["m.npz", "m.safetensors"]))
    whole = npz(np.savez_compressed, **WEIGHTS) if name == "m.npz" else safetensors.numpy.save(WEIGHTS)
    broken = bytearray(whole[: data.draw(st.integers(1, len(whole)))])
    for place in data.draw(st.lists(st.integers(0, len(broken) - 1), max_size=4)):
        broken[place] = data.draw(st.integers(0, 255))
    attempt(name, bytes(broken))


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_headers_of_any_kind_never_do_more_than_that(header):
    attempt("m.npz", zipped(("a.npy", npy(header, bytes(32)))))
    attempt("m.safetensors", tensors(header, bytes(32)))
