"""scikit-learn's MLPClassifier, one run after the other: it logs no norms, and draws its own starts and batches."""

from __future__ import annotations

import warnings
from functools import partial

from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from tests.benchmarks.turns import Way, blas_threads
from tests.benchmarks.workloads import LEARNING_RATE, Workload

NAME = "scikit-learn"
EXAMPLES = 1280  # at the most


def ways(workload: Workload) -> list[Way]:
    label = "BLAS with {} thread{}"
    return [Way(label.format(n, "s"[: n > 1]), partial(train, workload), partial(blas_threads, n)) for n in (1, 2)]


def train(workload: Workload) -> None:
    # It trains for whole epochs: of as many batches as the workload's steps are a multiple of.
    batches = max(n for n in range(1, EXAMPLES // workload.batch_size + 1) if workload.steps % n == 0)
    X, y = workload.X[: batches * workload.batch_size], workload.y[: batches * workload.batch_size]
    epochs = workload.steps // batches
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        for run in range(workload.runs):
            network = MLPClassifier(
                workload.hidden,
                activation=workload.activation,
                solver="sgd",
                alpha=0,
                batch_size=workload.batch_size,
                learning_rate_init=LEARNING_RATE,
                momentum=0,
                max_iter=epochs,
                n_iter_no_change=epochs + 1,
                random_state=run,
            )
            network.fit(X, y)
