"""The floor: the same matrix products and nothing else, on all cores, in the best arrangement found."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise

import numpy as np

from tests.benchmarks.turns import Way, blas_threads
from tests.benchmarks.workloads import Workload

NAME = "floor"


def ways(workload: Workload) -> list[Way]:
    cores, runs = os.cpu_count() or 1, workload.runs
    made = []
    for threads in (1, cores):
        share = runs // threads
        for block in sorted({1, share // 2, share} - {0}) if runs % threads == 0 else []:
            blocks = [Products(workload, block, workload.batch_size) for _ in range(runs // block)]
            label = f"{threads} × {share // block} blocks of {block} runs, BLAS with 1 thread"
            made.append(Way(label, partial(train_in_threads, blocks, threads), partial(blas_threads, 1)))
    alone = [Products(workload, 1, workload.batch_size) for _ in range(runs)]
    made.append(
        Way(
            f"runs in turn, BLAS with {cores} threads",
            partial(train_in_threads, alone, 1),
            partial(blas_threads, cores),
        )
    )
    parts = [Products(workload, runs, workload.batch_size // cores) for _ in range(cores)]
    made.append(
        Way(f"examples shared over {cores} threads", partial(train_in_threads, parts, cores), partial(blas_threads, 1))
    )
    return made


def train_in_threads(blocks: list[Products], threads: int) -> None:
    if threads == 1:
        work(blocks)
        return
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, blocks[i::threads]) for i in range(threads)]:
            done.result()


def work(blocks: list[Products]) -> None:
    for block in blocks:
        block.train()


class Products:
    """The products of some runs' training: for every layer forward, dW and dA, the biases as a column of W."""

    def __init__(self, workload: Workload, runs: int, m: int) -> None:
        self.steps = workload.steps
        rng = np.random.default_rng(0)

        def array(*shape: int) -> np.ndarray:
            return 0.1 * rng.standard_normal((runs, *shape), dtype=np.float32)

        self.layers = [
            (array(n, k + 1), array(k + 1, m), array(n, m), array(n, k + 1), array(k, m))
            for k, n in pairwise(workload.sizes)
        ]

    def train(self) -> None:
        for _ in range(self.steps):
            for theta, A, Z, _, _ in self.layers:
                np.matmul(theta, A, out=Z)
            for layer, (theta, A, dZ, gradient, dA) in reversed([*enumerate(self.layers)]):
                np.matmul(dZ, A.swapaxes(1, 2), out=gradient)
                if layer:
                    np.matmul(theta[:, :, :-1].swapaxes(1, 2), dZ, out=dA)
