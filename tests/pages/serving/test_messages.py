"""Messages: what is sent is received, to the bit, and pickles are not among it."""

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from core import ACTIVATIONS, INITIALIZERS, Clip, Experiment, Variant
from core.clipping import KINDS
from core.datasets import DATASETS, assemble
from pages.parts.serving.messages import parse, read_message, serialize, write_message

positive = st.floats(0, 1e6, exclude_min=True)
variants = st.builds(
    Variant,
    initializer=st.sampled_from(list(INITIALIZERS)),
    gain=positive,
    noise=positive,
    bias_std=positive,
    learning_rate=positive,
    clip=st.none() | st.builds(Clip, st.sampled_from(list(KINDS)), positive),
    label=st.text(max_size=9),
)
experiments = st.builds(
    Experiment,
    dataset=st.sampled_from(list(DATASETS)),
    hidden=st.lists(st.integers(1, 9), max_size=3),
    activation=st.sampled_from(list(ACTIVATIONS)),
    variants=st.lists(variants, min_size=1, max_size=3, unique_by=lambda variant: variant.label),
    seeds=st.integers(1, 9),
    dtype=st.sampled_from(["float32", "float64"]),
    seed=st.integers(0, 2**32 - 1),
)


def sent(*what):
    """What arrives of messages, each with its arrays."""
    stream = io.BytesIO()
    for fields, held in what:
        write_message(stream, fields, held)
    return received(stream.getvalue())


def received(data):
    stream = io.BytesIO(data)
    return list(iter(lambda: read_message(stream), None))


@given(experiments)
def test_an_experiment_arrives_as_it_was(experiment):
    (message,) = sent(serialize(experiment))
    assert parse(*message) == experiment


def test_so_does_one_on_uploaded_data():
    rng = np.random.default_rng(0)
    data = assemble("upload", "your data", "softmax", rng.normal(size=(60, 3)), np.eye(2)[rng.integers(0, 2, 60)], 12)
    experiment = replace(Experiment(), dataset=data, batch_size=8)
    (message,) = sent(serialize(experiment))
    assert parse(*message) == experiment
    assert parse(*message).dataset is not data


@given(
    st.dictionaries(
        st.text(),
        arrays(st.sampled_from([np.float32, np.float64, np.int64]), array_shapes(min_dims=0, min_side=0)),
        max_size=4,
    ),
    st.dictionaries(st.text().filter(lambda name: name not in ("arrays", "bytes")), st.text() | st.integers()),
)
def test_arrays_arrive_to_the_bit_and_messages_in_their_order(held, message):
    first, (again, arrived), last = sent(({"n": 1}, {}), (message, held), ({"n": 2}, {}))
    assert (first[0], last[0]) == ({"n": 1}, {"n": 2})
    assert again == message
    assert list(arrived) == list(held)
    for name, array in held.items():
        np.testing.assert_array_equal(arrived[name], array, strict=True)


def test_objects_are_not_sent():
    with pytest.raises(TypeError, match="object cannot be sent"):
        write_message(io.BytesIO(), {}, {"object": np.array([object()])})


@pytest.mark.parametrize("cut", [1, 50, 500])
def test_a_message_that_is_cut_off_is_none(cut):
    stream = io.BytesIO()
    write_message(stream, {"n": 1})
    write_message(stream, {"n": 2}, {"zeros": np.zeros(100)})
    assert [fields["n"] for fields, _ in received(stream.getvalue()[:-cut])] == [1]
