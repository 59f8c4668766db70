"""Recording: which steps are measured, on which axes, and the share of right classes."""

import numpy as np
import pytest

from core.engine.recording import AXES, FEWEST_RECORDS, RECORDS, accuracy, allocate, recorded_steps


@pytest.mark.parametrize("steps", [1, 2, 3, 7, 20, 50, 199, 200, 10_000])
def test_the_first_and_the_last_step_are_recorded_and_those_between_evenly(steps):
    recorded = recorded_steps(steps)
    assert recorded[0] == 0
    assert recorded[-1] == steps - 1
    assert min(steps, FEWEST_RECORDS) <= len(recorded) <= RECORDS
    assert len(recorded) <= max(FEWEST_RECORDS, steps / 10 + 1)
    assert len(recorded) == RECORDS or steps < 10 * RECORDS
    gaps = np.diff(recorded)
    assert (gaps > 0).all()
    assert gaps.size == 0 or gaps.max() - gaps.min() <= 1


def test_what_was_not_measured_is_nan_and_nobody_has_diverged():
    made = allocate(runs=3, steps=40, m=4, sizes=(5, 3, 2))
    assert set(made) == set(AXES)
    assert (made.pop("diverged_at") == -1).all()
    assert (made.pop("diverged_layer") == 0).all()
    for name, array in made.items():
        assert np.isnan(array).all(), name
        assert array.shape[0] == 3, name
        assert array.ndim == 1 + len(AXES[name]), name


def test_accuracy_is_the_share_of_right_classes():
    Y = np.eye(3)[[[0, 1, 2, 2]]].swapaxes(1, 2)
    prediction = np.eye(3)[[[0, 1, 2, 0]]].swapaxes(1, 2)
    assert accuracy(prediction, Y)[0] == 0.75
    ones = np.array([[[0.9, 0.6, 0.2, 0.51]]])
    assert accuracy(ones, np.array([[[1.0, 1.0, 0.0, 0.0]]]))[0] == 0.75


def test_accuracy_of_what_is_not_finite_is_nan_in_that_run_only():
    Y = np.ones((2, 1, 3))
    prediction = np.ones((2, 1, 3))
    prediction[1, 0, 2] = np.nan
    np.testing.assert_array_equal(accuracy(prediction, Y), [1, np.nan])
