"""Back-propagation: the gradient is that of the loss, by finite differences and by automatic differentiation."""

from itertools import pairwise, product

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.activations import ACTIVATIONS
from core.engine.hidden_layers import HiddenLayers
from core.engine.network import Network, Predictor, parameter_slices, parameter_views
from core.losses import LOSSES

jax.config.update("jax_enable_x64", True)

PEERS = {
    "linear": lambda z: z,
    "sigmoid": jax.nn.sigmoid,
    "tanh": jnp.tanh,
    "relu": jax.nn.relu,
    "leaky_relu": lambda z: jax.nn.leaky_relu(z, 0.01),
    "elu": jax.nn.elu,
    "selu": jax.nn.selu,
    "gelu": lambda z: jax.nn.gelu(z, approximate=True),
    "gelu_exact": lambda z: jax.nn.gelu(z, approximate=False),
    "silu": jax.nn.silu,
    "softplus": jax.nn.softplus,
}
PEER_LOSSES = {  # of Z and Y, examples in columns
    "softmax": lambda Z, Y: -(jax.nn.log_softmax(Z, axis=0) * Y).sum(axis=0).mean(),
    "sigmoid": lambda Z, Y: (jax.nn.softplus(Z) - Y * Z).mean(),
    "squared": lambda Z, Y: ((Z - Y) ** 2).mean(),
}


def problem(sizes, loss, m, seed, runs=2):
    """Random parameters (runs, parameters), inputs (runs, n_0, m) and targets (runs, n_L, m) that suit the loss."""
    rng = np.random.default_rng(seed)
    parameters = sum(n * (k + 1) for k, n in pairwise(sizes))
    X = rng.normal(size=(runs, sizes[0], m))
    if loss == "softmax":
        Y = np.eye(sizes[-1])[rng.integers(0, sizes[-1], (runs, m))].swapaxes(1, 2)
    elif loss == "sigmoid":
        Y = rng.integers(0, 2, (runs, 1, m)).astype(float)
    else:
        Y = rng.normal(size=(runs, sizes[-1], m))
    return rng.normal(0, 0.7, (runs, parameters)), X, Y


def propagate(flat, sizes, activation, loss, X, Y, dtype="float64"):
    """The loss (runs,), the flat gradient (runs, parameters), and ŷ of a stack of networks."""
    flat, X, Y = (np.ascontiguousarray(a, dtype) for a in (flat, X, Y))
    runs, _, m = X.shape
    network = Network(HiddenLayers(sizes, ACTIVATIONS[activation], runs, np.dtype(dtype)), LOSSES[loss], m)
    theta = parameter_views(flat, sizes)
    gradient = np.empty_like(flat)
    inputs = np.concatenate([X, np.ones((runs, 1, m), dtype)], axis=1)
    with np.errstate(all="ignore"):
        trace = network.forward(theta, inputs, Y)
        value, prediction = trace.loss.copy(), trace.A[-1].copy()
        network.backward(theta, trace, Y, parameter_views(gradient, sizes))
    return value, gradient, prediction


def outputs(loss):
    return {"softmax": 3, "sigmoid": 1, "squared": 2}[loss]


def jax_loss_and_gradient(sizes, loss, activations):
    """Of one network, written anew: W and b apart; compiled once for these activations, of which a place names one."""
    functions = [PEERS[name] for name in activations]

    def value(flat, activation, X, Y):
        A, start = X, 0
        for layer, (k, n) in enumerate(pairwise(sizes)):
            theta = flat[start : start + n * (k + 1)].reshape(n, k + 1)
            start += theta.size
            Z = theta[:, :-1] @ A + theta[:, -1:]
            A = Z if layer == len(sizes) - 2 else jax.lax.switch(activation, functions, Z)
        return PEER_LOSSES[loss](Z, Y)

    return jax.jit(jax.value_and_grad(value))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradient_is_the_slope_of_the_loss(activation, loss):
    sizes = (3, 4, 5, outputs(loss))
    flat, X, Y = problem(sizes, loss, m=4, seed=3)
    _, gradient, _ = propagate(flat, sizes, activation, loss, X, Y)
    h = 1e-6
    numeric = np.empty_like(flat)
    for i in range(flat.shape[1]):
        step = np.zeros_like(flat)
        step[:, i] = h
        above, _, _ = propagate(flat + step, sizes, activation, loss, X, Y)
        below, _, _ = propagate(flat - step, sizes, activation, loss, X, Y)
        numeric[:, i] = (above - below) / (2 * h)
    np.testing.assert_allclose(gradient, numeric, rtol=0, atol=1e-8 * max(1, np.abs(numeric).max()))


@given(
    inputs=st.integers(1, 9),
    hidden=st.lists(st.integers(1, 9), max_size=5),
    width=st.integers(2, 5),
    m=st.integers(1, 16),
    activation=st.sampled_from(sorted(ACTIVATIONS)),
    loss=st.sampled_from(sorted(LOSSES)),
    seed=st.integers(0, 2**32 - 1),
)
def test_gradient_is_the_slope_of_the_loss_along_any_direction_whatever_the_sizes(
    inputs, hidden, width, m, activation, loss, seed
):
    sizes = (inputs, *hidden, 1 if loss == "sigmoid" else width)
    flat, X, Y = problem(sizes, loss, m, seed, runs=1)
    _, gradient, _ = propagate(flat, sizes, activation, loss, X, Y)
    step = np.random.default_rng(seed).normal(size=flat.shape)
    step *= 1e-6 / np.linalg.norm(step)
    (above, _, _), (below, _, _) = (
        propagate(theta, sizes, activation, loss, X, Y) for theta in (flat + step, flat - step)
    )
    size = np.linalg.norm(gradient)
    assert (above - below)[0] == pytest.approx(2 * float(gradient[0] @ step[0]), abs=2e-14 * max(size, 1))


@pytest.mark.parametrize(
    ("loss", "sizes", "m", "activations"),
    [
        ("softmax", (5, 7, 9, 4), 6, tuple(ACTIVATIONS)),
        ("sigmoid", (2, 8, 8, 1), 1, ("tanh",)),
        ("squared", (1, 6, 2), 16, ("relu",)),
    ],
    ids=["softmax", "sigmoid", "squared"],
)
def test_loss_and_gradient_are_those_of_jax(loss, sizes, m, activations):
    peer = jax_loss_and_gradient(sizes, loss, activations)
    for (place, activation), seed in product(enumerate(activations), range(3)):
        flat, X, Y = problem(sizes, loss, m, seed, runs=1)
        value, gradient, _ = propagate(flat, sizes, activation, loss, X, Y)
        expected, slope = peer(flat[0], place, X[0], Y[0])
        assert value[0] == pytest.approx(float(expected), rel=1e-10), activation
        error, size = np.linalg.norm(gradient[0] - slope), np.linalg.norm(slope)
        assert error <= 1e-10 * max(size, 1e-3), activation  # a network whose units are all dead has no gradient


@pytest.mark.parametrize("hidden", [(), (1,), (7,), (4, 1, 4)])
def test_networks_of_a_stack_do_not_touch_each_other(hidden):
    sizes = (3, *hidden, 3)
    flat, X, Y = problem(sizes, "softmax", m=5, seed=8, runs=4)
    loss, gradient, prediction = propagate(flat, sizes, "tanh", "softmax", X, Y)
    for run in range(4):
        rows = slice(run, run + 1)
        alone = propagate(flat[rows], sizes, "tanh", "softmax", X[rows], Y[rows])
        for together, apart in zip((loss, gradient, prediction), alone, strict=True):
            np.testing.assert_array_equal(together[rows], apart)


def test_gradient_is_the_mean_over_the_batch_so_that_doubling_the_batch_changes_nothing():
    sizes = (3, 4, 3)
    flat, X, Y = problem(sizes, "softmax", m=5, seed=2)
    once = propagate(flat, sizes, "tanh", "softmax", X, Y)
    twice = propagate(flat, sizes, "tanh", "softmax", np.tile(X, 2), np.tile(Y, 2))
    np.testing.assert_allclose(once[0], twice[0], rtol=1e-12)
    np.testing.assert_allclose(once[1], twice[1], rtol=1e-10, atol=1e-14)


def test_bias_gradient_is_the_mean_of_the_output_error():
    """Claim C17 rests on it: db sums dZ, and at a softmax output dZ is (ŷ − Y) / m."""
    sizes = (3, 4, 3)
    flat, X, Y = problem(sizes, "softmax", m=5, seed=2)
    _, gradient, prediction = propagate(flat, sizes, "relu", "softmax", X, Y)
    db = parameter_views(gradient, sizes)[-1][:, :, -1]
    np.testing.assert_allclose(db, (prediction - Y).mean(axis=2), rtol=1e-12, atol=1e-15)


def test_float32_is_float64_but_for_rounding():
    sizes = (6, 8, 8, 3)
    flat, X, Y = problem(sizes, "softmax", m=16, seed=5)
    wide = propagate(flat, sizes, "relu", "softmax", X, Y)
    narrow = propagate(flat, sizes, "relu", "softmax", X, Y, "float32")
    assert narrow[1].dtype == np.float32
    np.testing.assert_allclose(narrow[0], wide[0], rtol=1e-5)
    np.testing.assert_allclose(narrow[1], wide[1], atol=1e-5)


def test_a_second_pass_through_the_same_buffers_gives_the_same_numbers():
    sizes, m = (3, 4, 4, 2), 5
    flat, X, Y = problem(sizes, "squared", m, seed=4)
    network = Network(HiddenLayers(sizes, ACTIVATIONS["gelu"], 2, np.dtype("float64")), LOSSES["squared"], m)
    theta, inputs = parameter_views(flat, sizes), np.concatenate([X, np.ones((2, 1, m))], axis=1)
    gradients = []
    for _ in range(2):
        gradient = np.empty_like(flat)
        trace = network.forward(theta, inputs, Y)
        network.backward(theta, trace, Y, parameter_views(gradient, sizes))
        gradients.append(gradient)
    np.testing.assert_array_equal(*gradients)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_pass_that_does_not_keep_z_gives_the_same_bits(activation):
    sizes, m = (3, 4, 6, 5, 2), 7
    flat, X, Y = problem(sizes, "softmax", m, seed=7)
    network = Network(HiddenLayers(sizes, ACTIVATIONS[activation], 2, np.dtype("float64")), LOSSES["softmax"], m)
    theta, inputs = parameter_views(flat, sizes), np.concatenate([X, np.ones((2, 1, m))], axis=1)
    found = []
    for keep in (True, False):
        gradient = np.empty_like(flat)
        trace = network.forward(theta, inputs, Y, keep_Z=keep)
        network.backward(theta, trace, Y, parameter_views(gradient, sizes))
        found.append((gradient, trace.loss, trace.A[-1].copy()))
    for kept, passing in zip(*found, strict=True):
        np.testing.assert_array_equal(passing, kept)


def test_views_and_slices_lay_out_the_flat_vector_alike():
    sizes = (3, 5, 1, 2)
    flat = np.arange(2 * 30, dtype=float).reshape(2, 30)
    views, slices = parameter_views(flat, sizes), parameter_slices(sizes)
    assert [view.shape for view in views] == [(2, 5, 4), (2, 1, 6), (2, 2, 2)]
    for view, columns in zip(views, slices, strict=True):
        np.testing.assert_array_equal(view.reshape(2, -1), flat[:, columns])
        assert np.shares_memory(view, flat)
    assert slices[-1].stop == 30


def test_what_the_checkpoint_raises_stops_the_pass():
    class Stop(Exception):
        pass

    def stop():
        raise Stop

    sizes = (3, 4, 2)
    flat, X, Y = problem(sizes, "squared", m=5, seed=4)
    network = Network(HiddenLayers(sizes, ACTIVATIONS["tanh"], 2, np.dtype("float64")), LOSSES["squared"], 5, stop)
    with pytest.raises(Stop):
        network.forward(parameter_views(flat, sizes), np.concatenate([X, np.ones((2, 1, 5))], axis=1), Y)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_predictor_gives_the_output_of_the_forward_pass_to_the_last_bit(activation, loss):
    sizes = (3, 7, 2, 5, 1 if loss == "sigmoid" else 4)
    flat, X, Y = problem(sizes, loss, 6, seed=4, runs=3)
    *_, expected = propagate(flat, sizes, activation, loss, X, Y)
    predictor = Predictor(HiddenLayers(sizes, ACTIVATIONS[activation], 3, np.dtype("float64")), LOSSES[loss], 3, 6)
    inputs = np.concatenate([X, np.ones((3, 1, 6))], axis=1)
    for runs in (3, 2):
        found, _ = predictor.predict(parameter_views(flat[:runs], sizes), inputs[:runs], Y[:runs])
        np.testing.assert_array_equal(found, expected[:runs])


def test_a_predictor_without_hidden_layers_is_one_product():
    flat, X, Y = problem((3, 4), "squared", 6, seed=5)
    predictor = Predictor(HiddenLayers((3, 4), ACTIVATIONS["relu"], 2, np.dtype("float64")), LOSSES["squared"], 2, 6)
    found, _ = predictor.predict(parameter_views(flat, (3, 4)), np.concatenate([X, np.ones((2, 1, 6))], axis=1), Y)
    (theta,) = parameter_views(flat, (3, 4))
    np.testing.assert_allclose(found, theta[:, :, :-1] @ X + theta[:, :, -1:], rtol=1e-13)


def test_fewer_networks_go_on_in_the_same_buffers():
    sizes, dtype = (3, 5, 4), np.dtype("float64")
    flat, X, Y = problem(sizes, "softmax", 6, seed=6, runs=3)
    network = Network(HiddenLayers(sizes, ACTIVATIONS["tanh"], 3, dtype), LOSSES["softmax"], 6)
    inputs = np.concatenate([X, np.ones((3, 1, 6))], axis=1)
    network.forward(parameter_views(flat, sizes), inputs, Y)
    network.resize(2)
    gradient = np.empty_like(flat[1:])
    theta, views = parameter_views(flat[1:], sizes), parameter_views(gradient, sizes)
    trace = network.forward(theta, inputs[1:], Y[1:])
    network.backward(theta, trace, Y[1:], views)
    loss, expected, _ = propagate(flat[1:], sizes, "tanh", "softmax", X[1:], Y[1:])
    np.testing.assert_array_equal(trace.loss, loss)
    np.testing.assert_array_equal(gradient, expected)
