"""Optimizers: twenty steps of each are those of optax."""

import jax
import numpy as np
import optax
import pytest

from core.optimizers import OPTIMIZERS

jax.config.update("jax_enable_x64", True)

PEERS = {
    "sgd": optax.identity(),
    "momentum": optax.trace(decay=0.9),
    "rmsprop": optax.scale_by_rms(decay=0.9, eps=1e-8, eps_in_sqrt=False),
    "adam": optax.scale_by_adam(b1=0.9, b2=0.999, eps=1e-8),
}
RATES = np.array([[0.1], [0.003]])


def gradients(steps=20, dtype="float64"):
    """Of two runs, over several orders of magnitude, some exactly zero."""
    rng = np.random.default_rng(0)
    g = rng.normal(size=(steps, 2, 30)) * 10.0 ** rng.integers(-6, 4, 30)
    g[:, :, :3] = 0
    return g.astype(dtype)


def trained(name, gs, rates=RATES):
    theta = np.ones(gs.shape[1:], gs.dtype)
    optimizer = OPTIMIZERS[name](theta, rates.astype(gs.dtype))
    path = []
    for g in gs:
        optimizer.step(g.copy())
        path.append(theta.copy())
    return np.array(path)


def test_every_optimizer_has_its_peer():
    assert set(OPTIMIZERS) == set(PEERS)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_twenty_steps_are_those_of_optax(name):
    peer, theta = PEERS[name], np.ones((2, 30))
    state = peer.init(theta)
    for g, seen in zip(gradients(), trained(name, gradients()), strict=True):
        direction, state = peer.update(g, state)
        theta = theta - RATES * np.asarray(direction)
        np.testing.assert_allclose(seen, theta, rtol=1e-10)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_gradient_of_zero_moves_nothing(name):
    assert (trained(name, gradients())[:, :, :3] == 1).all()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_runs_of_a_stack_do_not_touch_each_other(name):
    together = trained(name, gradients())
    for run in range(2):
        rows = slice(run, run + 1)
        np.testing.assert_array_equal(together[:, rows], trained(name, gradients()[:, rows], RATES[rows]))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_float32_stays_float32_and_is_float64_but_for_rounding(name):
    narrow = trained(name, gradients(dtype="float32"))
    assert narrow.dtype == np.float32
    wide = trained(name, gradients(dtype="float32").astype(float), RATES.astype("float32"))
    np.testing.assert_allclose(narrow, wide, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", ["rmsprop", "adam"])
def test_adaptive_steps_do_not_depend_on_the_gradients_scale(name):
    gs = gradients()[:, :, 3:] * 1e6  # far above ε
    np.testing.assert_allclose(trained(name, gs), trained(name, 1000 * gs), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_runs_that_remain_go_on_as_if_the_others_had_never_been(name):
    gs = gradients()
    optimizer = OPTIMIZERS[name](np.ones_like(gs[0]), RATES)
    for g in gs[:5]:
        optimizer.step(g.copy())
    optimizer.select_runs(np.array([False, True]))
    for g in gs[5:]:
        optimizer.step(g[1:].copy())
    np.testing.assert_array_equal(optimizer.theta, trained(name, gs)[-1][1:])
