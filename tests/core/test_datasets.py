"""Data sets: the digits are those everybody has, splits are fixed, and every set is standardized and balanced."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

import core.datasets
from core import Experiment, run
from core.datasets import (
    DATASETS,
    PLANE,
    SCALINGS,
    assemble,
    dataset,
    digit_images,
    plane,
    watched_digits,
    watched_examples,
)

SHAPES = {  # training examples, test examples, inputs, outputs, loss
    "digits": (1437, 360, 64, 10, "softmax"),
    "circles": (1024, 512, 2, 1, "sigmoid"),
    "moons": (1024, 512, 2, 1, "sigmoid"),
    "xor": (1024, 512, 2, 1, "sigmoid"),
    "spirals": (1024, 512, 2, 1, "sigmoid"),
    "curve": (1024, 512, 1, 1, "squared"),
    "noise": (2048, 512, 64, 10, "softmax"),
    "pixels": (1437, 360, 64, 10, "softmax"),
}
every_set = pytest.mark.parametrize("data", [dataset(name) for name in DATASETS], ids=DATASETS)


def arrays(data):
    return data.X_train, data.Y_train, data.X_test, data.Y_test


def pixels_of(X):
    """Undo the standardization of digits: (examples, 64) as scikit-learn has them; constant pixels come out as NaN."""
    raw, both = load_digits().data, np.vstack([dataset("digits").X_train, dataset("digits").X_test])
    with np.errstate(invalid="ignore"):
        scale = np.ptp(raw, axis=0) / np.ptp(both, axis=0)
        return (X - both.min(axis=0)) * scale + raw.min(axis=0)


def test_digits_are_scikit_learns_copy_entry_for_entry():
    pixels, classes = digit_images()
    theirs = load_digits()
    np.testing.assert_array_equal(pixels, theirs.data)
    np.testing.assert_array_equal(classes, theirs.target)


def test_source_and_license_of_the_digits_stand_beside_them():
    note = (Path(core.datasets.__file__).parent / "data" / "README.md").read_text(encoding="utf-8")
    for needed in ("CC BY 4.0", "Alpaydin", "10.24432/C50P49", "digits.npz", "Changes"):
        assert needed in note


@every_set
def test_shapes_are_fixed(data):
    train, test, inputs, outputs, loss = SHAPES[data.name]
    assert [array.shape for array in arrays(data)] == [
        (train, inputs),
        (train, outputs),
        (test, inputs),
        (test, outputs),
    ]
    assert (data.inputs, data.outputs, data.loss) == (inputs, outputs, loss)
    assert all(array.dtype == np.float64 for array in arrays(data))


@pytest.mark.parametrize("name", DATASETS)
def test_inputs_are_finite_and_standardized_on_the_training_part(name):
    data = dataset(name, "standardized")
    assert all(np.isfinite(array).all() for array in arrays(data))
    mean, std = data.X_train.mean(axis=0), data.X_train.std(axis=0)
    np.testing.assert_allclose(mean, 0, atol=1e-12)
    varies = std > 0
    np.testing.assert_allclose(std[varies], 1, rtol=1e-12)
    assert not data.X_train[:, ~varies].any()
    assert not data.X_test[:, ~varies].any()
    # The test part has no say in it, so that it is near, but not on, 0 and 1.
    assert (data.X_test.mean(axis=0)[varies] != 0).all()
    assert np.abs(data.X_test.mean(axis=0)).max() < 0.5


def test_each_digit_keeps_its_label_through_splitting_and_standardizing():
    theirs = load_digits()
    varies = np.ptp(dataset("digits").X_train, axis=0) > 0
    label = {tuple(row[varies]): target for row, target in zip(theirs.data, theirs.target, strict=True)}
    data = dataset("digits")
    for X, Y in ((data.X_train, data.Y_train), (data.X_test, data.Y_test)):
        raw = np.rint(pixels_of(X)[:, varies])
        assert [label[tuple(row)] for row in raw] == Y.argmax(axis=1).tolist()


def test_pixels_are_the_digits_from_0_to_1_unless_they_are_to_be_scaled():
    pixels, digits = dataset("pixels"), dataset("digits")
    np.testing.assert_allclose(dataset("digits", "raw").X_train / 16, pixels.X_train)
    assert (pixels.X_train.min(), pixels.X_train.max()) == (0, 1)
    assert (pixels.Y_train == digits.Y_train).all()
    np.testing.assert_allclose(dataset("pixels", "standardized").X_test, digits.X_test, atol=1e-12)


def test_no_digit_is_both_trained_on_and_tested():
    data = dataset("digits")
    both = np.vstack([data.X_train, data.X_test])
    unique = len(np.unique(load_digits().data, axis=0))
    assert len(np.unique(np.round(both, 9), axis=0)) == unique


@every_set
def test_labels_are_what_the_loss_takes(data):
    for Y in (data.Y_train, data.Y_test):
        if data.loss == "softmax":
            assert set(np.unique(Y)) == {0, 1}
            assert (Y.sum(axis=1) == 1).all()
        elif data.loss == "sigmoid":
            assert set(np.unique(Y)) == {0, 1}
        else:
            assert Y.std() == pytest.approx(1, rel=0.1)


@every_set
def test_classes_are_balanced_in_both_parts(data):
    if data.loss == "squared":
        return
    expected = 1 / max(2, data.outputs)
    for Y in (data.Y_train, data.Y_test):
        share = Y.mean(axis=0)
        np.testing.assert_allclose(share, expected, atol=5 * np.sqrt(expected * (1 - expected) / len(Y)))


@every_set
def test_arrays_are_read_only_and_shared(data):
    assert dataset(data.name) is data
    for array in arrays(data):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@every_set
def test_made_anew_a_set_is_the_same(data):
    module = importlib.util.module_from_spec(importlib.util.find_spec("core.datasets"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, module.__name__, module)  # where its dataclasses look themselves up
        module.__spec__.loader.exec_module(module)
    for array, again in zip(arrays(data), arrays(module.dataset(data.name)), strict=True):
        np.testing.assert_array_equal(array, again)


@pytest.mark.parametrize("name", ["circles", "xor", "spirals"])
def test_no_line_separates_what_needs_a_hidden_layer(name):
    data = dataset(name)
    X = np.column_stack([data.X_train, np.ones(len(data.X_train))])
    weights = np.linalg.lstsq(X, 2 * data.Y_train - 1, rcond=None)[0]
    assert ((X @ weights > 0) == data.Y_train).mean() < 0.75


def test_the_labels_of_noise_do_not_depend_on_its_inputs():
    data = dataset("noise")
    correlations = data.X_train.T @ (data.Y_train - data.Y_train.mean(axis=0)) / len(data.X_train) / 0.3
    assert np.abs(correlations).max() < 5 / np.sqrt(len(data.X_train))


def own(shift=0.0, name="own", **changed):
    rng = np.random.default_rng(0)
    X = rng.normal(3, 5, (60, 4)) + shift
    X[:, 3] = 7
    return assemble(**{"name": name, "label": "own", "loss": "squared", "X": X, "Y": X[:, :1], "test": 20} | changed)


def test_scaling_is_by_the_training_part_alone():
    raw, standard, unit = (own(scaling=scaling) for scaling in ("raw", "standardized", "0 to 1"))
    assert {"raw", "standardized", "0 to 1"} == set(SCALINGS)
    assert (raw.X_train[:, 3] == 7).all()
    mean, std = raw.X_train.mean(axis=0), raw.X_train.std(axis=0)
    np.testing.assert_allclose(standard.X_test[:, :3], ((raw.X_test - mean) / np.maximum(std, 1e-9))[:, :3])
    assert unit.X_train[:, :3].min(axis=0).tolist() == [0, 0, 0]
    np.testing.assert_allclose(unit.X_train[:, :3].max(axis=0), 1)
    for scaled in (standard, unit):
        assert not scaled.X_train[:, 3].any()
        assert not scaled.X_test[:, 3].any()
    with pytest.raises(ValueError, match="scaling is 'other'"):
        own(scaling="other")


def test_digits_can_be_had_as_they_are():
    assert dataset("digits", "raw").X_train.max() == 16
    assert dataset("digits", "0 to 1").X_train.max() == 1
    assert dataset("digits", "standardized") is dataset("digits")


def test_data_of_ones_own_train_as_a_named_set_does():
    data = dataset("digits")
    X, Y = np.vstack([data.X_test, data.X_train]), np.vstack([data.Y_test, data.Y_train])
    copy = assemble("mine", "mine", "softmax", X, Y, test=360)
    small = {"hidden": (8,), "seeds": 1, "steps": 5}
    mine = run(Experiment(copy, **small))
    assert mine.has_classes
    assert mine.experiment.sizes == (64, 8, 10)
    assert mine.loss.shape == run(Experiment("digits", **small)).loss.shape


def test_data_are_equal_when_their_names_and_numbers_are():
    assert own() == own()
    assert hash(Experiment(own(), batch_size=9)) == hash(Experiment(own(), batch_size=9))
    assert own() != own(shift=1e-9)
    assert own() != own(name="another")
    assert repr(own()) != repr(own(shift=1e-9))
    assert own().digest[:16] in repr(Experiment(own(), batch_size=9))


def test_the_watched_digits_are_two_of_each_class_and_the_pictures_of_them_are_theirs():
    pixels, classes = watched_digits()
    assert classes.tolist() == sorted([*range(10)] * 2)
    shown = pixels_of(watched_examples("digits"))
    known = np.isfinite(shown)
    np.testing.assert_allclose(shown[known], pixels.reshape(20, 64)[known], atol=1e-9)


@pytest.mark.parametrize("name", [name for name, shape in SHAPES.items() if shape[2] == 2])
def test_the_watched_plane_holds_every_example_and_is_read_like_a_page(name):
    data, points = dataset(name), watched_examples(name).reshape(PLANE, PLANE, 2)
    low, high = plane(data)
    for X in (data.X_train, data.X_test):
        assert ((low < X) & (high > X)).all()
    assert (np.diff(points[:, :, 0], axis=1) > 0).all()
    assert (np.diff(points[:, :, 1], axis=0) < 0).all()


def test_nothing_is_watched_of_data_of_ones_own():
    assert watched_examples(dataset("circles")).shape == (0, 2)
