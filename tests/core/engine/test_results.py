"""Results: which steps are recorded, and on which axes."""

import numpy as np
import pytest

from core import Experiment
from core.engine.results import AXES, FEWEST_RECORDS, RECORDS, allocate, recorded_steps


@pytest.mark.parametrize("steps", [1, 2, 3, 7, 20, 50, 199, 200, 10_000])
def test_the_first_and_the_last_step_are_recorded_and_those_between_evenly(steps):
    recorded = recorded_steps(Experiment(steps=steps))
    assert recorded[0] == 0
    assert recorded[-1] == steps - 1
    assert min(steps, FEWEST_RECORDS) <= len(recorded) <= RECORDS
    assert len(recorded) <= max(FEWEST_RECORDS, steps / 10 + 1)
    assert len(recorded) == RECORDS or steps < 10 * RECORDS
    gaps = np.diff(recorded)
    assert (gaps > 0).all()
    assert gaps.size == 0 or gaps.max() - gaps.min() <= 1


def test_what_was_not_measured_is_nan_and_nobody_has_diverged():
    arrays = allocate(Experiment(hidden=(3,), steps=40, batch_size=4), runs=3)
    assert set(arrays) == set(AXES)
    assert (arrays.pop("diverged_at") == -1).all()
    assert (arrays.pop("diverged_layer") == 0).all()
    for name, array in arrays.items():
        assert np.isnan(array).all(), name
        assert array.shape[0] == 3, name
        assert array.ndim == 1 + len(AXES[name]), name
