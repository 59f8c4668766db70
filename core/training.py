"""The one loop: trains a stack of runs in lockstep, shared out over threads in blocks that stay in cache."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from threadpoolctl import threadpool_limits

from core import probes, recording
from core.activations import Activation
from core.clipping import Clip, clip_stack
from core.losses import Loss
from core.network import Network, parameter_slices, parameter_views
from core.optimizers import OPTIMIZERS

Array = np.ndarray
Tick = Callable[[float], object]

TICK_SECONDS = 0.02
WORTH_A_THREAD = 4_000_000  # multiply-adds a step
BLOCK_BYTES = 32_000_000  # working set of a block: larger ones save calls, up to what a last-level cache holds


@dataclass(frozen=True)
class Plan:
    """A stack of runs that share sizes, data and activation, and differ in their starts, rates, clips and batches."""

    sizes: tuple[int, ...]
    activation: Activation
    loss: Loss
    optimizer: str
    dtype: np.dtype
    start: Callable[[int, Array], None]  # index of a run, and where to write its first parameters (parameters,)
    learning_rates: Array  # (runs,)
    clips: tuple[Clip | None, ...]
    batches: Array  # (runs, steps, m): indices into the training examples
    train: tuple[Array, Array]  # X (examples, n_0), Y (examples, n_L)
    test: tuple[Array, Array]
    has_classes: bool
    watched: tuple[int, ...]  # runs whose first layer's weights are kept at every record


class Cancelled(Exception):
    """Raised in a worker when the calling thread wants it to stop."""


def train(plan: Plan, tick: Tick = lambda fraction: None) -> tuple[dict[str, Array], Array]:
    """Train every run of the plan; arrays as named in recording.AXES with the runs first, and the watched weights
    (watched, record, units, n_0 + 1). `tick(fraction)` is called from the calling thread; what it raises stops the
    workers and is raised here. The numbers do not depend on how runs are stacked or on the number of threads.
    """
    _one_blas_thread()
    runs, steps, m = plan.batches.shape
    arrays = recording.allocate(runs, steps, m, plan.sizes)
    units = min(plan.sizes[1], recording.WATCHED_UNITS)
    watched = np.full((len(plan.watched), len(recording.recorded_steps(steps)), units, plan.sizes[0] + 1), np.nan)
    blocks = _blocks(plan)
    stop, done = threading.Event(), [0] * len(blocks)
    with ThreadPoolExecutor(min(cores(), len(blocks)), thread_name_prefix="training") as pool:
        # A block is made when its turn comes and let go when it is done: no more of them are held than threads.
        futures = [
            pool.submit(lambda rows, i: _Block(plan, rows, arrays, watched, stop, done, i).train(), rows, i)
            for i, rows in enumerate(blocks)
        ]
        try:
            _await(futures, lambda: tick(min(1.0, sum(done) / (len(blocks) * steps))))
        except BaseException:
            stop.set()
            raise
    recording.blank_after_divergence(arrays, steps)
    for kept, run in zip(watched, plan.watched, strict=True):
        kept[recording.after_divergence(arrays["diverged_at"][run], steps)] = np.nan
    return arrays, watched


@functools.cache
def _one_blas_thread() -> None:
    """Hold BLAS to one thread for the rest of the process: the runs, not the products, are shared out over cores."""
    threadpool_limits(limits=1, user_api="blas")


def _await(futures: list[Future[None]], tick: Callable[[], object]) -> None:
    pending = set(futures)
    tick()
    while pending:
        finished, pending = wait(pending, timeout=TICK_SECONDS, return_when=FIRST_EXCEPTION)
        for future in finished:
            future.result()
        tick()


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def working_set(sizes: Sequence[int], m: int, itemsize: int) -> int:
    """Bytes that a step of one run goes through: parameters, their gradient, and the activations of m examples."""
    return itemsize * (2 * parameter_slices(sizes)[-1].stop + m * (2 * sum(sizes) + max(sizes)))


def runs_at_once(runs: int, sizes: Sequence[int], m: int, itemsize: int) -> int:
    """How many runs are in memory at the same time, over all threads, at the most."""
    return min(runs, cores() * max(1, BLOCK_BYTES // working_set(sizes, m, itemsize)))


def _blocks(plan: Plan) -> list[slice]:
    """Cut the runs into equal blocks, each small enough for a cache, as many as keep all cores busy.

    Blocks with little to multiply are not worth a thread of their own: threads would wait for the interpreter in turn.
    """
    runs, _, m = plan.batches.shape
    products = 3 * m * parameter_slices(plan.sizes)[-1].stop * runs
    busy = int(np.clip(products // WORTH_A_THREAD, 1, cores()))
    fitting = max(1, BLOCK_BYTES // working_set(plan.sizes, m, plan.dtype.itemsize))
    count = min(runs, busy * -(-runs // (busy * fitting)))
    edges = [round(i * runs / count) for i in range(count + 1)]
    return [slice(a, b) for a, b in pairwise(edges)]


def _checkpoint(stop: threading.Event) -> Callable[[], None]:
    """What a worker calls often: a function that knows no block, lest blocks and networks hold on to each other."""

    def checkpoint() -> None:
        if stop.is_set():
            raise Cancelled

    return checkpoint


class _Block:
    """Some runs of a plan, trained by one thread: `done[index]` counts its steps, `stop` ends it early."""

    def __init__(
        self,
        plan: Plan,
        rows: slice,
        arrays: dict[str, Array],
        watched: Array,
        stop: threading.Event,
        done: list[int],
        index: int,
    ) -> None:
        self.plan, self.rows, self.done, self.index = plan, rows, done, index
        self.checkpoint = _checkpoint(stop)
        self.arrays = {name: array[rows] for name, array in arrays.items()}
        self.watched = [
            (run - rows.start, watched[i]) for i, run in enumerate(plan.watched) if rows.start <= run < rows.stop
        ]

    def train(self) -> None:
        """Train to the end, or until `stop` is set; overflow and NaN are data here, not warnings."""
        try:
            with np.errstate(all="ignore"):
                self._allocate()
                self._loop()
        except Cancelled:
            pass

    def _allocate(self) -> None:
        plan, dtype = self.plan, self.plan.dtype
        self.batches = plan.batches[self.rows]
        runs, self.steps, m = self.batches.shape
        self.layers = parameter_slices(plan.sizes)
        self.theta = np.empty((runs, self.layers[-1].stop), dtype)
        for row in range(runs):
            plan.start(self.rows.start + row, self.theta[row])
            self.checkpoint()
        self.gradient = np.empty_like(self.theta)
        self.theta_views = parameter_views(self.theta, plan.sizes)
        self.gradient_views = parameter_views(self.gradient, plan.sizes)
        self.network = Network(plan.sizes, plan.activation, plan.loss, runs, m, dtype, self.checkpoint)
        rates = plan.learning_rates[self.rows, None].astype(dtype)
        self.optimizer = OPTIMIZERS[plan.optimizer](self.theta, rates)
        self.scratch = np.empty((runs, max(*(s.stop - s.start for s in self.layers), m * max(plan.sizes[1:]))))
        self.table = _table(*plan.train, dtype)
        self.batch = np.empty((runs, m, self.table.shape[1]), dtype)
        self.recorder = recording.Recorder(
            self.arrays,
            plan.activation,
            plan.has_classes,
            len(recording.recorded_steps(self.steps)) - 1,
            self.scratch,
        )
        # Sizes past this may overflow somewhere in the step, so that every number of it is looked at.
        self.suspicious = float(np.sqrt(np.finfo(dtype).max)) * 1e-4

    def _split(self, table: Array) -> tuple[Array, Array]:
        """X with its row of ones, and Y, of a table of examples (runs, m, n_0 + 1 + n_L)."""
        inputs = self.plan.sizes[0] + 1
        columns = table.swapaxes(1, 2)
        return columns[:, :inputs], columns[:, inputs:]

    def _loop(self) -> None:
        record = {int(step): k for k, step in enumerate(recording.recorded_steps(self.steps))}
        for step in range(self.steps):
            np.take(self.table, self.batches[:, step], axis=0, out=self.batch, mode="clip")
            self._step(step, *self._split(self.batch), record.get(step))
            self.done[self.index] = step + 1
            if (self.arrays["diverged_at"] >= 0).all():
                self.done[self.index] = self.steps
                return

    def _step(self, step: int, X: Array, Y: Array, k: int | None) -> None:
        trace = self.network.forward(self.theta_views, X, Y)
        self.arrays["loss"][:, step] = trace.loss
        if k is not None:
            self.recorder.forward(k, trace, self.theta_views, Y)
            for run, kept in self.watched:
                kept[k] = self.theta_views[0][run, : kept.shape[1]]
        self.network.backward(self.theta_views, trace, Y, self.gradient_views)
        if self.recorder.began_alike.any():
            self.recorder.follow_rounding(trace, self.plan.learning_rates[self.rows])
        if k is not None:
            self.recorder.backward(k, trace, self.gradient_views)
            self._test(k)
            before = self.theta.copy()
        self._clip(step, X, Y)
        self.optimizer.step(self.gradient)
        if k is not None:
            np.subtract(self.theta, before, out=before)
            self.recorder.update(k, parameter_views(before, self.plan.sizes))
        lost = self.arrays["diverged_at"] == step
        if lost.any():
            self.optimizer.forget(lost)  # arithmetic with NaN is slow, and nothing of it would be kept

    def _clip(self, step: int, X: Array, Y: Array) -> None:
        norms = self.arrays["layer_gradient_norm"][:, step]
        for layer, d_theta in enumerate(self.gradient_views):
            probes.norms(d_theta, self.scratch, out=norms[:, layer])
        total = np.sqrt((norms * norms).sum(axis=1))
        self.arrays["gradient_norm"][:, step] = total
        safe = (total < self.suspicious) & (self.arrays["loss"][:, step] < self.suspicious)
        if not safe.all():
            self._look_for_divergence(step, X, Y, ~safe & (self.arrays["diverged_at"] < 0))
        applied, cosine = clip_stack(self.gradient, self.layers, norms, self.plan.clips[self.rows])
        self.arrays["applied_norm"][:, step] = applied
        self.arrays["clip_cosine"][:, step] = cosine

    def _look_for_divergence(self, step: int, X: Array, Y: Array, rows: Array) -> None:
        """Run the step again and note, for the runs in `rows`, the first layer with a number that is not finite."""
        trace = self.network.forward(self.theta_views, X, Y)
        forward = [*zip(trace.Z, trace.A, strict=True)]
        self._note_divergence(step, [*enumerate(forward, 1), (len(forward), (trace.loss,))], rows)
        self.network.backward(self.theta_views, trace, Y, self.gradient_views)
        norms = self.arrays["layer_gradient_norm"][:, step].T
        backward = [*zip(trace.Z, self.gradient_views, norms, strict=True)]
        self._note_divergence(step, [*enumerate(backward, 1)][::-1], rows)

    def _note_divergence(self, step: int, order: Sequence[tuple[int, tuple[Array, ...]]], rows: Array) -> None:
        at, where = self.arrays["diverged_at"], self.arrays["diverged_layer"]
        for layer, signals in order:
            for signal in signals:
                broken = rows & (at < 0) & ~np.isfinite(signal.reshape(len(signal), -1)).all(axis=1)
                at[broken], where[broken] = step, layer

    def _test(self, k: int) -> None:
        X, Y = self._test_set
        self.recorder.test(k, self._test_network, self.theta_views, X, Y)

    @functools.cached_property
    def _test_network(self) -> Network:
        plan = self.plan
        shape = len(self.theta), len(plan.test[0])
        return Network(plan.sizes, plan.activation, plan.loss, *shape, self.theta.dtype, self.checkpoint)

    @functools.cached_property
    def _test_set(self) -> tuple[Array, Array]:
        table = _table(*self.plan.test, self.theta.dtype)
        return self._split(np.broadcast_to(table, (len(self.theta), *table.shape)))


def _table(X: Array, Y: Array, dtype: np.dtype) -> Array:
    """Examples in rows with their row of ones and their targets: one gather a batch serves all three."""
    return np.hstack([X, np.ones((len(X), 1)), Y]).astype(dtype)
