"""Recording: the share of right classes, and the first number that is not finite, by step and layer."""

import numpy as np

from core import Experiment
from core.activations import ACTIVATIONS
from core.engine import recording
from core.engine.hidden_layers import HiddenLayers
from core.engine.network import Network, parameter_slices, parameter_views
from core.engine.recording import accuracy
from core.engine.results import allocate
from core.losses import LOSSES


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


def test_the_first_layer_of_the_order_that_is_not_finite_is_noted_once_and_for_the_runs_asked_about():
    arrays = allocate(Experiment(hidden=(3,), steps=9), runs=4)
    first, second = np.zeros((4, 3, 4)), np.zeros((4, 2))
    first[1, 2, 3], second[:3, 1] = np.inf, np.nan
    recording.record_nonfinite(arrays, 5, [[first], [second]], np.array([False, True, True, True]))
    recording.record_nonfinite(arrays, 6, [[], [second]], np.ones(4, bool))
    assert arrays["diverged_at"].tolist() == [6, 5, 5, -1]
    assert arrays["diverged_layer"].tolist() == [2, 1, 2, 0]


def test_both_passes_are_looked_through_in_their_order():
    sizes, runs, m = (2, 3, 3, 2), 3, 4
    network = Network(HiddenLayers(sizes, ACTIVATIONS["relu"], runs, np.dtype("float32")), LOSSES["squared"], m)
    flat = np.full((runs, parameter_slices(sizes)[-1].stop), 0.1, np.float32)
    theta, gradient = parameter_views(flat, sizes), parameter_views(np.empty_like(flat), sizes)
    theta[1][1] = 1e38  # overflows on the way forward, in layer 2
    theta[0][2], theta[1][2], theta[2][2] = 1, 1e-30, 1e37  # ŷ is modest; going back, dA^[2] overflows
    X, Y = np.full((runs, 3, m), 10, np.float32), np.full((runs, 2, m), -1e30, np.float32)
    arrays = allocate(Experiment("circles", (3, 3), steps=5), runs)
    arrays["layer_gradient_norm"][:] = 0
    with np.errstate(all="ignore"):
        recording.record_nonfinite_in_passes(arrays, 3, network, theta, (X, Y), gradient, np.ones(runs, bool))
    assert arrays["diverged_at"].tolist() == [-1, 3, 3]
    assert arrays["diverged_layer"].tolist() == [0, 2, 2]


def test_of_what_an_optimizer_remembers_the_last_layer_that_is_not_finite_is_noted():
    arrays, layers = allocate(Experiment("circles", (3, 3), steps=5), 2), parameter_slices((2, 3, 3, 2))
    mean, square = np.zeros((2, layers[-1].stop)), np.zeros((2, layers[-1].stop))
    square[1, layers[1].start], mean[1, layers[0].start] = np.inf, np.nan
    states = [[state[:, layer] for state in (mean, square)] for layer in layers]
    recording.record_nonfinite(arrays, 2, states, np.ones(2, bool), backward=True)
    assert arrays["diverged_at"].tolist() == [-1, 2]
    assert arrays["diverged_layer"].tolist() == [0, 2]
