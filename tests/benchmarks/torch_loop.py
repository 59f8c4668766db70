"""PyTorch eager, one run after the other: the script that would be written without a second thought."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from tests.benchmarks.turns import Way
from tests.benchmarks.workloads import LEARNING_RATE, Workload

NAME = "PyTorch looping"
FUNCTIONS = {"relu": torch.relu, "tanh": torch.tanh}
MODULES = {"relu": nn.ReLU, "tanh": nn.Tanh}


@contextmanager
def threads(n: int):
    torch.set_num_threads(n)
    yield


def ways(workload: Workload) -> list[Way]:
    styles = {"plain tensors": plain, "nn.Sequential and SGD(foreach)": modules}
    return [
        Way(f"{label}, {n} thread{'s'[: n > 1]}", partial(loop, workload, start), partial(threads, n))
        for label, start in styles.items()
        for n in (1, 2)
    ]


def loop(workload: Workload, start: Callable) -> tuple[np.ndarray, np.ndarray]:
    X, y = torch.from_numpy(workload.X), torch.from_numpy(workload.y)
    losses, norms = [], []
    for run in range(workload.runs):
        step = start(workload, run)
        batches = torch.from_numpy(workload.batches[run])
        for batch, classes in zip(X[batches], y[batches], strict=True):
            loss, sizes = step(batch, classes)
            losses.append(loss)
            norms.extend(sizes)
    shape = workload.runs, workload.steps
    by_layer = torch.stack(norms).view(*shape, -1, 2).square().sum(-1).sqrt()  # of W and b together
    return torch.stack(losses).view(shape).numpy(), by_layer.numpy()


Step = Callable[[Tensor, Tensor], tuple[Tensor, tuple[Tensor, ...]]]


def starts(workload: Workload, run: int) -> list[tuple[Tensor, Tensor]]:
    """W^[l] and b^[l] of one run, copied: training changes them."""
    thetas = [torch.from_numpy(theta[run]) for theta in workload.theta]
    return [(theta[:, :-1].clone(memory_format=torch.contiguous_format), theta[:, -1].clone()) for theta in thetas]


def plain(workload: Workload, run: int) -> Step:
    """Tensors, autograd.grad, and one call for all updates."""
    function = FUNCTIONS[workload.activation]
    layers = starts(workload, run)
    parameters = [p.requires_grad_() for layer in layers for p in layer]

    def step(X: Tensor, y: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        A = X
        for W, b in layers[:-1]:
            A = function(F.linear(A, W, b))
        loss = F.cross_entropy(F.linear(A, *layers[-1]), y)
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            norms = torch._foreach_norm(gradients)
            torch._foreach_add_(parameters, gradients, alpha=-LEARNING_RATE)
        return loss.detach(), norms

    return step


def modules(workload: Workload, run: int) -> Step:
    """A module, backward() and an optimizer."""
    layers = []
    for W, b in starts(workload, run):
        linear = nn.Linear(W.shape[1], W.shape[0])
        linear.weight.data, linear.bias.data = W, b
        layers += [linear, MODULES[workload.activation]()]
    network = nn.Sequential(*layers[:-1])
    parameters = list(network.parameters())
    optimizer = torch.optim.SGD(parameters, LEARNING_RATE, foreach=True)

    def step(X: Tensor, y: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        optimizer.zero_grad()
        loss = F.cross_entropy(network(X), y)
        loss.backward()
        norms = torch._foreach_norm([p.grad for p in parameters])
        optimizer.step()
        return loss.detach(), norms

    return step
