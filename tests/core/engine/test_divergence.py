"""Divergence: the first number that is not finite is noted by step and layer."""

import numpy as np

from core.activations import ACTIVATIONS
from core.engine import divergence
from core.engine.hidden_layers import HiddenLayers
from core.engine.network import Network, parameter_slices, parameter_views
from core.engine.recording import allocate
from core.losses import LOSSES


def test_the_first_layer_of_the_order_that_is_not_finite_is_noted_once_and_for_the_runs_asked_about():
    made = allocate(runs=4, steps=9, m=4, sizes=(5, 3, 2))
    first, second = np.zeros((4, 3, 4)), np.zeros((4, 2))
    first[1, 2, 3], second[:3, 1] = np.inf, np.nan
    divergence.record_nonfinite(made, 5, [(1, (first,)), (2, (second,))], np.array([False, True, True, True]))
    divergence.record_nonfinite(made, 6, [(2, (second,))], np.ones(4, bool))
    assert made["diverged_at"].tolist() == [6, 5, 5, -1]
    assert made["diverged_layer"].tolist() == [2, 1, 2, 0]


def test_both_passes_are_looked_through_in_their_order():
    sizes, runs, m = (2, 3, 3, 2), 3, 4
    network = Network(HiddenLayers(sizes, ACTIVATIONS["relu"], runs, np.dtype("float32")), LOSSES["squared"], m)
    flat = np.full((runs, parameter_slices(sizes)[-1].stop), 0.1, np.float32)
    theta, gradient = parameter_views(flat, sizes), parameter_views(np.empty_like(flat), sizes)
    theta[1][1] = 1e38  # overflows on the way forward, in layer 2
    theta[0][2], theta[1][2], theta[2][2] = 1, 1e-30, 1e37  # ŷ is modest; going back, dA^[2] overflows
    X, Y = np.full((runs, 3, m), 10, np.float32), np.full((runs, 2, m), -1e30, np.float32)
    made = allocate(runs, 5, m, sizes)
    made["layer_gradient_norm"][:] = 0
    with np.errstate(all="ignore"):
        divergence.record_nonfinite_in_passes(made, 3, network, theta, (X, Y), gradient, np.ones(runs, bool))
    assert made["diverged_at"].tolist() == [-1, 3, 3]
    assert made["diverged_layer"].tolist() == [0, 2, 2]


def test_of_what_an_optimizer_remembers_the_last_layer_that_is_not_finite_is_noted():
    sizes = (2, 3, 3, 2)
    made, layers = allocate(2, 5, 4, sizes), parameter_slices(sizes)
    mean, square = np.zeros((2, layers[-1].stop)), np.zeros((2, layers[-1].stop))
    square[1, layers[1].start], mean[1, layers[0].start] = np.inf, np.nan
    divergence.record_nonfinite_in_memory(made, 2, (mean, square), layers, np.ones(2, bool))
    assert made["diverged_at"].tolist() == [-1, 2]
    assert made["diverged_layer"].tolist() == [0, 2]
