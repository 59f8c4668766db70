"""JAX: one run's steps as a scan, all runs by vmap, compiled before the clock starts."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from tests.benchmarks.turns import Way
from tests.benchmarks.workloads import LEARNING_RATE, Workload

NAME = "JAX"
FUNCTIONS = {"relu": jax.nn.relu, "tanh": jnp.tanh}


def ways(workload: Workload) -> list[Way]:
    function = FUNCTIONS[workload.activation]
    theta = [(jnp.asarray(t[:, :, :-1]), jnp.asarray(t[:, :, -1])) for t in workload.theta]
    X, y, batches = jnp.asarray(workload.X), jnp.asarray(workload.y), jnp.asarray(workload.batches)
    made = []
    for label, gathered in (("gathered inside the scan", False), ("gathered before the scan", True)):
        one = partial(train, function, gathered)
        every = jax.jit(jax.vmap(one, in_axes=(0, None, None, 0))).lower(theta, X, y, batches).compile()
        made.append(Way(label, partial(call, every, theta, X, y, batches)))
    return made


def call(compiled, *arguments) -> tuple[np.ndarray, np.ndarray]:
    losses, norms = jax.block_until_ready(compiled(*arguments))
    return np.asarray(losses), np.asarray(norms)


def train(function, gathered, theta, X, y, batches):
    """One run: losses (steps,) and norms (steps, L)."""

    def loss_of(theta, X, y):
        A = X
        for W, b in theta[:-1]:
            A = function(A @ W.T + b)
        W, b = theta[-1]
        log_shares = jax.nn.log_softmax(A @ W.T + b)
        return -jnp.take_along_axis(log_shares, y[:, None], axis=1).mean()

    def step(theta, batch):
        batch = batch if gathered else (X[batch], y[batch])
        loss, gradient = jax.value_and_grad(loss_of)(theta, *batch)
        norms = jnp.stack([jnp.sqrt((dW * dW).sum() + (db * db).sum()) for dW, db in gradient])
        return jax.tree.map(lambda p, g: p - LEARNING_RATE * g, theta, gradient), (loss, norms)

    return jax.lax.scan(step, theta, (X[batches], y[batches]) if gathered else batches)[1]
