"""PyTorch eager, all runs in one stack: batched products, one loss summed over the runs, one backward pass."""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from tests.benchmarks.torch_loop import FUNCTIONS, threads
from tests.benchmarks.turns import Way
from tests.benchmarks.workloads import LEARNING_RATE, Workload

NAME = "PyTorch stacked"


def ways(workload: Workload) -> list[Way]:
    return [Way(f"{n} thread{'s'[: n > 1]}", partial(train, workload), partial(threads, n)) for n in (1, 2)]


def train(workload: Workload) -> tuple[np.ndarray, np.ndarray]:
    function = FUNCTIONS[workload.activation]
    X, y = torch.from_numpy(workload.X), torch.from_numpy(workload.y)
    batches = torch.from_numpy(workload.batches).transpose(0, 1)
    layers = starts(workload)
    parameters = [p.requires_grad_() for layer in layers for p in layer]
    losses, norms = [], []
    for batch, classes in zip(X[batches], y[batches], strict=True):
        A = batch
        for W, b in layers[:-1]:
            A = function(torch.baddbmm(b, A, W))
        logits = torch.baddbmm(layers[-1][1], A, layers[-1][0])
        each = F.cross_entropy(logits.flatten(0, 1), classes.flatten(), reduction="none").view(classes.shape).mean(1)
        gradients = torch.autograd.grad(each.sum(), parameters)
        with torch.no_grad():
            norms += [torch.linalg.vector_norm(g.flatten(1), dim=1) for g in gradients]
            torch._foreach_add_(parameters, gradients, alpha=-LEARNING_RATE)
        losses.append(each.detach())
    by_layer = torch.stack(norms).view(workload.steps, -1, 2, workload.runs).square().sum(2).sqrt()
    return torch.stack(losses).T.numpy(), by_layer.permute(2, 0, 1).numpy()


def starts(workload: Workload) -> list[tuple[Tensor, Tensor]]:
    """W^[l] as (runs, n_{l−1}, n_l) and b^[l] as (runs, 1, n_l), for products from the right."""
    thetas = [torch.from_numpy(theta).transpose(1, 2) for theta in workload.theta]
    return [(theta[:, :-1].contiguous(), theta[:, -1:].contiguous()) for theta in thetas]
